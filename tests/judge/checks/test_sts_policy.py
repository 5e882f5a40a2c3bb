"""The policy host and its text, at one address and at several."""

import pytest

from mxproof.evidence import Outcome
from mxproof.formats import Objection
from mxproof.judge.checks.sts_policy import MAX_AGE_SHORT_S, check
from mxproof.judge.codes import Code
from mxproof.judge.value import Enforcing, Value
from mxproof.mail.change import ServePolicy
from mxproof.mail.domain import PolicyFetch
from support_certificates import Defect
from support_findings import asked, codes, only
from support_world import GOOD_POLICY, Https, ZoneWorld
from support_worlds import MX1, MX2, WORLDS, policy

FIRST, SECOND = "192.0.2.80", "192.0.2.81"
TWO = ZoneWorld().zone_with(f"mta-sts.example.com A {FIRST}", f"mta-sts.example.com A {SECOND}")


def served(server: Https) -> ZoneWorld:
    return ZoneWorld(https={FIRST: server})


def test_a_valid_policy_everywhere_is_in_order() -> None:
    assert codes(ZoneWorld(), check) == [Code.STS_OK]
    assert codes(TWO, check) == [Code.STS_OK]


def test_without_record_and_policy_there_is_nothing_to_say() -> None:
    assert codes(WORLDS[Code.STS_ABSENT].world, check) == []


def test_a_web_server_that_happens_to_be_there_is_no_fault_without_a_record() -> None:
    world = served(Https(status=404)).zone_with("_mta-sts.example.com TXT")
    assert codes(world, check) == []


def test_a_policy_without_a_valid_record_is_not_called_in_order() -> None:
    assert codes(ZoneWorld().zone_with("_mta-sts.example.com TXT"), check) == []
    assert codes(ZoneWorld().zone_with("_mta-sts.example.com TXT v=STSv1 ; id=1;"), check) == []


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (Https(outcome=Outcome.REFUSED), Code.STS_POLICY_UNCONNECTED),
        (Https(outcome=Outcome.TIMEOUT), Code.STS_POLICY_TIMEOUT),
        (Https(outcome=Outcome.UNREACHABLE), Code.STS_POLICY_TIMEOUT),
        (Https(outcome=Outcome.TLS_FAILED), Code.STS_POLICY_TLS_FAILED),
        (Https(outcome=Outcome.CLOSED), Code.STS_POLICY_INCOMPLETE),
        (Https(outcome=Outcome.MALFORMED), Code.STS_POLICY_INCOMPLETE),
        (Https(outcome=Outcome.OVERSIZE), Code.STS_POLICY_OVERSIZE),
        (Https(defect=Defect.EXPIRED), Code.STS_POLICY_CERT_INVALID),
        (Https(defect=Defect.WEAK_SIGNATURE), Code.STS_POLICY_CERT_INVALID),
        (Https(defect=Defect.WEAK_KEY), Code.STS_POLICY_CERT_WEAK),
        (Https(version="TLSv1"), Code.STS_POLICY_TLS_OLD),
        (Https(version="TLSv1.1"), Code.STS_POLICY_TLS_OLD),
        (Https(status=304), Code.STS_POLICY_STATUS),
        (Https(headers=(("Content-Type", "text/plain"),)), Code.STS_POLICY_INCOMPLETE),
        (Https(media_type="text/plain, text/html"), Code.STS_POLICY_INCOMPLETE),
        (Https(headers=(("Content-Encoding", "identity, gzip"),)), Code.STS_POLICY_ENCODED),
        (Https(names=("www.example.com",)), Code.STS_POLICY_CERT_INVALID),
        (Https(names=()), Code.STS_POLICY_CERT_INVALID),
        (Https(status=204), Code.STS_POLICY_STATUS),
        (Https(status=500), Code.STS_POLICY_STATUS),
        (Https(status=308), Code.STS_POLICY_REDIRECT),
        (Https(headers=(("Content-Encoding", "br"),)), Code.STS_POLICY_ENCODED),
        (Https(media_type="text/html"), Code.STS_POLICY_MEDIA_TYPE),
        (Https(media_type=""), Code.STS_POLICY_MEDIA_TYPE),
        (Https(body=b""), Code.STS_POLICY_INVALID),
        (Https(body=GOOD_POLICY + b"\n"), Code.STS_POLICY_AMBIGUOUS),
    ],
)
def test_a_fault_of_the_policy_host_has_its_code(server: Https, code: Code) -> None:
    assert codes(served(server), check) == [code]


def test_a_media_type_with_parameters_is_the_type_before_them() -> None:
    assert codes(served(Https(media_type="Text/Plain; charset=utf-8")), check) == [Code.STS_OK]


def _fetches(value: Value) -> list[PolicyFetch]:
    assert isinstance(value, tuple)
    return [one for one in value if isinstance(one, PolicyFetch)]


def test_a_finding_names_status_and_target_of_a_redirect() -> None:
    world = WORLDS[Code.STS_POLICY_REDIRECT].world
    (seen,) = _fetches(only(world, Code.STS_POLICY_REDIRECT, check).params["seen"])
    assert (seen.status, seen.location) == (301, "https://www.example.com/")


