"""Which policies a sender may go by, beside those that its readings and its deliveries show (test_readings, test_engine)."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Kind, Outcome, Question
from mxproof.formats.mtasts import POLICY_BYTES_MAX, Mode, Policy
from mxproof.judge.codes import Code
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.senders.policy_case import NO_POLICY, PolicyCase, Sight, in_force, policy_cases
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import OFTEN_S, WAITED_S_LEAST, GivenUp, Refresh
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from support_certificates import Defect
from support_incident import FIXED, policy
from support_sendertest import domains
from support_world import Https, ZoneWorld, collect

UNANNOUNCED = FIXED.zone_with("_mta-sts.example.com TXT")
FIRST, SECOND = "192.0.2.80", "2001:db8::80"
TWO = FIXED.but(zone=FIXED.zone + f"\nmta-sts.example.com AAAA {SECOND}\n")
REFUSED, SILENT, NO_ROUTE, UNASKED = (
    Https(outcome=outcome)
    for outcome in (Outcome.REFUSED, Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.UNASKED)
)
OLD = policy("old.example.com", max_age_s=86_400)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("id_", "strict", "lenient"),
    [("20261101", True, True), (None, True, True), ("b-d", False, True), ("", False, True)],
)
def test_a_policy_is_held_by_whoever_reads_the_id_it_was_fetched_under(
    id_: str | None,
    strict: bool,
    lenient: bool,
) -> None:
    held = Memory(policy("mx.example.com"), UNANNOUNCED.at - timedelta(hours=1), id_)
    domain = assemble(collect(UNANNOUNCED), UNANNOUNCED.at)
    holding = {one.id for one in SENDERS if any(case.policy for case in policy_cases(domain, one, (held,)))}
    assert ("rfc8461" in holding, "google" in holding or "courier" in holding) == (strict, lenient)


def cases(
    world: ZoneWorld, *held: Memory, refresh: Refresh = Refresh.BY_ID, waits_for_record: bool = False
) -> tuple[PolicyCase, ...]:
    """Return what a sender by the book goes by, one that looks for a new policy as `refresh` says."""
    traits = msgspec.structs.replace(RFC8461, refresh=refresh, waits_for_record=waits_for_record)
    return policy_cases(assemble(collect(world), world.at), traits, held)


def names(world: ZoneWorld, *held: Memory, refresh: Refresh = Refresh.BY_ID) -> list[str]:
    """Return which policies the sender may go by: `old` what it held, `new` what is served, `none`."""
    return [
        "none" if one.policy is None else "old" if one.policy.mx == ("old.example.com",) else "new"
        for one in cases(world, *held, refresh=refresh)
    ]


def hosts(first: Https, second: Https) -> ZoneWorld:
    return TWO.but(https={FIRST: first, SECOND: second})


def held(age: timedelta = HOUR, id_: str | None = "20260101") -> Memory:
    return Memory(OLD, FIXED.at - age, id_)


@pytest.mark.parametrize(
    ("world", "want"),
    [
        (hosts(Https(), Https()), ["new"]),
        (hosts(Https(), REFUSED), ["new"]),
        (hosts(Https(), SILENT), ["new", "old"]),
        (hosts(Https(), Https(status=404)), ["new", "none", "old"]),
        (hosts(Https(defect=Defect.EXPIRED), Https()), ["none", "new", "old"]),
        (hosts(REFUSED, REFUSED), ["none", "old"]),
        (TWO.zone_with("_mta-sts.example.com TXT"), ["none", "old"]),
        (TWO.zone_with("_mta-sts.example.com TXT v=STSv1; id=20260101;"), ["new", "old"]),
    ],
    ids=[
        "both serve",
        "one refuses",
        "one silent",
        "one missing it",
        "one expired",
        "both refuse",
        "no record",
        "same id",
    ],
)
def test_a_policy_that_is_held_goes_only_where_every_policy_host_that_may_be_met_has_a_new_one(
    world: ZoneWorld, want: list[str]
) -> None:
    """RFC 8461 section 3.3: what is cached holds while no new policy can be fetched."""
    got = names(world, held())
    assert (got[0], sorted(got)) == (want[0], sorted(want))


@pytest.mark.parametrize(
    ("refresh", "age", "id_", "is_replaced"),
    [
        (Refresh.BY_ID, HOUR, "20260101", True),
        (Refresh.BY_ID, HOUR, "20261101", False),
        (Refresh.BY_ID, HOUR, None, False),
        (Refresh.BY_ID_ALONE, HOUR, "20260101", True),
        (Refresh.FROM_HALF_LIFE, timedelta(hours=12), "20260101", True),
        (Refresh.FROM_HALF_LIFE, timedelta(hours=12) - timedelta(seconds=1), "20260101", False),
        (Refresh.FROM_HALF_LIFE, timedelta(hours=13), "20261101", False),
        (Refresh.OFTEN, timedelta(seconds=OFTEN_S), "20261101", True),
        (Refresh.OFTEN, timedelta(seconds=OFTEN_S - 1), "20260101", False),
        (Refresh.UNDOCUMENTED, HOUR, "20260101", False),
    ],
)
def test_a_policy_that_is_held_is_replaced_when_its_sender_looks_for_another(
    refresh: Refresh, age: timedelta, id_: str | None, is_replaced: bool
) -> None:
    got = names(FIXED, held(age, id_), refresh=refresh)
    assert got == (["new"] if is_replaced else ["new", "old"])


@pytest.mark.parametrize(
    ("refresh", "age", "id_", "is_held"),
    [
        (Refresh.BY_ID, timedelta(days=1) - timedelta(seconds=1), "20261101", True),
        (Refresh.BY_ID, timedelta(days=1), "20261101", False),
        (Refresh.BY_ID, timedelta(seconds=-1), "20261101", False),
        (Refresh.BY_ID, timedelta(0), "20261101", True),
        (Refresh.BY_ID_ALONE, timedelta(days=30), "20261101", True),
        (Refresh.FROM_HALF_LIFE, timedelta(days=30), "20261101", True),
        (Refresh.FROM_HALF_LIFE, timedelta(days=30), "20260101", False),
        (Refresh.BY_ID_ALONE, timedelta(days=30), "20260101", False),
        (Refresh.BY_ID_ALONE, timedelta(days=30), None, False),
    ],
)
def test_a_policy_is_held_to_its_max_age_and_longer_only_by_who_goes_by_the_id_alone(
    refresh: Refresh, age: timedelta, id_: str | None, is_held: bool
) -> None:
    """RFC 8461 section 3.2: max_age."""
    assert ("old" in names(FIXED, held(age, id_), refresh=refresh)) is is_held


def test_a_policy_held_is_told_as_one_that_outlives_what_is_served() -> None:
    got = cases(UNANNOUNCED, held())
    assert [(one.policy is not None, one.because) for one in got] == [
        (False, ()),
        (True, (Code.STS_MEMORY_OUTLIVES,)),
    ]


UNSEEN = PolicyCase(None, Sight.NONE, (Code.STS_POLICY_TIMEOUT,))


@pytest.mark.parametrize(
    ("first", "second", "want"),
    [
        (REFUSED, REFUSED, (NO_POLICY,)),
        (REFUSED, NO_ROUTE, (NO_POLICY,)),
        (NO_ROUTE, NO_ROUTE, (UNSEEN,)),
        (SILENT, SILENT, (UNSEEN,)),
        (SILENT, NO_ROUTE, (UNSEEN,)),
        (REFUSED, SILENT, (NO_POLICY, UNSEEN)),
        (SILENT, REFUSED, (NO_POLICY, UNSEEN)),
    ],
)
def test_a_policy_host_without_a_connection_from_here_is_unknown_unless_it_refuses_everywhere(
    first: Https, second: Https, want: tuple[PolicyCase, ...]
) -> None:
    """What has no route from here says nothing, and others may reach it."""
    assert cases(hosts(first, second)) == want


def test_an_address_that_was_not_asked_leaves_the_word_to_the_others() -> None:
    evidence = collect(hosts(REFUSED, Https()))
    without_second = evidence.without([Question(Kind.POLICY, "mta-sts.example.com", SECOND)])
    assert policy_cases(assemble(without_second, TWO.at), RFC8461, ()) == (NO_POLICY,)


def test_an_address_that_nobody_in_the_world_can_reach_serves_no_policy() -> None:
    """It was not asked because it is private, and so is for every sender what it is for us (RFC 1918)."""
    private = FIXED.zone_with("mta-sts.example.com A 10.0.0.80").but(https={"10.0.0.80": UNASKED})
    assert cases(private) == (NO_POLICY,)


@pytest.mark.parametrize("beside", [REFUSED, SILENT, NO_ROUTE])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_policy_that_is_served_counts_beside_an_address_without_a_connection(
    beside: Https, *, is_first: bool
) -> None:
    world = hosts(Https(), beside) if is_first else hosts(beside, Https())
    assert names(world) == ["new"]


def test_two_policies_of_one_host_may_both_be_met_and_are_said_to_differ() -> None:
    differing = cases(hosts(Https(), Https(body=OLD)))
    assert {one.because for one in differing} == {(Code.STS_POLICY_DIFFERS,)}
    assert len(differing) == 2
    beside_a_failure = cases(hosts(Https(), Https(status=404)))
    assert {one.because for one in beside_a_failure} == {()}
    assert {one.policy is None for one in beside_a_failure} == {True, False}


@pytest.mark.parametrize("waits", [True, False])
def test_a_record_that_is_not_answered_leaves_open_whether_the_policy_counts(*, waits: bool) -> None:
    world = FIXED.zone_with("_mta-sts.example.com TXT !servfail")
    without, served = cases(world, waits_for_record=waits)
    sight = Sight.NONE if waits else Sight.PARTLY
    assert without == PolicyCase(None, sight, (Code.STS_RECORD_UNANSWERED,))
    assert (served.policy is not None, served.sight) == (True, Sight.PARTLY)
    silent = cases(world.but(https={FIRST: SILENT}), waits_for_record=waits)
    assert silent[-1].sight is Sight.NONE


def test_a_name_that_is_not_answered_hides_the_policy() -> None:
    world = FIXED.zone_with("mta-sts.example.com A !servfail", "mta-sts.example.com AAAA !servfail")
    assert cases(world) == (PolicyCase(None, Sight.NONE, (Code.STS_POLICY_HOST_UNANSWERED,)),)


@pytest.mark.parametrize(
    ("mode", "honours_testing", "counts"),
    [
        (Mode.ENFORCE, True, True),
        (Mode.ENFORCE, False, True),
        (Mode.TESTING, True, True),
        (Mode.TESTING, False, False),
        (Mode.NONE, True, False),
        (Mode.NONE, False, False),
    ],
)
def test_a_policy_is_acted_on_by_its_mode(mode: Mode, *, honours_testing: bool, counts: bool) -> None:
    """RFC 8461 section 5."""
    one = Policy(mode, 86_400, ("mx.example.com",))
    assert in_force(one, honours_testing=honours_testing) == (one if counts else None)
    assert in_force(None) is None


def test_the_level_of_a_session_that_a_sender_remembers_is_no_policy() -> None:
    domain = assemble(collect(FIXED), FIXED.at)
    fresh = policy_cases(domain, RFC8461, ())
    assert policy_cases(domain, RFC8461, (LevelMemory(SessionLevel.VERIFIED),)) == fresh


def test_what_was_not_seen_at_all_does_not_become_seen_in_part() -> None:
    """The record and the policy host are both silent: whoever waits for the policy goes by one that nobody here read."""
    world = FIXED.but(https={FIRST: SILENT}).zone_with("_mta-sts.example.com TXT !servfail")
    assert [one.sight for one in cases(world)] == [Sight.PARTLY, Sight.NONE]


def test_addresses_that_serve_the_same_are_one_case_and_three_of_which_one_differs_are_two() -> None:
    third = "2001:db8::81"
    world = TWO.but(zone=TWO.zone + f"mta-sts.example.com AAAA {third}\n")
    assert len(cases(world)) == 1
    one_differs = cases(world.but(https={third: Https(body=OLD)}))
    assert {one.because for one in one_differs} == {(Code.STS_POLICY_DIFFERS,)}
    assert {one.policy.mx for one in one_differs if one.policy is not None} == {
        ("old.example.com",),
        *(one.policy.mx for one in cases(world) if one.policy is not None),
    }


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ((b"max_age: 604800", b"max_age: 604801"), True),
        ((b"mode: enforce", b"mode: testing"), True),
        ((b"mx: mxi1.example.com\n", b""), True),
        ((b"\n", b"\r\n"), False),
    ],
)
def test_policies_differ_by_what_they_demand_and_not_by_how_they_are_written(
    change: tuple[bytes, bytes], *, differs: bool
) -> None:
    found = cases(hosts(Https(), Https(body=FIXED.policy.replace(*change))))
    assert any(Code.STS_POLICY_DIFFERS in one.because for one in found) is differs


@pytest.mark.parametrize(
    ("body", "strict", "fault"),
    [
        (FIXED.policy, True, None),
        (FIXED.policy.replace(b"mode: enforce", b"mode:enforce"), True, None),
        (FIXED.policy + b"other text\n", False, Code.STS_POLICY_AMBIGUOUS),
        (b"version: STSv2\n", False, None),
    ],
    ids=["by the grammar", "without a space", "with a line of no key", "of another version"],
)
def test_a_text_that_not_everybody_reads_is_a_reason_where_it_is_read(
    body: bytes, *, strict: bool, fault: Code | None
) -> None:
    domain = assemble(collect(FIXED.but(policy=body)), FIXED.at)
    (by_the_book,) = policy_cases(domain, RFC8461, ())
    assert (by_the_book.policy is not None, by_the_book.fault) == (strict, None)
    read = {
        one.fault for sender in SENDERS for one in policy_cases(domain, sender, ()) if one.policy is not None
    }
    assert read == ({None} if strict else set() if fault is None else {fault})


@pytest.mark.parametrize("bytes_read", [1000, POLICY_BYTES_MAX - 1, POLICY_BYTES_MAX])
def test_of_a_text_that_is_too_long_the_beginning_may_be_a_policy_to_who_reads_no_further(
    bytes_read: int,
) -> None:
    world = FIXED.but(https={FIRST: Https(outcome=Outcome.OVERSIZE)})
    reading = msgspec.structs.replace(RFC8461.readings[0], bytes_read=bytes_read)
    traits = msgspec.structs.replace(RFC8461, readings=(reading,))
    (found,) = policy_cases(assemble(collect(world), world.at), traits, ())
    beginning = PolicyCase(None, Sight.NONE, (Code.STS_POLICY_OVERSIZE,))
    assert found == (beginning if bytes_read < POLICY_BYTES_MAX else NO_POLICY)


@pytest.mark.parametrize(
    ("case", "taking"), [("policy-common-name", {"postfix-sts", "courier"}), ("policy-cert-name", set())]
)
def test_some_senders_take_the_common_name_of_a_policy_host(case: str, taking: set[str]) -> None:
    """observed: postfix-mta-sts-resolver 1.5.1 and Courier 1.4.1."""
    domain = domains()[case]
    assert {one.id for one in SENDERS if policy_cases(domain, one, ())[0].policy} == taking


def slow(after_ms: int) -> ZoneWorld:
    """Return the world with a policy that comes so late."""
    return FIXED.but(https={FIRST: Https(delay_ms=after_ms)})


def waiting(world: ZoneWorld, wait_s: int | None, given_up: GivenUp, *held: Memory) -> list[str]:
    """Return which policies a sender goes by that waits so long, with `waits` for one that keeps the mail."""
    traits = msgspec.structs.replace(RFC8461, policy_wait_s=wait_s, given_up=given_up)
    found = policy_cases(assemble(collect(world), world.at), traits, held)
    without = {True: "waits", False: "none"}
    return [
        without[one.deferred]
        if (policy := one.policy) is None
        else "old"
        if policy.mx == ("old.example.com",)
        else "new"
        for one in found
    ]


@pytest.mark.parametrize(
    ("after_ms", "wait_s", "given_up", "want"),
    [
        (3999, 4, GivenUp.ABSENT, ["new"]),
        (4000, 4, GivenUp.ABSENT, ["none"]),
        (4000, 4, GivenUp.DEFERRED, ["waits"]),
        (4000, 60, GivenUp.DEFERRED, ["new"]),
        (1000 * WAITED_S_LEAST - 1, None, GivenUp.ABSENT, ["new"]),
        (1000 * WAITED_S_LEAST, None, GivenUp.ABSENT, ["new", "none"]),
        (1000 * WAITED_S_LEAST, None, GivenUp.DEFERRED, ["new", "waits"]),
    ],
)
def test_a_policy_that_comes_late_is_gone_by_for_whoever_waits_so_long(
    after_ms: int, wait_s: int | None, given_up: GivenUp, want: list[str]
) -> None:
    """RFC 8461 section 3.3; where nobody knows how long a sender waits, both may be."""
    assert waiting(slow(after_ms), wait_s, given_up) == want


def test_a_late_response_without_a_policy_is_waited_for_by_whoever_keeps_the_mail_else() -> None:
    missing = FIXED.but(https={FIRST: Https(status=404, delay_ms=5000)})
    found = [
        waiting(missing, wait_s, given_up)
        for wait_s, given_up in ((4, GivenUp.ABSENT), (4, GivenUp.DEFERRED), (60, GivenUp.DEFERRED))
    ]
    assert found == [["none"], ["waits"], ["none"]]


def test_a_policy_that_is_held_is_replaced_by_no_policy_that_comes_too_late() -> None:
    assert waiting(slow(5000), 4, GivenUp.ABSENT, held()) == ["none", "old"]
    assert waiting(slow(5000), 60, GivenUp.ABSENT, held()) == ["new"]
    assert waiting(slow(5000), None, GivenUp.ABSENT, held()) == ["new", "none", "old"]


def test_mail_waits_for_a_policy_with_whoever_keeps_it_else() -> None:
    domain = assemble(collect(slow(5000)), FIXED.at)
    traits = msgspec.structs.replace(RFC8461, policy_wait_s=4, given_up=GivenUp.DEFERRED)
    delivery = deliver(domain, traits)
    assert (delivery.outcome, delivery.because) == (Verdict.REFUSED, (Code.STS_POLICY_SLOW,))
    assert deliver(domain, msgspec.structs.replace(traits, policy_wait_s=60)).outcome is Verdict.DELIVERS
    unknown = deliver(domain, msgspec.structs.replace(traits, policy_wait_s=None))
    assert unknown.outcome is Verdict.AT_RISK


@pytest.mark.parametrize(
    ("wait_s", "security"),
    [(None, Security.OPPORTUNISTIC), (10, Security.OPPORTUNISTIC), (60, Security.MTA_STS)],
)
def test_mail_is_secured_by_a_late_policy_only_with_who_is_known_to_wait(
    wait_s: int | None, security: Security
) -> None:
    sender = msgspec.structs.replace(RFC8461, policy_wait_s=wait_s, given_up=GivenUp.ABSENT)
    world = slow(15_000)
    delivery = deliver(assemble(collect(world), world.at), sender)
    assert (delivery.outcome, delivery.security) == (Verdict.DELIVERS, security)
