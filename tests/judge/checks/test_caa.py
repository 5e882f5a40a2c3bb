"""What is said of who may issue the next certificates."""

import msgspec
import pytest

from mxproof.evidence import Kind, Question
from mxproof.formats.caa import CaaProperty, read_caa
from mxproof.judge.checks import caa
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.caa import HostCaa
from support_certificates import NOW, Defect
from support_findings import found
from support_world import Https, Smtp, ZoneWorld, collect
from support_worlds import GOOD, POLICY_ADDRESS, PUBLIC, everywhere

RIGHT = 'example.com CAA 0 issue "letsencrypt.org"'
WRONG = 'example.com CAA 0 issue "pki.goog"'
POLICY_HOST = "mta-sts.example.com"


def codes(world: ZoneWorld) -> list[str]:
    return [one.code for one in found(world, caa.check)]


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        ((), [Code.CAA_MISSING] * 3),
        ((RIGHT,), [Code.CAA_OK]),
        ((RIGHT, WRONG), [Code.CAA_OK]),
        ((WRONG,), [Code.CAA_ISSUER_FORBIDDEN]),
        (('com CAA 0 issue "letsencrypt.org"',), [Code.CAA_OK]),
        ((WRONG, f'{POLICY_HOST} CAA 0 issue "letsencrypt.org"'), [Code.CAA_ISSUER_FORBIDDEN, Code.CAA_OK]),
        (('example.com CAA 0 iodef "mailto:ca@example.com"',), []),
        (('example.com CAA 0 issuewild "pki.goog"',), []),
        (('example.com CAA 128 tbs "x"', RIGHT), [Code.CAA_NOBODY_ALLOWED]),
        (('example.com CAA 0 issue "letsencrypt"',), [Code.CAA_ISSUER_FORBIDDEN]),
        (('example.com CAA 0 issue "lets encrypt"',), [Code.CAA_NOBODY_ALLOWED, Code.CAA_INVALID]),
        (("example.com CAA !timeout",), [Code.CAA_UNANSWERED]),
        (("example.com CAA !bogus",), [Code.CAA_UNANSWERED]),
        ((RIGHT, f"{POLICY_HOST} CAA !timeout"), [Code.CAA_UNANSWERED, Code.CAA_OK]),
    ],
)
def test_the_issuer_is_held_against_the_nearest_records(lines: tuple[str, ...], want: list[Code]) -> None:
    """RFC 8659 section 3: the first name upwards that has any records decides, and no other."""
    assert codes(PUBLIC.zone_with(*lines)) == want


def test_an_alias_leads_to_the_records_of_its_target() -> None:
    world = PUBLIC.zone_with(f"{POLICY_HOST} CNAME host.example.net", "host.example.net A 192.0.2.80", RIGHT)
    world = world.zone_with('host.example.net CAA 0 issue "pki.goog"')
    assert codes(world) == [Code.CAA_ISSUER_FORBIDDEN, Code.CAA_OK]


def wild(*lines: str) -> ZoneWorld:
    """Return the world in which every certificate has its host by a wildcard."""
    shown = Smtp(("*.example.com",), Defect.KNOWN_AUTHORITY)
    policy_host = Https(names=("*.example.com",), defect=Defect.KNOWN_AUTHORITY)
    return everywhere(shown, PUBLIC).but(https={POLICY_ADDRESS: policy_host}).zone_with(*lines)


def test_a_wildcard_is_issued_by_whom_issuewild_names_for_the_name_above() -> None:
    """RFC 8659 section 4.3; a record at the host itself does not count for it."""
    assert codes(wild(RIGHT, 'mx1.example.com CAA 0 issue "pki.goog"')) == [Code.CAA_OK]
    (finding,) = found(wild(RIGHT, 'example.com CAA 0 issuewild "pki.goog"'), caa.check)
    assert (finding.code, finding.params["property"]) == (Code.CAA_ISSUER_FORBIDDEN, "issuewild")


def test_an_issuer_that_is_not_known_is_said_to_be_so() -> None:
    world = GOOD.but(sets=PUBLIC.sets).zone_with(WRONG)
    assert codes(world) == [Code.CAA_ISSUER_UNKNOWN]


def test_nothing_is_said_of_an_issuer_where_no_certificate_of_the_host_was_seen() -> None:
    assert codes(everywhere(Smtp(("other.example.net",)), PUBLIC).but(https={}).zone_with(WRONG)) == [
        Code.CAA_ISSUER_UNKNOWN
    ]
    own = Smtp(defect=Defect.SELF_SIGNED)
    assert codes(everywhere(own, PUBLIC).zone_with(WRONG, f"{POLICY_HOST} A")) == []


def test_records_are_asked_for_upwards_as_far_as_they_are_not_there() -> None:
    asked = [one.name for one in collect(PUBLIC.zone_with(RIGHT)).answers if one.kind is Kind.CAA]
    assert set(asked) == {"mx1.example.com", "mx2.example.com", POLICY_HOST, "example.com"}
    assert Question(Kind.CAA, "com") in collect(PUBLIC).answers


def test_no_caa_record_is_asked_for_where_the_set_is_not() -> None:
    world = PUBLIC.zone_with(WRONG).but(sets=())
    assert codes(world) == []
    assert not [one for one in collect(world).answers if one.kind is Kind.CAA]


def host(name: str, issuer: str, *names: str) -> HostCaa:
    """Return a host below one name whose records let two authorities issue."""
    owner = Question(Kind.CAA, "example.com")
    records = [CaaProperty(0, "issue", one) for one in (b"one.example", b"two.example")]
    shown = Question(Kind.SMTP, name, "192.0.2.1")
    return HostCaa(
        name, owner, read_caa(records), (Question(Kind.CAA, name), owner), issuer, names, session=shown
    )


def test_hosts_with_the_same_issuer_below_the_same_records_are_told_together_and_others_apart() -> None:
    hosts = (
        host("a.example.com", "One", "one.example"),
        host("b.example.com", "Two", "two.example"),
        host("c.example.com", "One", "one.example"),
    )
    domain = msgspec.structs.replace(assemble(collect(GOOD), NOW), caa=hosts)
    told = [
        (one.code, one.params["hosts"], one.params["issuer"], one.params["lines"])
        for one in caa.check(domain)
    ]
    assert told == [
        (Code.CAA_OK, ("a.example.com", "c.example.com"), "One", ('example.com. CAA 0 issue "one.example"',)),
        (Code.CAA_OK, ("b.example.com",), "Two", ('example.com. CAA 0 issue "two.example"',)),
    ]
    first, _ = caa.check(domain)
    assert (first.subject, first.evidence) == (
        "example.com",
        (*hosts[0].asked, hosts[0].session, hosts[2].asked[0], hosts[2].session),
    )
