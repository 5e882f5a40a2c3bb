"""Which domains are watched and where that is kept: the configuration, and what the command line says instead."""

from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.journal import absolute_store, own_store
from mxproof.cli.options.packaged import packaged_config
from mxproof.formats.errors import ConfigError
from mxproof.serve.daemon.config import read_config
from mxproof.serve.watch.config import WatchConfig
from mxproof.serve.watch.settings import WatchSettings, watch_settings

WATCH_CONFIG_ENVIRONMENT = "MXPROOF_WATCH_CONFIG"
PACKAGED_WATCH_CONFIG = Path("/etc/mxproof/watch.toml")
"""Where a package puts the configuration, read where no other is named."""


class WatchUse(msgspec.Struct, frozen=True):
    """The options as given."""

    config: Path | None = None
    store: str | None = None

    def settings(self) -> WatchSettings:
        """Return what goes by; raises RunError for a configuration that is wrong."""
        try:
            return self.renewed()
        except ConfigError as error:
            raise RunError(str(error)) from None

    def renewed(self) -> WatchSettings:
        """Return what goes by now; raises ConfigError for a configuration that is wrong."""
        path, config = self._read()
        try:
            return watch_settings(config)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}" if path is not None else str(error)) from None

    def config_given(self) -> WatchConfig:
        """Return the configuration with what the command line says instead; raises RunError for one that is wrong."""
        try:
            return self._read()[1]
        except ConfigError as error:
            raise RunError(str(error)) from None

    def _read(self) -> tuple[Path | None, WatchConfig]:
        path = self.config or packaged_config(PACKAGED_WATCH_CONFIG)
        config = read_config(path, WatchConfig)
        url = absolute_store(self.store) if self.store is not None else config.store.url or own_store()
        return path, msgspec.structs.replace(config, store=msgspec.structs.replace(config.store, url=url))


watch_options = option_group(
    "watch",
    WatchUse,
    (
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            envvar=WATCH_CONFIG_ENVIRONMENT,
            show_envvar=True,
            help=f"Read this TOML file  [default: {PACKAGED_WATCH_CONFIG} where it is there; /dev/null for none]",
        ),
        click.option(
            "--store",
            metavar="URL",
            help="sqlite:PATH or postgresql://...  [default: journal.db of this user]",
        ),
    ),
)
