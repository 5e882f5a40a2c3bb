"""What every name server and every address of the policy host shows of a domain, beside what was published of it."""

from copy import copy
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, UNKNOWN
from mxproof.cli.publication_words import status_of_published
from mxproof.evidence import Evidence
from mxproof.publish.result import PublicationEnd
from mxproof.publish.showing import shown_domain
from mxproof.publish.step import StepName
from mxproof.publish.told import PublishedDomain, ShownPlace
from mxproof.publish.wanted import WantedOf, WantedPolicy
from support_publication import DOMAIN, HOST_ADDRESS, SERVERS, PublishedWorld, bare, policy, set_up
from support_world import Https

NO_MORE = WantedOf()
TESTING = WantedPolicy(policy())


@pytest.fixture(scope="module")
def once_published(tmp_path_factory: pytest.TempPathFactory) -> PublishedWorld:
    made = bare(tmp_path_factory.mktemp("published"))
    assert made.publisher().apply(DOMAIN, TESTING, NO_MORE).end is PublicationEnd.DONE
    return made


@pytest.fixture
def world(once_published: PublishedWorld) -> PublishedWorld:
    """Return the world in which a policy was published, for a test to alter what is shown and nothing else."""
    return copy(once_published)


def shown(world: PublishedWorld) -> PublishedDomain:
    return shown_domain(world.look(DOMAIN), world.journal().history(DOMAIN, 5))


def of_step(told: PublishedDomain, step: StepName) -> list[ShownPlace]:
    return [one for one in told.shown if one.step is step]


def test_what_everybody_shows_is_told_beside_what_was_published(tmp_path: Path) -> None:
    world = bare(tmp_path)
    done = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    shown = shown_domain(world.look(DOMAIN), world.journal().history(DOMAIN, 5))
    assert done.state is not None
    assert (shown.id, shown.open_steps) == (done.state.id, ())
    assert {one.as_published for one in shown.shown if one.step in {StepName.ID, StepName.POLICY}} == {True}
    world.lagging = SERVERS[1:]
    world.publisher().apply(DOMAIN, WantedPolicy(max_age_s=3600), NO_MORE)
    shown = shown_domain(world.look(DOMAIN), world.journal().history(DOMAIN, 5))
    assert shown.open_steps == (StepName.ID,)
    other = [one for one in shown.shown if one.as_published is False]
    assert {(one.step, one.address) for one in other} == {
        (StepName.ID, SERVERS[0]),
        (StepName.POLICY, "192.0.2.80"),
    }


def test_what_nobody_can_be_asked_for_is_not_taken_for_shown(world: PublishedWorld) -> None:
    shown = shown_domain(Evidence(DOMAIN), world.journal().history(DOMAIN, 5))
    assert {one.step for one in shown.shown} == {StepName.POLICY, StepName.ID}
    assert {(one.as_published, one.told) for one in shown.shown} == {(False, False)}
    assert status_of_published(shown) == UNKNOWN
    assert status_of_published(shown_domain(world.look(DOMAIN), world.journal().history(DOMAIN, 5))) == DONE


def test_of_a_domain_that_nothing_was_published_of_it_is_told_what_stands(tmp_path: Path) -> None:
    told = shown(set_up(tmp_path))
    assert (told.id, told.policy, told.published_at, told.open_since, told.open_steps) == (
        "",
        "",
        None,
        None,
        (),
    )
    assert {one.as_published for one in told.shown} == {None}
    assert all(one.told for one in told.shown)
    (served,) = of_step(told, StepName.POLICY)
    assert (served.place, served.address, served.transport) == ("mta-sts.example.com", HOST_ADDRESS, "https")
    assert served.shows == "mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com"
    assert served.certificate_ends is not None


def test_each_server_is_told_over_each_transport(world: PublishedWorld) -> None:
    whole = shown(world)
    told = of_step(whole, StepName.ID)
    assert [(one.address, one.transport) for one in told] == [
        (server, transport) for server in SERVERS for transport in ("udp", "tcp")
    ]
    assert {(one.shows, one.as_published, one.told) for one in told} == {
        (f'"v=STSv1; id={whole.id};"', True, True)
    }


def test_when_it_was_published_and_since_when_something_is_open_is_told(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    (first,) = world.journal().history(DOMAIN, 5)
    whole = shown(world)
    assert (whole.published_at, whole.open_since, whole.forced) == (first.ended_at, None, ())
    world.lagging = SERVERS[1:]
    waiting = world.publisher().apply(DOMAIN, WantedPolicy(max_age_s=3600), NO_MORE)
    assert waiting.end is PublicationEnd.WAITING
    second, _ = world.journal().history(DOMAIN, 5)
    told = shown(world)
    assert (told.published_at, told.open_since, told.policy) == (
        first.ended_at,
        second.begun_at,
        whole.policy,
    )


def test_a_policy_host_that_serves_nothing_readable_is_told_with_what_it_serves(
    world: PublishedWorld,
) -> None:
    shows = {}
    for name, answer in (
        ("unreadable", Https(body=b"version: STSv2\n")),
        ("gone", Https(status=404)),
        ("none", Https(body=b"version: STSv1\nmode: none\nmax_age: 60\n")),
    ):
        world.world = world.world.but(https={HOST_ADDRESS: answer})
        (served,) = of_step(shown(world), StepName.POLICY)
        assert served.as_published is False
        shows[name] = served.shows
    assert shows == {
        "unreadable": "no policy that senders can read",
        "gone": "status",
        "none": "mode none, max_age 60, mx none",
    }
