"""The texts of the knowledge as templates, in order of precedence, to be found by their words."""

from collections.abc import Iterator
from functools import cache

import msgspec

from mxproof.explain.knowledge import CHAPTERS, TLS_REPORTS
from mxproof.explain.knowledge.rule import Chapter, Rule
from mxproof.explain.match.needle import Needles, needles
from mxproof.explain.match.template import Template, template


class KnownText(msgspec.Struct, frozen=True):
    """One template with the rule and the chapter it comes from."""

    template: Template
    rule: Rule
    chapter: Chapter


@cache
def known_texts() -> Needles[KnownText]:
    """Return every template in order of precedence."""
    return needles((known.template, known) for chapter in CHAPTERS for known in _texts(chapter))


@cache
def report_texts() -> Needles[KnownText]:
    """Return the templates for TLS reports alone, likewise."""
    return needles((known.template, known) for known in _texts(TLS_REPORTS))


def _texts(chapter: Chapter) -> Iterator[KnownText]:
    for rule in chapter.rules:
        for text in rule.texts:
            yield KnownText(template(text), rule, chapter)
