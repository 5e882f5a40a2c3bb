"""Where reports are kept and for whom: the configuration of the daemon, and what the command line says instead."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import PROBLEM, RunError
from mxproof.cli.extras import missing
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.packaged import packaged_config
from mxproof.formats.errors import ConfigError
from mxproof.serve.daemon.config import read_config
from mxproof.serve.tlsrpt.config import ReportConfig
from mxproof.serve.tlsrpt.settings import ReportSettings, read_report_settings, report_settings
from mxproof.store.journal.error import JournalError

TLSRPT_CONFIG_ENVIRONMENT = "MXPROOF_TLSRPT_CONFIG"
PACKAGED_TLSRPT_CONFIG = Path("/etc/mxproof/tlsrpt.toml")
"""Where a package puts the configuration, read where no other is named."""
JOURNAL_FILE = "journal.db"
_SQLITE = "sqlite:"


class JournalUse(msgspec.Struct, frozen=True):
    """The options as given."""

    config: Path | None = None
    store: str | None = None

    def settings(
        self, *, domains: tuple[str, ...] = (), any_domain: bool = False, resolver: tuple[str, ...] = ()
    ) -> ReportSettings:
        """Return what goes by; raises RunError for a configuration that is wrong."""
        try:
            return self._settings(domains, any_domain=any_domain, resolver=resolver)
        except ConfigError as error:
            raise RunError(str(error)) from None

    def renewed(self) -> ReportSettings:
        """Return what goes by now; raises ConfigError for a configuration that is wrong."""
        return self._settings(())

    def config_given(self) -> ReportConfig:
        """Return the configuration with what the command line says instead; raises RunError for one that is wrong."""
        try:
            return _given(read_config(self._path(), ReportConfig), self.store, ())
        except ConfigError as error:
            raise RunError(str(error)) from None

    def _settings(
        self, domains: tuple[str, ...], *, any_domain: bool = False, resolver: tuple[str, ...] = ()
    ) -> ReportSettings:
        config, found = read_report_settings(self._path())
        given = _given(config, self.store, domains, any_domain=any_domain, resolver=resolver)
        return found if given == config else report_settings(given)

    def _path(self) -> Path | None:
        return self.config or packaged_config(PACKAGED_TLSRPT_CONFIG)


journal_options = option_group(
    "journal",
    JournalUse,
    (
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            envvar=TLSRPT_CONFIG_ENVIRONMENT,
            show_envvar=True,
            help=f"Read this TOML file  [default: {PACKAGED_TLSRPT_CONFIG} where it is there; /dev/null for none]",
        ),
        click.option(
            "--store",
            metavar="URL",
            help=f"sqlite:PATH or postgresql://...  [default: {JOURNAL_FILE} of this user]",
        ),
    ),
)


@contextmanager
def about_journal() -> Iterator[None]:
    """Say of a journal that fails what is wrong, exit status PROBLEM; wrong usage stays wrong usage.

    What reports are kept with is an extra: where it is not installed, that is said.
    """
    try:
        yield
    except ImportError as error:
        if (said := missing(error)) is None:
            raise
        raise said from None
    except ConfigError as error:
        raise RunError(str(error)) from None
    except JournalError as error:
        raise RunError(f"the store cannot be used: {error}", status=PROBLEM) from None


def _given(
    config: ReportConfig,
    store: str | None,
    domains: tuple[str, ...],
    *,
    any_domain: bool = False,
    resolver: tuple[str, ...] = (),
) -> ReportConfig:
    """Return the configuration with what the command line says instead."""
    url = absolute_store(store) if store is not None else config.store.url or own_store()
    return msgspec.structs.replace(
        config,
        domains=domains or config.domains,
        any_domain=any_domain or (config.any_domain and not domains),
        store=msgspec.structs.replace(config.store, url=url),
        dns=msgspec.structs.replace(config.dns, resolvers=resolver or config.dns.resolvers),
    )


def absolute_store(url: str) -> str:
    """Return a URL whose file is named from the root."""
    if not url.startswith(_SQLITE) or url == _SQLITE:
        return url
    return f"{_SQLITE}{Path(url.removeprefix(_SQLITE)).absolute()}"


def own_store() -> str:
    """Return the URL of the store of this user, in a folder that is made for it (XDG Base Directory Specification).

    Raises ConfigError where it cannot be made.
    """
    state = os.environ.get("XDG_STATE_HOME", "")
    try:
        base = Path(state) if state.startswith("/") else Path.home() / ".local" / "state"
        folder = base / "mxproof"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        raise ConfigError(f"no folder for the journal can be made ({error}); name a --store") from None
    return f"{_SQLITE}{folder / JOURNAL_FILE}"
