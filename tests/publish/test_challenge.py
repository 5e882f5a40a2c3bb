"""A proof by a record: beside what stands there, seen at every name server, and withdrawn also after a process that was killed."""

from pathlib import Path

import pytest

from mxproof.evidence import Evidence, Question
from mxproof.judge.catalogue.zone_line import record_data
from mxproof.mail.change import TxtValue
from mxproof.publish.challenge import Challenge, ChallengeKind, DnsAnswerer
from mxproof.publish.keeper import KeeperError
from mxproof.remedy.step_record import AlteredSet
from mxproof.survey.served_records import ServedRecords
from support_name_servers import At
from support_publication import SERVERS, Killed
from support_rollover import RolledWorld
from support_world import ZoneWorld, collect

NAME = "mta-sts.example.com"
OWNER = f"_acme-challenge.{NAME}"
PROOF = Challenge(NAME, "", "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0")

NEXT = Challenge(NAME, "", "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI")


class Zone:
    """A zone as a keeper alters it, and name servers that follow or lag."""

    is_by_hand = False

    def __init__(self, folder: Path) -> None:
        self.world: ZoneWorld = RolledWorld(folder).world
        self.noted = folder / "noted.json"
        self.lagging: tuple[str, ...] = ()
        self.refusing = False
        self.waited_s = 0.0
        self.altered: list[AlteredSet] = []

    def answerer(self) -> DnsAnswerer:
        """Return one as a process that starts now has it."""
        return DnsAnswerer(self, self.look, self.noted, patience_s=30.0, wait=self.wait)

    def look(self, question: Question) -> Evidence:
        """Return what every name server has."""
        return collect(self.world, ServedRecords((question,)).wanted)

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Alter the zone; servers that lag keep what they have."""
        if self.refusing:
            raise KeeperError("the API: no")
        self.altered.append(altered)
        held = {address: At(zone=self.world.zone) for address in self.lagging}
        lines = [f"{altered.name} TXT {_text(one)}" for one in altered.after] or [f"{altered.name} TXT"]
        self.world = self.world.zone_with(*lines).but(name_servers=held)
        return f"altered {zone}"

    def wait(self, seconds: float) -> None:
        """Let time go by; who lags follows after ten seconds."""
        self.waited_s += seconds
        if self.waited_s > 10:
            self.world = self.world.but(name_servers={})

    def texts(self) -> list[str]:
        """Return what stands at the name."""
        lines = (line.split(maxsplit=2) for line in self.world.zone.splitlines() if line.strip())
        return sorted(data for owner, kind, data in lines if (owner, kind) == (OWNER, "TXT"))


def _text(record: object) -> str:
    return record.text if isinstance(record, TxtValue) else record_data(record)  # type: ignore[arg-type]  # a record


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return Zone(tmp_path)


def test_a_record_stands_beside_what_is_there_and_goes_alone(zone: Zone) -> None:
    zone.world = zone.world.zone_with(f"{OWNER} TXT of-somebody-else")
    answerer = zone.answerer()
    answerer.show(PROOF)
    assert (zone.texts(), answerer.kind) == (sorted((PROOF.text, "of-somebody-else")), ChallengeKind.DNS)
    answerer.hide(PROOF)
    assert zone.texts() == ["of-somebody-else"]


def test_a_name_server_that_lags_is_waited_for(zone: Zone) -> None:
    zone.lagging = SERVERS[1:]
    zone.answerer().show(PROOF)
    assert zone.waited_s > 10


def test_what_a_lagging_server_still_shows_is_not_taken_for_what_stands_there(zone: Zone) -> None:
    zone.answerer().show(PROOF)
    zone.lagging = SERVERS[1:]
    answerer = zone.answerer()
    answerer.clean()
    answerer.show(NEXT)
    assert [sorted(map(_text, one.before)) for one in zone.altered] == [[], [PROOF.text], []]
    assert zone.texts() == [NEXT.text]


def test_nothing_is_altered_while_name_servers_differ_for_too_long(zone: Zone) -> None:
    zone.answerer().show(PROOF)
    zone.lagging = SERVERS[1:]
    zone.waited_s = -100.0
    zone.answerer().clean()
    with pytest.raises(KeeperError, match=r"differ: .* 198\.51\.100\.53"):
        zone.answerer().show(NEXT)
    assert zone.texts() == []


def test_a_name_server_that_lags_for_too_long_is_named(zone: Zone) -> None:
    zone.lagging = SERVERS[1:]
    zone.waited_s = -100.0
    with pytest.raises(KeeperError, match=r"198\.51\.100\.53"):
        zone.answerer().show(PROOF)


def test_what_a_killed_process_left_is_withdrawn_by_the_next(zone: Zone) -> None:
    zone.answerer().show(PROOF)
    later = zone.answerer()
    later.clean()
    assert zone.texts() == []
    later.clean()


def test_what_could_not_be_withdrawn_stays_noted(zone: Zone) -> None:
    answerer = zone.answerer()
    answerer.show(PROOF)
    zone.refusing = True
    answerer.hide(PROOF)
    assert zone.texts() == [PROOF.text]
    zone.refusing = False
    zone.answerer().clean()
    assert zone.texts() == []


def test_where_a_name_server_does_not_tell_nothing_is_altered(zone: Zone) -> None:
    zone.world = zone.world.but(name_servers={SERVERS[0]: At(rcode="SERVFAIL")})
    with pytest.raises(KeeperError):
        zone.answerer().show(PROOF)
    assert zone.texts() == []


class _Deadly(Zone):
    """A zone whose keeper kills the process right behind what it alters, where `is_deadly`."""

    is_deadly = False

    def put(self, zone: str, altered: AlteredSet) -> str:
        done = super().put(zone, altered)
        if self.is_deadly:
            self.is_deadly = False
            raise Killed
        return done


def test_a_record_that_was_published_right_before_the_kill_is_withdrawn_by_the_next(tmp_path: Path) -> None:
    zone = _Deadly(tmp_path)
    zone.is_deadly = True
    with pytest.raises(Killed):
        zone.answerer().show(PROOF)
    assert zone.texts() == [PROOF.text]
    zone.answerer().clean()
    assert zone.texts() == []


def test_a_kill_right_behind_a_withdrawal_leaves_nothing_and_the_next_alters_nothing(tmp_path: Path) -> None:
    zone = _Deadly(tmp_path)
    zone.answerer().show(PROOF)
    zone.is_deadly = True
    with pytest.raises(Killed):
        zone.answerer().hide(PROOF)
    altered = len(zone.altered)
    zone.answerer().clean()
    assert (zone.texts(), len(zone.altered)) == ([], altered)


def test_of_two_proofs_of_a_name_one_is_hidden_and_the_other_stays_shown_and_noted(zone: Zone) -> None:
    """A name and its wildcard are proved at the same name (RFC 8555 section 8.4)."""
    answerer = zone.answerer()
    answerer.show(PROOF)
    answerer.show(NEXT)
    assert zone.texts() == sorted((PROOF.text, NEXT.text))
    answerer.hide(PROOF)
    assert zone.texts() == [NEXT.text]
    zone.answerer().clean()
    assert zone.texts() == []


def test_a_leftover_that_cannot_be_withdrawn_is_told_and_stays_noted_with_those_behind_it(zone: Zone) -> None:
    for proof in (PROOF, NEXT):
        zone.answerer().show(proof)
    zone.refusing = True
    with pytest.raises(KeeperError, match="the API: no"):
        zone.answerer().clean()
    zone.refusing = False
    zone.answerer().clean()
    assert zone.texts() == []
