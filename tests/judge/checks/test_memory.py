"""What senders still hold of earlier days: policies, and how well sessions were secured."""

from datetime import timedelta

import pytest

from mxproof.evidence import Kind, Outcome, Question, SmtpStage
from mxproof.judge.checks.memory import check
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.assemble import assemble
from mxproof.mail.change import (
    Awaited,
    Configure,
    PresentCertificate,
    Publish,
    Service,
    Setting,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from support_certificates import NOW, Defect
from support_world import Smtp, ZoneWorld, collect
from support_worlds import MX1, MX2, connect, policy

DOMAIN = assemble(collect(ZoneWorld()), NOW)


def held(body: bytes, age: timedelta) -> int:
    return len(list(check(DOMAIN, (Memory(body, NOW - age),))))


def test_an_enforced_policy_is_held_until_its_max_age_is_over() -> None:
    body = policy("old.example.com", max_age=86_400)
    second = timedelta(seconds=1)
    assert [held(body, timedelta(days=1) + step) for step in (-second, timedelta(0), second)] == [1, 0, 0]


def test_a_policy_that_refuses_nobody_is_not_worth_a_word() -> None:
    assert held(policy("old.example.com", mode="testing"), timedelta(days=1)) == 0
    assert held(policy(mode="none"), timedelta(days=1)) == 0
    assert held(b"garbage", timedelta(days=1)) == 0


def test_the_finding_says_from_when_to_when() -> None:
    (finding,) = check(DOMAIN, (Memory(policy("old.example.com", max_age=172_800), NOW - timedelta(days=1)),))
    assert (finding.params["fetched"], finding.params["until"]) == (
        NOW - timedelta(days=1),
        NOW + timedelta(days=1),
    )


HELD = policy("old.example.com", max_age=172_800)
RECORD = "_mta-sts.example.com"
V4, V6, OF_MX2 = "192.0.2.1", "2001:db8::1", "192.0.2.2"
PLAIN, SELF_SIGNED = Smtp(stage=SmtpStage.EHLO), Smtp(defect=Defect.SELF_SIGNED)


def held_with(*memories: Memory) -> list[Finding]:
    return list(check(DOMAIN, memories))


@pytest.mark.parametrize(
    ("policy_id", "is_renewed"), [("20260601", True), ("20260501", False), (None, False)]
)
def test_a_policy_held_under_the_id_of_today_needs_a_new_id_before_the_wait(
    policy_id: str | None, *, is_renewed: bool
) -> None:
    """RFC 8461 section 3.3: who holds it looks for another text only where the id is another one."""
    fetched = NOW - timedelta(days=1, milliseconds=-1)
    (finding,) = held_with(Memory(HELD, fetched, policy_id))
    until = fetched + timedelta(days=2)
    fresh = (
        Withdraw(RECORD, TxtValue("v=STSv1; id=20260601;")),
        Publish(RECORD, TxtValue("v=STSv1; id=20260601T120000;")),
    )
    wait = Wait("example.com", Awaited.MAX_AGE, 86_401, until)
    assert finding.changes == ((*fresh, wait) if is_renewed else (wait,))
    assert (finding.code, finding.subject, finding.params["patterns"]) == (
        Code.STS_MEMORY_OUTLIVES,
        "mta-sts.example.com",
        ("old.example.com",),
    )
    assert finding.evidence == (Question(Kind.TXT, RECORD),)


def test_every_policy_that_is_held_is_told_and_one_that_is_over_hides_none_behind_it() -> None:
    over = Memory(policy("a.example.com", max_age=86_400), NOW - timedelta(days=9))
    testing = Memory(policy("b.example.com", mode="testing"), NOW - timedelta(days=1))
    found = held_with(over, testing, Memory(HELD, NOW), Memory(policy("c.example.com"), NOW))
    assert [one.params["patterns"] for one in found] == [("old.example.com",), ("c.example.com",)]


def fallen(world: ZoneWorld, level: SessionLevel) -> list[tuple[str, object, object]]:
    found = check(assemble(collect(world), NOW), (LevelMemory(level),))
    return [(one.subject, one.params["addresses"], one.params["seen"]) for one in found]


def test_a_session_falls_below_what_it_was_by_what_it_lacks_now() -> None:
    world = ZoneWorld(smtp={V4: SELF_SIGNED, V6: PLAIN, OF_MX2: Smtp(("other.example.net",))})
    verified = fallen(world, SessionLevel.VERIFIED)
    assert [(subject, addresses) for subject, addresses, _ in verified] == [
        (MX1, (V4, V6)),
        (MX2, (OF_MX2,)),
    ]
    assert verified[1][2] == ("the certificate does not name the host",)
    assert isinstance(verified[0][2], tuple)
    assert len(set(verified[0][2])) == 2
    encrypted = fallen(world, SessionLevel.ENCRYPTED)
    assert [(subject, addresses) for subject, addresses, _ in encrypted] == [(MX1, (V6,))]
    assert encrypted[0][2] == verified[0][2][1:]
    assert fallen(world, SessionLevel.PLAIN) == []


def test_a_host_that_did_not_answer_has_not_fallen() -> None:
    for outcome in (Outcome.TIMEOUT, Outcome.UNREACHABLE):
        world = ZoneWorld(smtp={V4: connect(outcome), V6: PLAIN})
        assert [addresses for _, addresses, _ in fallen(world, SessionLevel.VERIFIED)] == [(V6,)]
    assert fallen(ZoneWorld(), SessionLevel.VERIFIED) == []


def test_a_host_that_fell_gets_tls_and_its_certificate_back_where_it_fell() -> None:
    world = ZoneWorld(smtp={V6: PLAIN})
    memories = (LevelMemory(SessionLevel.VERIFIED), Memory(HELD, NOW))
    fell, outlives = check(assemble(collect(world), NOW), memories)
    assert (fell.code, outlives.code) == (Code.TLS_LEVEL_FELL, Code.STS_MEMORY_OUTLIVES)
    assert fell.changes == (
        Configure(Service.SMTP, MX1, (V6,), Setting.STARTTLS),
        PresentCertificate(Service.SMTP, MX1, (V6,), (MX1,), keeps_key=False),
    )
    assert fell.evidence == (Question(Kind.SMTP, MX1, V6),)
