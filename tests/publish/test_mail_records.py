"""CAA, SPF, DMARC and DKIM records: which come where, what is judged of them, and when they are there."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Evidence, Question
from mxproof.mail.change import CaaValue
from mxproof.publish.mail_records import CaaPermission, WantedRecords, judged_caa, objections
from mxproof.publish.record_publication import RecordLooks, RecordPublication
from mxproof.publish.result import PublicationEnd
from mxproof.publish.told_records import ToldRecords
from mxproof.survey import caa
from mxproof.survey.served_records import ServedRecords
from support_publication import DOMAIN, SERVERS, PublishedWorld
from support_world import ZoneWorld, collect
from support_worlds import PUBLIC

DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory"
ISSUE = CaaValue(0, "issue", "letsencrypt.org")
OTHER = CaaValue(0, "issue", "pki.goog")
NOBODY = CaaValue(0, "issue", ";")
IODEF = CaaValue(0, "iodef", "mailto:ca@example.com")
WILD = CaaValue(0, "issuewild", ";")
CAA = WantedRecords((ISSUE, IODEF))
TEXTS = WantedRecords((), "v=spf1 mx -all", "v=DMARC1; p=reject")
HOSTS = ("mta-sts.example.com", "mx1.example.com", "mx2.example.com")
_DELEGATED = PUBLIC.zone_with(
    "example.com NS ns1.example.com",
    "example.com NS ns2.example.com",
    "ns1.example.com A 192.0.2.53",
    "ns2.example.com A 198.51.100.53",
).but(name_servers={})


class RecordWorld(PublishedWorld):
    """The world, and who publishes such records in it."""

    def __init__(self, folder: Path, world: ZoneWorld = _DELEGATED) -> None:
        super().__init__(folder, world)
        self.puts = 0

    def put(self, zone: str, altered: object) -> str:
        """Count what is altered."""
        self.puts += 1
        return super().put(zone, altered)  # type: ignore[arg-type]  # as the keeper has it

    def publish(
        self, wanted: WantedRecords, forced: str = "", *, dry: bool = False, directory: str = DIRECTORY
    ) -> ToldRecords:
        """Make one call."""
        made = RecordPublication(
            self,
            RecordLooks(self.served_records, self.hosts),
            directory=directory,
            ttl_s=300,
            patience_s=10.0,
            pause=self.pause,
        )
        return made.publish(DOMAIN, wanted, forced, dry=dry)

    def served_records(self, domain: str, records: tuple[Question, ...]) -> Evidence:
        """Return what every name server has."""
        return collect(self.world.but(domain=domain), ServedRecords(records).wanted)

    def hosts(self, domain: str) -> Evidence:
        """Return the hosts of the domain, and what they show."""
        return collect(self.world.but(domain=domain), caa.wanted)

    def lines(self, kind: str) -> list[str]:
        """Return the records of a type in the zone of the primary."""
        return sorted(line for line in self.world.zone.splitlines() if line.split()[1:2] == [kind])


@pytest.fixture
def world(tmp_path: Path) -> RecordWorld:
    return RecordWorld(tmp_path)


def test_caa_records_come_to_the_policy_host_and_to_each_mx_host_and_a_second_call_does_nothing(
    world: RecordWorld,
) -> None:
    told = world.publish(CAA)
    assert told.end is PublicationEnd.DONE
    assert [line.split()[0] for line in world.lines("CAA")] == sorted(HOSTS * 2)
    assert world.publish(CAA).end is PublicationEnd.NOTHING
    assert world.puts == len(HOSTS)


def test_other_caa_records_at_a_host_go(world: RecordWorld) -> None:
    world.world = world.world.zone_with('mx1.example.com CAA 0 issue "pki.goog"')
    planned = world.publish(CAA, dry=True)
    assert planned.end is PublicationEnd.PLANNED
    assert [line for one in planned.sets for line in one.goes] == ['mx1.example.com. CAA 0 issue "pki.goog"']
    assert world.puts == 0
    assert world.publish(CAA).end is PublicationEnd.DONE
    assert not any("pki.goog" in line for line in world.lines("CAA"))


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


def test_records_that_forbid_the_authority_are_not_published_unless_forced(world: RecordWorld) -> None:
    forbidding = WantedRecords((OTHER,))
    assert world.publish(forbidding).end is PublicationEnd.REFUSED
    assert (world.puts, world.lines("CAA")) == (0, [])
    assert world.publish(forbidding, "we change the authority today").end is PublicationEnd.DONE


def test_a_directory_of_another_name_is_not_taken_for_allowed(world: RecordWorld) -> None:
    told = world.publish(CAA, directory="https://acme.evil-letsencrypt.org/directory")
    assert (told.end, world.puts) == (PublicationEnd.UNCLEAR, 0)


def test_texts_come_where_there_are_none_and_stay_as_they_are_where_there_are(world: RecordWorld) -> None:
    world.world = world.world.zone_with("example.com TXT site-verification=1")
    told = world.publish(TEXTS)
    assert told.end is PublicationEnd.DONE
    here = "\n".join(world.lines("TXT"))
    assert "site-verification=1" in here
    assert "example.com TXT v=spf1 mx -all" in here
    assert "_dmarc.example.com TXT v=DMARC1; p=reject" in here
    other = msgspec.structs.replace(TEXTS, spf="v=spf1 -all", dmarc="v=DMARC1; p=none")
    assert world.publish(other).end is PublicationEnd.NOTHING
    assert "\n".join(world.lines("TXT")) == here


def test_a_name_server_that_lags_is_named_and_the_next_call_finds_all_there(world: RecordWorld) -> None:
    world.lagging = SERVERS[1:]
    told = world.publish(CAA)
    assert (told.end, {one.address for one in told.lag}) == (PublicationEnd.WAITING, {SERVERS[1]})
    world.catch_up()
    assert world.publish(CAA).end is PublicationEnd.NOTHING


def test_a_keeper_that_does_not_do_it_says_why(world: RecordWorld) -> None:
    world.refusing = "the API: no"
    told = world.publish(CAA)
    assert (told.end, told.said) == (PublicationEnd.FAILED, "the API: no")


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
