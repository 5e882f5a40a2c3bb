"""Which domains are watched and where that is kept: the configuration, and what the command line says instead."""

from pathlib import Path

import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.watch import WatchUse, watch_options
from mxproof.formats.errors import ConfigError
from support_certificates import ROOT
from support_options import taken

CONFIG = """\
domains = ["example.com"]
[store]
url = "sqlite:/srv/kept.db"
[ask]
resolvers = ["192.0.2.53"]
ca_file = "{roots}"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "watch.toml"
    (tmp_path / "roots").write_bytes(ROOT.der)
    path.write_text(CONFIG.format(roots=tmp_path / "roots"))
    return path


def test_what_the_command_line_leaves_out_is_as_the_configuration_says(config: Path) -> None:
    settings = WatchUse(config).settings()
    assert settings.store == "sqlite:/srv/kept.db"
    assert [one.domain for one in settings.domains] == ["example.com"]
    assert WatchUse(config).config_given().store.url == "sqlite:/srv/kept.db"


def test_the_store_of_the_command_line_goes_before_the_configuration(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    use = taken(watch_options, "--config", str(config), "--store", "sqlite:other.db")
    assert use.settings().store == f"sqlite:{tmp_path}/other.db"


def test_without_one_it_is_the_store_of_this_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    got = WatchUse(Path("/dev/null")).config_given().store.url
    assert got == f"sqlite:{tmp_path}/mxproof/journal.db"


def test_the_environment_names_a_configuration(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MXPROOF_WATCH_CONFIG", str(config))
    assert taken(watch_options) == WatchUse(config)


def test_the_configuration_of_the_package_is_read_where_no_other_is_named(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxproof.cli.options.watch.PACKAGED_WATCH_CONFIG", config)
    assert WatchUse().config_given().domains == ("example.com",)
    (tmp_path / "other.toml").write_text('domains = ["example.net"]\n')
    assert WatchUse(tmp_path / "other.toml").config_given().domains == ("example.net",)


def test_a_value_that_is_wrong_is_told_with_its_file(config: Path) -> None:
    config.write_text(config.read_text().replace("192.0.2.53", "none"))
    want = "ask.resolvers: 'none' is not ADDRESS or ADDRESS:PORT, such as 192.0.2.1:25 or [2001:db8::1]:25"
    with pytest.raises(RunError) as error:
        WatchUse(config).settings()
    assert (str(error.value), error.value.status) == (f"{config}: {want}", USAGE)
    with pytest.raises(ConfigError) as again:
        WatchUse(config).renewed()
    assert str(again.value) == f"{config}: {want}"


def test_a_value_that_is_wrong_without_a_file_is_told_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxproof.cli.options.watch.PACKAGED_WATCH_CONFIG", tmp_path / "none")
    monkeypatch.setattr("mxproof.cli.options.watch.watch_settings", _refusing)
    with pytest.raises(ConfigError) as error:
        WatchUse(store="sqlite:").renewed()
    assert str(error.value) == "no resolver"


def _refusing(_: object) -> None:
    raise ConfigError("no resolver")


def test_a_configuration_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        WatchUse(tmp_path / "none").config_given()
    assert str(error.value) == f"{tmp_path / 'none'}: cannot be read (No such file or directory)"
