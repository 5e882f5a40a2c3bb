"""A collector that goes and comes back: what is told again then, what was added up, and what is bounded."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.serve.policyd import telling as module
from mxproof.serve.policyd.telling import ONE_ATTEMPT_S, RENEWED_S, STANDING_S
from support_telling import Told

POLICY = Policy(Mode.ENFORCE, 86_400, ("mx.other.example",))
HOSTS = ("mx1.example.com",)
FETCH, INVALID = ResultType.STS_POLICY_FETCH_ERROR, ResultType.STS_POLICY_INVALID


class Way(Told):
    """The way to a collector that comes and goes, and what was told in a few words."""

    def told(self) -> list[tuple[str, int, float | None, float | None]]:
        """Return of each datagram its domain, attempts, time and standing."""
        return [(one.domain, one.attempts, one.at, one.standing_s) for one in self.received()]

    def results(self) -> list[str]:
        """Return the result types that were told, `none` where nothing fails any more."""
        found = []
        for one in self.received():
            (policy,) = one.policies
            found.append(policy.failures[0].result_type if policy.failures else "none")
        return found

    def attempt(self, domain: str = "example.com") -> None:
        self.telling.passed_over(domain, POLICY, HOSTS)


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    with closing(Way(tmp_path)) as made:
        yield made


def test_what_was_not_taken_is_told_with_the_next_question_whenever_that_comes(way: Way) -> None:
    way.telling.fetch_fails("example.com", FETCH)
    way.come()
    way.telling.fetch_fails("example.com", FETCH)
    assert way.told() == [("example.com", 1, None, STANDING_S)]
    way.telling.fetch_fails("example.com", FETCH)
    assert way.told() == []
    way.now_s += RENEWED_S - 1
    way.telling.fetch_fails("example.com", FETCH)
    assert way.told() == []
    way.now_s += 1
    way.telling.fetch_fails("example.com", FETCH)
    assert way.told() == [("example.com", 1, None, STANDING_S)]


def test_another_failure_is_told_at_once_and_each_domain_has_its_own(way: Way) -> None:
    way.come()
    for domain, result_type in (
        ("example.com", FETCH),
        ("example.com", INVALID),
        ("example.net", INVALID),
        ("example.com", INVALID),
        ("example.com", FETCH),
    ):
        way.telling.fetch_fails(domain, result_type)
    assert way.results() == [
        "sts-policy-fetch-error",
        "sts-policy-invalid",
        "sts-policy-invalid",
        "sts-policy-fetch-error",
    ]
    way.telling.fetch_succeeds("example.com")
    assert way.results() == ["none"]
    way.telling.fetch_fails("example.net", INVALID)
    assert way.results() == [], "what stands of another domain stands"
    way.telling.fetch_fails("example.com", FETCH)
    assert way.results() == ["sts-policy-fetch-error"]


def test_an_end_of_failures_that_was_not_taken_is_told_again_until_it_is(way: Way) -> None:
    way.come()
    way.telling.fetch_fails("example.com", FETCH)
    way.go()
    way.telling.fetch_succeeds("example.com")
    way.come()
    way.telling.fetch_succeeds("example.com")
    way.telling.fetch_succeeds("example.com")
    assert way.results() == ["none"]


def test_attempts_add_up_by_domain_from_the_first_until_they_are_sent_and_then_anew(way: Way) -> None:
    for attempts in (3, 1):
        for _ in range(attempts):
            way.attempt()
            way.now_s += ONE_ATTEMPT_S / 2
            way.attempt()  # the next MX host of the same delivery
            way.now_s += ONE_ATTEMPT_S / 2
        way.attempt("example.net")
        way.telling.send()
    way.come()
    way.telling.send()
    assert way.told() == [("example.com", 4, 1000.0, None)]
    way.now_s += ONE_ATTEMPT_S
    way.telling.send()
    assert way.told() == [("example.net", 2, 1003.0, None)]
    way.telling.send()
    assert way.told() == []
    way.attempt()
    way.now_s += ONE_ATTEMPT_S
    way.telling.send()
    assert way.told() == [("example.com", 1, 1005.0, None)]


def test_a_collector_that_goes_while_much_is_sent_costs_nothing(way: Way) -> None:
    for number in range(3):
        way.attempt(f"d{number}.example")
    way.now_s += ONE_ATTEMPT_S
    way.telling.send()
    way.come()
    way.telling.send()
    assert way.told() == [(f"d{number}.example", 1, 1000.0, None) for number in range(3)]


def test_its_going_and_its_coming_back_are_logged_once_each(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "mxproof.policyd"):
        for _ in range(2):
            for _ in range(3):
                way.telling.fetch_fails("example.com", FETCH)
            way.come()
            for result_type in (INVALID, FETCH, INVALID):
                way.telling.fetch_fails("example.com", result_type)
            way.go()
    told = [record.getMessage() for record in caplog.records]
    assert [line.endswith("it is tried again") for line in told] == [True, False, True, False]
    assert [line for line in told if line == "collector: back"] == ["collector: back"] * 2


def test_at_the_end_everything_is_sent_however_young_and_what_is_lost_is_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "mxproof.policyd"):
        way = Way(tmp_path)
        way.come()
        way.attempt()
        way.attempt("example.net")
        way.telling.close()
        assert way.told() == [("example.com", 1, 1000.0, None), ("example.net", 1, 1000.0, None)]
        way.go()
        assert caplog.records == []
        away = Way(tmp_path)
        for _ in range(3):
            away.attempt()
            away.now_s += ONE_ATTEMPT_S
        away.attempt("example.net")
        away.telling.close()
    assert caplog.records[-1].getMessage() == "collector: 4 attempts were not told, since it is away"


def test_no_more_is_remembered_than_there_is_room_for(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COLLECTOR_TOLD_MAX", 2)
    for domain in ("a.example", "b.example", "c.example", "a.example", "c.example"):
        way.attempt(domain)
        way.now_s += ONE_ATTEMPT_S
    assert way.telling.missed == 2
    way.come()
    way.telling.send()
    assert way.told() == [("a.example", 2, 1000.0, None), ("b.example", 1, 1001.0, None)]
    way.attempt("c.example")
    assert way.telling.missed == 2, "there is room again"
    for domain in ("a.example", "b.example", "c.example", "a.example"):
        way.telling.fetch_fails(domain, FETCH)
    assert len(way.told()) == 4, "all were forgotten with the third, so that the first is told again"
