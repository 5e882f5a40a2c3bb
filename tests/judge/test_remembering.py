"""Policies that senders hold from before: whoever fetched one goes by it until it is over, whatever is served meanwhile."""

from datetime import datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.judge.codes import Code
from mxproof.judge.remembering import SERVED_POLICIES_MAX, held_beside, memories_of, seen_served
from mxproof.judge.settling import JudgedCheck, SettledState, TurnKind, looked
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import Memory
from support_certificates import NOW, Defect
from support_long import examples
from support_world import GOOD_POLICY, Https, Smtp, ZoneWorld, collect

DAY = timedelta(days=1)
GOOD = ZoneWorld()
OTHER_POLICY = GOOD_POLICY.replace(b"mx2.example.com", b"*.example.com")
OTHER = GOOD.but(policy=OTHER_POLICY).zone_with("_mta-sts.example.com TXT v=STSv1; id=20260602;")
UNANNOUNCED = GOOD.zone_with("_mta-sts.example.com TXT")
UNSEEN = GOOD.zone_with("_mta-sts.example.com TXT !timeout")
MOVED = GOOD.zone_with(
    "example.com MX 10 mx9.example.com",
    "mx9.example.com A 192.0.2.9",
    "192.0.2.9 PTR mx9.example.com",
    "_mta-sts.example.com TXT",
    "mta-sts.example.com A",
)
"""Somebody moved the mail, and took MTA-STS away beforehand on the same day."""
HELD_DAYS = 14


def seen_in(world: ZoneWorld, at: datetime = NOW) -> MailDomain:
    evidence = collect(world)
    aged = evidence.with_answers(
        (question, msgspec.structs.replace(answer, at=answer.at + (at - NOW)))
        for question, answer in evidence.answers.items()
    )
    return assemble(aged, at)


def look_at(held: SettledState, world: ZoneWorld, at: datetime) -> JudgedCheck:
    return looked(held, collect(world.but(at=at)))


def test_what_is_served_is_held_and_is_nothing_beside_itself() -> None:
    served = seen_served((), seen_in(GOOD))
    assert served == (Memory(GOOD_POLICY, NOW, "20260601"),)
    assert held_beside(served, seen_in(GOOD, NOW + DAY)) == ()
    assert seen_served(served, seen_in(GOOD, NOW + DAY)) == (Memory(GOOD_POLICY, NOW + DAY, "20260601"),)


def test_an_earlier_policy_is_held_from_when_it_was_seen_last_until_it_is_over() -> None:
    served = seen_served(seen_served((), seen_in(GOOD)), seen_in(OTHER, NOW + DAY))
    old, new = Memory(GOOD_POLICY, NOW, "20260601"), Memory(OTHER_POLICY, NOW + DAY, "20260602")
    assert served == (old, new)
    almost, over = NOW + HELD_DAYS * DAY - timedelta(seconds=1), NOW + HELD_DAYS * DAY
    assert held_beside(served, seen_in(OTHER, almost)) == (old,)
    assert held_beside(served, seen_in(OTHER, over)) == ()
    assert [one.id for one in seen_served(served, seen_in(OTHER, over))] == ["20260602"]


def test_the_same_demands_under_another_id_are_nothing_beside_what_is_served() -> None:
    longer = GOOD_POLICY.replace(b"max_age: 1209600", b"max_age: 1209601")
    renamed = GOOD.but(policy=longer).zone_with("_mta-sts.example.com TXT v=STSv1; id=2;")
    served = seen_served((), seen_in(GOOD))
    assert held_beside(served, seen_in(renamed, NOW + DAY)) == ()
    assert [one.id for one in seen_served(served, seen_in(renamed, NOW + DAY))] == ["20260601", "2"]
    gone = seen_in(GOOD.but(https={"192.0.2.80": Https(status=404)}), NOW + DAY)
    assert held_beside(served, gone) == served


def test_a_text_that_was_changed_without_its_id_is_said_as_long_as_some_hold_it() -> None:
    held = look_at(SettledState(), GOOD, NOW).step.held
    unnamed = GOOD.but(policy=OTHER_POLICY)
    for day, expected in ((1, True), (HELD_DAYS - 1, True), (HELD_DAYS, False)):
        found = {one.code for one in look_at(held, unnamed, NOW + day * DAY).judged.report.findings}
        assert (Code.STS_ID_UNCHANGED in found) is expected


def test_where_no_record_announces_it_nobody_fetches_a_policy() -> None:
    assert memories_of(seen_in(UNANNOUNCED)) == ()
    served = seen_served((), seen_in(GOOD))
    assert seen_served(served, seen_in(UNANNOUNCED, NOW + DAY)) == served


def test_a_record_that_could_not_be_seen_leaves_the_id_that_is_known() -> None:
    served = seen_served((), seen_in(GOOD))
    unseen = seen_in(UNSEEN, NOW + DAY)
    assert held_beside(served, unseen) == ()
    assert seen_served(served, unseen) == (Memory(GOOD_POLICY, NOW + DAY, "20260601"),)
    assert seen_served((), unseen) == (Memory(GOOD_POLICY, NOW + DAY, None),)


def test_a_policy_over_a_session_that_nobody_trusts_is_held_by_nobody() -> None:
    expired = GOOD.but(https={"192.0.2.80": Https(defect=Defect.EXPIRED)})
    assert memories_of(seen_in(expired)) == ()


