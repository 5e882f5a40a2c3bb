"""What the connections of the policy host share: who is shown which certificate, who makes room, and how all end."""

import asyncio
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import msgspec
import pytest

from mxproof.serve.publish import hosting as hosting_module
from mxproof.serve.publish.certificates import HostCertificate
from mxproof.serve.publish.hosting import Hosted, hosted
from mxproof.serve.publish.metrics import Dropped
from mxproof.serve.publish.policies import HostedPolicies
from support_clock import at, run
from support_policy_wire import HOST, LIMITS, Session, made_hosting, server_certificate
from support_publish import DOMAIN, OTHER

OTHER_HOST = f"mta-sts.{OTHER}"
ONE, ANOTHER = server_certificate(), server_certificate(OTHER)


def test_a_host_is_shown_its_own_certificate_and_one_that_is_not_here_that_of_the_default() -> None:
    shown = Hosted({}, {HOST: ONE, OTHER_HOST: ANOTHER}, OTHER_HOST)
    assert [shown.certificate(host) for host in (HOST, OTHER_HOST, "mta-sts.example.org", "")] == [
        ONE,
        ANOTHER,
        ANOTHER,
        ANOTHER,
    ]
    alone = Hosted({}, {HOST: ONE})
    assert (alone.certificate(HOST), alone.certificate(OTHER_HOST)) == (ONE, None)


def test_what_is_served_is_by_the_hosts_of_policies_and_without_those_that_have_no_certificate() -> None:
    policies = HostedPolicies({DOMAIN: b"one", OTHER: b"other"})
    certificates = {DOMAIN: HostCertificate(ONE), OTHER: HostCertificate(None, fault="no file")}
    assert hosted(policies, certificates, OTHER) == Hosted(
        {HOST: b"one", OTHER_HOST: b"other"}, {HOST: ONE}, OTHER_HOST
    )


@pytest.mark.parametrize(("in_all", "files"), [(2, 9), (9, 2)], ids=["by the configuration", "by the files"])
def test_where_it_is_full_who_has_waited_longest_is_dropped(in_all: int, files: int) -> None:
    hosting = made_hosting()
    hosting.set_limits(msgspec.structs.replace(LIMITS, connections=in_all), files)

    async def enter() -> list[list[str]]:
        guests = [Session(hosting, peer=(f"192.0.2.{number}", 25)) for number in range(3)]
        assert hosting.counts.connections == 3  # the one dropped has not left yet
        return [one.wire.done for one in guests]

    assert run(enter(), patience_s=0) == [["aborted"], [], []]
    assert +hosting.counts.dropped == {Dropped.FULL: 1}


def test_of_one_network_so_many_may_be_connected_and_no_more() -> None:
    hosting = made_hosting()
    hosting.set_limits(msgspec.structs.replace(LIMITS, connections_per_address=1), 9)

    async def enter() -> list[list[str]]:
        guests = [Session(hosting, peer=(address, 25)) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2")]
        return [one.wire.done for one in guests]

    assert run(enter(), patience_s=0) == [[], ["aborted"], []]


def test_who_was_served_lately_stays_where_somebody_has_to_make_room() -> None:
    hosting = made_hosting(msgspec.structs.replace(LIMITS, connections=2))

    async def enter() -> list[list[str]]:
        guests = [Session(hosting, peer=(f"192.0.2.{number}", 25)) for number in range(2)]
        guests[0].shake_hands()
        guests[0].ask()
        guests.append(Session(hosting, peer=("192.0.2.9", 25)))
        return [one.wire.done for one in guests]

    assert run(enter(), patience_s=0) == [[], ["aborted"], []]


def test_the_end_is_waited_for_until_the_last_has_left_and_no_longer() -> None:
    async def finish() -> tuple[bool, bool, list[list[str]]]:
        hosting = made_hosting()
        guests = [Session(hosting) for _ in range(2)]
        finishing = asyncio.create_task(hosting.finish(5.0))
        guests[0].connection.connection_lost(None)
        await at(1)
        early = finishing.done()
        guests[1].connection.connection_lost(None)
        await at(2)
        return early, finishing.done(), [one.wire.done for one in guests]

    assert run(finish(), patience_s=0) == (False, True, [[], []])


def test_with_nobody_there_nothing_is_waited_for() -> None:
    async def finish() -> float:
        await made_hosting().finish(5.0)
        return asyncio.get_running_loop().time()

    async def now() -> float:
        return asyncio.get_running_loop().time()

    assert run(finish(), patience_s=0) == run(now(), patience_s=0)


def test_who_has_not_ended_in_time_is_dropped() -> None:
    async def finish() -> tuple[list[str], dict[str, int]]:
        session = Session()
        session.shake_hands()
        session.carried(session.client.say(b"GET"))
        finishing = asyncio.create_task(session.hosting.finish(5.0))
        await at(4.9)
        assert session.wire.done == []
        await at(5.1)
        await finishing
        return session.wire.done, +session.hosting.counts.dropped

    assert run(finish(), patience_s=0) == (["aborted"], {Dropped.SLOW: 1})


def test_the_date_is_that_of_http_and_made_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9110 section 5.6.7."""
    hosting = made_hosting()
    said = []
    for now_s in (1_795_000_000.2, 1_795_000_000.9, 1_795_000_001.0):
        monkeypatch.setattr(hosting_module, "time", SimpleNamespace(time=lambda now_s=now_s: now_s))
        said.append(hosting.date())
    assert said[0] is said[1]
    assert said[0] == "Wed, 18 Nov 2026 11:06:40 GMT"
    assert [parsedate_to_datetime(one).timestamp() for one in said] == [
        1_795_000_000,
        1_795_000_000,
        1_795_000_001,
    ]


def test_who_has_left_makes_room_and_is_counted_no_longer_and_leaves_but_once() -> None:
    hosting = made_hosting(msgspec.structs.replace(LIMITS, connections=2))

    async def enter() -> tuple[list[int], list[list[str]]]:
        guests = [Session(hosting, peer=(f"192.0.2.{number}", 25)) for number in range(2)]
        counts = [hosting.counts.connections]
        for _ in range(2):
            hosting.leave(guests[0].connection)
            counts.append(hosting.counts.connections)
        guests.append(Session(hosting, peer=("192.0.2.9", 25)))
        return [*counts, hosting.counts.connections], [one.wire.done for one in guests]

    assert run(enter(), patience_s=0) == ([2, 1, 1, 2], [[], [], []])
    assert +hosting.counts.dropped == {}


def test_another_certificate_is_shown_from_the_moment_on_at_which_all_is_swapped() -> None:
    hosting = made_hosting()
    for shown in (Hosted({}, {HOST: ONE}), Hosted({}, {HOST: ANOTHER}), Hosted({}, {})):
        hosting.hosted = shown
        assert hosting._certificate(HOST) is shown.certificate(HOST)
