"""Postfix, old and new, in each of the ways that it is set up for secure transport.

| way | level of mail for which the policy map has nothing | policy map | model |
|---|---|---|---|
| plain | may | none | `opportunistic` |
| dane | dane | none | `postfix-dane` |
| daemon | dane | postfix-mta-sts-resolver | `postfix-sts`, whose policy comes first |
| policyd | dane | `mxproof policyd`: `postfix-tlsrpt`, and for releases before 3.10.5 `postfix` | `postfix-mxproof` |
| cname | may | `secure match=hostname` where a policy by the letter is enforced, and `smtp_cname_overrides_servername` | one that holds certificates against the name behind the alias |

What is put off is tried once more: Postfix goes on in clear text in a later attempt only (smtp_tls_security_level = may).
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from enum import StrEnum

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.senders.policy_case import in_force, policy_cases
from mxproof.judge.senders.postfix import POSTFIX_DANE, POSTFIX_MXPROOF, POSTFIX_STS
from mxproof.judge.senders.table import OPPORTUNISTIC
from mxproof.judge.senders.traits import JudgedName, Precedence, Traits
from mxproof.judge.vocabulary import Security
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from real.bed.delivery import VERIFIED, Delivery, delivery, status_line
from real.bed.edition import NEWER, OWN, Edition
from real.bed.machines import RESOLVER
from real.bed.network import Machine, Network
from real.bed.policyd import PORT, asked_over, policy_daemon, socket_inside
from real.bed.postfix import DELIVERED_WITHIN_S, Sender, sender
from real.models.case import World
from real.models.classic_daemon import TIMEOUT_S, classic_daemon
from real.models.fate import Fate, Outcome
from real.models.ground import Place

FRESH_S = 3600.0
"""For how long `mxproof policyd` answers without looking again: longer than a run lasts."""
ASKED_WITHIN_S = 120.0
BACKOFF_S = 1.0

_QUICK = (
    "smtp_connect_timeout = 10s",
    "minimal_backoff_time = 1s",
    "default_process_limit = 20",
    "default_destination_concurrency_failed_cohort_limit = 0",
)
_BY_DANE = ("smtp_dns_support_level = dnssec", "smtp_tls_security_level = dane")
_MAY = ("smtp_tls_security_level = may",)


class Way(StrEnum):
    """How Postfix is set up."""

    PLAIN = "plain"
    DANE = "dane"
    DAEMON = "daemon"
    POLICYD = "policyd"
    CNAME = "cname"


class Variant(msgspec.Struct, frozen=True):
    """One release in one way; `model` foretells what it does, `table` is what it asks the daemon beside it for."""

    name: str
    edition: Edition
    way: Way
    model: Traits
    table: str = ""


_DAEMON = msgspec.structs.replace(POSTFIX_STS, precedences=(Precedence.POLICY_FIRST,))
_BEFORE_3_10_5 = msgspec.structs.replace(
    POSTFIX_MXPROOF, policy_name=JudgedName.NONE, certificate_name=JudgedName.POLICY
)
_CNAME = msgspec.structs.replace(
    POSTFIX_STS,
    certificate_name=JudgedName.TARGET,
    readings=OPPORTUNISTIC.readings,
    precedences=(Precedence.POLICY_ALONE,),
)

VARIANTS = tuple(
    Variant(f"postfix-{release}-{way}", edition, way, model, table)
    for release, edition, by_policyd, asked in (
        ("37", OWN, _BEFORE_3_10_5, "postfix"),
        ("310", NEWER, POSTFIX_MXPROOF, "postfix-tlsrpt"),
    )
    for way, model, table in (
        (Way.PLAIN, OPPORTUNISTIC, ""),
        (Way.DANE, POSTFIX_DANE, ""),
        (Way.DAEMON, _DAEMON, "postfix"),
        (Way.POLICYD, by_policyd, asked),
        (Way.CNAME, _CNAME, ""),
    )
)


class Postfix(msgspec.Struct, frozen=True):
    """A running Postfix that is one of the variants."""

    variant: Variant
    network: Network
    machine: Machine
    sender: Sender

    def deliver(self, worlds: Sequence[World]) -> dict[str, Fate]:
        """Send one message into each world, twice where it is put off, and return what became of them, by label."""
        self.sender.submit_to_all([world.recipient for world in worlds], f"sender@{self.machine.host}")
        first = {world.label: self.sender.outcome(world.recipient) for world in worlds}
        put_off = [world for world in worlds if first[world.label].status == Outcome.DEFERRED]
        time.sleep(BACKOFF_S)  # nothing is later before a second has passed: Postfix compares whole ones
        self.sender.flush()
        again = {world.label: self._again(world) for world in put_off}
        policies = self._policies(worlds)
        return {label: self._fate(one, policies.get(label, "")) for label, one in (first | again).items()}

    def _again(self, world: World) -> Delivery:
        before = rf"(?s:: \w+: to=<{re.escape(world.recipient)}>, .*?)"
        twice = re.compile(before + status_line(world.recipient).pattern, re.MULTILINE)
        found = self.sender.daemon.await_line(twice, DELIVERED_WITHIN_S)
        return delivery(self.sender.daemon.text(), found)

    def _policies(self, worlds: Sequence[World]) -> dict[str, str]:
        """Return what the daemon that it asks says of each domain, by label; nothing where there is none."""
        if not self.variant.table:
            return {}
        with closing(socket_inside(self.network, self.machine)) as one:
            one.settimeout(ASKED_WITHIN_S)
            one.connect(("127.0.0.1", PORT))
            return {world.label: asked_over(one, self.variant.table, world.domain) for world in worlds}

    def _fate(self, done: Delivery, policy: str) -> Fate:
        """Return what became of a message for a domain that has `policy` in the map."""
        by_policy = self.variant.way is Way.CNAME or policy.startswith("OK secure")
        vouching = Security.MTA_STS if by_policy else Security.DANE
        verified = done.level == VERIFIED.level
        words = f"{done.dsn} {done.text}"
        return Fate(Outcome(done.status), words, authenticated=vouching if verified else None)


def enforced_by_the_letter(evidence: Mapping[str, Evidence]) -> tuple[str, ...]:
    """Return the domains, of those observed, of which a sender by RFC 8461 enforces a policy."""
    seen = [assemble(one, one.observed_at()) for one in evidence.values()]
    return tuple(domain.name for domain in seen if _enforced(domain))


def _enforced(domain: MailDomain) -> bool:
    return in_force(policy_cases(domain, _CNAME, ())[0].policy, honours_testing=False) is not None


@contextmanager
def postfix(
    place: Place,
    machine: Machine,
    variant: Variant,
    enforced: Sequence[str],
    resolver: str = RESOLVER.ipv4,
    fresh_s: float = FRESH_S,
    waits_s: int = TIMEOUT_S,
) -> Iterator[Postfix]:
    """Run a variant on `machine`, with the daemon that it asks beside it; `enforced` is who has a policy for the way CNAME.

    `mxproof policyd` answers for `fresh_s` without looking again, and the classic daemon waits `waits_s` for each answer.
    """
    folder = place.folder / machine.name
    with ExitStack() as stack:
        daemon = _daemon(place, machine, variant.way, resolver, fresh_s, waits_s)
        if daemon is not None:
            stack.enter_context(daemon)
        settings = (*_settings(variant, enforced), *_QUICK)
        one = stack.enter_context(
            sender(place.network, machine, settings, place.roots, folder, edition=variant.edition)
        )
        one.daemon.await_ready()
        yield Postfix(variant, place.network, machine, one)


def _settings(variant: Variant, enforced: Sequence[str]) -> tuple[str, ...]:
    match variant.way:
        case Way.PLAIN:
            return _MAY
        case Way.DANE:
            return _BY_DANE
        case Way.DAEMON | Way.POLICYD:
            return (*_BY_DANE, f"smtp_tls_policy_maps = socketmap:inet:127.0.0.1:{PORT}:{variant.table}")
        case Way.CNAME:
            entries = " ".join(
                f"{{ {name} = secure match=hostname servername=hostname }}" for name in enforced
            )
            return (
                *_MAY,
                f"smtp_tls_policy_maps = inline:{{ {entries} }}",
                "smtp_cname_overrides_servername = yes",
            )


def _daemon(
    place: Place, machine: Machine, way: Way, resolver: str, fresh_s: float, waits_s: int
) -> AbstractContextManager[object] | None:
    folder = place.folder / f"{machine.name}-daemon"
    if way is Way.DAEMON:
        return classic_daemon(place.network, machine, place.roots, folder, waits_s)
    if way is Way.POLICYD:
        return policy_daemon(place.network, machine, place.roots, folder, grace_s=fresh_s, resolver=resolver)
    return None
