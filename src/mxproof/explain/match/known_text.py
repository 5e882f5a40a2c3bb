"""The texts of the knowledge as templates, in order of precedence, each behind the literal that it cannot do without."""

from collections.abc import Iterator
from functools import cache

import msgspec

from mxproof.explain.knowledge import CHAPTERS, TLS_REPORTS
from mxproof.explain.knowledge.rule import Chapter, Rule
from mxproof.explain.match.template import Template, template


class KnownText(msgspec.Struct, frozen=True):
    """One template with the rule and the chapter it comes from."""

    template: Template
    rule: Rule
    chapter: Chapter


@cache
def known_texts() -> tuple[tuple[str, KnownText], ...]:
    """Return every template in order of precedence, each behind the literal that a text must have to match it."""
    return tuple((known.template.needle, known) for chapter in CHAPTERS for known in _texts(chapter))


@cache
def report_texts() -> tuple[tuple[str, KnownText], ...]:
    """Return the templates for TLS reports alone, likewise."""
    return tuple((known.template.needle, known) for known in _texts(TLS_REPORTS))


def _texts(chapter: Chapter) -> Iterator[KnownText]:
    for rule in chapter.rules:
        for text in rule.texts:
            yield KnownText(template(text), rule, chapter)
