"""The domains of customers gone through: each as far as it gets now, policies read once, and certificates ordered once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mxproof.publish.customer import (
    CertificateWanted,
)
from mxproof.publish.customers import CustomerEnd, CustomerResult, Customers
from mxproof.publish.state import PublishedState, decoded
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from support_customers import ALIASES, RECORD, TEMPLATE, customer, mx_of
from support_long import EXHAUSTIVE
from support_publication import DOMAIN, HOST_ADDRESS, SERVERS, PublishedWorld
from support_world import Https


def gone_through(
    world: PublishedWorld,
    certificates: list[str] | None = None,
    *,
    dry: bool = False,
    read_again: Callable[[], None] = lambda: None,
) -> CustomerResult:
    """Go through one domain; hosts for which certificates are ordered come into `certificates`."""
    asked: list[str] = [] if certificates is None else certificates

    def obtain(hosts: Sequence[str]) -> dict[str, ToldCertificate]:
        asked.extend(hosts)
        return {one: ToldCertificate(1, one, CertificateEnd.ISSUED, None, None, None, "") for one in hosts}

    def published(domain: str) -> PublishedState | None:
        last = world.journal().published(domain)
        return decoded(last[0].after) if last else None

    made = Customers(
        world.publisher(),
        TEMPLATE,
        published=published,
        receiving=lambda domain: mx_of(world),
        read_again=read_again,
        pause=world.pause,
        patience_s=10.0,
        obtain=obtain,
    )
    (result,) = made.go_through([DOMAIN, DOMAIN], dry=dry)
    return result


def test_the_record_is_altered_at_the_name_in_our_zone_under_an_id_of_its_own(tmp_path: Path) -> None:
    world = customer(tmp_path)
    result = gone_through(world)
    assert result.end is CustomerEnd.PUBLISHED
    assert result.publication is not None
    assert result.publication.state is not None
    assert f"{RECORD} TXT v=STSv1; id={result.publication.state.id};" in world.world.zone
    assert "mode: testing" in world.served()
    again = gone_through(world)
    assert (again.end, again.publication and again.publication.state) == (
        CustomerEnd.PUBLISHED,
        result.publication.state,
    )


def test_without_its_aliases_nothing_is_done(tmp_path: Path) -> None:
    world = customer(tmp_path, "mta-sts.example.com A 192.0.2.80")
    result = gone_through(world)
    assert (result.end, len(result.aliases)) == (CustomerEnd.ALIASES, 2)
    assert (world.served(), world.journal().history(DOMAIN, 5)) == ("", ())


def test_a_dry_run_publishes_nothing(tmp_path: Path) -> None:
    world = customer(tmp_path)
    assert gone_through(world, dry=True).end is CustomerEnd.PLANNED
    assert (world.served(), world.journal().history(DOMAIN, 5)) == ("", ())


def test_a_host_without_a_certificate_wants_one_once_and_nothing_is_announced(tmp_path: Path) -> None:
    world = customer(tmp_path)
    world.world = world.world.but(https={"192.0.2.80": Https(names=("other.example.com",))})
    asked: list[str] = []
    result = gone_through(world, asked)
    assert (result.end, result.certificate) == (
        CustomerEnd.CERTIFICATE,
        CertificateWanted("mta-sts.example.com"),
    )
    assert asked == ["mta-sts.example.com"]
    assert result.order is not None
    assert result.order.end is CertificateEnd.ISSUED
    assert RECORD not in world.world.zone.replace(ALIASES[0], "")
    world.world = world.world.but(https={})
    last = gone_through(world)
    assert (last.end, last.order) == (CustomerEnd.PUBLISHED, None)


@pytest.mark.parametrize(
    "lines",
    [
        ("mta-sts.example.com A 192.0.2.80",),
        (ALIASES[0], "mta-sts.example.com CNAME other.example.com", "other.example.com A 192.0.2.80"),
        ALIASES[1:],
    ],
)
def test_no_certificate_is_ordered_for_a_customer_whose_aliases_do_not_lead_here(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    world = customer(tmp_path, *lines)
    world.world = world.world.but(https={"192.0.2.80": Https(names=("other.example.com",))})
    asked: list[str] = []
    assert gone_through(world, asked).end is CustomerEnd.ALIASES
    assert asked == []


@EXHAUSTIVE
def test_a_server_that_lags_is_waited_for_and_named(tmp_path: Path) -> None:
    world = customer(tmp_path)
    world.lagging = SERVERS[1:]
    result = gone_through(world)
    assert result.end is CustomerEnd.WAITING
    world.catch_up()
    assert gone_through(world).end is CustomerEnd.PUBLISHED


@EXHAUSTIVE
def test_policies_are_read_once_where_one_is_not_shown_and_not_for_what_waits_for_a_record(
    tmp_path: Path,
) -> None:
    world = customer(tmp_path)
    world.world = world.world.but(https={HOST_ADDRESS: Https(status=404)})
    read: list[str] = []
    result = gone_through(world, read_again=lambda: read.append(world.served()))
    assert (result.end, result.certificate, result.order) == (CustomerEnd.WAITING, None, None)
    assert [("mode: testing" in one) for one in read] == [True]
    world.world = world.world.but(https={})
    world.lagging = SERVERS[1:]
    assert gone_through(world, read_again=lambda: read.append("again")).end is CustomerEnd.WAITING
    assert len(read) == 1


def test_a_domain_that_can_have_no_policy_is_told_why_and_left_alone(tmp_path: Path) -> None:
    world = customer(tmp_path)
    world.world = world.world.zone_with("example.com MX 0 .")
    result = gone_through(world)
    assert (result.end, result.publication, bool(result.said)) == (CustomerEnd.UNFIT, None, True)
    assert (world.served(), world.journal().history(DOMAIN, 5)) == ("", ())


def test_what_cannot_be_published_is_refused_with_its_reason(tmp_path: Path) -> None:
    world = customer(tmp_path)
    world.refusing = "the zone is locked"
    result = gone_through(world)
    assert (result.end, result.said) == (CustomerEnd.REFUSED, "the zone is locked")
