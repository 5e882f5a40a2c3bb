"""CAA, SPF, DMARC and DKIM records: what is judged of them, and what is none of its kind."""

from pathlib import Path

import pytest

from mxproof.evidence import Evidence, Kind, Question
from mxproof.mail.change import CaaValue, TxtValue
from mxproof.publish.mail_records import (
    CaaPermission,
    WantedRecords,
    WantedSet,
    judged_caa,
    objections,
    own_hosts,
    wanted_sets,
)
from support_mail_records import DIRECTORY, HOSTS, IODEF, ISSUE, NOBODY, OTHER, TEXTS, WILD, RecordWorld
from support_publication import DOMAIN


@pytest.fixture
def world(tmp_path: Path) -> RecordWorld:
    return RecordWorld(tmp_path)


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((ISSUE,), [CaaPermission.GRANTED] * 3),
        ((ISSUE, OTHER, WILD, IODEF), [CaaPermission.GRANTED] * 3),
        ((OTHER,), [CaaPermission.UNCLEAR, CaaPermission.REFUSED, CaaPermission.REFUSED]),
        ((NOBODY,), [CaaPermission.REFUSED] * 3),
        ((IODEF,), [CaaPermission.GRANTED] * 3),
        ((WILD,), [CaaPermission.GRANTED] * 3),
    ],
)
def test_whoever_issues_has_to_be_allowed_by_certificate_and_by_directory(
    world: RecordWorld, records: tuple[CaaValue, ...], want: list[CaaPermission]
) -> None:
    judged = judged_caa(WantedRecords(records), world.hosts(DOMAIN), DIRECTORY)
    assert [one.host for one in judged] == [*HOSTS]
    assert [one.permission for one in judged] == want


@pytest.mark.parametrize(
    "wanted",
    [
        WantedRecords((CaaValue(0, "issue", "lets encrypt"),)),
        WantedRecords((CaaValue(128, "tbs", "x"),)),
        WantedRecords((CaaValue(0, "isue", "letsencrypt.org"),)),
        WantedRecords(spf="spf1 mx"),
        WantedRecords(spf="v=spf1 mx: -all"),
        WantedRecords(dmarc="p=none"),
        WantedRecords(dkim=(("mail", "v=DKIM1; p=!"),)),
    ],
)
def test_what_is_no_record_of_its_kind_is_objected_to(wanted: WantedRecords) -> None:
    assert objections(wanted) != ()
    assert objections(WantedRecords((ISSUE, WILD, IODEF), TEXTS.spf, TEXTS.dmarc)) == ()


def test_texts_are_asked_for_each_at_its_own_name_and_caa_records_at_each_host_first(
    world: RecordWorld,
) -> None:
    dkim = (("one", "v=DKIM1; p=QQ=="), ("two", "v=DKIM1; p="))
    wanted = WantedRecords((ISSUE, IODEF), TEXTS.spf, TEXTS.dmarc, dkim)
    sets = wanted_sets(wanted, world.hosts(DOMAIN))
    texts = {
        DOMAIN: TEXTS.spf,
        f"_dmarc.{DOMAIN}": TEXTS.dmarc,
        f"one._domainkey.{DOMAIN}": dkim[0][1],
        f"two._domainkey.{DOMAIN}": dkim[1][1],
    }
    assert sets == (
        *(WantedSet(Question(Kind.CAA, host), (ISSUE, IODEF), all=True) for host in HOSTS),
        *(WantedSet(Question(Kind.TXT, name), (TxtValue(text),), all=False) for name, text in texts.items()),
    )
    assert wanted_sets(WantedRecords(), world.hosts(DOMAIN)) == ()


def test_each_record_that_is_wrong_is_objected_to_under_its_key_and_none_hides_another() -> None:
    wrong = WantedRecords(
        (CaaValue(0, "isue", "letsencrypt.org"),), "spf1 mx", "p=none", (("mail", "v=DKIM1; p=!"),)
    )
    keys = [one.split(": ")[0] for one in objections(wrong)]
    assert keys == ["records.caa", "records.spf", "records.dmarc", "records.dkim"]
    assert ": mail: " in objections(wrong)[-1]


def test_an_mx_host_of_somebody_else_is_not_ours_to_say_who_may_issue_for(world: RecordWorld) -> None:
    world.world = world.world.zone_with(
        "example.com MX 10 example.com",
        "example.com MX 20 mx.notexample.com",
        "example.com MX 30 example.org",
    )
    assert own_hosts(world.hosts(DOMAIN)) == ("mta-sts.example.com", "example.com")


def test_the_directory_says_who_issues_for_the_policy_host_alone(world: RecordWorld) -> None:
    hosts = world.hosts(DOMAIN)
    with_directory, without = (judged_caa(WantedRecords((OTHER,)), hosts, one) for one in (DIRECTORY, ""))
    assert with_directory[1:] == without[1:]
    assert (with_directory[0].because, without[0].permission) == (
        "acme.directory is at acme-v02.api.letsencrypt.org, and pki.goog may issue",
        CaaPermission.REFUSED,
    )
    assert judged_caa(WantedRecords(), hosts, DIRECTORY) == ()


def test_where_no_certificate_of_a_host_was_seen_it_is_unclear_unless_nobody_or_anybody_may() -> None:
    unseen = Evidence(DOMAIN)
    expected = {ISSUE: CaaPermission.UNCLEAR, NOBODY: CaaPermission.REFUSED, WILD: CaaPermission.GRANTED}
    for one, permission in expected.items():
        assert [each.permission for each in judged_caa(WantedRecords((one,)), unseen, "")] == [permission]
