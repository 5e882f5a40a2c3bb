"""The words, marks and colours of verdicts; one word for one meaning, whether or not there is colour."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from mxproof.judge.vocabulary import Security, Severity, Verdict
from mxproof.render.text.paper import Tone

if TYPE_CHECKING:
    from mxproof.judge.report import Report

VERDICT_WORDS = MappingProxyType(
    {
        Verdict.REFUSED: "REFUSES",
        Verdict.AT_RISK: "at risk",
        Verdict.UNKNOWN: "unknown",
        Verdict.DELIVERS: "delivers",
    }
)
"""What a sender does, worst first."""

VERDICT_MARKS = MappingProxyType(
    {Verdict.REFUSED: "✘", Verdict.AT_RISK: "▲", Verdict.UNKNOWN: "?", Verdict.DELIVERS: "✔"}
)
VERDICT_TONES = MappingProxyType(
    {
        Verdict.REFUSED: Tone.BAD,
        Verdict.AT_RISK: Tone.DOUBTFUL,
        Verdict.UNKNOWN: Tone.UNKNOWN,
        Verdict.DELIVERS: Tone.GOOD,
    }
)
SUMMARY_WORDS = MappingProxyType(
    {
        Verdict.REFUSED: "REFUSED",
        Verdict.AT_RISK: "AT RISK",
        Verdict.UNKNOWN: "UNKNOWN",
        Verdict.DELIVERS: "DELIVERS",
    }
)
SECURITY_WORDS = MappingProxyType(
    {
        Security.DANE: "secured by DANE",
        Security.MTA_STS: "secured by MTA-STS",
        Security.OPPORTUNISTIC: "TLS, not verified",
        Security.NONE: "not encrypted",
    }
)
SEVERITY_TONES = MappingProxyType(
    {
        Severity.ERROR: Tone.BAD,
        Severity.WARNING: Tone.DOUBTFUL,
        Severity.NOTICE: Tone.UNKNOWN,
        Severity.OK: Tone.GOOD,
    }
)

_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S
_HOURS_SAID_MAX = 48


def duration(seconds: int) -> str:
    """Return a span of time as a mail administrator says it: `24 h`, `5 days`, `30 min`."""
    if seconds > _HOURS_SAID_MAX * _HOUR_S and seconds % _DAY_S == 0:
        return f"{seconds // _DAY_S} days"
    if seconds % _HOUR_S == 0 and seconds:
        return f"{seconds // _HOUR_S} h"
    if seconds % 60 == 0 and seconds:
        return f"{seconds // 60} min"
    return f"{seconds} s"


def sets_not_asked(report: "Report") -> str:
    """Return the sets of checks that a report says nothing of, and how they are asked; empty where all were."""
    if not report.not_asked:
        return ""
    return f"{', '.join(report.not_asked)} (--full)"


def moment(at: datetime) -> str:
    """Return a time in UTC to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def cited(sources: Sequence[str]) -> str:
    """Return sources with each document named once: `RFC 8461 sections 4.1 and 8.4, RFC 5321 section 5.1`."""
    places: dict[str, list[str]] = {}
    for source in sources:
        document, section, place = source.partition(" section ")
        places.setdefault(document, []).extend([place] if section else [])
    return ", ".join(
        f"{document} section{'s' * (len(found) > 1)} {listed(found)}" if found else document
        for document, found in places.items()
    )


def sentence_start(words: str) -> str:
    """Return words as they begin a sentence."""
    return f"{words[:1].upper()}{words[1:]}"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
