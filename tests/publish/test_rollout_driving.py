"""A roll-out driven from nothing to enforce and back to nothing, in a world in memory with a real journal."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.formats.mtasts import Mode
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollout import STAGES, RolloutAim, RolloutReason, RolloutStage
from mxproof.publish.rollout_driving import RolloutAct, WantedRollout
from mxproof.publish.wanted import WantedOf, WantedPolicy
from support_long import EXHAUSTIVE, some
from support_publication import DOMAIN, SERVERS, Killed, bare, policy, set_up
from support_rollout import RolledWorld

BEGIN = WantedRollout(aim=RolloutAim.ENFORCE, policy=policy("enforce"))
LEAVE = WantedRollout(aim=RolloutAim.NONE)
WEEK_AND_LATE = 9


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> RolledWorld:
    rolled = RolledWorld(bare(tmp_path_factory.mktemp("begun")))
    assert rolled.roll(BEGIN).publication is not None
    return rolled


@pytest.fixture(scope="module")
def second(first: RolledWorld, tmp_path_factory: pytest.TempPathFactory) -> RolledWorld:
    rolled = first.copied(tmp_path_factory.mktemp("enforcing"))
    rolled.days_later(WEEK_AND_LATE)
    rolled.roll()
    return rolled


@pytest.fixture
def testing(first: RolledWorld, tmp_path: Path) -> RolledWorld:
    """Return a roll-out that has begun."""
    return first.copied(tmp_path)


@pytest.fixture
def enforcing(second: RolledWorld, tmp_path: Path) -> RolledWorld:
    """Return one that has made its first step."""
    return second.copied(tmp_path)


def stage(rolled: RolledWorld) -> RolloutStage:
    kept = rolled.kept()
    assert kept is not None
    return kept.stage


def test_a_domain_comes_from_nothing_to_months_of_enforce_step_by_step(testing: RolledWorld) -> None:
    seen = [(stage(testing), *served(testing))]
    for _ in STAGES[RolloutAim.ENFORCE][1:]:
        testing.days_later(WEEK_AND_LATE)
        testing.roll()
        seen.append((stage(testing), *served(testing)))
    assert seen == [
        (RolloutStage.TESTING, "testing", 86_400),
        (RolloutStage.ENFORCE_DAY, "enforce", 86_400),
        (RolloutStage.ENFORCE_WEEK, "enforce", 604_800),
        (RolloutStage.ENFORCE_MONTH, "enforce", 2_592_000),
        (RolloutStage.ENFORCE_MONTHS, "enforce", 7_776_000),
    ]
    testing.days_later(WEEK_AND_LATE)
    last = testing.roll()
    assert last.decision is not None
    assert (last.decision.reason, last.publication) == (RolloutReason.OVER, None)


def served(rolled: RolledWorld) -> tuple[str, int]:
    fields = dict(line.split(": ") for line in rolled.world.served().splitlines())
    return fields["mode"], int(fields["max_age"])


def test_a_look_before_its_time_makes_no_step_and_says_when(testing: RolledWorld) -> None:
    testing.days_later(WEEK_AND_LATE - 1)
    early = testing.roll()
    assert early.decision is not None
    assert (early.decision.reason, early.publication) == (RolloutReason.DAYS, None)
    kept = testing.kept()
    assert kept is not None
    assert (kept.stage, kept.said) == (RolloutStage.TESTING, early.decision)


def test_reports_of_failures_hold_it_and_nothing_is_published(testing: RolledWorld) -> None:
    testing.days_later(WEEK_AND_LATE, failure=1)
    held = testing.roll()
    assert held.decision is not None
    assert (held.decision.reason, held.decision.names) == (RolloutReason.FAILURES, ("google.com",))
    assert served(testing)[0] == "testing"


def test_without_reports_it_stops_and_goes_on_when_told_so(testing: RolledWorld) -> None:
    testing.days_later(16, reporting=False)
    stopped = testing.roll()
    assert stopped.decision is not None
    assert stopped.decision.reason is RolloutReason.NO_REPORTS
    gone_on = testing.roll(WantedRollout(without_reports=True))
    assert gone_on.publication is not None
    assert (stage(testing), gone_on.publication.end) == (RolloutStage.ENFORCE_DAY, PublicationEnd.DONE)


def test_a_check_that_finds_senders_refusing_holds_it(enforcing: RolledWorld) -> None:
    enforcing.days_later(WEEK_AND_LATE)
    enforcing.world.world = enforcing.world.world.zone_with(
        "example.com MX 10 other.example.com", "other.example.com A 192.0.2.99"
    )
    held = enforcing.roll()
    assert held.decision is not None
    assert held.decision.reason is RolloutReason.FINDINGS
    assert stage(enforcing) is RolloutStage.ENFORCE_DAY


def test_what_is_paused_waits_until_it_is_continued(testing: RolledWorld) -> None:
    testing.days_later(WEEK_AND_LATE)
    paused = testing.roll(WantedRollout(RolloutAct.PAUSE))
    assert paused.decision is not None
    assert (paused.decision.reason, stage(testing)) == (RolloutReason.PAUSED, RolloutStage.TESTING)
    testing.roll()
    assert stage(testing) is RolloutStage.TESTING
    testing.roll(WantedRollout(RolloutAct.CONTINUE))
    assert stage(testing) is RolloutStage.ENFORCE_DAY


def test_it_goes_back_a_stage_and_stays_there(enforcing: RolledWorld) -> None:
    enforcing.roll(WantedRollout(RolloutAct.BACK))
    assert (stage(enforcing), served(enforcing)) == (RolloutStage.TESTING, ("testing", 86_400))
    enforcing.days_later(WEEK_AND_LATE)
    waits = enforcing.roll()
    assert waits.decision is not None
    assert waits.decision.reason is RolloutReason.PAUSED
    first = enforcing.roll(WantedRollout(RolloutAct.BACK))
    assert (first.said != "", first.publication) == (True, None)


def test_what_may_not_be_published_leaves_it_at_the_stage_before(testing: RolledWorld) -> None:
    testing.days_later(WEEK_AND_LATE)
    testing.world.world = testing.world.world.zone_with(
        "example.com MX 10 other.example.com", "other.example.com A 192.0.2.99"
    )
    refused = testing.roll()
    assert stage(testing) is RolloutStage.TESTING
    assert served(testing)[0] == "testing"
    if refused.publication is not None:
        assert refused.publication.end is PublicationEnd.REFUSED


def test_a_first_policy_that_is_missing_begins_nothing(tmp_path: Path) -> None:
    rolled = RolledWorld(bare(tmp_path))
    failed = rolled.roll(WantedRollout(aim=RolloutAim.ENFORCE))
    assert failed.publication is not None
    assert (failed.publication.end, rolled.kept()) == (PublicationEnd.FAILED, None)


def test_a_dry_run_keeps_and_publishes_nothing(tmp_path: Path) -> None:
    rolled = RolledWorld(bare(tmp_path))
    planned = rolled.roll(BEGIN, dry=True)
    assert planned.publication is not None
    assert (planned.publication.end, rolled.kept()) == (PublicationEnd.PLANNED, None)
    assert rolled.world.served() == ""


def test_what_is_published_already_is_taken_over_at_its_stage(tmp_path: Path) -> None:
    rolled = RolledWorld(set_up(tmp_path))
    before = rolled.world.served(), rolled.world.id()
    rolled.roll(WantedRollout(aim=RolloutAim.ENFORCE))
    assert (rolled.world.served(), rolled.world.id()) == before
    kept = rolled.kept()
    assert kept is not None
    assert (kept.stage, kept.since is not None) == (RolloutStage.ENFORCE_WEEK, True)


def test_what_somebody_published_meanwhile_holds_it_until_it_goes_on_from_there(testing: RolledWorld) -> None:
    testing.world.publisher().apply(DOMAIN, WantedPolicy(None, Mode.ENFORCE, 604_800), WantedOf())
    testing.days_later(WEEK_AND_LATE)
    altered = testing.roll()
    assert altered.decision is not None
    assert (altered.decision.reason, stage(testing)) == (RolloutReason.ALTERED, RolloutStage.TESTING)
    testing.roll(WantedRollout(RolloutAct.CONTINUE))
    assert stage(testing) is RolloutStage.ENFORCE_WEEK


def test_a_lagging_server_leaves_the_step_open_and_the_next_call_finishes_it(testing: RolledWorld) -> None:
    testing.days_later(WEEK_AND_LATE)
    testing.world.lagging = SERVERS[1:]
    waiting = testing.roll()
    assert waiting.publication is not None
    assert waiting.publication.end is PublicationEnd.WAITING
    kept = testing.kept()
    assert kept is not None
    assert (kept.stage, kept.since) == (RolloutStage.ENFORCE_DAY, None)
    testing.world.catch_up()
    testing.roll()
    kept = testing.kept()
    assert kept is not None
    assert kept.since is not None


@EXHAUSTIVE
def test_the_way_out_leaves_nothing_and_takes_nothing_away_before_it_is_forgotten(
    enforcing: RolledWorld,
) -> None:
    world = enforcing.world
    world.publisher().apply(DOMAIN, WantedPolicy(None, None, 604_800), WantedOf())
    enforcing.roll(LEAVE)
    assert served(enforcing) == ("none", 86_400)
    since = world.at
    held = enforcing.roll(LEAVE)
    assert held.decision is not None
    assert held.decision.until is not None
    assert timedelta(days=6, hours=23) < held.decision.until - since <= timedelta(seconds=604_800 + 300)
    assert world.id() != ""
    world.at = held.decision.until
    enforcing.roll()
    assert (stage(enforcing), world.id(), served(enforcing)[0]) == (RolloutStage.WITHDRAWN, "", "none")
    enforcing.roll()
    assert stage(enforcing) is RolloutStage.WITHDRAWN
    world.at += timedelta(days=1)
    enforcing.roll()
    assert (stage(enforcing), world.id(), world.served()) == (RolloutStage.GONE, "", "")
    last = enforcing.roll()
    assert last.decision is not None
    assert last.decision.reason is RolloutReason.OVER
    again = enforcing.roll(msgspec.structs.replace(BEGIN, without_reports=True))
    assert again.publication is not None
    assert (again.publication.end, stage(enforcing)) == (PublicationEnd.DONE, RolloutStage.TESTING)
    assert world.id() != ""


def test_the_way_out_may_be_left_again_while_the_policy_is_there(enforcing: RolledWorld) -> None:
    enforcing.roll(LEAVE)
    enforcing.roll(WantedRollout(RolloutAct.BACK))
    kept = enforcing.kept()
    assert kept is not None
    assert (kept.aim, kept.stage, served(enforcing)[0]) == (
        RolloutAim.ENFORCE,
        RolloutStage.TESTING,
        "testing",
    )


def test_nothing_that_was_published_is_nothing_to_be_removed(tmp_path: Path) -> None:
    rolled = RolledWorld(bare(tmp_path))
    assert (rolled.roll(LEAVE).said != "", rolled.kept()) == (True, None)


@pytest.mark.parametrize("killed_at", some([5, 9, 20], 3))
def test_a_process_killed_at_any_point_of_a_step_leaves_what_the_next_one_finishes(
    testing: RolledWorld, killed_at: int
) -> None:
    testing.days_later(WEEK_AND_LATE)
    testing.world.events, testing.world.killed_at = 0, killed_at
    with pytest.raises(Killed):
        testing.roll()
    testing.world.killed_at = None
    testing.roll()
    kept = testing.kept()
    assert kept is not None
    assert (kept.stage, kept.since is not None) == (RolloutStage.ENFORCE_DAY, True)
    assert served(testing) == ("enforce", 86_400)


def test_what_is_undone_is_not_published_again_by_a_timer(enforcing: RolledWorld) -> None:
    before = enforcing.kept()
    undone = enforcing.undo()
    assert undone.publication is not None
    assert (undone.publication.end, served(enforcing)[0]) == (PublicationEnd.DONE, "testing")
    kept = enforcing.kept()
    assert before is not None
    assert kept is not None
    assert (kept.stage, kept.paused, before.paused) == (RolloutStage.TESTING, True, False)
    enforcing.days_later(WEEK_AND_LATE)
    looked = enforcing.roll()
    assert looked.decision is not None
    assert (looked.decision.reason, looked.publication) == (RolloutReason.PAUSED, None)
    enforcing.roll(WantedRollout(RolloutAct.CONTINUE))
    assert (stage(enforcing), served(enforcing)[0]) == (RolloutStage.ENFORCE_DAY, "enforce")


def test_a_step_that_waits_for_a_server_is_taken_back_and_no_timer_makes_it_again(
    testing: RolledWorld,
) -> None:
    testing.world.lagging = SERVERS[1:]
    testing.days_later(WEEK_AND_LATE)
    waiting = testing.roll()
    assert waiting.publication is not None
    assert waiting.publication.end is PublicationEnd.WAITING
    testing.world.catch_up()
    undone = testing.undo()
    assert undone.publication is not None
    assert (undone.publication.end, served(testing)[0]) == (PublicationEnd.DONE, "testing")
    assert testing.world.publisher().resume(DOMAIN).end is PublicationEnd.NOTHING
    later = testing.roll()
    assert (later.publication, served(testing)[0], stage(testing)) == (None, "testing", RolloutStage.TESTING)


def test_a_process_killed_while_it_undoes_leaves_the_roll_out_paused(enforcing: RolledWorld) -> None:
    enforcing.world.killed_at = 6
    with pytest.raises(Killed):
        enforcing.undo()
    enforcing.world.killed_at = None
    killed = enforcing.kept()
    assert killed is not None
    assert (killed.stage, killed.paused) == (RolloutStage.ENFORCE_DAY, True)
    assert enforcing.world.publisher().resume(DOMAIN).end is PublicationEnd.DONE
    assert served(enforcing)[0] == "testing"
    looked = enforcing.roll()
    assert looked.decision is not None
    assert (looked.decision.reason, looked.publication) == (RolloutReason.PAUSED, None)
    assert served(enforcing)[0] == "testing"
    enforcing.days_later(3)
    continued_at = enforcing.world.at
    enforcing.roll(WantedRollout(RolloutAct.CONTINUE))
    kept = enforcing.kept()
    assert kept is not None
    assert kept.since is not None
    assert (kept.stage, kept.paused) == (RolloutStage.TESTING, False)
    assert kept.since > continued_at, "its days begin when it goes on from there"


def test_what_cannot_be_undone_leaves_the_roll_out_as_it_was(testing: RolledWorld) -> None:
    before = testing.kept()
    undone = testing.undo()
    assert undone.publication is not None
    assert (undone.publication.end, testing.kept()) == (PublicationEnd.FAILED, before)


def test_a_dry_undo_pauses_nothing(enforcing: RolledWorld) -> None:
    before = enforcing.kept()
    undone = enforcing.undo(dry=True)
    assert undone.publication is not None
    assert (undone.publication.end, enforcing.kept()) == (PublicationEnd.PLANNED, before)


def test_a_removal_that_was_undone_begins_anew_when_it_is_continued(enforcing: RolledWorld) -> None:
    enforcing.roll(LEAVE)
    assert served(enforcing)[0] == "none"
    enforcing.undo()
    assert served(enforcing)[0] == "enforce"
    assert enforcing.roll().publication is None
    enforcing.roll(WantedRollout(RolloutAct.CONTINUE))
    assert (stage(enforcing), served(enforcing)[0]) == (RolloutStage.NONE, "none")
