"""Domains that are watched, with what their newest checks came to, made by hand for tests of pages."""

from collections.abc import Mapping

from mxproof.judge.vocabulary import Verdict
from mxproof.store.journal.watch_overview import NewestVerdict
from support_certificates import NOW

TIME = '<time datetime="2026-06-01T12:00:00+00:00">2026-06-01 12:00:00 UTC</time>'
"""How a page shows when something was seen."""
SEEN = f'<p class="id">seen {TIME}</p>'


def newest(
    outcome: Verdict | None, domain: str = "example.com", outcomes: Mapping[str, Verdict] | None = None
) -> NewestVerdict:
    """Return a domain whose newest check came to this; one that was not checked has no moment and no headline."""
    is_checked = outcome is not None
    headline = f"The headline of {domain}" if is_checked else ""
    return NewestVerdict(domain, NOW, outcome, headline, NOW if is_checked else None, outcomes or {})
