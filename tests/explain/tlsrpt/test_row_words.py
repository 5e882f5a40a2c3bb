"""The sentences about a row and its policy: which moments, names and certificates they have, and when they say nothing."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.explain.tlsrpt.policy_then import PolicyStanding, PolicyThen
from mxproof.explain.tlsrpt.row_join import RowJoin, SeenDomain
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.row_words import join_words, policy_words
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.tlsrpt.report import FailureDetails
from mxproof.judge.judging import report_on
from mxproof.mail.assemble import assemble
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, INCIDENT, MX1

BEFORE, AFTER = GOOD.at - timedelta(days=1), GOOD.at + timedelta(days=1)
POLICY = Policy(Mode.ENFORCE, 86_400, (MX1,))


def seen(world: ZoneWorld = GOOD, before: ZoneWorld | None = None) -> SeenDomain:
    evidence = collect(world)
    earlier = None if before is None else assemble(collect(before), before.at)
    return SeenDomain(assemble(evidence, world.at), report_on(evidence, now=world.at), before=earlier)


def said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


@pytest.mark.parametrize(
    "standing", [PolicyStanding.EARLIER, PolicyStanding.NOT_SERVED, PolicyStanding.WITHDRAWN]
)
@pytest.mark.parametrize(
    ("until", "words"),
    [
        (AFTER, f"holds it until {said(AFTER)} at the latest"),
        (BEFORE, f"held it until {said(BEFORE)} at the latest"),
        (GOOD.at, f"held it until {said(GOOD.at)} at the latest"),
        (None, "holds it until its max_age is over"),
    ],
)
def test_an_older_policy_is_told_with_until_when_it_is_held(
    standing: PolicyStanding, until: datetime | None, words: str
) -> None:
    assert words in policy_words(PolicyThen(standing, POLICY, until), seen())


@pytest.mark.parametrize("standing", [PolicyStanding.SERVED, PolicyStanding.UNSTATED, PolicyStanding.UNKNOWN])
def test_of_a_policy_that_is_served_or_not_known_nothing_is_said(standing: PolicyStanding) -> None:
    assert policy_words(PolicyThen(standing, POLICY), seen()) == ""
    assert policy_words(PolicyThen(PolicyStanding.SERVED_IN_PART, POLICY), seen())
    assert policy_words(PolicyThen(PolicyStanding.UNREADABLE), seen())


def words(
    standing: RowStanding,
    details: FailureDetails | None = None,
    then: PolicyThen | None = None,
    of: SeenDomain | None = None,
    end: datetime | None = None,
    **join: object,
) -> str:
    joined = msgspec.structs.replace(RowJoin(standing, None, None, "what fails"), **join)
    return join_words(
        joined,
        details or FailureDetails("certificate-expired", 1),
        then or PolicyThen(PolicyStanding.SERVED),
        of or seen(),
        end,
    )


def test_a_row_is_told_as_it_stands_at_the_moment_of_the_look() -> None:
    at = said(GOOD.at)
    assert words(RowStanding.CONFIRMED) == f"It is so on {at}: what fails."
    assert words(RowStanding.CONFIRMED, detail="Why?") == f"It is so on {at}: Why?"
    changed = words(RowStanding.CHANGED)
    assert at in changed
    assert "what fails." in changed
    assert at in words(RowStanding.GONE)
    assert at in words(RowStanding.UNKNOWN)
    assert "what fails" not in words(RowStanding.GONE) + words(RowStanding.UNKNOWN)


@pytest.mark.parametrize(
    ("until", "held", "ending"),
    [
        (AFTER, f"which it may hold until {said(AFTER)} at the latest", "Until then"),
        (BEFORE, f"which it may hold until {said(BEFORE)} at the latest", "That time is over."),
        (GOOD.at, f"which it may hold until {said(GOOD.at)} at the latest", "That time is over."),
        (None, "which it may hold:", "Until then"),
    ],
)
def test_a_row_under_an_older_policy_is_told_with_its_patterns_and_its_end(
    until: datetime | None, held: str, ending: str
) -> None:
    got = words(RowStanding.HELD, then=PolicyThen(PolicyStanding.EARLIER, POLICY, until))
    assert f"(mx: {MX1})" in got
    assert held in got
    assert ending in got


def test_a_host_that_is_an_alias_is_told_with_the_other_name() -> None:
    of = seen(INCIDENT)
    alias = of.domain.hosts[0]

    def place(mx: str, ip: str = "") -> str:
        details = FailureDetails("certificate-expired", 1, receiving_mx=mx, receiving_ip=ip)
        return words(RowStanding.GONE, details, of=of, host=alias).partition(" It is")[0]

    assert place("smol.example.com") == f"smol.example.com is what the MX name {MX1} is an alias of."
    assert place(MX1) == f"The MX name {MX1} is an alias of smol.example.com."
    assert place("") == f"The MX name {MX1} is an alias of smol.example.com."
    plain = FailureDetails("certificate-expired", 1, receiving_mx=MX1)
    assert words(RowStanding.GONE, plain, host=seen().domain.hosts[0]).startswith("It is not found")


@pytest.mark.parametrize(
    ("mx", "ip", "where"), [("a.example", "192.0.2.9", "a.example"), ("", "192.0.2.9", "192.0.2.9")]
)
def test_a_place_that_is_none_of_the_domain_any_more_is_told(mx: str, ip: str, where: str) -> None:
    details = FailureDetails("certificate-expired", 1, receiving_mx=mx, receiving_ip=ip)
    assert words(RowStanding.GONE, details, absent=True).startswith(
        f"{where} is no MX host of example.com now."
    )


AT_FIRST = FailureDetails("certificate-expired", 1, receiving_mx=MX1, receiving_ip="192.0.2.1")


def test_a_row_that_names_an_address_tells_the_certificate_there_and_one_of_before_that_was_another() -> None:
    host = seen().domain.hosts[0]
    shown = words(RowStanding.GONE, AT_FIRST, host=host)
    assert f"192.0.2.1 shows a certificate for {MX1}, valid " in shown
    assert "it showed one" not in shown
    before = GOOD.but(smtp={"192.0.2.1": Smtp((MX1, "old.example.com"))}, at=BEFORE)
    changed = words(RowStanding.GONE, AT_FIRST, of=seen(before=before), host=host)
    assert f"On {said(BEFORE)} it showed one for {MX1}, old.example.com" in changed
    same = words(RowStanding.GONE, AT_FIRST, of=seen(before=GOOD.but(at=BEFORE)), host=host)
    assert "it showed one" not in same
    nowhere = msgspec.structs.replace(AT_FIRST, receiving_ip="")
    assert "certificate" not in words(RowStanding.GONE, nowhere, host=host)
    gone = msgspec.structs.replace(AT_FIRST, receiving_ip="192.0.2.99")
    assert "certificate" not in words(RowStanding.GONE, gone, host=host)


def test_a_certificate_that_was_issued_after_the_report_is_not_the_one_that_it_is_about() -> None:
    host = seen().domain.hosts[0]
    assert "not the one" in words(RowStanding.GONE, AT_FIRST, host=host, end=GOOD.at - timedelta(days=400))
    assert "not the one" not in words(RowStanding.GONE, AT_FIRST, host=host, end=GOOD.at)
    assert "not the one" not in words(RowStanding.GONE, AT_FIRST, host=host)
