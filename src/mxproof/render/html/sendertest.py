"""What a sender test shows, as one page that needs nothing outside itself."""

from collections.abc import Iterator, Sequence

from mxproof.judge.senders.inference.conclusion import Conduct, SenderTestReport, ToldCase, ToldModel
from mxproof.judge.senders.inference.setting import ServerSetting
from mxproof.render.html.frame import framed
from mxproof.render.html.parts import heading, prose, section, table
from mxproof.render.markup import Content, Element, element, html
from mxproof.render.text.sendertest_words import (
    BOUNCES_TITLE,
    CASES_TITLE,
    CONDUCT_TONES,
    CONTRADICTIONS_TITLE,
    EXPLANATION,
    HONOURED_TONES,
    HONOURED_WORDS,
    LAX_TITLE,
    MODELS_TITLE,
    NO_REPORTS,
    PROPER_WORDS,
    REPORTS_TITLE,
    SETTINGS_TITLE,
    STRICT_TITLE,
    TOPIC_WORDS,
    TRAIT_WORDS,
    TRAITS_TITLE,
    became_words,
    bounce_words,
    difference_words,
    headline,
    mechanism_words,
    of_conduct,
    report_words,
    setting_title,
    wants_reports,
)
from mxproof.render.text.words import VERDICT_MARKS, listed

_TITLE = "What a mail server does with MTA-STS and DANE"


def document(report: SenderTestReport) -> Iterator[str]:
    """Yield the page."""
    yield from framed(_TITLE, [html(element("article", *_content(report)))], report.software)


def _content(report: SenderTestReport) -> list[Content]:
    unexplained = [one for one in report.cases if one.case in report.contradictions]
    return [
        heading(1, _TITLE),
        element("p", headline(report)),
        *(
            element(
                "p",
                element("strong", f"{TOPIC_WORDS[one.mechanism]}: {HONOURED_WORDS[one.honoured]}"),
                element("span", mechanism_words(one)),
                class_=f"verdict {HONOURED_TONES[one.honoured]}",
            )
            for one in report.mechanisms
        ),
        _cases(LAX_TITLE, "lax", of_conduct(report, Conduct.LAX)),
        _cases(STRICT_TITLE, "strict", of_conduct(report, Conduct.STRICT)),
        _cases(CONTRADICTIONS_TITLE, "unexplained", unexplained, EXPLANATION),
        _reports(report),
        _bounces(report),
        _settings(report.settings),
        _traits(report) if report.sent else None,
        _models(report.models) if report.sent else None,
        _cases(CASES_TITLE, "cases", report.cases),
    ]


def _cases(title: str, id_: str, cases: Sequence[ToldCase], words: str = "") -> Element | None:
    if not cases:
        return None
    rows = (
        element(
            "tr",
            element("th", element("code", one.case), scope="row"),
            element("td", *prose(one.title)),
            element("td", PROPER_WORDS[one.proper]),
            element("td", _mark(one), became_words(one)),
        )
        for one in cases
    )
    said = element("p", words) if words else None
    return section(
        2, title, id_, said, table(title, ("Case", "What is special", "By the RFCs", "What became"), rows)
    )


def _mark(one: ToldCase) -> Element:
    return element("span", f"{VERDICT_MARKS[CONDUCT_TONES[one.conduct]]} ", aria_hidden="true")


def _reports(report: SenderTestReport) -> Element | None:
    if report.reports:
        said: Element = element("ul", *(element("li", report_words(one)) for one in report.reports))
    elif wants_reports(report):
        said = element("p", NO_REPORTS)
    else:
        return None
    return section(2, REPORTS_TITLE, "reports", said)


def _bounces(report: SenderTestReport) -> Element | None:
    if not report.bounces:
        return None
    said = element("ul", *(element("li", bounce_words(one)) for one in report.bounces))
    return section(2, BOUNCES_TITLE, "bounces", said)


def _settings(settings: Sequence[ServerSetting]) -> Element | None:
    if not settings:
        return None
    return section(2, SETTINGS_TITLE, "settings", *(part for one in settings for part in _setting(one)))


def _setting(one: ServerSetting) -> Iterator[Content]:
    yield heading(3, setting_title(one))
    if one.lines:
        yield element("p", f"In {one.where}:")
        yield element("pre", "\n".join(one.lines), tabindex="0")
    if one.note:
        yield element("p", *prose(one.note))


def _traits(report: SenderTestReport) -> Element:
    rows = (
        element(
            "tr",
            element("th", *prose(TRAIT_WORDS[one.trait]), scope="row"),
            element("td", listed(one.words) if one.shown else "not shown"),
            element("td", listed(one.cases)),
        )
        for one in report.traits
    )
    return section(2, TRAITS_TITLE, "traits", table(TRAITS_TITLE, ("Trait", "Seen", "Shown by"), rows))


def _models(models: Sequence[ToldModel]) -> Element:
    return section(2, MODELS_TITLE, "models", *(part for one in models for part in _model(one)))


def _model(one: ToldModel) -> Iterator[Content]:
    yield heading(3, f"{one.name} ({one.id})")
    same = "1 trait is the same" if one.same == 1 else f"{one.same} traits are the same"
    different = "1 is different" if len(one.different) == 1 else f"{len(one.different)} are different"
    yield element("p", f"{same}, {different}.")
    if one.differences:
        yield element("ul", *(element("li", *prose(difference_words(each))) for each in one.differences))
