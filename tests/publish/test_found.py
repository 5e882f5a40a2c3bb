"""What is published of a domain as it is found: taken over where everybody shows the same and senders can read it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mxproof.formats.mtasts import print_policy
from mxproof.publish.found import announced, found_state, is_only_policy
from mxproof.publish.state import PublishedState
from support_name_servers import At
from support_publication import DOMAIN, SERVERS, PublishedWorld, bare, policy, set_up
from support_world import Https

REPORTS = "v=TLSRPTv1; rua=mailto:tls@example.com"


def found(world: PublishedWorld) -> PublishedState | str:
    return found_state(world.look(DOMAIN))


def with_lines(world: PublishedWorld, *lines: str) -> PublishedWorld:
    world.world = world.world.zone_with(*lines)
    return world


def test_what_everybody_shows_is_taken_over_with_its_id_and_where_reports_go(tmp_path: Path) -> None:
    world = with_lines(set_up(tmp_path), f"_smtp._tls.{DOMAIN} TXT {REPORTS}")
    state = found(world)
    assert not isinstance(state, str)
    assert state.policy == world.served()
    assert (state.reports, state.host) == (REPORTS, "")
    assert f"id={state.id};" in world.id()


@pytest.mark.parametrize(
    "text", ["v=spf1 -all", "something else", "", "v=TLSRPTv2; rua=mailto:tls@example.com"]
)
def test_a_text_beside_it_that_is_no_record_of_tlsrpt_is_none_of_ours(tmp_path: Path, text: str) -> None:
    lines = [f"_smtp._tls.{DOMAIN} TXT {text}"] if text else [f"_smtp._tls.{DOMAIN} TXT"]
    state = found(with_lines(set_up(tmp_path), *lines))
    assert not isinstance(state, str)
    assert state.reports == ""


def lagging(world: PublishedWorld) -> None:
    old = At(zone=world.world.zone)
    with_lines(world, f"_mta-sts.{DOMAIN} TXT v=STSv1; id=other;")
    world.world = world.world.but(name_servers={SERVERS[1]: old})


def without_a_record(world: PublishedWorld) -> None:
    with_lines(world, f"_mta-sts.{DOMAIN} TXT")


def with_a_wrong_record(world: PublishedWorld) -> None:
    with_lines(world, f"_mta-sts.{DOMAIN} TXT v=STSv1; id=not-an-id!;")


def without_a_policy(world: PublishedWorld) -> None:
    (world.folder / "policies" / f"{DOMAIN}.txt").unlink()


def with_a_text_that_is_none(world: PublishedWorld) -> None:
    (world.folder / "policies" / f"{DOMAIN}.txt").write_bytes(b"version: STSv1\r\nmode: on\r\n")


def without_a_policy_host(world: PublishedWorld) -> None:
    with_lines(world, f"mta-sts.{DOMAIN} A", f"mta-sts.{DOMAIN} AAAA", f"mta-sts.{DOMAIN} CNAME")


def with_two_policies(world: PublishedWorld) -> None:
    with_lines(world, f"mta-sts.{DOMAIN} A 192.0.2.80", f"mta-sts.{DOMAIN} A 192.0.2.81")
    other = Https(body=print_policy(policy("enforce")))
    world.world = world.world.but(https={"192.0.2.81": other})


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lagging, "the name servers show 2 records"),
        (without_a_record, "not every name server shows a record"),
        (with_a_wrong_record, "_mta-sts.example.com: "),
        (without_a_policy, "mta-sts.example.com at 192.0.2.80: "),
        (with_a_text_that_is_none, "mta-sts.example.com"),
        (with_two_policies, "mta-sts.example.com: its addresses serve different policies"),
        (without_a_policy_host, "mta-sts.example.com: it has no address"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_is_not_shown_alike_by_all_cannot_be_taken_over(
    tmp_path: Path, alter: Callable[[PublishedWorld], None], words: str
) -> None:
    world = set_up(tmp_path)
    assert not isinstance(found(world), str)
    alter(world)
    said = found(world)
    assert isinstance(said, str)
    assert words in said


def test_a_policy_is_announced_where_any_server_has_a_record(tmp_path: Path) -> None:
    world = bare(tmp_path)
    assert not announced(world.look(DOMAIN))
    old = At(zone=world.world.zone)
    with_lines(world, f"_mta-sts.{DOMAIN} TXT v=STSv1; id=1;")
    world.world = world.world.but(name_servers={SERVERS[1]: old})
    assert announced(world.look(DOMAIN))


def test_a_policy_is_the_only_one_where_no_address_serves_another(tmp_path: Path) -> None:
    world = set_up(tmp_path)
    look = world.look(DOMAIN)
    assert is_only_policy(world.served(), look)
    assert not is_only_policy(print_policy(policy("enforce")).decode(), look)
    without_a_policy(world)
    assert is_only_policy(print_policy(policy("enforce")).decode(), world.look(DOMAIN)), "none serves any"
