"""News and standings as text: who fares otherwise, with which bounce, and what changed; and that it fits."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.judge.differing import seen
from mxproof.judge.news import DomainNews, domain_news
from mxproof.judge.settling import Turn, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WatchStatus
from mxproof.render.text.news import blamed, news_text, news_words, status_text
from mxproof.render.text.paper import Paper
from support_scenarios import seen as scenario
from support_world import GOOD_POLICY, ZoneWorld, collect

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = ZoneWorld()
BAD = GOOD.but(policy=GOOD_POLICY.replace(b"mx: mx1.example.com\n", b"mx: \x1b[31m<b>.example\n"))


def news(before: ZoneWorld, after: ZoneWorld, kind: TurnKind = TurnKind.CHANGED) -> DomainNews:
    return domain_news(Turn(kind, NOW), seen(collect(before)), seen(collect(after)))


def status(outcome: Verdict | None, domain: str, **fields: object) -> WatchStatus:
    made = WatchStatus(
        schema_version=1,
        domain=domain,
        outcome=outcome,
        headline=None if outcome is None else f"the headline of {domain}",
        observed_at=None if outcome is None else NOW - timedelta(minutes=7),
        due_at=NOW + timedelta(hours=2),
        is_settled=True,
        blind_since=None,
        senders={},
        news=(),
    )
    return msgspec.structs.replace(made, **fields)


def text(*several: WatchStatus, width: int = 80) -> str:
    return "".join(status_text(several, NOW, Paper(width=width)))


def test_the_worst_comes_first_and_what_was_not_checked_last() -> None:
    said = text(
        status(None, "new.example"),
        status(Verdict.DELIVERS, "good.example"),
        status(Verdict.REFUSED, "bad.example"),
        status(Verdict.UNKNOWN, "dark.example"),
    )
    places = [said.index(f"{one}.example") for one in ("bad", "dark", "good", "new")]
    assert places == sorted(places)


def test_it_says_when_it_was_seen_and_when_it_is_looked_at_again() -> None:
    said = text(status(Verdict.DELIVERS, "a.example", is_settled=False, blind_since=NOW))
    for wanted in ("7 min ago", "in 2 h", "seen once", "less can be found out since"):
        assert wanted in said


@pytest.mark.parametrize("width", [40, 80])
def test_nothing_is_wider_than_the_paper_but_what_is_to_be_pasted(width: int) -> None:
    said = text(status(Verdict.REFUSED, "a.example"), status(Verdict.DELIVERS, "b.example"), width=width)
    assert max(map(len, said.splitlines())) <= width


def test_news_of_mail_name_the_senders_their_bounce_and_the_change() -> None:
    incident = seen(scenario("incident").evidence)
    found = domain_news(Turn(TurnKind.CHANGED, NOW), seen(scenario("direct").evidence), incident)
    said = news_text(found, Paper())
    for wanted in ("Microsoft", "451 4.4.8", "MX example.com", "mxi1.example.com"):
        assert wanted in said


def test_only_what_matters_to_those_who_fare_otherwise_is_blamed() -> None:
    after = BAD.zone_with("_smtp._tls.example.com TXT v=TLSRPTv1; rua=mailto:other@example.com")
    difference = news(GOOD, after).difference
    assert difference is not None
    assert {one.kind for one in blamed(difference)} == {"policy"}


def test_a_detail_shows_what_changed_all_the_same() -> None:
    after = GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=2;")
    said = news_text(news(GOOD, after, TurnKind.DETAIL), Paper())
    assert "+ v=STSv1; id=2;" in said


@pytest.mark.parametrize("kind", TurnKind)
def test_every_kind_has_its_words(kind: TurnKind) -> None:
    assert len(news_words(news(GOOD, GOOD, kind))) > 1


def test_no_control_character_comes_through() -> None:
    assert "\x1b" not in news_text(news(GOOD, BAD), Paper())


def test_one_domain_is_shown_with_its_news() -> None:
    found = news(GOOD, BAD)
    alone = status(Verdict.AT_RISK, "example.com", news=(found,))
    assert news_text(found, Paper(width=80)) in text(alone)
    assert "No news" in text(status(Verdict.DELIVERS, "example.com"))
