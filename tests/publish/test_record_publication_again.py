"""CAA, SPF, DMARC and DKIM records published again: what an error between two sets leaves, and what the next call does."""

from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Outcome
from mxproof.publish.keeper import KeeperError
from mxproof.publish.mail_records import CaaPermission, WantedRecords
from mxproof.publish.result import PublicationEnd
from support_mail_records import CAA, HOSTS, OTHER, TEXTS, RecordWorld
from support_name_servers import At
from support_publication import SERVERS

KEYED = msgspec.structs.replace(TEXTS, dkim=(("mail", "v=DKIM1; p=QQ=="),))


class _Failing(RecordWorld):
    """A world whose keeper does so many sets and then says no."""

    left = 1

    def put(self, zone: str, altered: object) -> str:
        if self.left <= 0:
            raise KeeperError("the API: no")
        self.left -= 1
        return super().put(zone, altered)


@pytest.fixture
def world(tmp_path: Path) -> _Failing:
    return _Failing(tmp_path)


def test_after_an_error_between_two_sets_the_rest_is_not_tried_and_the_next_call_does_what_is_left(
    world: _Failing,
) -> None:
    failed = world.publish(KEYED)
    assert (failed.end, failed.said, failed.lag) == (PublicationEnd.FAILED, "the API: no", ())
    assert [len(one.comes) for one in failed.sets] == [1, 1, 1]
    assert (world.puts, world.paused) == (1, 0)
    world.left = 9
    again = world.publish(KEYED)
    assert (again.end, world.puts) == (PublicationEnd.DONE, 3)
    assert [line for one in again.sets for line in one.comes] == [
        '_dmarc.example.com. TXT "v=DMARC1; p=reject"',
        'mail._domainkey.example.com. TXT "v=DKIM1; p=QQ=="',
    ]
    assert world.publish(KEYED).end is PublicationEnd.NOTHING


def test_a_key_under_a_selector_that_has_one_stays_and_another_selector_gets_its_own(world: _Failing) -> None:
    world.left = 9
    assert world.publish(KEYED).end is PublicationEnd.DONE
    rotated = msgspec.structs.replace(KEYED, dkim=(("mail", "v=DKIM1; p=QUI="), ("new", "v=DKIM1; p=QUI=")))
    told = world.publish(rotated)
    assert [line for one in told.sets for line in one.comes] == [
        'new._domainkey.example.com. TXT "v=DKIM1; p=QUI="'
    ]
    assert "mail._domainkey.example.com TXT v=DKIM1; p=QQ==" in world.lines("TXT")


def test_what_was_judged_is_told_with_what_is_done_and_with_what_is_not(world: _Failing) -> None:
    world.left = 9
    refused = world.publish(WantedRecords((OTHER,)))
    assert [one.host for one in refused.caa] == [*HOSTS]
    assert refused.caa[1].permission is CaaPermission.REFUSED
    assert [line for one in refused.sets for line in one.comes] == [
        f'{host}. CAA 0 issue "pki.goog"' for host in HOSTS
    ]
    forced = world.publish(WantedRecords((OTHER,)), "it is known")
    assert (forced.caa, forced.sets) == (refused.caa, refused.sets)
    standing = world.publish(WantedRecords((OTHER,)))
    assert (standing.end, standing.caa, standing.sets) == (PublicationEnd.NOTHING, refused.caa, ())
    assert world.publish(TEXTS).caa == ()


def test_it_is_looked_again_until_all_servers_show_every_set_and_no_longer(tmp_path: Path) -> None:
    world = RecordWorld(tmp_path)
    world.lagging = SERVERS[1:]
    pause = world.pause

    def caught_up(seconds: float) -> None:
        pause(seconds)
        if world.paused == 2:
            world.catch_up()

    world.pause = caught_up  # type: ignore[method-assign]  # servers follow meanwhile
    told = world.publish(TEXTS)
    assert (told.end, told.lag, world.paused) == (PublicationEnd.DONE, (), 2)


def test_a_set_that_one_server_has_and_another_lacks_is_published_to_both(world: _Failing) -> None:
    world.left = 9
    assert world.publish(CAA).end is PublicationEnd.DONE
    world.world = world.world.but(
        name_servers={
            SERVERS[1]: At(zone=world.world.zone_with('mx1.example.com CAA 0 issue "pki.goog"').zone)
        }
    )
    told = world.publish(CAA, dry=True)
    assert [one.goes for one in told.sets] == [('mx1.example.com. CAA 0 issue "pki.goog"',)]


def test_a_server_that_tells_nothing_is_told_of_before_anything_is_judged(world: _Failing) -> None:
    world.world = world.world.but(name_servers={SERVERS[0]: At(tcp=Outcome.TIMEOUT)})
    told = world.publish(WantedRecords((OTHER,)), "it is known")
    assert (told.end, told.caa, told.sets) == (PublicationEnd.UNSEEN, (), ())
    assert {(one.address, one.transport) for one in told.lag} == {(SERVERS[0], "tcp")}
    assert len(told.lag) == len(HOSTS)
