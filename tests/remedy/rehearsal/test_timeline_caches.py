"""What caches and senders may still hold while edits are made: which sets, under which policies, and until when."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Alias, Answer, DnsData, Edns, Kind, OtherRecord, Outcome, Question
from mxproof.evidence.lifetime import NEGATIVE_S_MAX
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.traits import OFTEN_S
from mxproof.mail.change import Change, Ipv4Value, Ipv6Value, MxValue, Publish, TxtValue, Withdraw
from mxproof.mail.memory import LevelMemory, Memory, SenderMemory, SessionLevel
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import Edit, TimedEdit
from mxproof.remedy.rehearsal.timeline import (
    Cached,
    _aged,
    _ages,
    _cached,
    _choices,
    _Held,
    _memories,
    _note,
    _of_age,
    _ttl_s,
    _turns,
    timeline,
)
from support_world import ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2, policy

SEEN = collect(GOOD)
LAG_S, TTL_S, LIFE_S = 60, 300, 1_209_600
BY_RFC = tuple(one for one in SENDERS if one.id == "rfc8461")
BODY = policy("old.example.com", max_age=86_401)
LEVEL = LevelMemory(SessionLevel.ENCRYPTED)


def judge(*memories: SenderMemory, world: ZoneWorld = GOOD) -> Judge:
    return Judge(collect(world), world.at, memories, BY_RFC, LAG_S)


@pytest.mark.parametrize(
    ("counts", "want"),
    [
        ((), [()]),
        ((2,), [(0,), (1,), (2,)]),
        ((1, 1), [(0, 0), (0, 1), (1, 0), (1, 1)]),
    ],
)
def test_each_set_is_new_or_one_of_its_old_versions(
    counts: tuple[int, ...], want: list[tuple[int, ...]]
) -> None:
    assert list(_choices(counts)) == want


def test_of_more_than_sixty_four_combinations_those_with_one_set_alone_old_or_new_are_left() -> None:
    assert len(set(_choices((1,) * 6))) == 64
    assert len(set(_choices((3, 3, 3)))) == 64
    alone_old = {tuple(int(place == one) for one in range(7)) for place in range(7)}
    alone_new = {tuple(1 - one for one in each) for each in alone_old}
    assert {*_choices((1,) * 7)} == {(0,) * 7, (1,) * 7} | alone_old | alone_new
    assert {*_choices((64,))} == {(0,), (1,)}


@pytest.mark.parametrize(
    ("outcome", "ttl_s", "aliases", "want"),
    [
        (Outcome.FOUND, 300, (), 300),
        (Outcome.FOUND, None, (), 3600),
        (Outcome.FOUND, 0, (), 0),
        (Outcome.EMPTY, None, (), NEGATIVE_S_MAX),
        (Outcome.NXDOMAIN, None, (), NEGATIVE_S_MAX),
        (Outcome.EMPTY, 60, (), 60),
        (Outcome.FOUND, 300, (600, 30), 600),
        (Outcome.FOUND, 300, (200,), 300),
        (Outcome.FOUND, None, (200,), 200),
        (Outcome.FOUND, None, (0, 200), 200),
        (Outcome.FOUND, None, (0,), 3600),
        (Outcome.TIMEOUT, 900, (), 300),
        (Outcome.SERVFAIL, None, (900,), 300),
    ],
)
def test_an_answer_is_held_as_long_as_its_records_and_each_alias_on_the_way(
    outcome: Outcome, ttl_s: int | None, aliases: tuple[int, ...], want: int
) -> None:
    chain = tuple(Alias("a.example.com", "b.example.com", one) for one in aliases)
    assert _ttl_s(Answer(outcome, GOOD.at, DnsData("NOERROR", False, chain=chain), ttl_s)) == want


def test_an_answer_without_a_response_is_held_as_a_failure() -> None:
    assert _ttl_s(Answer(Outcome.TIMEOUT, GOOD.at)) == 300


@pytest.mark.parametrize(
    ("question", "want"),
    [
        (Question(Kind.A, MX1), ("address", MX1)),
        (Question(Kind.AAAA, MX1), ("address", MX1)),
        (Question(Kind.CNAME, MX1), ("address", MX1)),
        (Question(Kind.MX, "example.com"), ("MX", "example.com")),
        (Question(Kind.TXT, "example.com"), ("TXT", "example.com")),
        (Question(Kind.TLSA, f"_25._tcp.{MX1}"), ("TLSA", f"_25._tcp.{MX1}")),
        (Question(Kind.MX, "example.com", edns=Edns.SIGNED), ("MX", "example.com")),
        (Question(Kind.MX, "example.com", server="192.0.2.53"), None),
        (Question(Kind.NS, "example.com"), None),
        (Question(Kind.SOA, "example.com"), None),
        (Question(Kind.DS, "example.com"), None),
        (Question(Kind.PTR, "1.2.0.192.in-addr.arpa"), None),
        (Question(Kind.SMTP, MX1, "192.0.2.1"), None),
        (Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80"), None),
    ],
)
def test_caches_hold_the_addresses_of_a_name_as_one_and_nothing_of_servers(
    question: Question, want: Cached | None
) -> None:
    assert _cached(question) == want


MX_CHANGE: tuple[Change, ...] = (
    Withdraw("example.com", MxValue(20, MX2)),
    Publish("example.com", MxValue(30, MX2)),
)
ID_CHANGE: tuple[Change, ...] = (
    Withdraw("_mta-sts.example.com", TxtValue("v=STSv1; id=20260601;")),
    Publish("_mta-sts.example.com", TxtValue("v=STSv1; id=2;")),
)


def held(*timed: tuple[int, tuple[Change, ...]], until_s: int) -> list[tuple[int, list[list[str]]]]:
    """Return for each moment up to one which types of records are old to somebody, in each state."""
    made = timeline(judge(), [TimedEdit(at_s, Edit(0, changes)) for at_s, changes in timed])
    return [
        (one.from_s, [[kind for kind, _ in state.old] for state in one.states])
        for one in made
        if one.from_s <= until_s
    ]


def test_a_set_is_old_to_somebody_from_its_edit_until_lag_and_time_to_live_are_over() -> None:
    assert held((100, MX_CHANGE), until_s=500) == [
        (-1, [[]]),
        (0, [[]]),
        (100, [[], ["MX"]]),
        (100 + LAG_S + TTL_S, [[]]),
    ]


def test_the_addresses_of_a_name_are_held_as_long_as_the_longest_of_them() -> None:
    long = Question(Kind.AAAA, MX1)
    seen = SEEN.with_answers([(long, msgspec.structs.replace(SEEN.answer(long), ttl_s=900))])
    gone = (Withdraw(MX1, Ipv4Value("192.0.2.1")), Withdraw(MX1, Ipv6Value("2001:db8::1")))
    subject = Judge(seen, GOOD.at, (), BY_RFC, LAG_S)
    made = timeline(subject, [TimedEdit(0, Edit(0, gone))])
    assert [len(one.states) for one in made if one.from_s in {0, LAG_S + 900}] == [2, 1]
    assert LAG_S + TTL_S not in {one.from_s for one in made}


def test_sets_that_were_changed_one_after_the_other_are_old_independently() -> None:
    assert held((0, MX_CHANGE), (100, ID_CHANGE), until_s=500) == [
        (-1, [[]]),
        (0, [[], ["MX"]]),
        (100, [[], ["TXT"], ["MX"], ["MX", "TXT"]]),
        (LAG_S + TTL_S, [[], ["TXT"]]),
        (100 + LAG_S + TTL_S, [[]]),
    ]


def test_a_policy_is_treated_otherwise_soon_at_half_its_life_and_at_its_end() -> None:
    assert _ages(judge(), BODY) == (OFTEN_S, 43_201, 86_401)
    assert _ages(judge(), policy(MX1, max_age=86_400)) == (OFTEN_S, 43_200, 86_400)
    assert _ages(judge(), b"It works!") == ()


def age_s(memory: Memory) -> float:
    return (GOOD.at - memory.fetched_at).total_seconds()


@pytest.mark.parametrize(
    ("held_s", "told_s"),
    [
        (0, 0),
        (OFTEN_S - 1, 0),
        (OFTEN_S, OFTEN_S),
        (43_200, OFTEN_S),
        (43_201, 43_201),
        (86_400, 43_201),
        (86_401, 86_401),
        (999_999, 86_401),
    ],
)
def test_a_policy_is_as_old_as_makes_a_difference(held_s: int, told_s: int) -> None:
    memory = _of_age(judge(), BODY, "1", held_s)
    assert (memory.body, memory.id, age_s(memory)) == (BODY, "1", told_s)


def test_what_was_held_before_the_first_edit_becomes_older_and_what_nobody_holds_stays() -> None:
    before = Memory(BODY, GOOD.at - timedelta(seconds=40_000), "1")
    subject = judge(before, LEVEL)
    then, untouched = _aged(subject, 3_201)
    assert isinstance(then, Memory)
    assert (age_s(then), untouched) == (43_201, LEVEL)
    assert list(_turns(subject)) == [43_201 - 40_000, 86_401 - 40_000]
    assert list(_turns(judge(Memory(BODY, GOOD.at - timedelta(seconds=43_201), "1")))) == [43_200]


def test_a_policy_that_is_served_no_more_is_held_since_it_was_served_last() -> None:
    gone, served = _Held(BODY, "1", 5_000), _Held(GOOD.policy, "2", 0)

    def old_at(now_s: int) -> list[SenderMemory]:
        return list(_memories(judge(), (gone, served), SEEN, now_s))

    assert old_at(5_000 + OFTEN_S) == [Memory(BODY, GOOD.at - timedelta(seconds=OFTEN_S), "1")]
    assert old_at(4_000) == [Memory(BODY, GOOD.at, "1")]


def test_a_policy_can_be_had_where_a_record_announces_it_under_its_id() -> None:
    seen: dict[tuple[bytes, str | None], int] = {}
    _note(seen, SEEN, 7)
    assert seen == {(GOOD.policy, "20260601"): 7}
    question = Question(Kind.TXT, "_mta-sts.example.com")
    answer = SEEN.answer(question)
    assert isinstance(answer.data, DnsData)
    data = msgspec.structs.replace(answer.data, records=(*answer.data.records, OtherRecord("v=STSv1; id=2;")))
    _note(seen, SEEN.with_answers([(question, msgspec.structs.replace(answer, data=data))]), 8)
    assert seen == {(GOOD.policy, "20260601"): 8}
    _note(seen, collect(GOOD.zone_with("_mta-sts.example.com TXT")), 9)
    _note(seen, collect(GOOD.zone_with("mta-sts.example.com A")), 9)
    _note(seen, collect(GOOD.but(policy=b"")), 9)
    assert seen == {(GOOD.policy, "20260601"): 8}
    _note(seen, collect(GOOD.but(policy=BODY)), 9)
    assert seen == {(GOOD.policy, "20260601"): 8, (BODY, "20260601"): 9}


def test_each_moment_shows_the_world_of_the_edits_made_by_then_the_one_made_just_then_among_them() -> None:
    hosts = (Withdraw("example.com", MxValue(10, MX1)), Withdraw("example.com", MxValue(20, MX2)))
    back = tuple(Publish(one.name, one.record) for one in hosts)
    nowhere = Publish("example.com", MxValue(5, "nowhere.example.com"))
    subject = judge()
    edits: tuple[tuple[int, tuple[Change, ...]], ...] = (
        (100, (*hosts, nowhere)),
        (5000, (*back, Withdraw(nowhere.name, nowhere.record))),
    )
    made = timeline(subject, [TimedEdit(at_s, Edit(0, changes)) for at_s, changes in edits])
    before, without = (subject.after(changes).deliveries for changes in ((), edits[0][1]))
    assert [one.outcome for one in before] != [one.outcome for one in without]
    current = {one.from_s: one.states[0].deliveries for one in made}
    assert {at_s: current[at_s] for at_s in (-1, 0, 100, 100 + LAG_S + TTL_S, 5000)} == {
        -1: before,
        0: before,
        100: without,
        100 + LAG_S + TTL_S: without,
        5000: before,
    }
    old = {one.from_s: [state.deliveries for state in one.states[1:]] for one in made}
    assert (old[0], old[100], old[5000]) == ([], [before], [without])


def test_a_policy_that_was_held_before_the_first_edit_is_gone_by_until_its_end() -> None:
    held = Memory(policy("old.example.com", max_age=86_400), GOOD.at - timedelta(seconds=80_000), "20260601")
    subject = judge(held)
    (before,), (without,) = subject.after(()).deliveries, judge().after(()).deliveries
    assert before.outcome is not without.outcome
    made = timeline(subject, [TimedEdit(0, Edit(0, ID_CHANGE[:0]))])
    told = {one.from_s: {state.deliveries[0].outcome for state in one.states} for one in made}
    assert {at_s for at_s, outcomes in told.items() if outcomes == {before.outcome}} == {
        at_s for at_s in told if at_s < 6400
    }
    assert told[6400] == {without.outcome}
