"""What the log says of a decision: what changes for mail at once, what is as before to whoever looks for it, what is worrying loudly."""

import logging
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.decision_log import tell_of
from mxproof.serve.policyd.metrics import Counts

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOP = NextHop("example.com")


def policy(mode: str, fetched_at: datetime = NOW - DAY) -> Memory:
    """Return a policy that is in force for a week."""
    text = f"version: STSv1\nmode: {mode}\nmx: mx.example.com\nmax_age: {7 * 86_400}\n"
    return Memory(text.encode(), fetched_at, "1")


def held(
    protection: Protection = Protection.STS, reason: Reason = Reason.STS_ENFORCE, **fields: object
) -> Held:
    """Return what is held of a destination, by default under a policy to enforce."""
    kept = fields.pop("kept", False)
    decision = Decision(protection, reason, NOW, "d", kept=bool(kept))
    return msgspec.structs.replace(Held(policy("enforce"), None, decision), **fields)


ENFORCED = held()
NOTHING = held(Protection.DEFAULT, Reason.STS_ABSENT, policy=None)
UNANSWERED = held(Protection.DEFAULT, Reason.STS_UNANSWERED, policy=None)
FAILED = Failure(NOW, ResultType.STS_POLICY_FETCH_ERROR, "no route", "1")


def told(
    caplog: pytest.LogCaptureFixture, before: Held, after: Held, now: datetime = NOW
) -> list[tuple[int, str]]:
    """Return level and text of each line about a decision."""
    with caplog.at_level(logging.DEBUG, "mxproof.policyd"):
        tell_of(HOP, before, after, now, Counts())
    return [(one.levelno, one.getMessage()) for one in caplog.records]


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        (Held(), ENFORCED, logging.INFO),
        (ENFORCED, ENFORCED, logging.DEBUG),
        (ENFORCED, held(reason=Reason.STS_TESTING), logging.DEBUG),
        (ENFORCED, held(Protection.DANE_ONLY, Reason.DANE_EVERYWHERE), logging.INFO),
        (ENFORCED, held(kept=True), logging.INFO),
        (held(kept=True), held(kept=True), logging.DEBUG),
        (NOTHING, UNANSWERED, logging.WARNING),
        (UNANSWERED, UNANSWERED, logging.DEBUG),
        (UNANSWERED, NOTHING, logging.INFO),
        (ENFORCED, held(Protection.UNDECIDED, Reason.MX_UNANSWERED), logging.WARNING),
        (ENFORCED, held(Protection.UNDECIDED, Reason.HOSTS_UNANSWERED), logging.WARNING),
    ],
    ids=[
        "the first",
        "as before",
        "the same by another reason",
        "another",
        "kept from now on",
        "still kept",
        "nobody answers for it",
        "still nobody",
        "somebody answers again",
        "no MX",
        "no hosts",
    ],
)
def test_a_change_is_told_and_what_rests_on_silence_is_told_loudly(
    caplog: pytest.LogCaptureFixture, before: Held, after: Held, level: int
) -> None:
    assert [one for one, _ in told(caplog, before, after)] == [level]


def test_a_line_has_all_that_the_decision_rests_on(caplog: pytest.LogCaptureFixture) -> None:
    ((_, line),) = told(caplog, Held(), held(kept=True))
    assert (
        line == "domain=example.com decision=sts reason=sts-enforce policy_age_s=86400 kept=True detail='d'"
    )
    caplog.clear()
    ((_, line),) = told(caplog, Held(), NOTHING)
    assert "policy_age_s=0 " in line


@pytest.mark.parametrize(
    ("after", "level", "ends"),
    [
        (held(failure=FAILED), logging.WARNING, "2026-03-07T12:00:00Z"),
        (held(failure=FAILED, policy=policy("testing")), logging.WARNING, "2026-03-07T12:00:00Z"),
        (held(failure=FAILED, policy=policy("none")), logging.INFO, "2026-03-07T12:00:00Z"),
        (held(failure=FAILED, policy=None), logging.INFO, ""),
    ],
    ids=["enforce", "testing", "none", "no policy"],
)
def test_a_failed_fetch_is_loud_where_a_policy_will_end_for_it(
    caplog: pytest.LogCaptureFixture, after: Held, level: int, ends: str
) -> None:
    ((said, line), _) = told(caplog, ENFORCED, after)
    assert said == level
    assert line.startswith("domain=example.com fetch=sts-policy-fetch-error detail='no route'")
    assert line.endswith(f"stays until {ends}" if ends else "'no route'")


def test_a_failure_is_told_and_counted_once(caplog: pytest.LogCaptureFixture) -> None:
    counts = Counts()
    failing = held(failure=FAILED)
    with caplog.at_level(logging.INFO, "mxproof.policyd"):
        for before, after in ((ENFORCED, failing), (failing, failing), (failing, ENFORCED)):
            tell_of(HOP, before, after, NOW, counts)
    assert [one.getMessage().split()[1] for one in caplog.records] == ["fetch=sts-policy-fetch-error"]
    assert +counts.fetch_failures == {ResultType.STS_POLICY_FETCH_ERROR: 1}
    assert counts.decisions[Protection.STS, Reason.STS_ENFORCE] == 3


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (held(policy=policy("enforce", NOW - 7 * DAY)), NOTHING, True),
        (held(policy=policy("enforce", NOW - 6 * DAY)), NOTHING, False),
        (held(policy=policy("testing", NOW - 7 * DAY)), NOTHING, False),
        (held(policy=policy("enforce", NOW - 7 * DAY)), ENFORCED, False),
        (NOTHING, NOTHING, False),
    ],
    ids=["over", "taken back", "of a policy that was tested", "another in its place", "there was none"],
)
def test_that_a_policy_to_enforce_ran_out_is_told(
    caplog: pytest.LogCaptureFixture, before: Held, after: Held, *, is_told: bool
) -> None:
    lines = [line for level, line in told(caplog, before, after) if level == logging.WARNING]
    assert any("policy=ended" in line for line in lines) is is_told
