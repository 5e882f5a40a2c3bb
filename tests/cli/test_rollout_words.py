"""How a roll-out stands, and what became of a call: the sentences, the marks and the exit statuses."""

from datetime import UTC, datetime

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.rollout_words import rollout_text, standing_text, status_of_rollout
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.rollout import Rollout, RolloutAim, RolloutDecision, RolloutReason, RolloutStage
from mxproof.publish.rollout_driving import RolloutResult
from mxproof.publish.state import PublishedState
from mxproof.render.text.paper import Paper

WIDE = Paper(width=1000, unicode=True)
DOMAIN = "example.com"
SINCE = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
UNTIL = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
WAY_IN = Rollout(DOMAIN, RolloutAim.ENFORCE, RolloutStage.TESTING, SINCE)
BEGUN = Rollout(DOMAIN, RolloutAim.ENFORCE, RolloutStage.TESTING)
WAY_OUT = Rollout(DOMAIN, RolloutAim.NONE, RolloutStage.NONE, SINCE)
NEXT = "next is enforce-day, mode enforce held for 24 h"
STANDS = "example.com: stage testing, mode testing held for 24 h since 2026-03-02 09:05 UTC."


def decided(
    reason: RolloutReason, *names: str, until: datetime | None = None, makes_step: bool = False
) -> RolloutDecision:
    return RolloutDecision(makes_step, reason, until, names)


@pytest.mark.parametrize(
    ("decision", "mark", "why"),
    [
        (decided(RolloutReason.CLEAN), "✔ NEXT STEP", f"All that was looked at is clean; {NEXT}."),
        (decided(RolloutReason.FORGOTTEN), "✔ NEXT STEP", "No sender holds an earlier policy any more."),
        (
            decided(RolloutReason.DAYS, until=UNTIL),
            "… WAITS",
            f"It waits for enough days without failures: until 2026-03-09 10:00 UTC at the soonest; {NEXT}.",
        ),
        (
            decided(RolloutReason.REPORTERS, "Google", "Microsoft"),
            "… WAITS",
            f"No report came yet from Google and Microsoft, which usually report; {NEXT}.",
        ),
        (
            decided(RolloutReason.REPORTERS, "Google"),
            "… WAITS",
            f"No report came yet from Google, which usually reports; {NEXT}.",
        ),
        (decided(RolloutReason.REPORTERS), "… WAITS", f"Reports of too few days came; {NEXT}."),
        (
            decided(RolloutReason.HELD, until=UNTIL),
            "… WAITS",
            (
                "Senders may hold an earlier policy, or the record, until 2026-03-09 10:00 UTC; "
                "nothing is taken away before."
            ),
        ),
        (
            decided(RolloutReason.PAUSED),
            "… PAUSED",
            "`mxproof publish rollout example.com --continue` has it go on.",
        ),
        (
            decided(RolloutReason.ALTERED),
            "✘ HELD",
            (
                "Something else was published meanwhile than this stage has; "
                "`mxproof publish rollout example.com --continue` goes on from there."
            ),
        ),
        (
            decided(RolloutReason.FINDINGS, "mx-alias", "sts-mx-unlisted"),
            "✘ HELD",
            "A check found mx-alias and sts-mx-unlisted; `mxproof check example.com` says more.",
        ),
        (
            decided(RolloutReason.FAILURES, "Google", until=UNTIL),
            "✘ HELD",
            (
                "A TLS report told of failures, or a sender fell silent (Google); its days begin anew, and end "
                "2026-03-09 10:00 UTC at the soonest. `mxproof tlsrpt show example.com` says more, `--back` goes back a stage."
            ),
        ),
        (
            decided(RolloutReason.FAILURES, until=UNTIL),
            "✘ HELD",
            (
                "A TLS report told of failures, or a sender fell silent; its days begin anew, and end "
                "2026-03-09 10:00 UTC at the soonest. `mxproof tlsrpt show example.com` says more, `--back` goes back a stage."
            ),
        ),
        (
            decided(RolloutReason.NO_REPORTS),
            "✘ STOPPED",
            (
                "No TLS report came for too long, so that nobody knows how senders fare. See that reports arrive (record "
                "_smtp._tls, `mxproof tlsrpt show example.com`), or go on with --without-reports."
            ),
        ),
        (
            decided(RolloutReason.UNPUBLISHED),
            "… WAITS",
            "Not everybody shows it yet; `mxproof publish status example.com` says who.",
        ),
        (None, "… WAITS", "Nothing was decided yet."),
    ],
)
def test_each_reason_has_its_mark_and_says_what_is_waited_for_or_has_to_be_done(
    decision: RolloutDecision | None, mark: str, why: str
) -> None:
    assert standing_text(DOMAIN, WAY_IN, decision, WIDE) == f"{mark}  {STANDS} {why}\n"


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (RolloutReason.CLEAN, DONE),
        (RolloutReason.FORGOTTEN, DONE),
        (RolloutReason.PAUSED, DONE),
        (RolloutReason.DAYS, DONE),
        (RolloutReason.REPORTERS, DONE),
        (RolloutReason.HELD, DONE),
        (RolloutReason.OVER, DONE),
        (RolloutReason.ALTERED, PROBLEM),
        (RolloutReason.FINDINGS, PROBLEM),
        (RolloutReason.FAILURES, PROBLEM),
        (RolloutReason.NO_REPORTS, PROBLEM),
        (RolloutReason.UNPUBLISHED, UNKNOWN),
    ],
)
def test_what_holds_a_rollout_is_a_problem_and_what_takes_its_time_is_not(
    reason: RolloutReason, status: int
) -> None:
    assert status_of_rollout(RolloutResult(DOMAIN, WAY_IN, decided(reason))) == status


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (PublicationEnd.DONE, DONE),
        (PublicationEnd.WAITING, UNKNOWN),
        (PublicationEnd.FAILED, PROBLEM),
    ],
)
def test_a_call_that_publishes_has_the_status_of_the_publication(end: PublicationEnd, status: int) -> None:
    result = RolloutResult(DOMAIN, WAY_IN, decided(RolloutReason.FINDINGS), PublicationResult(DOMAIN, end))
    assert status_of_rollout(result) == status


