"""Where Postfix's deliveries are collected: the configuration of the daemon, and what the command line says instead."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.journal import absolute_store, own_store
from mxproof.cli.options.packaged import packaged_config
from mxproof.formats.errors import ConfigError
from mxproof.serve.collect.config import CollectConfig
from mxproof.serve.daemon.config import read_config

if TYPE_CHECKING:
    from mxproof.serve.collect.settings import CollectSettings

COLLECT_CONFIG_ENVIRONMENT = "MXPROOF_COLLECT_CONFIG"
PACKAGED_COLLECT_CONFIG = Path("/etc/mxproof/collect.toml")
"""Where a package puts the configuration, read where no other is named."""


class CollectUse(msgspec.Struct, frozen=True):
    """The options as given."""

    config: Path | None = None
    store: str | None = None

    def settings(self) -> "CollectSettings":
        """Return what goes by; raises RunError for a configuration that is wrong."""
        try:
            return self.renewed()
        except ConfigError as error:
            raise RunError(str(error)) from None

    def renewed(self) -> "CollectSettings":
        """Return what goes by now; raises ConfigError for a configuration that is wrong."""
        from mxproof.serve.collect.settings import (  # noqa: PLC0415 - whoever reads reports signs and sends no mail
            collect_settings,
            read_collect_settings,
        )

        config, found = read_collect_settings(self._path())
        given = self._given(config)
        return found if given == config else collect_settings(given)

    def config_given(self) -> CollectConfig:
        """Return the configuration with what the command line says instead; raises RunError for one that is wrong."""
        try:
            return self._given(read_config(self._path(), CollectConfig))
        except ConfigError as error:
            raise RunError(str(error)) from None

    def store_given(self) -> str:
        """Return where things are kept; what is set about sending, keys included, is not looked at. Raises RunError."""
        return self.config_given().store.url

    def _given(self, config: CollectConfig) -> CollectConfig:
        url = absolute_store(self.store) if self.store is not None else config.store.url or own_store()
        return msgspec.structs.replace(config, store=msgspec.structs.replace(config.store, url=url))

    def _path(self) -> Path | None:
        if self.config is not None:
            return self.config
        return packaged_config(PACKAGED_COLLECT_CONFIG)


collect_options = option_group(
    "collect",
    CollectUse,
    (
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            envvar=COLLECT_CONFIG_ENVIRONMENT,
            show_envvar=True,
            help=f"Read this TOML file  [default: {PACKAGED_COLLECT_CONFIG} where it is there; /dev/null for none]",
        ),
        click.option(
            "--store",
            metavar="URL",
            help="Keep it here: sqlite:PATH or postgresql://...  [default: that of the configuration]",
        ),
    ),
)
