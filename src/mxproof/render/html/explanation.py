"""Explanations of bounces, log lines and headers as one page that needs nothing outside itself."""

from collections.abc import Iterable, Iterator

from mxproof import __version__
from mxproof.explain.explanation import Claim, Explanation, Joined
from mxproof.judge.vocabulary import Verdict
from mxproof.render.html.frame import framed
from mxproof.render.html.parts import facts, fix, heading, prose, section
from mxproof.render.markup import Content, Element, element, html
from mxproof.render.text.explanation import KIND_WORDS, fact_words, fault_words, joined_words, measured_words
from mxproof.render.text.words import moment

_TITLE = "What the bounce means"


def document(several: Iterable[Explanation]) -> Iterator[str]:
    """Yield the page: a single explanation, or all of them one below the other."""
    bodies = [_content(explained, number) for number, explained in enumerate(several, 1)]
    alone = len(bodies) == 1
    title = _TITLE if alone else f"What {len(bodies)} messages mean"
    articles = [html(element("article", *body, class_=None if alone else "report")) for body in bodies]
    yield from framed(title, [html(heading(1, title)), *articles], f"mxproof {__version__}")


def _content(explained: Explanation, number: int) -> list[Content]:
    prefix = f"m{number}-"
    kind = (
        KIND_WORDS[explained.kind]
        if explained.causes
        else "another kind"
        if explained.understood
        else "unknown"
    )
    tone = Verdict.REFUSED if explained.causes else Verdict.UNKNOWN
    banner = element(
        "p", element("strong", kind), element("span", *prose(explained.headline)), class_=f"verdict {tone}"
    )
    rows = {"Fault": fault_words(explained)} if explained.suspects else {}
    rows |= {label.capitalize(): words for label, words in fact_words(explained).items()}
    return [
        heading(2, explained.source),
        banner,
        element("p", *prose(explained.words)) if explained.words else None,
        facts((label, [words]) for label, words in rows.items()),
        _claims("Cause", explained.causes, f"{prefix}causes"),
        _claims("Possible", explained.leads, f"{prefix}leads"),
        _live(explained.live, f"{prefix}live") if explained.live is not None else None,
        _next(explained.next, f"{prefix}next"),
    ]


def _claims(title: str, claims: tuple[Claim, ...], id_: str) -> Element | None:
    return section(3, title, id_, *map(_claim, claims)) if claims else None


def _claim(claim: Claim) -> Element:
    rows: list[tuple[str, list[Content]]] = [
        ("Said", [element("code", claim.because)]),
        ("About", [claim.host]),
        ("Look at", list(prose(claim.check))),
        ("Known from", [claim.known_from]),
    ]
    title = element("h4", f"{claim.code} ({claim.confidence})")
    return element("article", title, facts(rows), class_="finding")


def _live(live: Joined, id_: str) -> Element:
    """Return what a check finds now, with every step that it advises."""
    where = f"Lab scenario {live.simulated}: " if live.simulated else ""
    told = element("p", f"{where}{joined_words(live)}. ", *prose(live.words))
    about = f"{live.domain}, asked {moment(live.observed_at)}"
    asked = element("p", about, class_="faint") if live.domain else None
    acting = facts([("Who acts", list(prose(live.who))), ("Verified", list(prose(live.verified)))])
    measured = [element("li", measured_words(one)) for one in live.name_servers]
    servers = element("ul", *measured) if measured else None
    return section(3, "Now", id_, told, asked, *fix(live.steps, live.otherwise), acting, servers)


def _next(commands: tuple[str, ...], id_: str) -> Element | None:
    if not commands:
        return None
    return section(3, "Next", id_, element("pre", "\n".join(commands), tabindex="0"))
