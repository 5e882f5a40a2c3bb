"""The policy host where its addresses fail or answer each in their own way, and what is to be done at each."""

import pytest

from mxproof.evidence import Kind, Outcome, Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.checks.sts_policy import check
from mxproof.judge.codes import Code
from mxproof.judge.value import Enforcing, NextFault, NotPublic
from mxproof.mail.change import (
    Configure,
    Ipv4Value,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TxtValue,
    Withdraw,
)
from mxproof.mail.domain import PolicyFetch
from support_certificates import NOW, Defect
from support_findings import codes, found, only
from support_world import Https, ZoneWorld
from support_worlds import MX1, MX2, policy

HOST, RECORD = "mta-sts.example.com", "_mta-sts.example.com"
FIRST, SECOND, THIRD = "192.0.2.80", "192.0.2.81", "192.0.2.82"
THREE = ZoneWorld().zone_with(*(f"{HOST} A {address}" for address in (FIRST, SECOND, THIRD)))
SERVED = Policy(Mode.ENFORCE, 1_209_600, (MX1, MX2))
OLD_ID = Withdraw(RECORD, TxtValue("v=STSv1; id=20260601;"))
NEW_ID = Publish(RECORD, TxtValue(f"v=STSv1; id={NOW:%Y%m%dT%H%M%S};"))
ELSEWHERE = ("www.example.com",)


def at(first: Https, second: Https, third: Https | None = None) -> ZoneWorld:
    return THREE.but(https={FIRST: first, SECOND: second, THIRD: third or Https()})


def fetch(address: str) -> Question:
    return Question(Kind.POLICY, HOST, address)


def announced(*addresses: str) -> tuple[Question, ...]:
    return (Question(Kind.TXT, RECORD), *map(fetch, addresses))


def test_what_waits_behind_certificates_is_foretold_of_each_address_and_once() -> None:
    world = at(
        Https(names=ELSEWHERE),
        Https(names=ELSEWHERE, body=policy(MX1)),
        Https(names=ELSEWHERE, body=b"no policy"),
    )
    finding = only(world, Code.STS_POLICY_CERT_INVALID, check)
    assert finding.params["addresses"] == (FIRST, SECOND, THIRD)
    after = finding.params["next"]
    assert isinstance(after, tuple)
    (unlisted, text) = after
    assert unlisted == NextFault(None, (MX2,))
    assert isinstance(text, NextFault)
    assert text.fetch is not None
    assert (text.fetch.address, text.unlisted) == (THIRD, ())
    assert finding.changes == (
        PresentCertificate(Service.HTTPS, HOST, (FIRST, SECOND, THIRD), (HOST,), keeps_key=False),
    )
    assert finding.evidence == announced(FIRST, SECOND, THIRD)


def test_a_policy_behind_a_certificate_that_asks_for_nothing_leaves_nothing_to_foretell() -> None:
    world = at(*[Https(names=ELSEWHERE, body=policy("old.example.net", mode="none"))] * 3)
    assert only(world, Code.STS_POLICY_CERT_INVALID, check).params["next"] == ()


def test_each_way_to_fail_is_a_finding_of_its_own_with_its_addresses_and_what_mends_it() -> None:
    world = at(
        Https(outcome=Outcome.REFUSED),
        Https(status=404),
        Https(defect=Defect.WEAK_KEY),
    )
    unconnected, status, weak, *rest = found(world, check)
    assert [one.code for one in (unconnected, status, weak, *rest)] == [
        Code.STS_POLICY_UNCONNECTED,
        Code.STS_POLICY_STATUS,
        Code.STS_POLICY_CERT_WEAK,
        Code.STS_POLICY_DIFFERS,
    ]
    serving = ServePolicy("example.com", SERVED)
    assert (unconnected.params["addresses"], unconnected.changes) == (
        (FIRST,),
        (Configure(Service.HTTPS, HOST, (FIRST,), Setting.ANSWERING), serving),
    )
    assert (status.params["addresses"], status.changes) == ((SECOND,), (serving,))
    assert (weak.params["addresses"], weak.changes) == (
        (THIRD,),
        (PresentCertificate(Service.HTTPS, HOST, (THIRD,), (HOST,), keeps_key=False),),
    )


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (Https(outcome=Outcome.TLS_FAILED), Code.STS_POLICY_TLS_FAILED),
        (Https(version="TLSv1.1"), Code.STS_POLICY_TLS_OLD),
    ],
)
def test_a_host_without_tls_of_today_gets_it_and_then_serves_the_policy(server: Https, code: Code) -> None:
    finding = only(at(server, server), code, check)
    assert finding.changes == (
        Configure(Service.HTTPS, HOST, (FIRST, SECOND), Setting.TLS),
        ServePolicy("example.com", SERVED),
    )


