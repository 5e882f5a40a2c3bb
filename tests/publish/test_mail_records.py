"""CAA, SPF, DMARC and DKIM records: what is judged of them, and what is none of its kind."""

from pathlib import Path

import pytest

from mxproof.mail.change import CaaValue
from mxproof.publish.mail_records import CaaPermission, WantedRecords, judged_caa, objections
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
