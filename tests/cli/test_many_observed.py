"""Many domains observed by one asker: each once, none far ahead of what was read, and what ends them before all are asked."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from mxproof.cli import many_observed as module
from mxproof.cli.evidence_source import Survey
from mxproof.cli.exit import RunError
from mxproof.cli.interruption import Interruption
from mxproof.cli.many_observed import AHEAD_FACTOR, ManyObserved, unasked_evidence
from mxproof.cli.options.asking import AskingOptions, Roots
from mxproof.evidence import Evidence, Kind, Outcome, Question
from mxproof.formats.names import Domain, parse_domain
from mxproof.net.asking import Peer
from mxproof.net.shared_answers import SharedAnswers
from support_certificates import ROOT

DOMAINS = tuple(parse_domain(f"{name}.example") for name in "abcdefghij")
SMTP = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")
MEANT = Peer("192.0.2.25", 25)


class Wanting:
    """A survey that wants some questions about each domain, and notes what is known when it is consulted."""

    def __init__(self, *questions: Question, faulty: str = "") -> None:
        self.consulted: list[tuple[str, int]] = []
        self._questions = questions
        self._faulty = faulty

    def __call__(self, evidence: Evidence) -> tuple[Question, ...]:
        if evidence.domain == self._faulty and evidence.answers:
            raise ZeroDivisionError("as a test")
        self.consulted.append((evidence.domain, len(evidence.answers)))
        return tuple(one for one in self._questions if one not in evidence.answers)

    def begun(self) -> list[str]:
        """Return the domains in the order in which they were first looked at."""
        return list(dict.fromkeys(domain for domain, _ in self.consulted))


@pytest.fixture
def options() -> Iterator[AskingOptions]:
    """Return a way of asking by which nobody answers, at once."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = Peer("127.0.0.1", closed.getsockname()[1])
        yield AskingOptions(
            resolver=(nobody,),
            trust_ad=True,
            ca_file=Roots("a root", (ROOT.der,)),
            connect_to=((MEANT, nobody),),
        )


def observed(
    options: AskingOptions,
    wanting: Wanting,
    domains: tuple[Domain, ...] = DOMAINS,
    jobs: int = 1,
    interruption: Interruption | None = None,
) -> ManyObserved:
    return ManyObserved(domains, options, Survey(wanting), jobs, interruption or Interruption())


def names(many: ManyObserved) -> list[str]:
    """Read all observations, each told as read, and return their domains in order of place."""
    read = []
    for one in many:
        read.append(one)
        many.read()
    assert [one.place for one in read] == list(range(len(read)))
    return [one.domain.name for one in read]


def test_every_domain_is_observed_once_in_its_place(options: AskingOptions) -> None:
    many = observed(options, Wanting())
    assert names(many) == [one.name for one in DOMAINS]
    many.read()  # what is read after all is over makes no room for anything


def test_what_is_read_before_anything_is_asked_makes_no_room(options: AskingOptions) -> None:
    many = observed(options, Wanting())
    many.read()
    assert names(many) == [one.name for one in DOMAINS]


def test_no_domain_is_begun_far_ahead_of_what_was_read(options: AskingOptions) -> None:
    assert AHEAD_FACTOR == 4
    wanting = Wanting()
    many = observed(options, wanting)
    reading = iter(many)
    for _ in range(4):
        next(reading)
    let_work(many)
    assert wanting.begun() == ["a.example", "b.example", "c.example", "d.example"]
    many.read()
    assert next(reading).domain.name == "e.example"
    reading.close()  # type: ignore[attr-defined]  # it is a generator


def let_work(many: ManyObserved) -> None:
    """Let the asker do all that it can do by itself."""
    assert many._loop is not None
    for _ in range(20):
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), many._loop).result()


def test_as_many_are_asked_about_at_once_as_there_are_jobs(options: AskingOptions) -> None:
    one, two = Wanting(SMTP), Wanting(SMTP)
    names(observed(options, one, DOMAINS[:2], jobs=1))
    names(observed(options, two, DOMAINS[:2], jobs=2))
    assert one.consulted[:3] == [("a.example", 0), ("a.example", 1), ("b.example", 0)]
    assert two.consulted[:2] == [("a.example", 0), ("b.example", 0)]


def test_what_one_domain_alone_has_wanted_is_not_held_for_the_others(
    options: AskingOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[SharedAnswers] = []

    class Noted(SharedAnswers):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(module, "SharedAnswers", Noted)
    own = Question(Kind.SMTP, "a.example", "192.0.2.25")
    assert names(observed(options, Wanting(own), DOMAINS[:1])) == ["a.example"]
    assert list(map(len, made)) == [0]


def test_ctrl_c_ends_it_with_what_was_observed_until_then(options: AskingOptions) -> None:
    interruption = Interruption()
    many = observed(options, Wanting(), interruption=interruption)
    reading = iter(many)
    assert next(reading).domain.name == "a.example"
    interruption.came = True
    interruption.wake()
    assert list(reading) == []


def test_what_was_ended_before_it_began_asks_nothing(options: AskingOptions) -> None:
    wanting = Wanting()
    many = observed(options, wanting)
    many._end()
    assert (names(many), wanting.consulted) == ([], [])


def test_what_keeps_all_from_being_asked_is_raised_where_they_are_read() -> None:
    with pytest.raises(RunError) as error:
        list(observed(AskingOptions(lab="no such world"), Wanting()))
    assert "no such world" in str(error.value)


def test_a_bug_of_ours_about_one_domain_is_all_that_is_known_of_it(options: AskingOptions) -> None:
    many = observed(options, Wanting(SMTP, faulty="b.example"), DOMAINS[:3])
    found = {}
    for one in many:
        found[one.domain.name] = one.fault
        many.read()
    assert found == {"a.example": "", "b.example": "ZeroDivisionError: as a test", "c.example": ""}


def test_a_domain_that_was_not_asked_about_has_all_that_is_wanted_unasked() -> None:
    evidence = unasked_evidence(DOMAINS[0], Survey(Wanting(SMTP)), "ZeroDivisionError: as a test")
    answer = evidence.answer(SMTP)
    assert (evidence.domain, len(evidence.answers)) == ("a.example", 1)
    assert (answer.outcome, answer.detail) == (
        Outcome.UNASKED,
        "a fault of mxproof: ZeroDivisionError: as a test",
    )
