"""What the tables of a scan say of one domain: each column for itself, in worlds where it could be mistaken."""

from collections.abc import Mapping

import pytest

from mxproof.evidence import Outcome
from mxproof.judge.weighed import weighed
from mxproof.scan.row import rows_of
from mxproof.scan.table import DOMAINS
from support_certificates import Defect
from support_world import GOOD_POLICY, Https, ZoneWorld, collect

GOOD = ZoneWorld()
SIGNED = GOOD.but(signed=("example.com",))
RIGHT1, RIGHT2, UNUSABLE = "3 1 1 @192.0.2.1", "3 1 1 @192.0.2.2", "0 0 1 " + "00" * 32
TIMEOUT = Https(outcome=Outcome.TIMEOUT)


def row(world: ZoneWorld) -> Mapping[str, object]:
    """Return the row of the table of domains by its columns."""
    rows = rows_of(weighed(collect(world), now=world.at), 7)
    return dict(zip((one.name for one in DOMAINS.columns), rows.domain, strict=True))


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        ((), "listed"),
        (("example.com MX 0 .",), "null"),
        (("example.com MX", "example.com A 192.0.2.1"), "implicit"),
        (("example.com MX !nxdomain",), "absent"),
        (("example.com MX !timeout",), "unknown"),
        (("example.com MX !servfail",), "unknown"),
    ],
)
def test_where_mail_goes_is_listed_implied_refused_absent_or_not_known(
    lines: tuple[str, ...], want: str
) -> None:
    assert row(GOOD.zone_with(*lines))["mx_state"] == want


@pytest.mark.parametrize(
    ("data", "want", "id_"),
    [
        ("v=STSv1; id=20260601;", "one", "20260601"),
        ("v=STSv1; id=;", "invalid", None),
        ("", "none", None),
        ("!timeout", "unknown", None),
    ],
)
def test_a_record_is_valid_or_not_where_there_is_one(data: str, want: str, id_: str | None) -> None:
    found = row(GOOD.zone_with(f"_mta-sts.example.com TXT {data}"))
    assert (found["sts_record"], found["sts_id"]) == ("valid" if want == "one" else want, id_)


@pytest.mark.parametrize(
    ("first", "second", "want"),
    [
        (Https(), Https(), "fetched"),
        (Https(), TIMEOUT, "unknown"),
        (TIMEOUT, Https(status=404), "status"),
        (Https(status=404), Https(defect=Defect.EXPIRED), "certificate"),
        (Https(defect=Defect.EXPIRED), TIMEOUT, "certificate"),
    ],
)
def test_of_several_addresses_of_the_policy_host_the_worst_is_told(
    first: Https, second: Https, want: str
) -> None:
    two = GOOD.but(zone=GOOD.zone + "mta-sts.example.com AAAA 2001:db8::80\n")
    assert row(two.but(https={"192.0.2.80": first, "2001:db8::80": second}))["policy_fetch"] == want


@pytest.mark.parametrize(
    ("server", "want"),
    [
        (Https(), None),
        (Https(status=404), None),
        (Https(defect=Defect.EXPIRED), "expired"),
        (Https(names=("other.example.com",)), "name"),
    ],
)
def test_a_certificate_is_told_of_where_it_is_what_keeps_the_policy(server: Https, want: str | None) -> None:
    assert row(GOOD.but(https={"192.0.2.80": server}))["policy_certificate"] == want


def test_a_policy_counts_where_a_valid_record_announces_it() -> None:
    found = row(GOOD)
    assert (found["sts_mode"], found["sts_max_age_s"]) == ("enforce", 1_209_600)
    assert row(GOOD.zone_with("_mta-sts.example.com TXT"))["sts_mode"] is None
    unlisted = row(GOOD.but(policy=GOOD_POLICY.replace(b"mx: mx2.example.com\n", b"")))
    assert (found["mx_unlisted"], unlisted["mx_unlisted"]) == ((), ("mx2.example.com",))


@pytest.mark.parametrize(
    ("world", "first", "second", "want"),
    [
        (SIGNED, RIGHT1, RIGHT2, "all"),
        (SIGNED, RIGHT1, "", "some"),
        (SIGNED, RIGHT1, "!servfail", "some"),
        (SIGNED, UNUSABLE, "!servfail", "unknown"),
        (SIGNED, UNUSABLE, "", "unusable"),
        (SIGNED, "", "", "none"),
        (GOOD, RIGHT1, RIGHT2, "none"),
    ],
)
def test_dane_is_that_of_all_hosts_or_some_and_what_is_not_known_comes_before_what_nobody_uses(
    world: ZoneWorld, first: str, second: str, want: str
) -> None:
    """RFC 7672 section 2.2: records count where the MX records are secure and they can be used."""
    tlsa = (f"_25._tcp.mx1.example.com TLSA {first}", f"_25._tcp.mx2.example.com TLSA {second}")
    assert row(world.zone_with(*tlsa))["dane"] == want


def test_a_domain_without_hosts_has_no_dane() -> None:
    assert row(SIGNED.zone_with("example.com MX 0 ."))["dane"] == "none"


def test_a_finding_counts_once_of_its_kind() -> None:
    world = GOOD.but(policy=GOOD_POLICY.replace(b"mx1", b"mx8").replace(b"mx2", b"mx9"))
    findings = rows_of(weighed(collect(world), now=world.at), 7).findings
    firsts = [(one[2], one[3]) for one in findings if one[-1]]
    assert len(firsts) == len(set(firsts)) < len(findings)
    assert {(one[2], one[3]) for one in findings} == set(firsts)


@pytest.mark.parametrize(
    ("signed", "want", "secure"),
    [
        (("example.com", "example.net"), "all", True),
        (("example.net",), "unusable", False),
        (("example.com",), "none", True),
        ((), "none", False),
    ],
)
def test_records_of_a_signed_host_count_where_the_mx_records_are_secure_as_well(
    signed: tuple[str, ...], want: str, secure: bool
) -> None:
    elsewhere = GOOD.zone_with(
        "example.com MX 10 mx.example.net",
        "mx.example.net A 192.0.2.1",
        "_25._tcp.mx.example.net TLSA 3 1 1 @192.0.2.1",
    )
    found = row(elsewhere.but(signed=signed))
    assert (found["dane"], found["mx_secure"]) == (want, secure)


def test_of_the_aliases_of_a_policy_host_the_name_at_their_end_is_told() -> None:
    aliased = GOOD.zone_with(
        "mta-sts.example.com CNAME sts.example.net",
        "sts.example.net CNAME web.example.org",
        "web.example.org A 192.0.2.80",
    )
    assert row(aliased)["policy_host_target"] == "web.example.org"
    assert row(GOOD)["policy_host_target"] is None