def test_what_no_address_can_be_tried_for_is_told_of_all_and_else_left_out() -> None:
    away = Https(outcome=Outcome.UNREACHABLE)
    silent = only(at(away, away, away), Code.STS_POLICY_TIMEOUT, check)
    assert (silent.params["addresses"], silent.changes) == ((FIRST, SECOND, THIRD), ())
    mixed = only(at(away, Https(outcome=Outcome.TIMEOUT), away), Code.STS_POLICY_TIMEOUT, check)
    assert mixed.params["addresses"] == (SECOND,)
    assert mixed.evidence == (fetch(SECOND),)


@pytest.mark.parametrize("delays", [(2000, 3500, 1999), (3500, 2000, 0)])
def test_the_slowest_of_the_addresses_that_are_slow_is_told(delays: tuple[int, int, int]) -> None:
    world = at(*(Https(delay_ms=one) for one in delays))
    slow = only(world, Code.STS_POLICY_SLOW, check)
    assert (slow.params["slowest_ms"], slow.params["addresses"]) == (3500, (FIRST, SECOND))
    assert codes(at(*[Https(delay_ms=1999)] * 3), check) == [Code.STS_OK]


def test_a_second_text_that_some_count_as_a_record_takes_all_being_in_order_away() -> None:
    """RFC 8461 erratum 6285: a sender that goes by the grammar sees two records, and so none."""
    rival = ZoneWorld().zone_with(f"{RECORD} TXT v=STSv1; id=1;", f"{RECORD} TXT v=STSv1 ; id=2;")
    assert codes(rival, check) == []
    beside = ZoneWorld().zone_with(f"{RECORD} TXT v=STSv1; id=1;", f"{RECORD} TXT v=spf1 -all")
    order = only(beside, Code.STS_OK, check)
    assert (order.params["id"], order.params["policy"]) == ("1", SERVED)
    assert order.evidence == announced(FIRST)


def test_a_policy_in_mode_none_is_weighed_as_one_that_lists_the_hosts() -> None:
    finding = only(ZoneWorld(policy=policy(mode="none", max_age=3600)), Code.STS_MODE_NONE, check)
    would = finding.params["enforcing"]
    assert isinstance(would, Enforcing)
    assert (would.refusing, would.unknown, would.senders > 0) == ((), (), True)
    assert (finding.params["max_age"], finding.changes) == (3600, ())


def test_a_private_address_beside_public_ones_is_withdrawn_at_the_end_of_the_alias() -> None:
    private = "192.168.1.80"
    beside = ZoneWorld().zone_with(
        f"{HOST} CNAME www.example.com", f"www.example.com A {FIRST}", f"www.example.com A {private}"
    )
    finding = only(beside, Code.STS_POLICY_ADDRESS_NOT_PUBLIC, check)
    assert finding.changes == (Withdraw("www.example.com", Ipv4Value(private)),)
    assert (finding.way, finding.params["addresses"]) == ("withdraw", (private,))
    seen = finding.params["seen"]
    assert isinstance(seen, tuple)
    assert [one.address for one in seen if isinstance(one, NotPublic)] == [private]
    assert finding.evidence == (
        Question(Kind.A, HOST),
        Question(Kind.AAAA, HOST),
        *announced(private),
    )
    alone = only(ZoneWorld().zone_with(f"{HOST} A {private}"), Code.STS_POLICY_ADDRESS_NOT_PUBLIC, check)
    assert (alone.changes, alone.way) == ((), "")


def test_texts_that_differ_are_told_of_all_addresses_that_were_tried_and_made_one_with_a_new_id() -> None:
    world = at(Https(), Https(body=policy(MX1, MX2, max_age=86_400)), Https(outcome=Outcome.TIMEOUT))
    differing = only(world, Code.STS_POLICY_DIFFERS, check)
    views = differing.params["views"]
    assert isinstance(views, tuple)
    assert [one.address for one in views if isinstance(one, PolicyFetch)] == [FIRST, SECOND]
    assert differing.params["policy"] == SERVED
    assert differing.changes == (ServePolicy("example.com", SERVED), OLD_ID, NEW_ID)
    assert differing.evidence == announced(FIRST, SECOND)


def test_each_faulty_text_is_told_once_with_its_addresses() -> None:
    wrong, odd = b"version: STSv1\n", policy(MX1, MX2) + b"\nthe end\n"
    told = [
        (one.code, one.params["addresses"])
        for one in found(at(Https(body=wrong), Https(body=odd), Https(body=wrong)), check)
        if one.code in {Code.STS_POLICY_INVALID, Code.STS_POLICY_AMBIGUOUS}
    ]
    assert told == [
        (Code.STS_POLICY_INVALID, (FIRST, THIRD)),
        (Code.STS_POLICY_AMBIGUOUS, (SECOND,)),
    ]


def test_media_types_are_told_each_with_its_addresses() -> None:
    html, none = Https(media_type="text/html"), Https(media_type="")
    told = [
        (one.params["media_type"], one.params["addresses"], one.changes)
        for one in found(at(html, none, html), check)
        if one.code == Code.STS_POLICY_MEDIA_TYPE
    ]
    serving = (ServePolicy("example.com", SERVED),)
    assert told == [("text/html", (FIRST, THIRD), serving), ("", (SECOND,), serving)]
