"""What comes of it that a sender may meet one version of a zone or another."""

from collections.abc import Sequence

import msgspec
import pytest

from mxproof.evidence import Answer, Kind, Outcome, SmtpStage
from mxproof.judge.codes import Code
from mxproof.judge.report import Attempt, Delivery
from mxproof.judge.senders.engine import deliver
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.version import over_versions
from mxproof.judge.vocabulary import Confidence, Security, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain, OtherVersion
from mxproof.mail.memory import LevelMemory, SenderMemory, SessionLevel
from mxproof.survey.served import ComparedZone, RecordSet, ZoneVersion
from mxproof.survey.zone import ServerAddress
from support_certificates import NOW
from support_world import Smtp, collect
from support_worlds import GOOD, everywhere

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
DIFFER, ADDRESSES = Code.NS_MAIL_DIFFERS, Code.NS_ADDRESSES_DIFFER


def attempt(outcome: Verdict) -> Attempt:
    return Attempt("mx1.example.com", 10, "192.0.2.1", "mx1.example.com", None, outcome, "")


def delivery(outcome: Verdict, security: Security | None = None, because: str = "") -> Delivery:
    because_of = (because,) if because else ()
    return Delivery(
        "one", "One", outcome, Confidence.OBSERVED, security, because_of, None, (attempt(outcome),)
    )


def domain() -> MailDomain:
    return assemble(collect(GOOD), GOOD.at)


def other(
    delivered: Delivery, kind: Kind = Kind.MX, serials: Sequence[int] = (7, 7)
) -> tuple[OtherVersion, Delivery]:
    """Return what a sender does that meets a version which differs in records of this kind."""
    record, answer = RecordSet(kind, "example.com", "example.com"), Answer(Outcome.FOUND, NOW)
    versions = tuple(
        ZoneVersion(
            (ServerAddress("example.com", "ns.example.com", f"192.0.2.{serial}"),),
            serial,
            ((record, answer),),
        )
        for serial in serials
    )
    zone = ComparedZone("example.com", versions, (), len(versions))
    return OtherVersion(zone, versions[-1], domain()), delivered


def test_where_all_versions_come_to_the_same_the_mail_is_protected_as_in_the_worst() -> None:
    dane, sts, plain = (
        delivery(DELIVERS, security) for security in (Security.DANE, Security.MTA_STS, Security.OPPORTUNISTIC)
    )
    assert over_versions(dane, ()) is dane
    assert over_versions(dane, [other(sts)]) == over_versions(sts, [other(dane)]) == sts
    assert over_versions(dane, [other(sts), other(plain)]) == plain


