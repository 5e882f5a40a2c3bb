"""All that was observed about one domain from one place: a frozen mapping from question to answer."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from mxproof.evidence.answer import Answer, Der, DnsData, HelloData, Outcome, PolicyData, SmtpData
from mxproof.evidence.lifetime import is_current
from mxproof.evidence.question import Kind, Question
from mxproof.formats.sent_header import SendingHost

NEVER = datetime.fromtimestamp(0, UTC)
YEAR_MAX = 2200
LATEST = datetime(YEAR_MAX, 1, 1, tzinfo=UTC)
"""The last moment that evidence, and what is asked of it, may speak of, so that spans can be added to it."""
UNASKED = Answer(outcome=Outcome.UNASKED, at=NEVER, detail="not asked")
_EMPTY: Mapping[Question, Answer] = MappingProxyType({})

_READINGS = "readings"
"""What has been read of a piece of evidence so far, by function and arguments; it stands beside the value and is no part of it."""
_UNREAD = object()
"""In place of what has not been read yet: what has been may be None."""

P = ParamSpec("P")
T = TypeVar("T")


class Vantage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where and how the questions were asked.

    `validating` tells whether the resolver's AD bit may be believed, `validating_because` who says so; `families`
    are the address families asked, `4` and `6`; `roots` names the store of trust anchors, and `anchors` are those of
    its certificates that an observed chain could end at, so that a replay elsewhere judges as here; `simulated` names
    the lab scenario, and is empty for the real world. `sets` are the sets of checks that were asked for, empty for the
    default, `selectors` the DKIM selectors that were named, and `sending` the hosts that are said to send mail of the domain;
    `lists` are the lists of addresses that were named, empty for those that are asked otherwise.
    """

    software: str = ""
    host: str = ""
    resolvers: tuple[str, ...] = ()
    validating: bool = False
    validating_because: str = ""
    families: tuple[int, ...] = (4, 6)
    roots: str = ""
    anchors: tuple[Der, ...] = ()
    simulated: str = ""
    sets: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    sending: tuple[SendingHost, ...] = ()
    lists: tuple[str, ...] = ()


class Evidence(msgspec.Struct, frozen=True, dict=True):
    """What was found out about `domain`; everything that is ever said of it is derived from this value."""

    domain: str
    vantage: Vantage = Vantage()
    answers: Mapping[Question, Answer] = _EMPTY

    def with_answers(self, answers: Iterable[tuple[Question, Answer]]) -> "Evidence":
        """Return this evidence with `answers` added; a later answer replaces an earlier one."""
        merged = dict(self.answers)
        merged.update(answers)
        return Evidence(self.domain, self.vantage, MappingProxyType(merged))

    def without(self, questions: Iterable[Question]) -> "Evidence":
        """Return this evidence with the answers to `questions` left out, so that a survey wants them again."""
        left_out = frozenset(questions)
        kept = {question: answer for question, answer in self.answers.items() if question not in left_out}
        return msgspec.structs.replace(self, answers=MappingProxyType(kept))

    def expired(self, now: datetime) -> tuple[Question, ...]:
        """Return the questions whose answers have outlived their TTL, or what is the lifetime of their kind."""
        return tuple(
            question for question, answer in self.answers.items() if not is_current(question, answer, now)
        )

    def answer(self, question: Question) -> Answer:
        """Return the answer to `question`, or one with outcome UNASKED."""
        return self.answers.get(question, UNASKED)

    def dns(self, kind: Kind, name: str) -> tuple[Answer, DnsData | None]:
        """Return the resolver's answer about `name` and its DNS data, if a response came."""
        return self.resolved(Question(kind, name))

    def resolved(self, question: Question) -> tuple[Answer, DnsData | None]:
        """Return the answer to a question of DNS and its data, if a response came."""
        answer = self.answers.get(question, UNASKED)
        data = answer.data
        return answer, data if isinstance(data, DnsData) else None

    def policy(self, name: str, at: str) -> tuple[Answer, PolicyData | None]:
        """Return the answer of the policy host `name` at one address."""
        answer = self.answer(Question(Kind.POLICY, name, at))
        return answer, answer.data if isinstance(answer.data, PolicyData) else None

    def smtp(self, name: str, at: str) -> tuple[Answer, SmtpData | None]:
        """Return the answer of the SMTP server at one address to a client that puts `name` in SNI."""
        answer = self.answer(Question(Kind.SMTP, name, at))
        return answer, answer.data if isinstance(answer.data, SmtpData) else None

    def hello(self, question: Question) -> tuple[Answer, HelloData | None]:
        """Return the answer to a `question` of kind TLS and its data, if there was a connection."""
        answer = self.answer(question)
        return answer, answer.data if isinstance(answer.data, HelloData) else None

    def observed_at(self) -> datetime:
        """Return when the last answer was complete, or the epoch where nothing was asked."""
        return max((answer.at for answer in self.answers.values()), default=NEVER)


def once(function: Callable[Concatenate[Evidence, P], T]) -> Callable[Concatenate[Evidence, P], T]:
    """Return the pure `function` of one piece of evidence and hashable arguments, worked out once for the same ones.

    A survey and the nouns above it follow the same names over and over, and evidence never changes. What is kept ends with
    the evidence.
    """

    @wraps(function)
    def read(evidence: Evidence, /, *args: P.args, **kwargs: P.kwargs) -> T:
        assert not kwargs, "what is read once is told by place"
        readings, key = evidence.__dict__.get(_READINGS), (function, *args)
        if readings is None:
            readings = evidence.__dict__[_READINGS] = {}
        known: T = readings.get(key, _UNREAD)
        if known is _UNREAD:
            known = readings[key] = function(evidence, *args, **kwargs)
        return known

    return read
