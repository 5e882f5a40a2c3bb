"""The words for every finding: one entry per code, and the page that `mxproof finding CODE` prints."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mxproof.judge.catalogue import (
    certificate,
    dane,
    mx,
    name_servers,
    ptr,
    smtp,
    sts_fetch,
    sts_policy,
    sts_record,
    tlsrpt,
)
from mxproof.judge.catalogue.entry import Entry
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding, Stated
from mxproof.judge.vocabulary import Severity

__all__ = ["CATALOGUE", "Entry", "stated"]

_TOPICS = (mx, sts_record, sts_fetch, sts_policy, smtp, certificate, dane, tlsrpt, ptr, name_servers)

CATALOGUE: Final[Mapping[Code, Entry]] = MappingProxyType(
    {entry.code: entry for topic in _TOPICS for entry in topic.ENTRIES}
)
"""All entries, by topic in the order in which a reader meets them."""


def stated(finding: Finding, severity: Severity, affects: tuple[str, ...]) -> Stated:
    """Return `finding` in words; `severity` and `affects` are what the sender models make of it.

    A line break inside a param becomes a space, so that the lines are those of the templates.
    """
    entry = CATALOGUE[Code(finding.code)]
    words = {name: " ".join(value.splitlines()) for name, value in finding.params.items()}
    words["subject"] = finding.subject
    return Stated(
        code=finding.code,
        severity=severity,
        subject=finding.subject,
        summary=entry.summary.format_map(words),
        detail=entry.detail.format_map(words),
        fix=entry.fix.format_map(words),
        rfc=entry.rfc,
        affects=affects,
        evidence=tuple(str(question) for question in finding.evidence),
    )
