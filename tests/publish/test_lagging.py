"""Who does not show a step yet: every server of the zone over UDP and TCP, and every address of the policy host, has a say."""

import pytest

from mxproof.evidence import Evidence, Kind, Outcome
from mxproof.mail.change import TxtValue
from mxproof.publish.step import LaggingPlace, PublicationStep, StepName, held, lagging, unseen
from mxproof.survey import published
from support_certificates import Defect
from support_name_servers import At
from support_world import Https, ZoneWorld, collect
from support_worlds import NAMED, NS1, NS2

OLD = NAMED.zone_with("_mta-sts.example.com TXT v=STSv1; id=old;", "_smtp._tls.example.com TXT").zone
NAME = "_mta-sts.example.com"
POLICY_HOST = "mta-sts.example.com"
POLICY = NAMED.policy.decode()
FIRST = "192.0.2.80"
SECOND = "192.0.2.81"
TWO_HOSTS = NAMED.zone_with(f"{POLICY_HOST} A {FIRST}", f"{POLICY_HOST} A {SECOND}")
SERVED = PublicationStep(StepName.POLICY, POLICY_HOST, Kind.POLICY, None, POLICY)
NOT_SERVED = PublicationStep(StepName.POLICY, POLICY_HOST, Kind.POLICY, None, "")


def look(world: ZoneWorld) -> Evidence:
    return collect(world, published.wanted)


def set_to(text: str) -> PublicationStep:
    return PublicationStep(StepName.ID, NAME, Kind.TXT, TxtValue.of(text.encode()))


def current() -> PublicationStep:
    """Return the step that leads to the record that is there."""
    (record,) = held(set_to("any"), look(NAMED)) or ()
    return PublicationStep(StepName.ID, NAME, Kind.TXT, record)


def places(found: tuple[LaggingPlace, ...]) -> set[tuple[str, str]]:
    return {(one.address, one.transport) for one in found}


def test_a_record_that_every_server_shows_over_both_transports_is_seen() -> None:
    assert lagging(current(), look(NAMED)) == ()
    everywhere = {(address, transport) for address in (*NS1, *NS2) for transport in ("udp", "tcp")}
    assert places(lagging(set_to("v=STSv1; id=new;"), look(NAMED))) == everywhere


@pytest.mark.parametrize(
    ("server", "transports", "shows"),
    [
        (At(zone=OLD), {"udp", "tcp"}, {'"v=STSv1; id=old;"'}),
        (At(udp=Outcome.TIMEOUT), {"udp"}, {"timeout"}),
        (At(tcp=Outcome.REFUSED), {"tcp"}, {"refused"}),
        (At(rcode="SERVFAIL"), {"udp", "tcp"}, {"servfail"}),
        (At(authoritative=False), {"udp", "tcp"}, {"an answer that is not authoritative"}),
    ],
)
def test_one_server_of_two_that_does_not_show_it_holds_the_step_up(
    server: At, transports: set[str], shows: set[str]
) -> None:
    found = lagging(current(), look(NAMED.at_servers(NS2, server)))
    assert places(found) == {(address, transport) for address in NS2 for transport in transports}
    assert {one.place for one in found} == {"ns2.example.com"}
    assert {one.shows for one in found} == shows


@pytest.mark.parametrize("server", [At(udp=Outcome.TIMEOUT), At(authoritative=False)])
def test_a_server_that_does_not_tell_is_unseen_and_one_that_shows_an_old_record_is_not(server: At) -> None:
    assert {one.address for one in unseen(look(NAMED.at_servers(NS2, server)))} == set(NS2)
    assert unseen(look(NAMED.at_servers(NS2, At(zone=OLD)))) == ()
    assert unseen(look(NAMED.at_servers(NS2, At(zone=NAMED.zone_with(f"{NAME} TXT").zone)))) == ()


def test_without_a_zone_nobody_could_be_asked_and_that_is_told_once() -> None:
    (found,) = lagging(current(), look(NAMED.zone_with("example.com NS !servfail")))
    assert (found.place, found.address, found.transport) == (NAME, "", "")
    assert "could not be found out" in found.shows


def test_a_server_without_an_address_is_told_beside_those_that_show_the_record() -> None:
    (found,) = lagging(current(), look(NAMED.zone_with("ns2.example.com A", "ns2.example.com AAAA")))
    assert (found.place, found.shows) == ("ns2.example.com", "no address of it could be asked")


def test_what_is_held_is_what_the_first_server_that_answers_has() -> None:
    step = set_to("any")
    old = (TxtValue.of(b"v=STSv1; id=old;"),)
    assert held(step, look(NAMED.at_servers(NS1, At(zone=OLD)))) == old
    silent = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)
    assert held(step, look(NAMED.at_servers(NS1, silent).at_servers(NS2, At(zone=OLD)))) == old
    assert held(step, look(NAMED.at_servers(NS1, At(udp=Outcome.TIMEOUT, zone=OLD)))) == old
    assert held(step, look(NAMED.at_servers((*NS1, *NS2), silent))) is None
    assert held(step, look(NAMED.zone_with(f"{NAME} TXT"))) == ()


@pytest.mark.parametrize(
    ("second", "shows"),
    [
        (Https(), None),
        (Https(body=POLICY.replace("\n", "\r\n").encode()), None),
        (Https(media_type="text/html"), "media type text/html"),
        (Https(media_type=""), "media type none"),
        (Https(status=404), "status"),
        (Https(outcome=Outcome.REFUSED), "unconnected"),
        (Https(defect=Defect.EXPIRED), "certificate (expired)"),
        (Https(body=POLICY.replace("mode: enforce", "mode: testing").encode()), "another policy"),
        (Https(body=b"no policy"), "another policy"),
        (Https(body=POLICY.replace("\n", "\n\n", 1).encode()), "another policy"),
    ],
)
def test_every_address_of_the_policy_host_has_to_serve_this_policy_as_senders_take_it(
    second: Https, shows: str | None
) -> None:
    found = lagging(SERVED, look(TWO_HOSTS.but(https={SECOND: second})))
    want = () if shows is None else (LaggingPlace(POLICY_HOST, SECOND, "https", shows),)
    assert found == want


@pytest.mark.parametrize(
    ("second", "is_served"),
    [
        (Https(), True),
        (Https(status=404), False),
        (Https(media_type="text/html"), False),
        (Https(body=b"no policy"), False),
        (Https(body=POLICY.replace("\n", "\n\n", 1).encode()), True),
        (Https(body=POLICY.encode() + b"mode: none\n"), True),
    ],
)
def test_a_policy_that_is_taken_away_is_gone_once_no_address_has_one_that_senders_take(
    second: Https, *, is_served: bool
) -> None:
    world = TWO_HOSTS.but(https={FIRST: Https(status=404), SECOND: second})
    assert [one.address for one in lagging(NOT_SERVED, look(world))] == [SECOND] * is_served


def test_a_policy_host_without_an_address_is_told_what_it_lacks() -> None:
    (found,) = lagging(SERVED, look(NAMED.zone_with(f"{POLICY_HOST} A", f"{POLICY_HOST} AAAA")))
    assert (found.address, found.transport) == ("", "https")
    assert "no address" in found.shows
    assert lagging(NOT_SERVED, look(NAMED.zone_with(f"{POLICY_HOST} A", f"{POLICY_HOST} AAAA"))) == ()
