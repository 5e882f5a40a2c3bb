"""Files that a command writes: which are taken, and which are refused before anything is asked."""

import os
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.file import file_to_write, folder_to_write, kept_file, new_folder, output_file

CONTEXT = click.Context(click.Command("plan"))
OPTION = click.Option(["--output"])
Taken = Callable[[click.Context, click.Parameter, Path | None], Path | None]
TAKEN: tuple[Taken, ...] = (output_file, kept_file, new_folder)


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this user write nowhere, which nobody can have of root."""
    monkeypatch.setattr(os, "access", lambda *_: False)


def refused(taken: Taken, path: Path) -> str:
    with pytest.raises(click.BadParameter) as error:
        taken(CONTEXT, OPTION, path)
    return error.value.message


@pytest.mark.parametrize("taken", TAKEN)
def test_nothing_is_written_where_no_file_is_named(taken: Taken) -> None:
    assert taken(CONTEXT, OPTION, None) is None


@pytest.mark.parametrize("taken", TAKEN)
def test_a_new_name_in_a_folder_is_taken(taken: Taken, tmp_path: Path) -> None:
    assert taken(CONTEXT, OPTION, tmp_path / "new") == tmp_path / "new"


@pytest.mark.parametrize("taken", TAKEN)
def test_a_name_that_is_too_long_is_left_to_whoever_writes_it(taken: Taken, tmp_path: Path) -> None:
    path = tmp_path / ("long" * 100) / "new"
    assert taken(CONTEXT, OPTION, path) == path


def test_a_hyphen_is_stdout_for_what_is_printed_and_no_file_for_what_is_kept() -> None:
    assert output_file(CONTEXT, OPTION, Path("-")) is None
    assert refused(kept_file, Path("-")) == "-: a file was expected, since stdout has what is printed"


@pytest.mark.parametrize("taken", [output_file, kept_file])
def test_a_folder_is_no_file(taken: Taken, tmp_path: Path) -> None:
    assert refused(taken, tmp_path) == f"{tmp_path}: is a folder; a file was expected"


def test_a_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none" / "new"
    assert refused(output_file, path) == f"{path}: the folder {tmp_path / 'none'} does not exist"


@pytest.mark.usefixtures("closed")
def test_a_new_file_in_a_folder_of_others_is_refused_and_one_that_is_there_is_not(tmp_path: Path) -> None:
    assert refused(output_file, tmp_path / "new") == (
        f"{tmp_path / 'new'}: the folder {tmp_path} cannot be written to"
    )
    (tmp_path / "old").touch()
    assert file_to_write(tmp_path / "old") == tmp_path / "old"


def test_a_file_that_is_there_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    assert file_to_write(tmp_path / "old") == tmp_path / "old"


def test_a_new_folder_may_be_there_where_it_is_empty(tmp_path: Path) -> None:
    assert new_folder(CONTEXT, OPTION, tmp_path) == tmp_path
    (tmp_path / "file").touch()
    assert refused(new_folder, tmp_path) == f"{tmp_path}: exists, and is no empty folder"
    assert refused(new_folder, tmp_path / "file") == f"{tmp_path / 'file'}: exists, and is no empty folder"


def test_a_new_folder_is_made_in_one_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert new_folder(CONTEXT, OPTION, Path("new")) == Path("new")
    path = tmp_path / "none" / "new"
    assert refused(new_folder, path) == f"{path}: the folder {tmp_path / 'none'} does not exist"


@pytest.mark.usefixtures("closed")
def test_a_folder_of_others_is_not_filled(tmp_path: Path) -> None:
    assert refused(new_folder, tmp_path) == f"{tmp_path}: the folder {tmp_path} cannot be written to"
    assert refused(new_folder, tmp_path / "new") == (
        f"{tmp_path / 'new'}: the folder {tmp_path} cannot be written to"
    )
    with pytest.raises(RunError) as error:
        folder_to_write(tmp_path)
    assert str(error.value) == f"{tmp_path}: the folder cannot be written to"


def test_a_folder_for_a_file_a_domain_is_made(tmp_path: Path) -> None:
    assert folder_to_write(None) is None
    for _ in ("made", "there already"):
        assert folder_to_write(tmp_path / "new") == tmp_path / "new"
        assert (tmp_path / "new").is_dir()


def test_a_folder_for_a_file_a_domain_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError) as error:
        folder_to_write(tmp_path / "file")
    assert (str(error.value), error.value.status) == (
        f"{tmp_path / 'file'}: is a file; a folder was expected, for a file a domain",
        USAGE,
    )
    with pytest.raises(RunError) as error:
        folder_to_write(tmp_path / "none" / "new")
    assert str(error.value) == (
        f"{tmp_path / 'none' / 'new'}: the folder cannot be made (No such file or directory)"
    )
