"""CAA, SPF, DMARC and DKIM records published: which come where, whether they may, and when they are there."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Outcome
from mxproof.publish.mail_records import WantedRecords
from mxproof.publish.result import PublicationEnd
from support_mail_records import CAA, HOSTS, OTHER, TEXTS, RecordWorld
from support_name_servers import At
from support_publication import SERVERS


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


def test_what_comes_is_planned_and_told_as_lines_of_a_zone(world: RecordWorld) -> None:
    planned = world.publish(TEXTS, dry=True)
    assert (planned.end, planned.lag, planned.said) == (PublicationEnd.PLANNED, (), "")
    assert [one.goes for one in planned.sets] == [(), ()]
    assert [line for one in planned.sets for line in one.comes] == [
        'example.com. TXT "v=spf1 mx -all"',
        '_dmarc.example.com. TXT "v=DMARC1; p=reject"',
    ]
    assert (world.puts, world.told) == (0, [])


def test_each_set_that_was_altered_is_told(world: RecordWorld) -> None:
    world.publish(TEXTS)
    assert world.told == [
        "example.com: TXT example.com: altered example.com",
        "example.com: TXT _dmarc.example.com: altered example.com",
    ]


def test_what_is_refused_is_so_in_a_dry_run_too_and_forced_it_is_planned(world: RecordWorld) -> None:
    forbidding = WantedRecords((OTHER,))
    assert world.publish(forbidding, dry=True).end is PublicationEnd.REFUSED
    assert world.publish(forbidding, "it is known", dry=True).end is PublicationEnd.PLANNED
    assert world.puts == 0


def test_an_authority_that_is_forbidden_keeps_no_texts_back(world: RecordWorld) -> None:
    assert world.publish(CAA).end is PublicationEnd.DONE
    both = msgspec.structs.replace(TEXTS, caa=CAA.caa)
    told = world.publish(both, directory="https://acme.other.example/directory")
    assert told.end is PublicationEnd.DONE
    assert "_dmarc.example.com TXT v=DMARC1; p=reject" in world.lines("TXT")


def test_nothing_is_altered_while_a_name_server_does_not_tell_what_it_has(world: RecordWorld) -> None:
    world.world = world.world.but(name_servers={SERVERS[1]: At(udp=Outcome.TIMEOUT)})
    told = world.publish(TEXTS)
    assert (told.end, told.sets, world.puts) == (PublicationEnd.UNSEEN, (), 0)
    assert {(one.address, one.transport) for one in told.lag} == {(SERVERS[1], "udp")}
