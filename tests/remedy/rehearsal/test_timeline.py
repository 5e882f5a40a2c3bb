"""Changes through time: who loses mail, when and for how long, in good orders and in bad ones."""

from hashlib import sha256

from mxproof.evidence import SmtpData
from mxproof.formats.cert import facts
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import (
    Change,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.remedy.judgement import SECONDARY_LAG_S, Judge
from mxproof.remedy.rehearsal.edit import Edit, TimedEdit, edits
from mxproof.remedy.rehearsal.order import NAIVE_GAP_S, Order, is_safe, naive, ordered
from mxproof.remedy.rehearsal.telling import rehearsed
from mxproof.remedy.rehearsal.timeline import timeline
from support_incident import ALIASES, INCIDENT, TARGETS
from support_long import EXHAUSTIVE
from support_world import Smtp, ZoneWorld, collect
from support_worlds import DANE, MX1

WEEK_S = 604_800
TTL_S = 300
STS = "_mta-sts.example.com"
OLD_ID, NEW_ID = TxtValue("v=STSv1; id=20261101;"), TxtValue("v=STSv1; id=2;")
BOTH_NAMED = INCIDENT.but(
    smtp={
        "192.0.2.1": Smtp((ALIASES[0], TARGETS[0])),
        "2001:db8::1": Smtp((ALIASES[0], TARGETS[0])),
        "192.0.2.2": Smtp((ALIASES[1], TARGETS[1])),
        "2001:db8::2": Smtp((ALIASES[1], TARGETS[1])),
    },
    policy=b"version: STSv1\nmode: enforce\nmx: mxi1.example.com\nmx: mxi2.example.com\nmax_age: 604800\n",
).zone_with(
    "mxi1.example.com CNAME",
    "mxi2.example.com CNAME",
    "mxi1.example.com A 192.0.2.1",
    "mxi2.example.com A 192.0.2.2",
)
"""A sound domain that is to move from mxi1 and mxi2 to smol and tol, which have certificates already."""
MX = (
    Withdraw("example.com", MxValue(10, ALIASES[0])),
    Publish("example.com", MxValue(10, TARGETS[0])),
    Withdraw("example.com", MxValue(20, ALIASES[1])),
    Publish("example.com", MxValue(20, TARGETS[1])),
)
SERVE = ServePolicy("example.com", Policy(Mode.ENFORCE, WEEK_S, (*ALIASES, *TARGETS)))
ANNOUNCE = (Withdraw(STS, OLD_ID), Publish(STS, NEW_ID))
BY_ID = {"rfc8461", "postfix-mxproof", "mox", "stalwart", "kumomta"}
UNDOCUMENTED = {"microsoft", "google"}


def judge(world: ZoneWorld) -> Judge:
    return Judge(collect(world), world.at, (), SENDERS)


def suffering(order: Order) -> dict[str, tuple[int, int | None]]:
    """Return from when to when each sender fares worse, all its times in one."""
    found: dict[str, tuple[int, int | None]] = {}
    for one in rehearsed(order).suffering:
        first, _ = found.get(one.sender, (one.from_s, None))
        found[one.sender] = first, one.until_s
    return found


def at(timed: tuple[tuple[int, tuple[Change, ...]], ...]) -> tuple[TimedEdit, ...]:
    return tuple(TimedEdit(at_s, Edit(0, changes)) for at_s, changes in timed)


def outcome(subject: Judge, schedule: tuple[TimedEdit, ...], sender: str, at_s: int) -> set[Verdict]:
    moments = [one for one in timeline(subject, schedule) if one.from_s <= at_s]
    return {one.outcome for state in moments[-1].states for one in state.deliveries if one.id == sender}


def test_new_mx_first_loses_mail_of_those_and_for_as_long_as_the_models_say() -> None:
    got = suffering(naive(judge(BOTH_NAMED), edits((*MX, SERVE, *ANNOUNCE))))
    policy_s = NAIVE_GAP_S
    announced_s = 2 * NAIVE_GAP_S + SECONDARY_LAG_S + TTL_S
    assert {sender: got[sender] for sender in BY_ID} == dict.fromkeys(BY_ID, (0, announced_s))
    assert {sender: got[sender] for sender in UNDOCUMENTED} == dict.fromkeys(
        UNDOCUMENTED, (0, policy_s + WEEK_S)
    )
    assert got["chasquid"] == (0, policy_s + 600)
    assert got.keys() == BY_ID | UNDOCUMENTED | {"chasquid", "courier"}


def test_policy_first_and_the_wait_of_its_max_age_loses_none() -> None:
    got = ordered(judge(BOTH_NAMED), edits((*MX, SERVE, *ANNOUNCE)))
    assert got.is_safe
    assert suffering(got) == {}
    assert [timed.at_s for timed in got.schedule] == [0, 0, WEEK_S]


def test_the_wait_is_for_the_policy_and_a_second_less_is_too_short() -> None:
    subject = judge(BOTH_NAMED)
    just_right = at(((0, (SERVE,)), (0, ANNOUNCE), (WEEK_S, MX)))
    too_soon = at(((0, (SERVE,)), (0, ANNOUNCE), (WEEK_S - 1, MX)))
    assert is_safe(subject, timeline(subject, just_right))
    assert not is_safe(subject, timeline(subject, too_soon))


@EXHAUSTIVE
def test_an_id_before_its_policy_is_remembered_with_the_old_one() -> None:
    """A sender that fetches in between holds the old policy under the new id, and has no reason to look again."""
    subject = judge(BOTH_NAMED)
    wrong = at(((0, ANNOUNCE), (3600, (SERVE,)), (7200, MX)))
    right = at(((0, (SERVE,)), (3600, ANNOUNCE), (7200, MX)))
    assert outcome(subject, wrong, "rfc8461", 10_000) == {Verdict.AT_RISK}
    assert outcome(subject, right, "rfc8461", 10_000) == {Verdict.DELIVERS}


def test_caches_may_hold_the_old_mx_with_the_new_addresses_and_the_reverse() -> None:
    gone = (Withdraw(ALIASES[0], Ipv4Value("192.0.2.1")), Publish(ALIASES[0], Ipv4Value("192.0.2.2")))
    moments = timeline(judge(BOTH_NAMED), at(((0, (*MX, *gone)),)))
    assert {state.old for state in moments[1].states} == {
        (),
        (("MX", "example.com"),),
        (("address", ALIASES[0]),),
        (("MX", "example.com"), ("address", ALIASES[0])),
    }


def test_mta_sts_is_taken_back_by_mode_none_first() -> None:
    """RFC 8461 section 8.3: the record goes when no sender holds the earlier policy, and till then hosts must fit it."""
    none = ServePolicy("example.com", Policy(Mode.NONE, 86_400))
    subject = judge(BOTH_NAMED)
    moved = at(((0, (none,)), (0, ANNOUNCE), (WEEK_S, (Withdraw(STS, NEW_ID),)), (WEEK_S, MX)))
    at_once = at(((0, (Withdraw(STS, OLD_ID),)), (0, MX)))
    assert is_safe(subject, timeline(subject, moved))
    assert not is_safe(subject, timeline(subject, at_once))


KEY = sha256(b"the next key").hexdigest()
NEW_VALUE = TlsaValue(3, 1, 1, KEY)
NEW_TLSA = Publish(f"_25._tcp.{MX1}", NEW_VALUE)
NEXT = PresentCertificate(
    Service.SMTP, MX1, ("192.0.2.1", "2001:db8::1"), (MX1,), keeps_key=False, matches=(NEW_VALUE,)
)


def _old_tlsa(subject: Judge) -> Withdraw:
    _, data = subject.evidence.smtp(MX1, "192.0.2.1")
    assert isinstance(data, SmtpData)
    assert data.tls is not None
    shown = sha256(facts(data.tls.chain[0]).spki_der).hexdigest()
    return Withdraw(f"_25._tcp.{MX1}", TlsaValue(3, 1, 1, shown))


def test_a_new_key_is_announced_before_it_is_shown_and_the_old_one_goes_last() -> None:
    """RFC 7671 section 8.1: both records stand until neither cache nor server has the old one."""
    subject = judge(DANE)
    got = ordered(subject, edits((NEXT, NEW_TLSA, _old_tlsa(subject))))
    assert got.is_safe
    assert [timed.edit.changes for timed in got.schedule] == [(NEW_TLSA,), (NEXT,), (_old_tlsa(subject),)]
    assert got.schedule[1].at_s >= TTL_S + SECONDARY_LAG_S


def test_a_new_key_shown_before_it_is_announced_loses_the_mail_of_every_sender_with_dane() -> None:
    subject = judge(DANE)
    at_once = timeline(subject, at(((0, (NEXT, NEW_TLSA, _old_tlsa(subject))),)))
    assert not is_safe(subject, at_once)
    worse = {
        one.id
        for state in at_once[1].states
        for one in state.deliveries
        if one.decides and one.outcome is not Verdict.DELIVERS
    }
    assert {"postfix-dane", "exim-dane", "sendmail-dane"} <= worse
    assert "opportunistic" not in worse
