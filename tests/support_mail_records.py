"""A domain that publishes CAA records and texts beside its policy, in a world in memory."""

from pathlib import Path

from mxproof.evidence import Evidence, Question
from mxproof.mail.change import CaaValue
from mxproof.publish.mail_records import WantedRecords
from mxproof.publish.record_publication import RecordLooks, RecordPublication
from mxproof.publish.told_records import ToldRecords
from mxproof.survey import caa
from mxproof.survey.served_records import ServedRecords
from support_publication import DOMAIN, PublishedWorld
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
        self.told: list[str] = []

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
            tell=self.told.append,
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
