"""The report: version 1 of the contract that `--format json` prints.

Field names and order are the contract; `mxproof.render.json` writes these values as they stand, and the JSON Schema
in docs/reference is generated from them.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec

from mxproof.evidence import Question, Vantage
from mxproof.formats.result_type import ResultType
from mxproof.judge.value import Value
from mxproof.judge.vocabulary import Actor, Confidence, Remedied, Security, Severity, Verdict
from mxproof.mail.change import Change

SCHEMA_VERSION = 1

_NO_PARAMS: Mapping[str, Value] = MappingProxyType({})


class MendingWay(msgspec.Struct, frozen=True):
    """One way to mend a finding: what the catalogue calls it, and its changes in order."""

    name: str
    changes: tuple[Change, ...]


class Finding(msgspec.Struct, frozen=True):
    """One fact worth saying, in values. The words live in the catalogue by `code`; `params` fill them in.

    `subject` is the name or address it is about; `evidence` are the questions it rests on. `changes` are the best way
    to mend it, in order, where that is known from what was seen: empty means that it is not, and not that nothing is
    to be done. `way` names the words of that way where they are not the usual ones; `others` are further ways.
    """

    code: str
    subject: str
    params: Mapping[str, Value] = _NO_PARAMS
    evidence: tuple[Question, ...] = ()
    changes: tuple[Change, ...] = ()
    way: str = ""
    others: tuple[MendingWay, ...] = ()


class Bounce(msgspec.Struct, frozen=True):
    """What the sender writes: `transient` while it retries, `final` after `after_s` seconds; None where unknown."""

    transient: str | None
    final: str | None
    after_s: int | None


class Attempt(msgspec.Struct, frozen=True):
    """One try of one sender at one address; `address` is None where it refuses before it connects."""

    mx: str
    preference: int
    address: str | None
    judged_name: str
    result_type: ResultType | None
    outcome: Verdict
    detail: str


class Delivery(msgspec.Struct, frozen=True):
    """What one sender does with mail for the domain, and why; `because` are finding codes."""

    id: str
    name: str
    outcome: Verdict
    confidence: Confidence
    security: Security | None
    because: tuple[str, ...]
    bounce: Bounce | None
    attempts: tuple[Attempt, ...]

    @property
    def decides(self) -> bool:
        """Tell whether the sender counts in the summary and the exit status; one that rests on a guess does not."""
        return self.confidence is not Confidence.GUESS


class Duty(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who has to act and at which name; `alias` is the name of the domain that leads there by CNAME."""

    actor: Actor
    at: str
    alias: str = ""


class SenderAfter(msgspec.Struct, frozen=True):
    """What one sender does once the changes are made."""

    sender: str
    outcome: Verdict
    security: Security | None


class VerifiedFix(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every sender does once a fix is made, as judged on evidence to which it was applied.

    Findings of the same code are mended together. `along` are the codes of other findings whose fixes were applied with
    it, since the same senders refuse for those as well; `then` the codes for which senders still do not simply deliver.
    `words` say it in one sentence, empty where it changes nothing for anybody; `assumed` was supposed and `unseen` was
    left open.
    """

    standing: Remedied
    senders: tuple[SenderAfter, ...]
    words: str = ""
    along: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


class WordedWay(msgspec.Struct, frozen=True, omit_defaults=True):
    """One more way to mend a finding, in words and in values."""

    steps: tuple[str, ...]
    changes: tuple[Change, ...]
    duties: tuple[Duty, ...] = ()
    who: str = ""
    verified: VerifiedFix | None = None


class WordedFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding in words, with its severity and the ids of the senders it affects, as computed from the models.

    `steps` are those of the best way to mend it, in order, and `changes` the same as values, so far as it is known;
    `otherwise` holds other ways, each in a paragraph. `fix` is steps and other ways as one text. A line in them that
    begins with four spaces is a command, a record or a line of a policy, to be pasted as it stands. `duties` are who has
    to act, `who` the same in words. `ways` are those of the other ways that are known as values; each has its paragraph at
    the end of `otherwise`. `verified` is what the senders do once the changes are made, where that was judged.
    """

    code: str
    severity: Severity
    subject: str
    summary: str
    detail: str
    fix: str
    rfc: tuple[str, ...]
    affects: tuple[str, ...]
    evidence: tuple[str, ...]
    steps: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    duties: tuple[Duty, ...] = ()
    who: str = ""
    ways: tuple[WordedWay, ...] = ()
    verified: VerifiedFix | None = None


class Unknown(msgspec.Struct, frozen=True):
    """Something that was needed and could not be found out."""

    question: str
    why: str


class Summary(msgspec.Struct, frozen=True):
    """The worst outcome over the senders that decide, and one line that says it."""

    outcome: Verdict
    headline: str


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is said of one domain; `judged_at` only where that is another moment than `observed_at`.

    `not_asked` are the sets of checks that were not asked, and so say nothing; without `arrival` there are no senders.
    """

    schema_version: int
    domain: str
    observed_at: datetime
    vantage: Vantage
    summary: Summary
    senders: tuple[Delivery, ...]
    findings: tuple[WordedFinding, ...]
    unknowns: tuple[Unknown, ...]
    judged_at: datetime | None = None
    not_asked: tuple[str, ...] = ()
