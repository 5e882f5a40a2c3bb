"""Whether a stage of a rollover may be made, and which addresses show what: over every domain whose mail comes to the server."""

from collections.abc import Mapping

import msgspec
import pytest

from mxproof.evidence import Der, Evidence, Kind, Outcome, SmtpStage
from mxproof.formats.tlsa import parse_tlsa
from mxproof.judge.checks.mending import tlsa_value
from mxproof.mail.change import PresentCertificate, Publish, TlsaValue, Withdraw
from mxproof.mail.trust import with_anchors
from mxproof.publish.permission import Permission, PublicationJudgement
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import OwnedTlsa, Rollover
from mxproof.publish.rollover_permission import RolloverJudge, RolloverLooks, kept_from
from mxproof.publish.step import LaggingPlace
from mxproof.remedy.planned import PlannedState, wanted_for
from mxproof.remedy.step_record import AlteredSet
from mxproof.survey import inbound
from support_certificates import INTERMEDIATE, ROOT
from support_rollover import ADDRESSES, DANE_SENDERS, DOMAIN, MX1, NEW, OLD, OWNER, TTL_S, record, shown
from support_world import GOOD_ZONE, Smtp, ZoneWorld, collect

UNTIL = "a certificate until 2026-07-31 12:00 UTC"
OTHER = "example.net"
OLD_RECORD, NEW_RECORD = record(shown(OLD)), record(shown(NEW))
SILENT = Smtp(outcome=Outcome.TIMEOUT, stage=SmtpStage.CONNECT)
FIRST, SECOND = ADDRESSES


def world(tlsa: str = OLD_RECORD, smtp: Mapping[str, Smtp] | None = None) -> ZoneWorld:
    """Return a signed one whose server shows the old certificate, unless `smtp` says otherwise."""
    servers = dict.fromkeys(ADDRESSES, Smtp(names=OLD)) | dict(smtp or {})
    other = f"{OTHER} MX 10 {MX1}\n_mta-sts.{OTHER} TXT v=STSv1; id=1;\nmta-sts.{OTHER} A 192.0.2.80\n"
    return ZoneWorld(
        zone=f"{GOOD_ZONE}{other}{OWNER} TLSA {tlsa}\n", signed=(DOMAIN, OTHER), name_servers={}, smtp=servers
    )


def judge(seen: ZoneWorld, *of_other: ZoneWorld) -> RolloverJudge:
    """Return who judges in `seen`, and for the other domain in a world of its own where there is one."""
    worlds = {DOMAIN: seen, OTHER: (*of_other, seen)[0]}

    def arriving(domain: str, state: PlannedState) -> Evidence:
        there = worlds[domain].but(domain=domain)
        return with_anchors(collect(there, wanted_for(state, inbound.wanted)), (ROOT.der,))

    def served(domain: str, hosts: tuple[str, ...]) -> Evidence:
        raise AssertionError((domain, hosts))

    return RolloverJudge(RolloverLooks(served, arriving), lambda _: (Der(ROOT.der),), DANE_SENDERS)


def rollover(*domains: str, hosts: tuple[str, ...] = (MX1,), going: tuple[str, ...] = ()) -> Rollover:
    """Return one to the new certificate."""
    return Rollover(
        hosts,
        domains or (DOMAIN,),
        (shown(NEW).der, INTERMEDIATE.der),
        going=tuple(OwnedTlsa(OWNER, value(one)) for one in going),
    )


def value(line: str) -> TlsaValue:
    return tlsa_value(parse_tlsa(line))


def altered(*lines: str, ttl_s: int | None = TTL_S) -> AlteredSet:
    """Return the set at the server with these records after a step."""
    return AlteredSet(OWNER, Kind.TLSA, (value(OLD_RECORD),), tuple(map(value, lines)), ttl_s)


def places(*shows: tuple[str, str]) -> tuple[LaggingPlace, ...]:
    return tuple(LaggingPlace(MX1, address, "smtp", text) for address, text in shows)


def matches(judgement: PublicationJudgement) -> list[tuple[TlsaValue, ...]]:
    """Return the records that name the certificate of each host that gets one."""
    changes = judgement.preflight.changes
    return [one.matches for one in changes if isinstance(one, PresentCertificate)]


def test_every_address_that_shows_another_certificate_is_told_with_when_that_ends() -> None:
    assert judge(world()).shown(rollover()) == places((FIRST, UNTIL), (SECOND, UNTIL))


def test_an_address_that_shows_the_new_certificate_is_not_told() -> None:
    assert judge(world(smtp={FIRST: Smtp(names=NEW)})).shown(rollover()) == places((SECOND, UNTIL))
    assert judge(world(smtp=dict.fromkeys(ADDRESSES, Smtp(names=NEW)))).shown(rollover()) == ()


def test_the_certificate_itself_decides_and_not_what_is_sent_above_it() -> None:
    rolled = msgspec.structs.replace(rollover(), chain=(shown(OLD).der, b"another authority"))
    assert judge(world()).shown(rolled) == ()


def test_an_address_that_does_not_answer_shows_neither_that_the_new_is_there_nor_that_the_old_is_gone() -> (
    None
):
    silent = judge(world(smtp={FIRST: SILENT, SECOND: Smtp(names=NEW)}))
    assert silent.shown(rollover()) == places((FIRST, "no certificate"))
    assert silent.old_shown(rollover(going=(OLD_RECORD,))) == places((FIRST, "no certificate"))


