"""Where reports are kept and for whom: the configuration, what the command line says instead, and what is said of both."""

from pathlib import Path

import pytest

from mxproof.cli.exit import PROBLEM, USAGE, RunError
from mxproof.cli.options.journal import (
    JournalUse,
    about_journal,
    absolute_store,
    journal_options,
    own_store,
)
from mxproof.formats.errors import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.tlsrpt.wanted import wanted_domains
from mxproof.store.journal.error import JournalError
from support_options import taken

CONFIG = """\
domains = ["example.com"]
any_domain = true
[store]
url = "sqlite:/srv/kept.db"
[dns]
resolvers = ["192.0.2.53"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "tlsrpt.toml"
    path.write_text(CONFIG)
    return path


def refused(use: JournalUse) -> str:
    with pytest.raises(RunError) as error:
        use.settings()
    assert error.value.status == USAGE
    return str(error.value)


def test_what_the_command_line_leaves_out_is_as_the_configuration_says(config: Path) -> None:
    settings = JournalUse(config).settings()
    assert settings.asking is not None
    assert (settings.store, settings.asking.resolvers) == ("sqlite:/srv/kept.db", (Peer("192.0.2.53", 53),))
    assert settings.domains == wanted_domains(("example.com",), any_domain=True)
    assert JournalUse(config).renewed() == settings


def test_the_command_line_goes_before_the_configuration(config: Path) -> None:
    use = taken(journal_options, "--config", str(config), "--store", "sqlite:/srv/other.db")
    settings = use.settings(domains=("example.net",), resolver=("192.0.2.54:54",))
    assert settings.asking is not None
    assert settings.store == "sqlite:/srv/other.db"
    assert settings.asking.resolvers == (Peer("192.0.2.54", 54),)
    assert settings.domains == wanted_domains(("example.net",), any_domain=False)
    assert use.config_given().store.url == "sqlite:/srv/other.db"


def test_any_domain_is_wanted_where_the_command_line_says_so(config: Path) -> None:
    config.write_text('domains = ["example.com"]\n[store]\nurl = "sqlite:/srv/kept.db"\n')
    use = JournalUse(config)
    assert use.settings().domains == wanted_domains(("example.com",), any_domain=False)
    for domains in ((), ("example.net",)):
        want = wanted_domains(domains or ("example.com",), any_domain=True)
        assert use.settings(domains=domains, any_domain=True).domains == want


def test_the_environment_names_a_configuration(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MXPROOF_TLSRPT_CONFIG", str(config))
    assert taken(journal_options) == JournalUse(config)


def test_the_configuration_of_the_package_is_read_where_no_other_is_named(
    config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mxproof.cli.options.journal.PACKAGED_TLSRPT_CONFIG", config)
    assert JournalUse().config_given().domains == ("example.com",)
    (tmp_path / "other.toml").write_text(CONFIG.replace("example.com", "example.net"))
    assert JournalUse(tmp_path / "other.toml").config_given().domains == ("example.net",)


def test_a_configuration_that_is_wrong_is_told(tmp_path: Path) -> None:
    use = JournalUse(tmp_path / "none")
    want = f"{tmp_path / 'none'}: cannot be read (No such file or directory)"
    assert refused(use) == want
    with pytest.raises(RunError) as error:
        use.config_given()
    assert str(error.value) == want
    with pytest.raises(ConfigError) as again:
        use.renewed()
    assert str(again.value) == want


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("sqlite:kept.db", "sqlite:{}/kept.db"),
        ("sqlite:/srv/kept.db", "sqlite:/srv/kept.db"),
        ("sqlite:", "sqlite:"),
        ("postgresql://example.com/kept", "postgresql://example.com/kept"),
    ],
)
def test_the_file_of_a_store_is_named_from_the_root(
    url: str, want: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_store(url) == want.format(tmp_path)
    assert JournalUse(Path("/dev/null"), url).config_given().store.url == want.format(tmp_path)


def test_the_store_of_a_user_is_in_a_folder_that_nobody_else_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert own_store() == f"sqlite:{tmp_path}/state/mxproof/journal.db"
    assert (tmp_path / "state" / "mxproof").stat().st_mode & 0o777 == 0o700
    assert JournalUse(Path("/dev/null")).config_given().store.url == own_store()


@pytest.mark.parametrize("state", ["", "relative"])
def test_without_a_folder_for_state_it_is_below_home(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", state)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_store() == f"sqlite:{tmp_path}/.local/state/mxproof/journal.db"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mxproof").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with pytest.raises(ConfigError) as error:
        own_store()
    assert str(error.value) == (
        f"no folder for the journal can be made ([Errno 17] File exists: '{tmp_path}/mxproof'); name a --store"
    )


@pytest.mark.parametrize(
    ("raised", "said", "status"),
    [
        (
            ModuleNotFoundError("No module named 'sqlalchemy'", name="sqlalchemy.engine"),
            "sqlalchemy is not installed; install mxproof[serve]",
            USAGE,
        ),
        (ConfigError("dns.resolvers: none"), "dns.resolvers: none", USAGE),
        (JournalError("locked"), "the store cannot be used: locked", PROBLEM),
    ],
)
def test_a_journal_that_fails_is_told_in_a_line(raised: Exception, said: str, status: int) -> None:
    with pytest.raises(RunError) as error, about_journal():
        raise raised
    assert (str(error.value), error.value.status) == (said, status)


def test_what_no_extra_brings_is_a_fault_of_ours() -> None:
    with pytest.raises(ModuleNotFoundError), about_journal():
        raise ModuleNotFoundError("No module named 'mxproof.none'", name="mxproof.none")
