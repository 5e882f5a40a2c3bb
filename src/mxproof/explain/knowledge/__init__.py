"""All that is known of texts, in the order of precedence: systems first, shared texts last.

Left out on purpose, because no source could be found: Google's wording for a failed MTA-STS check as a sender. What
Postfix logs of every session (`Untrusted TLS connection established`) is no failure and no rule.
"""

from collections.abc import Iterator
from functools import cache

import msgspec

from mxproof.explain.knowledge import (
    classic,
    common,
    exim,
    google,
    microsoft,
    milters,
    postfix,
    receivers,
    senders,
    sockets,
)
from mxproof.explain.rule import Chapter, Rule
from mxproof.explain.template import Template, template

CHAPTERS: tuple[Chapter, ...] = (
    *microsoft.CHAPTERS,
    *sockets.CHAPTERS,
    *google.CHAPTERS,
    *postfix.CHAPTERS,
    *exim.CHAPTERS,
    *classic.CHAPTERS,
    *receivers.CHAPTERS,
    *milters.CHAPTERS,
    *senders.CHAPTERS,
    *common.CHAPTERS,
)


TLS_REPORTS: Chapter = common.TLS_REPORTS


class Entry(msgspec.Struct, frozen=True):
    """One template with the rule and the chapter it comes from."""

    template: Template
    rule: Rule
    chapter: Chapter


@cache
def entries() -> tuple[tuple[str, Entry], ...]:
    """Return every template in order of precedence, each behind the literal that a text must have to match it."""
    return tuple((entry.template.needle, entry) for chapter in CHAPTERS for entry in _entries(chapter))


@cache
def report_entries() -> tuple[tuple[str, Entry], ...]:
    """Return the templates for TLS reports alone, likewise."""
    return tuple((entry.template.needle, entry) for entry in _entries(TLS_REPORTS))


def _entries(chapter: Chapter) -> Iterator[Entry]:
    for rule in chapter.rules:
        for text in rule.texts:
            yield Entry(template(text), rule, chapter)