def test_the_old_is_shown_where_a_certificate_is_that_a_record_names_that_goes() -> None:
    half = judge(world(smtp={FIRST: Smtp(names=NEW)}))
    assert half.old_shown(rollover(going=(OLD_RECORD,))) == places((SECOND, UNTIL))
    assert half.old_shown(rollover(going=("3 1 1 " + "ab" * 32, OLD_RECORD))) == places((SECOND, UNTIL))
    assert half.old_shown(rollover(going=("3 1 1 " + "ab" * 32,))) == ()
    assert half.old_shown(rollover()) == ()


def test_other_hosts_of_a_domain_are_passed_over() -> None:
    found = judge(world()).shown(rollover(hosts=("mx2.example.com", "mx3.example.com")))
    assert found == (LaggingPlace("mx2.example.com", "192.0.2.2", "smtp", UNTIL),)


def test_a_host_is_found_by_its_name_and_by_where_its_alias_leads() -> None:
    aliased = world().zone_with(f"{OTHER} MX 10 mail.{OTHER}", f"mail.{OTHER} CNAME {MX1}")
    expected = tuple(LaggingPlace(f"mail.{OTHER}", one, "smtp", UNTIL) for one in ADDRESSES)
    assert judge(aliased).shown(rollover(OTHER)) == expected
    assert judge(aliased).shown(rollover(OTHER, hosts=(f"mail.{OTHER}",))) == expected


def test_a_place_that_several_domains_have_is_told_once() -> None:
    assert judge(world()).shown(rollover(DOMAIN, OTHER)) == places((FIRST, UNTIL), (SECOND, UNTIL))
    moved = world().zone_with(f"{OTHER} MX 10 mx2.example.com")
    both = rollover(OTHER, DOMAIN, hosts=(MX1, "mx2.example.com"))
    assert [one.address for one in judge(moved).shown(both)] == ["192.0.2.2", *ADDRESSES]


def test_a_record_beside_the_old_one_is_granted_and_one_in_its_place_refused() -> None:
    beside = judge(world()).records(rollover(), (altered(OLD_RECORD, NEW_RECORD),))
    assert beside.permission is Permission.GRANTED
    assert beside.preflight.changes == (Publish(OWNER, value(NEW_RECORD), TTL_S),)
    instead = judge(world()).records(rollover(), (altered(NEW_RECORD),))
    assert instead.permission is Permission.REFUSED
    assert set(instead.preflight.changes) == {
        Publish(OWNER, value(NEW_RECORD), TTL_S),
        Withdraw(OWNER, value(OLD_RECORD)),
    }


def test_a_time_to_live_that_is_not_known_stays_unsaid() -> None:
    sets = (altered(OLD_RECORD, NEW_RECORD, ttl_s=None),)
    assert judge(world()).records(rollover(), sets).preflight.changes == (
        Publish(OWNER, value(NEW_RECORD), None),
    )


def test_a_certificate_that_no_record_names_is_refused_until_one_has_stood_for_long() -> None:
    one = judge(world())
    alone, again = one.certificate(rollover()), one.certificate(rollover(), (altered(OLD_RECORD),))
    assert (alone.permission, again.permission) == (Permission.REFUSED, Permission.REFUSED)
    beside = one.certificate(rollover(), (altered(OLD_RECORD, NEW_RECORD),))
    assert (beside.permission, matches(alone), matches(beside)) == (
        Permission.GRANTED,
        [()],
        [(value(NEW_RECORD),)],
    )
    assert judge(world(NEW_RECORD)).certificate(rollover()).permission is Permission.GRANTED


def test_a_certificate_below_an_authority_that_a_record_names_is_granted() -> None:
    named = world(record(shown(OLD), 2))
    assert judge(named).certificate(rollover()).permission is Permission.GRANTED


def test_where_senders_fare_is_not_known_it_is_unclear() -> None:
    nobody = world().but(smtp=dict.fromkeys((*ADDRESSES, "192.0.2.2"), SILENT))
    found = judge(nobody).records(rollover(), (altered(OLD_RECORD, NEW_RECORD),))
    assert found.permission is Permission.UNCLEAR


@pytest.mark.parametrize("domains", [(DOMAIN, OTHER), (OTHER, DOMAIN)])
@pytest.mark.parametrize(
    ("records", "at_other", "worst", "told_of"),
    [
        ((OLD_RECORD, NEW_RECORD), SILENT, Permission.UNCLEAR, OTHER),
        ((NEW_RECORD,), SILENT, Permission.REFUSED, DOMAIN),
    ],
)
def test_the_domain_that_fares_worst_decides_for_all(
    domains: tuple[str, str], records: tuple[str, ...], at_other: Smtp, worst: Permission, told_of: str
) -> None:
    of_other = world().but(smtp=dict.fromkeys(ADDRESSES, at_other))
    found = judge(world(), of_other).records(rollover(*domains), (altered(*records),))
    assert (found.permission, found.preflight.domain) == (worst, told_of)


@pytest.mark.parametrize(
    ("permission", "end"),
    [
        (Permission.GRANTED, None),
        (Permission.UNCLEAR, PublicationEnd.UNCLEAR),
        (Permission.REFUSED, PublicationEnd.REFUSED),
    ],
)
def test_what_is_not_granted_ends_as_it_was_judged(
    permission: Permission, end: PublicationEnd | None
) -> None:
    granted = judge(world()).records(rollover(), ())
    assert kept_from(msgspec.structs.replace(granted, permission=permission)) is end
