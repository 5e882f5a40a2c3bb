"""The words for every finding: one entry per code, and the page that `mxproof finding CODE` prints.

The words of a topic are read when the first of its findings is put into words: a report has few of all that there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from mxproof.judge.block import INDENT
from mxproof.judge.catalogue.duty_words import who
from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.catalogue.wording import Words
from mxproof.judge.codes import Code
from mxproof.judge.report import Duty, Finding, WordedFinding, WordedWay
from mxproof.judge.value import Value
from mxproof.judge.vocabulary import Severity

__all__ = ["CATALOGUE", "FindingWords", "in_words", "joined", "names_readers", "paragraph"]

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})
_TOPICS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "mx": ("mx-", "domain-", "resolver-"),
        "mx_backup": ("mx-backup-", "mx-ipv6-"),
        "sts_record": ("sts-record-", "sts-absent", "sts-wildcard"),
        "sts_fetch": ("sts-policy-",),
        "sts_policy": ("sts-",),
        "sts_text": ("sts-",),
        "smtp": ("smtp-", "starttls-", "tls-", "port-"),
        "smtp_manner": ("smtp-", "starttls-"),
        "tls": ("tls-",),
        "certificate": ("cert-",),
        "certificate_remarks": ("cert-",),
        "caa": ("caa-",),
        "dnssec": ("dnssec-", "dane-absent", "dane-lines"),
        "dane": ("dane-", "dnssec-"),
        "dane_mismatch": ("dane-",),
        "tlsrpt": ("tlsrpt-",),
        "ptr": ("ptr-",),
        "resilience": ("mx-", "sts-policy-ipv6-"),
        "served": ("ns-",),
        "name_servers": ("ns-",),
        "server_paths": ("ns-",),
        "dnsbl": ("dnsbl-",),
        "spf": ("spf-",),
        "dmarc": ("dmarc-",),
        "dkim": ("dkim-",),
        "sending": ("sender-",),
    }
)
"""The modules with entries, in the order in which a reader meets them, and with what the codes of each begin."""


class _Catalogue(Mapping[Code, FindingWords]):
    """All entries, by topic; who asks for one code has no more read than the topics that may have it."""

    def __getitem__(self, code: Code) -> FindingWords:
        return _entry(code)

    def __iter__(self) -> Iterator[Code]:
        return (code for topic in _TOPICS for code in _entries(topic))

    def __len__(self) -> int:
        return sum(len(_entries(topic)) for topic in _TOPICS)


CATALOGUE: Final[Mapping[Code, FindingWords]] = _Catalogue()


@cache
def _entry(code: Code) -> FindingWords:
    topics = (topic for topic, beginnings in _TOPICS.items() if code.startswith(beginnings))
    entry = next((found for topic in topics if (found := _entries(topic).get(code)) is not None), None)
    if entry is None:
        raise KeyError(code)
    return entry


@cache
def _entries(topic: str) -> dict[Code, FindingWords]:
    entries: tuple[FindingWords, ...] = import_module(f"{__name__}.{topic}").ENTRIES
    return {entry.code: entry for entry in entries}


def names_readers(code: str) -> bool:
    """Tell whether the words name the senders that read record or policy, by `mxproof.judge.senders.readers`."""
    entry = CATALOGUE[Code(code)]
    return "_readers" in entry.summary + entry.detail


def in_words(
    finding: Finding,
    severity: Severity,
    affects: tuple[str, ...],
    computed: Mapping[str, Value] = _NOTHING,
    duties: Sequence[tuple[Duty, ...]] = ((),),
    mended: Finding | None = None,
) -> WordedFinding:
    """Return `finding` in words; `severity`, `affects` and the params `computed` are what the models make of it.

    `mended` is the finding with all that its fix mends, where that is more than itself; detail and fix are told of all of it.
    `duties` are who acts for its changes, and then for each of its other ways.
    """
    entry = CATALOGUE[Code(finding.code)]
    mended = finding if mended is None else mended
    own = Words({**computed, **finding.params, "subject": finding.subject})
    words = own if mended is finding else Words({**computed, **mended.params, "subject": finding.subject})
    steps = _filled(words, entry.ways[mended.way] if mended.way else entry.fix)
    of_finding, *of_others = duties
    ways = tuple(
        WordedWay(_filled(words, entry.ways[way.name]), way.changes, acting, who(acting))
        for way, acting in zip(mended.others, of_others or [()] * len(mended.others), strict=True)
    )
    otherwise = (*_filled(words, entry.otherwise), *map(paragraph, ways))
    return WordedFinding(
        code=finding.code,
        severity=severity,
        subject=finding.subject,
        summary=own.fill(entry.summary),
        detail=words.fill(entry.detail),
        fix=joined(steps, otherwise),
        rfc=entry.rfc,
        affects=affects,
        evidence=tuple(str(question) for question in finding.evidence),
        steps=steps,
        otherwise=otherwise,
        changes=mended.changes,
        duties=of_finding if steps else (),
        who=who(of_finding) if steps else "",
        ways=ways,
    )


def _filled(words: Words, templates: Sequence[str]) -> tuple[str, ...]:
    return tuple(words.fill(template).rstrip() for template in templates)


def paragraph(way: WordedWay) -> str:
    """Return one of the other ways as a paragraph of its own."""
    said = "".join(map(_ended, way.steps)).rstrip()
    first = said.split(maxsplit=1)[0] if said else ""
    return f"Or: {said[:1].lower() if first.istitle() else said[:1]}{said[1:]}"


def _ended(step: str) -> str:
    """Return a step with what stands between it and the next: nothing may follow on a line that is to be pasted."""
    if step.rpartition("\n")[2].startswith(INDENT):
        return f"{step}\n"
    return f"{step} " if step.endswith(".") else f"{step}. "


def joined(steps: tuple[str, ...], otherwise: tuple[str, ...]) -> str:
    """Return a fix as one text: a line for each step, numbered where there are several, and for each other way."""
    numbered = (f"{number}. {step}" for number, step in enumerate(steps, 1)) if len(steps) > 1 else steps
    return "\n".join((*numbered, *otherwise))
