"""What a package brings along: each library with its licence, in a list that is the same each time and valid."""

import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from bundled import main


def lay(folder: Path, name: str, version: str, *fields: str) -> None:
    """Put down what a wheel says of itself."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = ("Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *fields)
    (info / "METADATA").write_text("\n".join(lines) + "\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the program and three libraries, each of which states its licence in another way."""
    found = tmp_path / "environment"
    needed = ("Requires-Dist: two_words>=1; python_version >= '3'", "Requires-Dist: absent")
    lay(found, "mxproof", "1.0", "License-Expression: MIT", *needed)
    lay(found, "Two.Words", "2.0", "License-Expression: Apache-2.0 OR MIT", "License: none of it")
    lay(
        found,
        "classified",
        "3.0",
        "Classifier: License :: OSI Approved :: MIT License",
        "Classifier: Topic :: Internet",
        "License: none of it",
    )
    lay(found, "worded", "4.0", "License: ISC")
    return found


def test_each_library_is_listed_with_the_licence_it_states(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "bundled.json"
    assert main([str(folder), str(file)]) == 0
    told = json.loads(file.read_text())
    listed = {
        one["name"]: (one["version"], one["purl"], next(iter(one["licenses"][0].values())))
        for one in told["components"]
    }
    assert listed == {
        "Two.Words": ("2.0", "pkg:pypi/two-words@2.0", "Apache-2.0 OR MIT"),
        "classified": ("3.0", "pkg:pypi/classified@3.0", {"name": "MIT License"}),
        "worded": ("4.0", "pkg:pypi/worded@4.0", {"id": "ISC"}),
    }
    assert told["metadata"]["component"]["name"] == "mxproof"


def test_what_the_program_needs_of_them_is_told(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "bundled.json"
    assert main([str(folder), str(file)]) == 0
    needs = {one["ref"]: one.get("dependsOn", []) for one in json.loads(file.read_text())["dependencies"]}
    assert needs["pkg:pypi/mxproof@1.0"] == ["pkg:pypi/two-words@2.0"]
    assert needs["pkg:pypi/worded@4.0"] == []


def test_the_list_is_valid_and_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    assert [main([str(folder), str(file)]) for file in (first, second)] == [0, 0]
    assert first.read_bytes() == second.read_bytes()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(first.read_text()) is None


@pytest.mark.parametrize("fields", [(), ("License:",), ("Classifier: Topic :: Internet",)])
def test_a_library_without_a_licence_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], fields: tuple[str, ...]
) -> None:
    lay(folder, "unlicensed", "5.0", *fields)
    file = tmp_path / "bundled.json"
    assert main([str(folder), str(file)]) == 1
    assert "unlicensed" in capsys.readouterr().err
    assert not file.exists()


def test_a_folder_without_the_program_is_refused(tmp_path: Path) -> None:
    assert main([str(tmp_path), str(tmp_path / "bundled.json")]) == 1
    assert main([]) == 2
