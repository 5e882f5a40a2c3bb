"""One sender across all domains, and all senders with how many domains they deliver to."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.vocabulary import WORST_FIRST, Confidence, Verdict
from mxproof.render.html.parts import breakable, facts, heading, table, verdict_word
from mxproof.render.html.report import both_spellings
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.words import VERDICT_MARKS, VERDICT_WORDS
from mxproof.serve.web.pages.events import when
from mxproof.store.journal.watch_overview import NewestVerdict

SENDER_DOMAINS_SHOWN_MAX: Final = 500

_KNOWN: Final = {one.id: one for one in SENDERS}


def sender_known(id_: str) -> Traits | None:
    """Return the sender with this id, None where there is none."""
    return _KNOWN.get(id_)


def senders_content(domains: Sequence[NewestVerdict]) -> list[Content]:
    """Return a line for each sender: what its mail comes to at how many domains."""
    rows = []
    for sender in SENDERS:
        counts = Counter(found for one in domains if (found := one.outcomes.get(sender.id)) is not None)
        cells = (_count(counts[verdict], verdict) for verdict in WORST_FIRST)
        rows.append(element("tr", element("th", _link(sender), _guess(sender), scope="row"), *cells))
    heads: list[Content] = ["Sender"]
    for one in WORST_FIRST:
        mark = element("span", VERDICT_MARKS[one], aria_hidden="true")
        heads.append(
            element(
                "th",
                mark,
                element("span", f" {VERDICT_WORDS[one]}", class_="wide"),
                scope="col",
                class_="number",
            )
        )
    words = "How many domains each sender that is modelled delivers to, as of their newest checks."
    return [heading(1, "Senders"), element("p", words), table("Senders and domains", heads, rows)]


def sender_content(sender: Traits, domains: Sequence[NewestVerdict]) -> list[Content]:
    """Return the domains that a sender was judged for, the worst first."""
    judged = [(one.outcomes[sender.id], one) for one in domains if sender.id in one.outcomes]
    judged.sort(key=lambda each: (WORST_FIRST.index(each[0]), each[1].domain))
    rows = (_row(verdict, one) for verdict, one in judged[:SENDER_DOMAINS_SHOWN_MAX])
    content: list[Content] = [
        heading(1, sender.name),
        facts(
            (("Named", [element("code", sender.id)]), ("Known from", [sender.confidence.replace("-", " ")]))
        ),
    ]
    if sender.confidence is Confidence.GUESS:
        content.append(element("p", "This is a guess. It does not count in the verdict of a domain."))
    if not judged:
        return [*content, element("p", "No domain has been checked yet.", class_="faint")]
    content.append(table(f"What {sender.name} does", ("Domain", "In a line"), rows))
    beyond = len(judged) - SENDER_DOMAINS_SHOWN_MAX
    if beyond > 0:
        content.append(element("p", f"{beyond} more, none of which fares worse.", class_="faint"))
    return content


def _row(verdict: Verdict, one: NewestVerdict) -> Element:
    link = element("a", both_spellings(one.domain), href=f"/domains/{one.domain}")
    seen = None if one.observed_at is None else element("p", "seen ", when(one.observed_at), class_="id")
    return element(
        "tr",
        element("th", verdict_word(verdict), " ", link, scope="row"),
        element("td", element("p", one.headline), seen),
    )


def _link(sender: Traits) -> Element:
    return element("a", *breakable(sender.name), href=f"/senders/{sender.id}")


def _guess(sender: Traits) -> Element | None:
    return (
        element("span", "a guess, does not count", class_="id")
        if sender.confidence is Confidence.GUESS
        else None
    )


def _count(count: int, verdict: Verdict) -> Element:
    return element("td", str(count), class_=f"number {verdict}" if count else "number faint")
