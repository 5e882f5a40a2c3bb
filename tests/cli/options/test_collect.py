"""Where Postfix's deliveries are collected: the configuration, and what the command line says instead."""

from pathlib import Path

import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.collect import CollectUse, collect_options
from mxproof.formats.errors import ConfigError
from support_options import taken


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "collect.toml"
    path.write_text('[collect]\nkeep_days = 9\n[store]\nurl = "sqlite:/srv/kept.db"\n')
    return path


def test_what_the_command_line_leaves_out_is_as_the_configuration_says(config: Path) -> None:
    use = CollectUse(config)
    assert (use.settings().store, use.settings().keep_days) == ("sqlite:/srv/kept.db", 9)
    assert use.renewed() == use.settings()
    assert use.store_given() == "sqlite:/srv/kept.db"


def test_the_store_of_the_command_line_goes_before_the_configuration(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    use = taken(collect_options, "--config", str(config), "--store", "sqlite:other.db")
    want = f"sqlite:{tmp_path}/other.db"
    assert (use.settings().store, use.settings().keep_days, use.store_given()) == (want, 9, want)


def test_without_one_it_is_the_store_of_this_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert CollectUse(Path("/dev/null")).settings().store == f"sqlite:{tmp_path}/mxproof/journal.db"


def test_the_environment_names_a_configuration(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MXPROOF_COLLECT_CONFIG", str(config))
    assert taken(collect_options) == CollectUse(config)


def test_the_configuration_of_the_package_is_read_where_no_other_is_named(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxproof.cli.options.collect.PACKAGED_COLLECT_CONFIG", config)
    assert CollectUse().config_given().collect.keep_days == 9
    assert CollectUse(Path("/dev/null"), "sqlite:").config_given().collect.keep_days != 9


def test_a_configuration_that_is_wrong_is_told(tmp_path: Path) -> None:
    use = CollectUse(tmp_path / "none")
    want = f"{tmp_path / 'none'}: cannot be read (No such file or directory)"
    for asked in (use.settings, use.config_given, use.store_given):
        with pytest.raises(RunError) as error:
            asked()
        assert (str(error.value), error.value.status) == (want, USAGE)
    with pytest.raises(ConfigError) as again:
        use.renewed()
    assert str(again.value) == want


def test_a_key_of_sending_is_not_looked_at_where_only_the_store_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "collect.toml"
    path.write_text('[collect]\nlisten = "inet:127.0.0.1:1"\n[store]\nurl = "sqlite:/srv/kept.db"\n')
    assert CollectUse(path).store_given() == "sqlite:/srv/kept.db"
    with pytest.raises(RunError):
        CollectUse(path).settings()
