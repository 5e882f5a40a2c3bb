"""The machines of a world and their addresses."""

from real.bed.network import Machine
from real.bed.senders import SENDERS
from real.bed.worlds import POLICY_HOST, Exchange, World
from real.bed.zones import NAME_SERVER

NAME_SERVER_MACHINE = Machine("ns", NAME_SERVER, "192.0.2.53", "2001:db8::53")
RESOLVER = Machine("resolver", "resolver.example.net", "192.0.2.54", "2001:db8::54")
POLICY_MACHINE = Machine("web", POLICY_HOST, "192.0.2.80", "2001:db8::80")
# Where a person, or mxproof, looks at the world from.
OBSERVER = Machine("observer", "observer.example.net", "198.51.100.10", "2001:db8:1::10")

SENDING = {
    name: Machine(name, f"{name}.example.net", f"198.51.100.{number}", f"2001:db8:1::{number}")
    for number, name in enumerate(SENDERS, start=20)
}


def receiving(world: World) -> dict[Exchange, Machine]:
    """Return the machine of each exchange."""
    return {
        exchange: Machine(f"mx{number}", exchange.host, f"192.0.2.{24 + number}", f"2001:db8::{24 + number}")
        for number, exchange in enumerate(world.exchanges, start=1)
    }


def machines(world: World) -> tuple[Machine, ...]:
    """Return all machines of `world`."""
    return (
        NAME_SERVER_MACHINE,
        RESOLVER,
        POLICY_MACHINE,
        OBSERVER,
        *receiving(world).values(),
        *SENDING.values(),
    )
