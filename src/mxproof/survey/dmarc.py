"""The survey of DMARC: the records on the walk up the tree, and the consent of those who are to get reports.

```
_dmarc.D ──TXT; _dmarc of each name above D, the top-level domain included (RFC 9989 section 4.10)
each domain that reports go to and that is not of the same organisation:
         D._report._dmarc.R ──TXT (RFC 7489 section 7.1)     R ──MX, or else A, AAAA: can it receive mail?
```
All names of the walk are asked for at once: they are two for most domains, and eight at most.
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import ANSWERED, Evidence, Kind, Outcome, Question, TxtRecord
from mxproof.formats.dmarc import DmarcRecord, examine_dmarc, is_dmarc
from mxproof.survey import report_destination
from mxproof.survey.reading import askable

DMARC_LABEL = "_dmarc"
REPORT_LABELS = f"_report.{DMARC_LABEL}"

_WALK_LABELS_MAX = 8
"""Names of the walk; of a longer name the walk leaves out those between its own and that of seven labels."""


class DmarcHolder(msgspec.Struct, frozen=True):
    """A name of the walk whose record counts, with its record; `name` is without the label in front."""

    name: str
    text: bytes
    record: DmarcRecord


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(_needed(evidence)))


def _needed(evidence: Evidence) -> Iterator[Question]:
    for name in walk(evidence.domain):
        yield record_question(name)
    holder = applying(evidence)
    if holder is None:
        return
    for destination in destinations(holder.record):
        if is_elsewhere(evidence, destination):
            yield consent_question(holder, destination)
        yield from report_destination.needed(evidence, destination)


def walk(domain: str) -> tuple[str, ...]:
    """Return the names at which a receiver looks for a record, `domain` first (RFC 9989 section 4.10)."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) <= _WALK_LABELS_MAX else labels[1 - _WALK_LABELS_MAX :]
    return (domain, *(".".join(above[start:]) for start in range(len(above))))


def record_question(name: str) -> Question:
    """Return the question for the record of `name`."""
    return Question(Kind.TXT, f"{DMARC_LABEL}.{name}")


def consent_question(holder: DmarcHolder, destination: str) -> Question:
    """Return the question whether `destination` takes reports on the holder's domain (RFC 7489 section 7.1)."""
    return Question(Kind.TXT, f"{holder.name}.{REPORT_LABELS}.{destination}")


def texts_at(evidence: Evidence, name: str) -> tuple[bytes, ...]:
    """Return all TXT records at the place of the record of `name`."""
    answer, data = evidence.dns(Kind.TXT, record_question(name).name)
    records = data.records if answer.outcome is Outcome.FOUND and data is not None else ()
    return tuple(sorted(one.text for one in records if isinstance(one, TxtRecord)))


def holder_at(evidence: Evidence, name: str) -> DmarcHolder | None:
    """Return the one record of `name`; several count as none (RFC 9989 section 4.10)."""
    records = [text for text in texts_at(evidence, name) if is_dmarc(text)]
    return DmarcHolder(name, records[0], examine_dmarc(records[0])) if len(records) == 1 else None


def is_walked(evidence: Evidence) -> bool:
    """Tell whether every name of the walk was answered for, so that what is not found is not there."""
    return all(evidence.answer(record_question(name)).outcome in ANSWERED for name in walk(evidence.domain))


def organization(evidence: Evidence) -> str:
    """Return the organizational domain, by the records on the walk (RFC 9989 section 4.10.2)."""
    names = walk(evidence.domain)
    found = [holder for name in names if (holder := holder_at(evidence, name)) is not None]
    for holder in found:
        if holder.record.psd == "n":
            return holder.name
        if holder.record.psd == "y" and holder.name != evidence.domain:
            return names[names.index(holder.name) - 1]
    return found[-1].name if found else evidence.domain


def applying(evidence: Evidence) -> DmarcHolder | None:
    """Return the record that counts for mail from the domain (RFC 9989 section 4.10.1).

    It is the domain's own, or else that of its organisation, or else that of the public suffix above. Where the domain
    has none of its own, none counts until all of the walk is known.
    """
    own = holder_at(evidence, evidence.domain)
    if own is not None or not is_walked(evidence):
        return own
    above = [holder_at(evidence, name) for name in walk(evidence.domain)[1:]]
    suffixes = [one for one in above if one is not None and one.record.psd == "y"]
    return holder_at(evidence, organization(evidence)) or next(iter(suffixes), None)


def destinations(record: DmarcRecord) -> tuple[str, ...]:
    """Return the domains that reports go to."""
    every = dict.fromkeys((*record.rua, *record.ruf))
    return tuple(one for one in every if askable(one))[: report_destination.DESTINATIONS_MAX]


def is_elsewhere(evidence: Evidence, destination: str) -> bool:
    """Tell whether reports leave the organisation, so that the destination must agree (RFC 7489 section 7.1)."""
    own = organization(evidence)
    return destination != own and not destination.endswith(f".{own}")
