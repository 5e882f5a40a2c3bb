"""Which policies are hosted, and where: the configuration of the policy host."""

import sys
from pathlib import Path

import click
import msgspec

from mxproof.cli.configured import configured
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.packaged import packaged_config
from mxproof.serve.daemon.config import read_config
from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.publish.settings import PublishSettings, read_publish_settings

PUBLISH_CONFIG_ENVIRONMENT = "MXPROOF_PUBLISH_CONFIG"
PACKAGED_PUBLISH_CONFIG = Path("/etc/mxproof/publish.toml")
"""Where a package puts the configuration, read where no other is named."""


class PublishUse(msgspec.Struct, frozen=True):
    """The options as given."""

    config: Path | None = None

    @configured()
    def settings(self) -> PublishSettings:
        """Return what goes by; raises RunError for a configuration that is wrong."""
        return self.renewed()

    def renewed(self) -> PublishSettings:
        """Return what goes by now; raises ConfigError for a configuration that is wrong."""
        return read_publish_settings(self._path())[1]

    @configured()
    def config_given(self) -> PublishConfig:
        """Return the configuration as it stands; raises RunError for one that is wrong."""
        return read_config(self._path(), PublishConfig)

    def ordering(self) -> tuple[str, ...]:
        """Return the command that orders the certificates which this configuration wants, nothing where it is not in a file."""
        path = self._path()
        program = (sys.executable, "-P", "-m", "mxproof", "publish", "certificates", "--config")
        return () if path is None else (*program, str(path.absolute()))

    def _path(self) -> Path | None:
        if self.config is not None:
            return self.config
        return packaged_config(PACKAGED_PUBLISH_CONFIG)


publish_options = option_group(
    "publish",
    PublishUse,
    (
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            envvar=PUBLISH_CONFIG_ENVIRONMENT,
            show_envvar=True,
            help=f"Read this TOML file  [default: {PACKAGED_PUBLISH_CONFIG} where it is there; /dev/null for none]",
        ),
    ),
)