@pytest.mark.parametrize(
    ("alone", "elsewhere", "want"),
    [
        (DELIVERS, REFUSED, AT_RISK),
        (REFUSED, DELIVERS, AT_RISK),
        (DELIVERS, AT_RISK, AT_RISK),
        (AT_RISK, UNKNOWN, AT_RISK),
        (REFUSED, AT_RISK, AT_RISK),
        (REFUSED, UNKNOWN, AT_RISK),
        (DELIVERS, UNKNOWN, UNKNOWN),
        (UNKNOWN, DELIVERS, UNKNOWN),
        (REFUSED, REFUSED, REFUSED),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_what_fails_in_one_version_and_not_in_the_next_puts_mail_at_risk(
    alone: Verdict, elsewhere: Verdict, want: Verdict
) -> None:
    found = over_versions(delivery(alone), [other(delivery(elsewhere))])
    assert found.outcome is want
    assert (found.because == (DIFFER,)) is (alone is not elsewhere)


def test_an_address_that_was_not_seen_counts_for_nothing_where_nothing_else_differs() -> None:
    """A provider leads each client to what is near to it, and to us its other addresses may be closed."""
    alone = delivery(DELIVERS, Security.DANE)
    assert over_versions(alone, [other(delivery(UNKNOWN), Kind.A)]) is alone
    assert (
        over_versions(alone, [other(delivery(UNKNOWN), Kind.A), other(delivery(UNKNOWN))]).outcome is UNKNOWN
    )


@pytest.mark.parametrize(
    ("kind", "serials", "code"),
    [
        (Kind.A, (7, 7), ADDRESSES),
        (Kind.AAAA, (7, 7), ADDRESSES),
        (Kind.A, (7, 6), DIFFER),
        (Kind.MX, (7, 7), DIFFER),
    ],
)
def test_the_finding_that_tells_of_the_versions_is_the_first_of_the_reasons(
    kind: Kind, serials: tuple[int, int], code: Code
) -> None:
    """Addresses differ by design only between servers that have one version of the zone."""
    alone = delivery(REFUSED, because=Code.CERT_EXPIRED)
    found = over_versions(
        alone, [other(delivery(DELIVERS), kind, serials), other(delivery(DELIVERS), kind, serials)]
    )
    assert found.because == (code, Code.CERT_EXPIRED)


def test_a_version_that_comes_to_the_same_is_no_reason() -> None:
    same, refusing = other(delivery(DELIVERS), Kind.A), other(delivery(REFUSED))
    assert over_versions(delivery(DELIVERS), [same, refusing]).because == (DIFFER,)


def test_the_attempts_are_those_of_the_worst_version_which_not_everybody_meets() -> None:
    found = over_versions(delivery(DELIVERS), [other(delivery(REFUSED)), other(delivery(DELIVERS))])
    assert found.attempts == (attempt(AT_RISK),)
    unseen = msgspec.structs.replace(delivery(UNKNOWN), attempts=(attempt(UNKNOWN), attempt(DELIVERS)))
    assert over_versions(delivery(DELIVERS), [other(unseen)]).attempts == unseen.attempts


def test_the_reasons_are_that_versions_differ_and_what_the_resolver_s_own_version_met() -> None:
    """What stops mail in the other version is said of that version, and not of what everybody meets."""
    expired, unlisted = delivery(REFUSED, because=Code.CERT_EXPIRED), delivery(DELIVERS, Security.DANE)
    assert over_versions(unlisted, [other(expired)]).because == (DIFFER,)
    assert over_versions(expired, [other(unlisted)]).because == (DIFFER, Code.CERT_EXPIRED)
    both = [other(expired, Kind.A), other(expired)]
    assert over_versions(unlisted, both).because == (ADDRESSES, DIFFER)
    assert over_versions(unlisted, both[::-1]).because == (DIFFER, ADDRESSES)


def test_what_is_remembered_holds_in_every_version_that_is_met() -> None:
    """Only who remembers that mail was encrypted once minds that nothing of it is left in the other version."""
    cautious = msgspec.structs.replace(RFC8461, mta_sts=False, remembers_level=True)
    clear = everywhere(Smtp(stage=SmtpStage.EHLO))
    elsewhere, _ = other(delivery(DELIVERS))
    worse = msgspec.structs.replace(elsewhere, domain=assemble(collect(clear), clear.at))
    held: tuple[SenderMemory, ...] = (LevelMemory(SessionLevel.ENCRYPTED),)
    here_worse = msgspec.structs.replace(worse.domain, otherwise=(elsewhere,))
    there_worse = msgspec.structs.replace(domain(), otherwise=(worse,))
    last_worse = msgspec.structs.replace(domain(), otherwise=(elsewhere, worse))
    for subject, because in (
        (there_worse, (DIFFER,)),
        (last_worse, (DIFFER,)),
        (here_worse, (DIFFER, Code.TLS_LEVEL_FELL)),
    ):
        found = deliver(subject, cautious, held)
        assert (found.outcome, found.because) == (AT_RISK, because)
        fresh = deliver(subject, cautious)
        assert (fresh.outcome, fresh.because, fresh.security) == (DELIVERS, (), Security.NONE)
    assert deliver(msgspec.structs.replace(domain(), otherwise=(elsewhere,)), cautious, held) == deliver(
        domain(), cautious, held
    )
