"""The domain of a customer, whose aliases lead to us, in a world in memory."""

from pathlib import Path

from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.mtasts import Mode
from mxproof.publish.customer import CustomerTemplate
from support_publication import DOMAIN, PublishedWorld, bare
from support_world import collect

TEMPLATE = CustomerTemplate("sts.example.com", "host.example.com", Mode.TESTING, 86_400, ("*.example.com",))
RECORD = "example.com.sts.example.com"
ALIASES = (
    f"_mta-sts.example.com CNAME {RECORD}",
    "mta-sts.example.com CNAME host.example.com",
    "host.example.com A 192.0.2.80",
)


def customer(folder: Path, *lines: str) -> PublishedWorld:
    """Return the world with these lines in the customer's zone, or else with both aliases."""
    made = bare(folder)
    made.world = made.world.zone_with("mta-sts.example.com A", *(lines or ALIASES))
    return made


def mx_of(world: PublishedWorld) -> Evidence:
    """Return what is seen of the MX records."""

    def wanted(evidence: Evidence) -> tuple[Question, ...]:
        asked = Question(Kind.MX, DOMAIN)
        return () if asked in evidence.answers else (asked,)

    return collect(world.world, wanted)
