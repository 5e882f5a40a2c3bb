"""Real senders that write to a world: without verification, with DANE, with a policy daemon that looks and one that holds."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from real.bed.network import Network
from real.bed.policyd import policy_daemon
from real.bed.postfix import Sender, sender
from real.bed.town import SENDING, Town

HOLDING_S = 3600.0
"""How long a daemon answers without a look at the world, as classic ones do: until the policy that it holds is over."""
HOLDING_PORT = 8471
_DANE = ("smtp_dns_support_level = dnssec", "smtp_tls_security_level = dane")
_AT_ONCE = (
    "smtp_connection_cache_on_demand = no",  # each message is a connection of its own
    "default_destination_concurrency_failed_cohort_limit = 0",  # no destination is given up for a while
)


def writers(place: Town) -> AbstractContextManager[dict[str, Sender]]:
    """Run them in a town, by name."""
    return writers_on(place.network, place.authority.file, place.folder)


@contextmanager
def writers_on(wire: Network, ca_file: Path, folder: Path) -> Iterator[dict[str, Sender]]:
    """Run them on the sending machine of a network, by name, each in a folder below `folder`; they trust what is in `ca_file`."""
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        fresh = stack.enter_context(policy_daemon(wire, SENDING, ca_file, folder / "fresh"))
        holding = stack.enter_context(
            policy_daemon(wire, SENDING, ca_file, folder / "holding", port=HOLDING_PORT, grace_s=HOLDING_S)
        )
        for daemon in (fresh, holding):
            daemon.daemon.await_ready()
        kinds = {
            "plain": ("smtp_tls_security_level = may",),
            "dane": _DANE,
            "fresh": _asking(fresh.port),
            "holding": _asking(holding.port),
        }
        started = {
            name: stack.enter_context(
                sender(wire, SENDING, (*settings, *_AT_ONCE), ca_file, folder / f"sender-{name}")
            )
            for name, settings in kinds.items()
        }
        for one in started.values():
            one.daemon.await_ready()
        yield started


def _asking(port: int) -> tuple[str, ...]:
    return (*_DANE, f"smtp_tls_policy_maps = socketmap:inet:127.0.0.1:{port}:postfix")