def test_what_a_clock_ahead_saw_was_seen_by_now_at_the_latest() -> None:
    ahead = seen_served((), seen_in(GOOD, NOW + 3 * DAY))
    (held,) = held_beside(ahead, seen_in(OTHER, NOW))
    assert held.fetched_at == NOW


@settings(max_examples=examples(25))
@given(st.lists(st.integers(0, 99), max_size=3 * SERVED_POLICIES_MAX))
def test_no_more_are_remembered_than_there_is_room_for_and_the_newest_is(ids: list[int]) -> None:
    served: tuple[Memory, ...] = ()
    for number, id_ in enumerate(ids):
        world = GOOD.zone_with(f"_mta-sts.example.com TXT v=STSv1; id={id_};")
        served = seen_served(served, seen_in(world, NOW + number * timedelta(hours=1)))
        assert served[-1].id == str(id_)
        assert len(served) == min(SERVED_POLICIES_MAX, len({*ids[: number + 1]}))


def test_a_sender_that_holds_the_old_policy_may_refuse_what_a_fresh_one_would_deliver_until_it_is_over() -> (
    None
):
    held, told = SettledState(), []
    days = (0, 0.5, 1, 2, 3, HELD_DAYS, HELD_DAYS + 1, HELD_DAYS + 2, HELD_DAYS + 3)
    for day in days:
        look = look_at(held, GOOD if day < 1 else MOVED, NOW + day * DAY)
        held = look.step.held
        if look.step.turn is not None:
            told.append((day, look.step.turn.kind, look.judged.report.summary.outcome))
    assert told == [
        (0.5, TurnKind.FIRST, Verdict.DELIVERS),
        (2, TurnKind.CHANGED, Verdict.AT_RISK),
        (HELD_DAYS + 2, TurnKind.CHANGED, Verdict.DELIVERS),
    ]


def test_what_is_held_is_the_reason_that_is_told() -> None:
    held = look_at(SettledState(), GOOD, NOW).step.held
    report = look_at(held, MOVED, NOW + DAY).judged.report
    because = {code for one in report.senders if one.outcome is Verdict.AT_RISK for code in one.because}
    assert Code.STS_MEMORY_OUTLIVES in because


def test_a_policy_that_is_changed_in_good_order_is_no_news_of_mail() -> None:
    held, kinds = SettledState(), []
    for day in range(2 * HELD_DAYS):
        look = look_at(held, GOOD if day < 3 else OTHER, NOW + day * DAY)
        held = look.step.held
        kinds += [look.step.turn.kind] if look.step.turn is not None else []
        assert look.judged.report.summary.outcome is Verdict.DELIVERS
    assert kinds == [TurnKind.FIRST, TurnKind.DETAIL]


def test_where_nothing_is_held_from_before_a_check_is_judged_as_any_other() -> None:
    broken = GOOD.but(
        smtp={"192.0.2.1": Smtp(defect=Defect.EXPIRED), "192.0.2.2": Smtp(defect=Defect.EXPIRED)}
    )
    held = look_at(SettledState(), broken, NOW).step.held
    first, again = (look_at(one, broken, NOW).judged.report for one in (SettledState(), held))
    assert first == again


def test_what_broke_is_not_hidden_behind_the_same_policy_under_an_earlier_id() -> None:
    broken = GOOD.but(
        smtp={"192.0.2.1": Smtp(defect=Defect.EXPIRED), "192.0.2.2": Smtp(defect=Defect.EXPIRED)}
    )
    renamed = broken.zone_with("_mta-sts.example.com TXT v=STSv1; id=2;")
    held = look_at(SettledState(), GOOD, NOW - DAY).step.held
    fresh, again = (look_at(one, renamed, NOW).judged.report for one in (SettledState(), held))
    assert fresh == again


def test_a_policy_that_was_never_seen_under_an_id_has_none_where_the_record_is_not_seen() -> None:
    served = seen_served((), seen_in(GOOD))
    unseen = seen_in(UNSEEN.but(policy=OTHER_POLICY), NOW + DAY)
    assert seen_served(served, unseen)[-1] == Memory(OTHER_POLICY, NOW + DAY, None)


def test_of_several_ids_of_one_text_the_last_is_taken_where_the_record_is_not_seen() -> None:
    renamed = GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=2;")
    served = seen_served(seen_served((), seen_in(GOOD)), seen_in(renamed, NOW + DAY))
    unseen = seen_served(served, seen_in(UNSEEN, NOW + 2 * DAY))
    assert [(one.id, one.fetched_at) for one in unseen] == [("20260601", NOW), ("2", NOW + 2 * DAY)]


def test_a_policy_that_was_seen_again_after_another_is_the_last_of_those_that_are_held() -> None:
    served = seen_served(seen_served((), seen_in(GOOD)), seen_in(OTHER, NOW + DAY))
    back = seen_served(served, seen_in(GOOD, NOW + 2 * DAY))
    assert [(one.id, one.fetched_at) for one in back] == [
        ("20260602", NOW + DAY),
        ("20260601", NOW + 2 * DAY),
    ]
    assert held_beside(back, seen_in(GOOD, NOW + 2 * DAY)) == (back[0],)
