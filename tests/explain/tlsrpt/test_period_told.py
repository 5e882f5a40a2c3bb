"""What is said of a period: sessions added up by who is known to have sent the report, and what mode enforce would do."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.enforced import enforced_words
from mxproof.explain.tlsrpt.period import (
    DomainCounts,
    Period,
    PeriodCounts,
    SenderCounts,
    WayCounts,
)
from mxproof.explain.tlsrpt.period_told import (
    PERIOD_VERSION,
    PeriodDay,
    PeriodDomain,
    PeriodSender,
    PeriodSessions,
    PeriodWay,
    ToldPeriod,
    day_named,
    period_of,
    told_period,
    with_ways,
)
from mxproof.formats.tlsrpt.found import Authenticated

DAY = 20_605
"""2026-06-01."""
PERIOD = Period(DAY - 6, DAY, "example.com")
VERIFIED = SenderCounts("google.com", "verified", 3, 90, 10, 0, 0, ((DAY - 1, 40, 10), (DAY, 50, 0)))
FORGED = SenderCounts("google.com", "failed", 1, 5, 2, 0, 0)
FILED = SenderCounts("mail.example.net", "unknown", 2, 7, 1, 0, 1)
UNSIGNED = SenderCounts("mail.example.org", "unsigned", 1, 1, 0, 0, 0)
NO_HOST = WayCounts("google.com", "verified", "certificate-expired", "", "tls_version", "", 4, DAY - 1)


def told(*senders: SenderCounts, ways: tuple[WayCounts, ...] = (), period: Period = PERIOD) -> ToldPeriod:
    return told_period(period, PeriodCounts(senders, ways, ()))


def way(one: WayCounts, period: Period = PERIOD) -> PeriodWay:
    (sender,) = told(VERIFIED, ways=(one,), period=period).senders
    (found,) = sender.failures
    return found


def tried(sender: SenderCounts, *ways: WayCounts) -> PeriodSender:
    (one,) = told(sender, ways=ways).senders
    return one


def test_a_day_is_told_by_its_number_since_1970() -> None:
    assert day_named(0) == date(1970, 1, 1)
    assert day_named(DAY) == date(2026, 6, 1)


def test_a_period_of_days_ends_with_the_day_that_it_is_in_utc() -> None:
    east = datetime(2026, 6, 2, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert period_of(1, east) == Period(DAY, DAY, "")
    assert period_of(7, east, "example.com") == PERIOD
    assert period_of(2, datetime(2026, 6, 2, tzinfo=UTC)) == Period(DAY, DAY + 1)


def test_a_period_that_would_begin_before_1970_begins_there() -> None:
    now = datetime(1970, 1, 3, tzinfo=UTC)
    assert [period_of(days, now).first for days in (2, 3, 4)] == [1, 0, 0]


def test_a_look_tells_its_version_its_days_and_its_domain() -> None:
    look = told()
    assert (look.schema_version, look.since, look.until) == (
        PERIOD_VERSION,
        date(2026, 5, 26),
        date(2026, 6, 1),
    )
    assert look.domain == "example.com"
    assert told(period=Period(DAY, DAY)).domain is None


def test_reports_that_are_known_to_be_from_their_senders_are_added_up_apart_from_all_others() -> None:
    look = told(VERIFIED, FORGED, FILED, UNSIGNED)
    assert look.authenticated == PeriodSessions(90, 10, 3, at_least=False)
    assert look.unauthenticated == PeriodSessions(13, 3, 4, at_least=True)


def test_one_sender_whose_sessions_may_overlap_makes_the_sum_the_least() -> None:
    overlapping = msgspec.structs.replace(VERIFIED, overlapping=1)
    assert told(overlapping, FORGED).authenticated.at_least
    assert not told(overlapping, FORGED).unauthenticated.at_least
    assert told().authenticated == PeriodSessions(0, 0, 0, at_least=False)


def test_a_sender_is_told_with_its_model_its_days_and_its_own_sessions() -> None:
    one, other = told(VERIFIED, FILED).senders
    assert one == PeriodSender(
        "google.com",
        "google",
        Authenticated.VERIFIED,
        PeriodSessions(90, 10, 3, at_least=False),
        0,
        (PeriodDay(date(2026, 5, 31), 40, 10), PeriodDay(date(2026, 6, 1), 50, 0)),
        (),
    )
    assert (other.sender, other.authenticated, other.days) == (None, Authenticated.UNKNOWN, ())


def test_domains_stand_as_they_were_counted_and_there_are_more_where_either_says_so() -> None:
    domains = (DomainCounts("example.com", 5, 2), DomainCounts("example.org", 9, 1))
    assert told_period(PERIOD, PeriodCounts((), (), domains)).domains == (
        PeriodDomain("example.com", 5, 2),
        PeriodDomain("example.org", 9, 1),
    )
    assert not told().more
    assert told_period(PERIOD, PeriodCounts((), (), (), senders_more=True)).more
    assert told_period(PERIOD, PeriodCounts((), (), (), domains_more=True)).more


def test_a_way_belongs_to_the_reports_of_its_sender_that_are_as_known_as_those_it_was_in() -> None:
    of_forged = msgspec.structs.replace(NO_HOST, authenticated="failed", result_type="validation-failure")
    verified, forged, filed = told(VERIFIED, FORGED, FILED, ways=(of_forged, NO_HOST)).senders
    assert [[way.result_type for way in one.failures] for one in (verified, forged, filed)] == [
        ["certificate-expired"],
        ["validation-failure"],
        [],
    ]


def test_a_way_with_a_known_cause_says_what_it_means_and_what_to_look_at() -> None:
    expired = msgspec.structs.replace(
        NO_HOST, reason="x509", cause="dane_cert_expired", receiving_mx="mx1.example.com"
    )
    cause = CATALOGUE["dane_cert_expired"]
    assert way(expired) == PeriodWay(
        "certificate-expired",
        "x509",
        "mx1.example.com",
        4,
        date(2026, 5, 31),
        "dane_cert_expired",
        cause.title,
        cause.check,
        "mxproof check example.com",
    )


def test_a_way_with_an_unknown_cause_says_nothing_of_it() -> None:
    unknown = way(msgspec.structs.replace(NO_HOST, cause="what-nobody-knows"))
    assert unknown == PeriodWay("certificate-expired", None, None, 4, date(2026, 5, 31), None)


def test_a_command_is_told_only_where_everything_in_it_is_known() -> None:
    command = "openssl s_client -starttls smtp -connect mx1.example.com:25 -tls1_2"
    assert way(msgspec.structs.replace(NO_HOST, receiving_mx="mx1.example.com")).next == command
    assert way(NO_HOST).next == ""
    of_domain = msgspec.structs.replace(NO_HOST, cause="dane_starttls")
    assert way(of_domain).next == "mxproof check example.com"
    assert way(of_domain, Period(DAY, DAY)).next == ""


def test_what_enforcing_would_refuse_is_told_only_where_something_was_tested() -> None:
    one = tried(VERIFIED, NO_HOST)
    assert (one.tested, one.sessions_a_day, one.would_refuse_a_day, one.words) == (0, None, None, "")


@pytest.mark.parametrize(
    ("count", "days", "refused", "sessions"),
    [(1, 0, 1, 100), (1, 2, 1, 50), (2, 2, 1, 50), (3, 2, 2, 50), (10, 3, 4, 34)],
)
def test_a_day_has_its_share_rounded_up_of_days_with_a_report(
    count: int, days: int, refused: int, sessions: int
) -> None:
    reported = tuple((DAY - place, 1, 1) for place in range(days))
    one = tried(msgspec.structs.replace(VERIFIED, tested=count, days=reported))
    assert (one.tested, one.would_refuse_a_day, one.sessions_a_day) == (count, refused, sessions)
    assert one.words == enforced_words(refused, sessions, "google.com", ())


def test_each_cause_of_what_would_be_refused_is_named_once() -> None:
    ways = [
        msgspec.structs.replace(NO_HOST, cause=cause)
        for cause in ("tls_version", "", "dane_starttls", "tls_version")
    ]
    one = tried(msgspec.structs.replace(VERIFIED, tested=4), *ways)
    titles = (CATALOGUE["tls_version"].title, CATALOGUE["dane_starttls"].title)
    assert one.words == enforced_words(2, 50, "google.com", titles)


def test_a_sender_without_a_submitter_is_called_this_sender() -> None:
    one = tried(msgspec.structs.replace(VERIFIED, submitter="", tested=4))
    assert one.words == enforced_words(2, 50, "this sender", ())


def test_other_ways_of_a_sender_bring_other_causes() -> None:
    one = tried(msgspec.structs.replace(VERIFIED, tested=4), NO_HOST)
    (known,) = one.failures
    altered = with_ways(one, (msgspec.structs.replace(known, title="another title"),))
    assert altered.failures[0].title == "another title"
    assert altered.words == enforced_words(2, 50, "google.com", ("another title",))
