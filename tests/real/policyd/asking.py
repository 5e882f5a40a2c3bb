"""The senders that ask the daemon: Postfix old and new as its guide has them, and one that knows no DANE by itself."""

import msgspec

from real.bed.edition import NEWER, OWN, Edition
from real.bed.policyd import PORT
from real.bed.postfix import Sender
from real.policyd.case import Deeds
from real.policyd.worlds import RELAY, RELAY_BY_DANE


class Asking(msgspec.Struct, frozen=True):
    """A sender: its release, the map it asks, and the level of mail for which nothing is found."""

    name: str
    edition: Edition
    table: str
    default: str


OLD = Asking("old", OWN, "postfix", "dane")
CLASSIC = Asking("classic", NEWER, "postfix", "may")
TOLD = Asking("told", NEWER, "postfix-tlsrpt", "dane")
ASKING = (OLD, CLASSIC, TOLD)

ROUTES = {
    "bracketed.example": f"smtp:[{RELAY}]",
    "bracketed-port.example": f"smtp:[{RELAY}]:587",
    "port.example": f"smtp:{RELAY}:587",
    "service.example": f"smtp:{RELAY}:submission",
    "dane-port.example": f"smtp:[{RELAY_BY_DANE}]:587",
    "literal.example": "smtp:[192.0.2.100]",
}
"""Domains whose mail goes to a smart host."""


def settings(asking: Asking, where: str = f"inet:127.0.0.1:{PORT}") -> tuple[str, ...]:
    """Return the settings of a sender that asks the daemon at `where`."""
    routes = " ".join(f"{{ {domain} = {hop} }}" for domain, hop in ROUTES.items())
    return (
        "smtp_dns_support_level = dnssec",
        f"smtp_tls_security_level = {asking.default}",
        f"smtp_tls_policy_maps = socketmap:{where}:{asking.table}",
        f"transport_maps = inline:{{ {routes} }}",
        "smtputf8_enable = yes",
        "default_destination_concurrency_failed_cohort_limit = 0",  # no destination is given up for a while
    )


def sent_by_all(senders: dict[str, Sender], recipient: str) -> Deeds:
    """Let every sender send one message, and return what each did."""
    for one in senders.values():
        one.submit(recipient)
    done = {name: one.outcome(recipient) for name, one in senders.items()}
    return Deeds(**{name: got.deed for name, got in done.items()})
