"""postfix-mta-sts-resolver from PyPI, the classic policy daemon for Postfix, beside the Postfix that asks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.bed.network import Machine, Network
from real.bed.policyd import PORT
from real.bed.process import Daemon, running
from real.models.rooted import SENDERS

CLASSIC_FOLDER = SENDERS / "mta-sts-daemon"

TIMEOUT_S = 30
"""By itself it gives a look-up and a fetch `DEFAULT_TIMEOUT_S`, which a busy machine can take."""
DEFAULT_TIMEOUT_S = 4
_CONF = """\
host: 127.0.0.1
port: {port}
shutdown_timeout: 5
cache:
  type: internal
  options:
    cache_size: 10000
default_zone:
  strict_testing: false
  timeout: {timeout_s}
"""
_MAIN = "from postfix_mta_sts_resolver.daemon import main; raise SystemExit(main())"


@contextmanager
def classic_daemon(
    network: Network, machine: Machine, roots: Path, folder: Path, timeout_s: int = TIMEOUT_S
) -> Iterator[Daemon]:
    """Run the daemon on `machine`, which trusts `roots`, until the context is left; it waits `timeout_s` for each answer."""
    folder.mkdir()
    conf = folder / "mta-sts-daemon.yml"
    conf.write_text(_CONF.format(port=PORT, timeout_s=timeout_s))
    python = str(CLASSIC_FOLDER / "bin/python")
    told = ("-c", str(conf), "-v", "info")
    command = network.inside(machine, "env", f"SSL_CERT_FILE={roots}", python, "-c", _MAIN, *told)
    with running("mta-sts-daemon", command, folder / "daemon.log", ready="Server started") as daemon:
        daemon.await_ready()
        yield daemon
