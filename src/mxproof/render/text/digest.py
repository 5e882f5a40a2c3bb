"""A digest as text: what stands badly, then what was new."""

from collections.abc import Iterator

from mxproof.judge.digest import Digest
from mxproof.render.text.news import news_text, standing_text
from mxproof.render.text.paper import Paper
from mxproof.render.text.words import moment


def digest_title(digest: Digest) -> str:
    """Return how it stands, in a line."""
    troubled = len(digest.troubled)
    news = len(digest.news) + digest.news_left_out
    domains, deliver = ("domain", "delivers") if digest.domains == 1 else ("domains", "deliver")
    stands = f"{troubled} of {digest.domains} in trouble" if troubled else f"{digest.domains} {deliver}"
    return f"mxproof: {domains}: {stands}, {news or 'no'} news"


def digest_text(digest: Digest, paper: Paper) -> Iterator[str]:
    """Yield the text."""
    yield f"{period_words(digest)}\n\n"
    yield from _standing(digest, paper)
    yield "\nNews\n" if digest.news else "\nNo news.\n"
    for one in digest.news:
        yield f"\n{paper.clean(one.domain)}"
        yield news_text(one, paper)
    if digest.news_left_out:
        yield f"\nand {digest.news_left_out} older; `mxproof watch status DOMAIN` has them\n"


def period_words(digest: Digest) -> str:
    """Return the period, and how much it is about."""
    domains = "1 domain is" if digest.domains == 1 else f"{digest.domains} domains are"
    return f"From {moment(digest.since)} to {moment(digest.until)}; {domains} watched."


def _standing(digest: Digest, paper: Paper) -> Iterator[str]:
    if not digest.troubled:
        yield "Every sender that is modelled delivers to all of them.\n"
        return
    yield "In trouble\n"
    yield from standing_text(digest.troubled, digest.until, paper)