def test_what_could_not_be_done_is_a_problem_and_told_alone() -> None:
    result = RolloutResult(DOMAIN, WAY_IN, decided(RolloutReason.CLEAN), said="it is not being rolled out")
    assert status_of_rollout(result) == PROBLEM
    assert rollout_text(result, WIDE) == "✘ NOTHING DONE  example.com: it is not being rolled out.\n"
    assert rollout_text(result, Paper(width=60, unicode=True)) == (
        "✘ NOTHING DONE  example.com: it is not being rolled out.\n"
    )


def test_where_nothing_was_decided_nothing_is_wrong() -> None:
    assert status_of_rollout(RolloutResult(DOMAIN, BEGUN)) == DONE


def test_a_domain_without_a_rollout_is_said_to_have_none() -> None:
    assert rollout_text(RolloutResult(DOMAIN, None), WIDE) == "example.com: it is not being rolled out\n"


def test_a_stage_that_not_everybody_shows_has_no_beginning_and_is_resumed() -> None:
    assert standing_text(DOMAIN, BEGUN, None, WIDE) == (
        "… WAITS  example.com: stage testing, mode testing held for 24 h. "
        "Not everybody shows it yet; `mxproof publish resume example.com` goes on.\n"
    )


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (RolloutStage.ENFORCE_DAY, "stage enforce-day, mode enforce held for 24 h"),
        (RolloutStage.ENFORCE_WEEK, "stage enforce-week, mode enforce held for 7 days"),
        (RolloutStage.ENFORCE_MONTH, "stage enforce-month, mode enforce held for 30 days"),
        (RolloutStage.NONE, "stage none, mode none held for 24 h"),
        (RolloutStage.WITHDRAWN, "no record announces the policy"),
    ],
)
def test_a_stage_is_told_by_what_senders_see_of_it(stage: RolloutStage, words: str) -> None:
    way_out = {RolloutStage.NONE, RolloutStage.WITHDRAWN}
    aim = RolloutAim.NONE if stage in way_out else RolloutAim.ENFORCE
    said = standing_text(DOMAIN, Rollout(DOMAIN, aim, stage, SINCE), decided(RolloutReason.PAUSED), WIDE)
    assert said == (
        f"… PAUSED  example.com: {words} since 2026-03-02 09:05 UTC. "
        "`mxproof publish rollout example.com --continue` has it go on.\n"
    )


def test_a_rollout_that_is_over_says_where_it_led() -> None:
    over = decided(RolloutReason.OVER)
    enforced = Rollout(DOMAIN, RolloutAim.ENFORCE, RolloutStage.ENFORCE_MONTHS, SINCE)
    assert standing_text(DOMAIN, enforced, over, WIDE) == (
        "✔ ROLLED OUT  example.com: stage enforce-months, mode enforce held for 90 days since 2026-03-02 09:05 UTC.\n"
    )
    gone = Rollout(DOMAIN, RolloutAim.NONE, RolloutStage.GONE, SINCE)
    assert standing_text(DOMAIN, gone, over, WIDE) == (
        "✔ REMOVED  example.com: record and policy are gone since 2026-03-02 09:05 UTC.\n"
    )


def test_what_is_going_to_be_removed_is_not_said_to_be_removed() -> None:
    said = standing_text(DOMAIN, WAY_OUT, decided(RolloutReason.FORGOTTEN), WIDE)
    assert said.partition("  ")[0] == "✔ NEXT STEP"


def published(rollout: Rollout | None, end: PublicationEnd = PublicationEnd.DONE) -> list[str]:
    publication = PublicationResult(DOMAIN, end, PublishedState(DOMAIN, id="1"))
    return rollout_text(RolloutResult(DOMAIN, rollout, publication=publication), WIDE).splitlines()


@pytest.mark.parametrize(
    ("rollout", "reached"),
    [
        (WAY_IN, f"  Stage testing begins; {NEXT}."),
        (
            Rollout(DOMAIN, RolloutAim.ENFORCE, RolloutStage.TESTING, SINCE, paused=True),
            f"  Stage testing begins; {NEXT}. It is paused: `--continue` has it go on.",
        ),
        (
            Rollout(DOMAIN, RolloutAim.ENFORCE, RolloutStage.ENFORCE_MONTHS, SINCE),
            "  That was the last step.",
        ),
        (Rollout(DOMAIN, RolloutAim.NONE, RolloutStage.GONE, SINCE), "  That was the last step."),
        (
            WAY_OUT,
            "  `mxproof publish rollout` goes on once nobody holds what was published before.",
        ),
    ],
)
def test_a_step_that_everybody_shows_is_told_with_what_comes_next(rollout: Rollout, reached: str) -> None:
    assert published(rollout) == ["✔ PUBLISHED  example.com: every server shows it, id 1.", reached]


def test_what_comes_next_is_told_where_all_was_shown_already_and_not_while_it_is_waited_for() -> None:
    assert published(WAY_IN, PublicationEnd.NOTHING)[1:] == [f"  Stage testing begins; {NEXT}."]
    assert published(WAY_IN, PublicationEnd.UNSEEN)[1:] == []
    assert published(None)[1:] == []
