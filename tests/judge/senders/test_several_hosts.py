"""What each sender does where two or three MX hosts, and policies of different times, are not all of one kind.

The verdicts are by the sources named, and were written down before any was computed: RFC 5321 section 5.1 (hosts in turn), RFC 7672
sections 2.1 and 2.2, RFC 8461 sections 2, 3.3, 4 and 5, and the sources of each sender in its model.
"""

from collections.abc import Set as AbstractSet
from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from support_certificates import Defect
from support_incident import policy
from support_world import Https, Smtp, ZoneWorld, collect

ALL = frozenset(one.id for one in SENDERS)
STS = frozenset(one.id for one in SENDERS if one.mta_sts)
DANE = frozenset(one.id for one in SENDERS if one.validates)
UNDOCUMENTED = {"microsoft", "microsoft-ptr", "google"}
"""Those of which it is not known when they look at the id."""
WANT_MX = {"chasquid", "stalwart"}
"""Those to which a policy without an mx line is none in mode none either (`readings`)."""

HOUR = timedelta(hours=1)
MX1, MX2, MX3 = "mx1.example.com", "mx2.example.com", "mx3.example.com"
FIRST, FIRST6, SECOND, THIRD = "192.0.2.1", "2001:db8::1", "192.0.2.2", "192.0.2.3"
LIVE_ID = "20260601"

GOOD = ZoneWorld()
EXPIRED, CLEAR = Smtp(defect=Defect.EXPIRED), Smtp(stage=SmtpStage.EHLO)
CLOSED = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)
SILENT = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT)
AWAY = Smtp(stage=SmtpStage.GREETING)
NEITHER = policy("old.example.com")


def at_first(server: Smtp, **more: Smtp) -> dict[str, Smtp]:
    """Return the servers of a world whose first host is this one at both addresses; `second` is the other host."""
    return {FIRST: server, FIRST6: server, **({SECOND: more["second"]} if "second" in more else {})}


def third(names: tuple[str, ...], preference: int) -> ZoneWorld:
    """Return a world with a third host, with these names in its certificate, that its policy does not list."""
    world = GOOD.zone_with(f"example.com MX {preference} {MX3}", f"{MX3} A {THIRD}", f"{THIRD} PTR {MX3}")
    both = f"example.com MX 10 {MX1}\nexample.com MX 20 {MX2}"
    return world.but(zone=f"{world.zone}\n{both}", smtp={THIRD: Smtp(names=names)})


def signed(*lines: str, text: bytes = GOOD.policy, **smtp: Smtp) -> ZoneWorld:
    """Return a signed world with these records and servers at its `first` and `second` host."""
    servers = at_first(smtp.get("first", Smtp())) | {SECOND: smtp.get("second", Smtp())}
    world = GOOD.but(signed=("example.com", "in-addr.arpa", "ip6.arpa"), policy=text, smtp=servers)
    return world.zone_with(*lines)


def held(text: bytes, live_id: str | None = "old", *, age: timedelta = HOUR) -> Memory:
    """Return a policy that was fetched that long ago."""
    return Memory(text, GOOD.at - age, live_id)


class Case(msgspec.Struct, frozen=True):
    """A world, the policies still held, and who does not simply deliver."""

    world: ZoneWorld
    refused: AbstractSet[str] = frozenset()
    at_risk: AbstractSet[str] = frozenset()
    unknown: AbstractSet[str] = frozenset()
    memories: tuple[Memory, ...] = ()


TLSA1, TLSA2 = f"_25._tcp.{MX1} TLSA 3 1 1 @{FIRST}", f"_25._tcp.{MX2} TLSA 3 1 1 @{SECOND}"
WRONG2 = f"_25._tcp.{MX2} TLSA 3 1 1 {'00' * 32}"
FAILS1 = f"_25._tcp.{MX1} TLSA !servfail"
NO_RECORD = GOOD.zone_with("_mta-sts.example.com TXT")
TESTING = GOOD.policy.replace(b"enforce", b"testing")
NONE = b"version: STSv1\nmode: none\nmax_age: 86400\n"