def test_addresses_that_fail_alike_share_a_finding() -> None:
    broken = Https(status=404)
    finding = only(TWO.but(https={FIRST: broken, SECOND: broken}), Code.STS_POLICY_STATUS, check)
    assert finding.params["addresses"] == (FIRST, SECOND)
    assert list(asked(finding)) == [
        "TXT _mta-sts.example.com",
        f"POLICY {FIRST} (mta-sts.example.com)",
        f"POLICY {SECOND} (mta-sts.example.com)",
    ]


def test_one_bad_address_of_two_is_a_fault_and_a_difference() -> None:
    world = TWO.but(https={SECOND: Https(status=404)})
    assert codes(world, check) == [Code.STS_POLICY_STATUS, Code.STS_POLICY_DIFFERS]
    finding = only(world, Code.STS_POLICY_DIFFERS, check)
    views = _fetches(finding.params["views"])
    assert [(one.address, one.status) for one in views] == [(FIRST, 200), (SECOND, 404)]


def test_two_policies_that_say_the_same_do_not_differ() -> None:
    world = TWO.but(https={SECOND: Https(body=GOOD_POLICY.replace(b"\n", b"\r\n"))})
    assert codes(world, check) == [Code.STS_OK]


def test_silence_at_one_address_is_no_difference() -> None:
    world = TWO.but(https={SECOND: Https(outcome=Outcome.TIMEOUT)})
    assert codes(world, check) == [Code.STS_POLICY_TIMEOUT]


def test_an_address_without_a_route_from_here_is_left_to_the_others() -> None:
    assert codes(TWO.but(https={SECOND: Https(outcome=Outcome.UNREACHABLE)}), check) == [Code.STS_OK]


def test_no_address_is_a_host_missing_and_no_answer_is_not() -> None:
    missing = ZoneWorld().zone_with("mta-sts.example.com A")
    silent = ZoneWorld().zone_with("mta-sts.example.com A !timeout")
    assert codes(missing, check) == [Code.STS_POLICY_HOST_MISSING]
    assert codes(silent, check) == [Code.STS_POLICY_HOST_UNANSWERED]


def test_the_mode_is_said_beside_what_is_valid() -> None:
    testing = ZoneWorld(policy=policy(MX1, MX2, mode="testing", max_age=3600))
    none = ZoneWorld(policy=policy(mode="none", max_age=3600))
    assert codes(testing, check) == [Code.STS_MODE_TESTING, Code.STS_OK]
    assert codes(none, check) == [Code.STS_MODE_NONE, Code.STS_OK]


def test_enforcing_is_advised_only_where_nobody_would_refuse() -> None:
    safe = only(ZoneWorld(policy=policy(MX1, MX2, mode="testing")), Code.STS_MODE_TESTING, check)
    world = ZoneWorld(policy=policy(MX1, mode="testing"))
    breaking, testing = (
        only(world, code, check) for code in (Code.STS_ENFORCE_BREAKS, Code.STS_MODE_TESTING)
    )
    assert isinstance(safe.changes[0], ServePolicy)
    assert (breaking.changes, testing.changes) == ((), ())
    would = breaking.params["enforcing"]
    assert isinstance(would, Enforcing)
    assert "Microsoft" in {one.sender for one in would.refusing}
    assert {code for one in would.refusing for code in one.because} == {Code.STS_MX_UNLISTED}


def test_an_enforced_policy_should_last_a_week() -> None:
    short = ZoneWorld(policy=policy(MX1, MX2, max_age=MAX_AGE_SHORT_S - 1))
    week = ZoneWorld(policy=policy(MX1, MX2, max_age=MAX_AGE_SHORT_S))
    assert codes(short, check) == [Code.STS_MAX_AGE_SHORT, Code.STS_OK]
    assert codes(week, check) == [Code.STS_OK]


def test_every_objection_to_a_policy_is_named_with_its_place() -> None:
    world = ZoneWorld(policy=b"version: STSv1\nmode: on\nmax_age: soon\nmx: mx1.example.com\n")
    faults = only(world, Code.STS_POLICY_INVALID, check).params["faults"]
    assert isinstance(faults, tuple)
    assert [(one.source, one.position) for one in faults if isinstance(one, Objection)] == [
        ("RFC 8461 section 3.2", 21),
        ("RFC 8461 section 3.2", 33),
    ]


@pytest.mark.parametrize(
    ("lines", "families", "is_told"),
    [
        ((), (4, 6), True),
        ((), (6,), False),
        (("mta-sts.example.com A !timeout",), (4, 6), False),
        ((f"mta-sts.example.com A {FIRST}",), (4, 6), False),
    ],
)
def test_a_policy_host_has_no_ipv4_only_where_both_families_were_asked_and_answered(
    lines: tuple[str, ...], families: tuple[int, ...], *, is_told: bool
) -> None:
    alone = ZoneWorld().zone_with("mta-sts.example.com A", "mta-sts.example.com AAAA 2001:db8::80")
    got = codes(alone.zone_with(*lines).but(families=families), check)
    assert (Code.STS_POLICY_IPV4_MISSING in got) is is_told
