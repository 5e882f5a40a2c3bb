"""What became of the policy since it was seen earlier."""

from datetime import timedelta

from mxproof.evidence import Kind, Question
from mxproof.formats.mtasts import LENIENT
from mxproof.judge.checks.earlier import check
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Publish
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from support_certificates import NOW
from support_world import ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2, policy

SAME = policy(MX1, MX2)
OTHER = policy("old.example.com")
ID, OLD_ID = "20260601", "20260501"
YESTERDAY = NOW - timedelta(days=1)


def since(*memories: Memory, world: ZoneWorld = GOOD) -> list[str]:
    return [one.code for one in check(assemble(collect(world), world.at), memories)]


def test_nothing_is_said_where_nothing_was_seen_earlier() -> None:
    assert since() == []
    assert list(check(assemble(collect(GOOD), NOW), (LevelMemory(SessionLevel.VERIFIED),))) == []


def test_another_text_wants_another_id() -> None:
    assert since(Memory(OTHER, YESTERDAY, ID)) == [Code.STS_ID_UNCHANGED]
    assert since(Memory(OTHER, YESTERDAY, OLD_ID)) == []
    assert since(Memory(SAME, YESTERDAY, ID)) == []


def test_another_id_wants_another_text() -> None:
    assert since(Memory(SAME, YESTERDAY, OLD_ID)) == [Code.STS_POLICY_UNCHANGED]
    assert since(Memory(SAME, YESTERDAY, None)) == []


def test_the_same_lines_in_another_order_are_the_same_policy() -> None:
    assert since(Memory(policy(MX2, MX1), YESTERDAY, ID)) == []


def test_the_newest_that_was_seen_is_compared() -> None:
    older = Memory(OTHER, NOW - timedelta(days=9), ID)
    assert since(older, Memory(SAME, YESTERDAY, ID)) == []


def test_one_of_the_texts_that_addresses_served_is_enough() -> None:
    assert since(Memory(OTHER, YESTERDAY, ID), Memory(SAME, YESTERDAY, ID)) == []


def test_what_is_fetched_later_was_not_seen_earlier() -> None:
    assert since(Memory(OTHER, NOW, ID)) == []


def test_a_text_that_is_no_policy_is_none_that_was_changed() -> None:
    assert since(Memory(b"nothing", YESTERDAY, ID)) == []
    assert (
        since(Memory(OTHER, YESTERDAY, ID), world=GOOD.zone_with("_mta-sts.example.com TXT !timeout")) == []
    )


def test_the_fix_is_a_new_id() -> None:
    (finding,) = check(assemble(collect(GOOD), NOW), (Memory(OTHER, YESTERDAY, ID),))
    assert finding.params["record"] in finding.changes
    assert isinstance(finding.params["record"], Publish)


def test_testing_is_long_by_what_was_seen_where_the_id_does_not_tell() -> None:
    testing = policy(MX1, MX2, mode="testing")
    world = GOOD.but(policy=testing).zone_with("_mta-sts.example.com TXT v=STSv1; id=7;")
    long_ago = Memory(testing, NOW - timedelta(days=91), "7")
    assert since(long_ago, world=world) == [Code.STS_TESTING_LONG]
    assert since(Memory(testing, NOW - timedelta(days=90), "7"), world=world) == []
    assert since(long_ago, Memory(SAME, YESTERDAY, "6"), world=world) == []
    told = world.zone_with("_mta-sts.example.com TXT v=STSv1; id=20260101;")
    assert Code.STS_TESTING_LONG not in since(long_ago, world=told)


LONG_AGO = NOW - timedelta(days=9)


def test_memories_are_compared_by_their_times_in_whatever_order_they_come() -> None:
    newest, older = Memory(OTHER, YESTERDAY, ID), Memory(SAME, LONG_AGO, OLD_ID)
    domain = assemble(collect(GOOD), NOW)
    for memories in ((newest, older), (older, newest)):
        (finding,) = check(domain, memories)
        assert finding.code == Code.STS_ID_UNCHANGED
        params = finding.params
        assert (params["fetched"], params["before"], params["id"]) == (
            YESTERDAY,
            newest.policy(LENIENT),
            ID,
        )
        assert params["policy"] == Memory(SAME, NOW).policy(LENIENT)
    assert since(Memory(SAME, YESTERDAY, ID), Memory(OTHER, LONG_AGO, ID)) == []


def test_a_memory_of_now_is_no_earlier_one_and_does_not_hide_those_that_are() -> None:
    now, before = Memory(SAME, NOW, ID), Memory(OTHER, YESTERDAY, ID)
    assert since(now, before) == since(before, now) == [Code.STS_ID_UNCHANGED]
    assert since(Memory(OTHER, NOW + timedelta(days=1), ID)) == []


def test_what_is_found_rests_on_the_record_and_every_fetch() -> None:
    two = GOOD.zone_with("mta-sts.example.com A 192.0.2.80", "mta-sts.example.com A 192.0.2.81")
    (finding,) = check(assemble(collect(two), NOW), (Memory(OTHER, YESTERDAY, ID),))
    assert finding.evidence == (
        Question(Kind.TXT, "_mta-sts.example.com"),
        Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80"),
        Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.81"),
    )
    (unchanged,) = check(assemble(collect(GOOD), NOW), (Memory(SAME, YESTERDAY, OLD_ID),))
    assert (unchanged.subject, unchanged.changes) == ("mta-sts.example.com", ())


def test_testing_is_counted_from_the_first_time_that_it_was_seen() -> None:
    testing = policy(MX1, MX2, mode="testing")
    world = GOOD.but(policy=testing).zone_with("_mta-sts.example.com TXT v=STSv1; id=7;")
    first, last = NOW - timedelta(days=100), NOW - timedelta(days=10)
    for times in ((first, last), (last, first)):
        memories = tuple(Memory(testing, at, "7") for at in times)
        (finding,) = check(assemble(collect(world), NOW), memories)
        assert (finding.code, finding.params["since"], finding.params["id"]) == (
            Code.STS_TESTING_LONG,
            first,
            "7",
        )
    assert since(Memory(testing, last, "7"), world=world) == []


def test_testing_may_be_long_beside_a_text_that_changed_without_its_id() -> None:
    testing, longer = (policy(MX1, MX2, mode="testing", max_age=age) for age in (604_800, 1_209_600))
    world = GOOD.but(policy=testing).zone_with("_mta-sts.example.com TXT v=STSv1; id=7;")
    assert since(Memory(longer, NOW - timedelta(days=91), "7"), world=world) == [
        Code.STS_ID_UNCHANGED,
        Code.STS_TESTING_LONG,
    ]