CASES = {
    "the first expired": Case(GOOD.but(smtp=at_first(EXPIRED)), at_risk=STS),
    "the first in clear text, the second expired": Case(
        GOOD.but(smtp=at_first(CLEAR, second=EXPIRED)), refused=STS
    ),
    "of one preference, and one expired": Case(
        GOOD.but(
            zone=GOOD.zone.replace("MX    20", "MX    10"),
            smtp={SECOND: EXPIRED},
        ),
        at_risk=STS,
    ),
    "a third outside the policy, with a name inside": Case(
        third((MX3, MX1), 5), at_risk=STS - {"postfix-sts"}
    ),
    "a third outside the policy, of its own name": Case(third((MX3,), 30), at_risk=STS),
    "a third outside the policy, and the others in clear text": Case(
        third((MX3, MX1), 30).but(smtp={**at_first(CLEAR, second=CLEAR), THIRD: Smtp(names=(MX3, MX1))}),
        refused=STS - {"postfix-sts"},
        at_risk={"postfix-sts"},
    ),
    "a dead family at the first, the second closed": Case(
        GOOD.but(smtp={FIRST6: CLOSED, SECOND: CLOSED}), at_risk=ALL
    ),
    "the first silent": Case(GOOD.but(smtp=at_first(SILENT))),
    "the first silent, the second expired": Case(
        GOOD.but(smtp=at_first(SILENT, second=EXPIRED)), unknown=STS
    ),
    "one family of the first expired": Case(GOOD.but(smtp={FIRST6: EXPIRED}), at_risk=STS),
    "the first turns this client away": Case(GOOD.but(smtp=at_first(AWAY))),
    "the addresses of the first bogus": Case(
        GOOD.zone_with(f"{MX1} A !bogus", f"{MX1} AAAA !bogus"), at_risk=DANE
    ),
    "mode testing, one unlisted, one expired": Case(
        GOOD.but(policy=policy(MX1, mode="testing"), smtp=at_first(EXPIRED))
    ),
    "mode none, and an older policy with one of two hosts": Case(
        GOOD.but(policy=NONE),
        at_risk=UNDOCUMENTED | {"courier"} | WANT_MX,
        memories=(held(policy(MX1)),),
    ),
    "an older policy with neither host, and a closed policy host": Case(
        GOOD.but(https={"192.0.2.80": Https(outcome=Outcome.REFUSED)}),
        at_risk=STS,
        memories=(held(NEITHER),),
    ),
    "an older policy in mode testing with neither host": Case(
        GOOD, memories=(held(policy("old.example.com", mode="testing")),)
    ),
    "an older policy in mode none under the same id, both hosts expired": Case(
        GOOD.but(smtp=at_first(EXPIRED, second=EXPIRED)),
        refused=WANT_MX,
        at_risk=STS - WANT_MX,
        memories=(held(NONE, LIVE_ID),),
    ),
    "one policy that has ended under the same id, and one in mode testing": Case(
        GOOD,
        at_risk={"postfix-sts", "courier"},
        memories=(
            held(policy("old.example.com", max_age_s=3600), LIVE_ID, age=2 * HOUR),
            held(policy("old.example.com", mode="testing")),
        ),
    ),
    "the live policy with one of two hosts, an older one with both": Case(
        GOOD.but(policy=policy(MX1)), at_risk=STS, memories=(held(policy("*.example.com")),)
    ),
    "the policy changed at one of two addresses": Case(
        GOOD.but(https={"2001:db8::80": Https(body=NEITHER)}).zone_with(
            "mta-sts.example.com AAAA 2001:db8::80"
        ),
        at_risk=STS,
    ),
    "a new id, no policy any more, an older one with both hosts": Case(
        GOOD.but(https={"192.0.2.80": Https(status=404)}), memories=(held(GOOD.policy),)
    ),
    "no record any more, an older policy with neither host": Case(
        NO_RECORD, at_risk=STS, memories=(held(NEITHER, age=24 * HOUR),)
    ),
    "TLSA at the first, the second expired": Case(
        signed(TLSA1, second=EXPIRED), at_risk=STS - {"postfix-mxproof"}
    ),
    "TLSA at the second alone, and wrong": Case(signed(WRONG2), at_risk=DANE),
    "TLSA at the first, which is its own issuer": Case(
        signed(TLSA1, first=Smtp(defect=Defect.SELF_SIGNED)),
        at_risk=STS - {"kumomta", "postfix-mxproof"},  # whether Microsoft asks for both is not documented
    ),
    "TLSA of the first fails, and a policy": Case(
        signed(FAILS1), refused={"postfix-mxproof"}, at_risk=DANE - {"postfix-mxproof"}
    ),
    "TLSA of the first fails, and a policy in mode testing": Case(
        signed(FAILS1, text=TESTING), at_risk=DANE | {"postfix-sts"}
    ),
    "TLSA at both, and one of them in the policy": Case(
        signed(TLSA1, TLSA2, text=policy(MX1)), at_risk=STS - {"postfix-mxproof"}
    ),
    "TLSA at both, right and wrong, and neither in the policy": Case(
        signed(TLSA1, WRONG2, text=NEITHER),
        refused=STS - {"microsoft", "postfix-mxproof"},
        at_risk=DANE - {"mox", "stalwart", "kumomta"},
    ),
    "the second an alias whose target is not in the policy": Case(
        GOOD.zone_with(f"{MX2} CNAME smol.example.com", f"smol.example.com A {THIRD}").but(
            smtp={THIRD: Smtp(names=(MX2,))}
        ),
        at_risk={"microsoft", "microsoft-ptr"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_sender_does_as_its_sources_have_it(name: str) -> None:
    case = CASES[name]
    domain = assemble(collect(case.world), case.world.at)
    got = {one.id: deliver(domain, one, case.memories).outcome for one in SENDERS}
    kinds = (
        (case.refused, Verdict.REFUSED),
        (case.at_risk, Verdict.AT_RISK),
        (case.unknown, Verdict.UNKNOWN),
    )
    want = dict.fromkeys(ALL, Verdict.DELIVERS) | {one: verdict for ids, verdict in kinds for one in ids}
    assert {one: (got[one], want[one]) for one in ALL if got[one] is not want[one]} == {}
