"""Explanations of bounces, log lines and headers in Markdown, for a ticket."""

from collections.abc import Iterable, Iterator

from mxproof.explain.explanation import Claim, Explanation, Joined
from mxproof.render.markdown.text import block, code, laid_out, text
from mxproof.render.text.explanation import KIND_WORDS, fact_words, fault_words, joined_words, measured_words
from mxproof.render.text.words import moment


def document(several: Iterable[Explanation]) -> Iterator[str]:
    """Yield each explanation under a heading of its own."""
    for number, explained in enumerate(several):
        yield ("\n" if number else "") + "\n\n".join(_parts(explained)) + "\n"


def _parts(explained: Explanation) -> Iterator[str]:
    kind = (
        KIND_WORDS[explained.kind]
        if explained.causes
        else "another kind"
        if explained.understood
        else "unknown"
    )
    yield f"# {code(explained.source)}: {text(explained.headline)}"
    yield f"**{kind}** {text(explained.words)}".rstrip()
    rows = {"fault": fault_words(explained)} if explained.suspects else {}
    rows |= fact_words(explained)
    if rows:
        yield "\n".join(f"- {label}: {text(words)}" for label, words in rows.items())
    for label, claims in (("Cause", explained.causes), ("Possible", explained.leads)):
        for claim in claims:
            yield from _claim(label, claim)
    if explained.live is not None:
        yield from _live(explained.live)
    if explained.next:
        yield "## Next"
        yield block("\n".join(explained.next), "sh")


def _claim(label: str, claim: Claim) -> Iterator[str]:
    yield f"## {label}: {code(claim.code)} ({claim.confidence})"
    yield f"Said: {code(claim.because)}" + (f" about {code(claim.host)}" if claim.host is not None else "")
    yield text(claim.check)
    if claim.known_from:
        yield f"Known from {text(claim.known_from)}"


def _live(live: Joined) -> Iterator[str]:
    """Yield what a check finds now, with every step that it advises."""
    where = f" in lab scenario {code(live.simulated)}" if live.simulated else ""
    yield f"## Now{where}: {joined_words(live)}"
    yield text(live.words)
    numbered = len(live.steps) > 1
    for number, step in enumerate(live.steps, 1):
        yield from laid_out(step, f"{number}. " if numbered else "")
    for way in live.otherwise:
        yield from laid_out(way)
    if live.who:
        yield f"Who acts: {text(live.who)}"
    if live.verified:
        yield f"Verified: {text(live.verified)}"
    if live.name_servers:
        yield "\n".join(f"- {text(measured_words(one))}" for one in live.name_servers)
    if live.domain:
        yield f"{code(live.domain)}, asked {moment(live.observed_at)}."
