"""The answer in text: the verdict, whose bounce, why, and what is to be done in which order."""

from typing import Any

import msgspec
import pytest

from mxproof.judge.report import Bounce, Report, SenderAfter, Summary, Unknown, VerifiedFix, WordedFinding
from mxproof.judge.vocabulary import Confidence, Remedied, Severity, Verdict
from mxproof.render.text.answer import fix_suffices, headline, quoted_of, reason_of, section
from mxproof.render.text.paper import Paper
from support_report import delivery, finding, fixed

PAPER = Paper(width=100, unicode=True)
REFUSED, AT_RISK, DELIVERS = Verdict.REFUSED, Verdict.AT_RISK, Verdict.DELIVERS
ALIAS = finding("mx-alias", steps=("Name the host.",))
EXPIRED = finding("cert-expired", steps=("Renew it.",))
REVERSE = finding("ptr-missing", Severity.WARNING)
WHY = ["  why       Summary of mx-alias.", "  fix       Name the host."]
ALL_WELL = "✔ DELIVERS  All of example.com is well."
REFUSES = "✘ REFUSED  Mail for example.com is refused."


def report(*findings: WordedFinding, refused: bool = True, **changes: Any) -> Report:  # noqa: ANN401 - the fields have many types
    """Return a report in which one sender refuses for an alias, or in which all is well."""
    because = delivery("microsoft", REFUSED, because=("mx-alias",))
    summary = (
        Summary(REFUSED, "Mail for example.com is refused.")
        if refused
        else Summary(DELIVERS, "All of example.com is well.")
    )
    made = msgspec.structs.replace(
        fixed(), summary=summary, findings=findings, senders=(because,) if refused else ()
    )
    return msgspec.structs.replace(made, **changes)


def lines(told: Report, paper: Paper = PAPER) -> list[str]:
    return section(told, paper)


def test_where_all_is_well_the_answer_is_the_verdict_alone() -> None:
    assert lines(report(REVERSE, refused=False)) == [ALL_WELL]


def test_where_mail_is_refused_it_says_why_and_how_to_mend_it() -> None:
    assert lines(report(ALIAS)) == [REFUSES, *WHY]


def test_the_reason_may_weigh_less_than_an_error_beside_it() -> None:
    senders = (delivery("exim", REFUSED, because=("ptr-missing",)),)
    assert lines(report(EXPIRED, REVERSE, senders=senders)) == [
        REFUSES,
        "  why       Summary of ptr-missing.",
        "  also      Summary of cert-expired.",
    ]


def test_an_error_for_which_no_sender_refuses_is_told_all_the_same() -> None:
    assert lines(report(REVERSE, EXPIRED, refused=False)) == [
        ALL_WELL,
        "  but       Summary of cert-expired.",
        "  fix       Renew it.",
    ]


@pytest.mark.parametrize(
    ("domain", "said", "whole"),
    [
        ("example.com", "All deliver to example.com.", "All deliver to example.com."),
        ("example.com", "All deliver.", "example.com: All deliver."),
        (
            "xn--bcher-kva.example",
            "To xn--bcher-kva.example, mx.xn--bcher-kva.example.",
            "To bücher.example (xn--bcher-kva.example), mx.xn--bcher-kva.example.",
        ),
        ("xn--bcher-kva.example", "All deliver.", "bücher.example (xn--bcher-kva.example): All deliver."),
    ],
)
def test_the_domain_stands_once_in_the_verdict_in_both_spellings_where_there_are_two(
    domain: str, said: str, whole: str
) -> None:
    told = report(refused=False, domain=domain, summary=Summary(DELIVERS, said))
    assert headline(told, PAPER) == [f"✔ DELIVERS  {whole}"]


def test_the_reason_is_the_first_that_the_first_sender_of_this_verdict_names_and_that_was_found() -> None:
    senders = (
        delivery("google", because=("ptr-missing",)),
        delivery("exim", AT_RISK, because=("ptr-missing",)),
        delivery("guess", REFUSED, because=("ptr-missing",), confidence=Confidence.GUESS),
        delivery("microsoft", REFUSED, because=("tls-old", "cert-expired", "mx-alias")),
        delivery("yahoo", REFUSED, because=("mx-alias",)),
    )
    assert reason_of(report(ALIAS, REVERSE, EXPIRED, senders=senders)) is EXPIRED


def test_where_no_sender_names_one_that_was_found_the_reason_is_the_first_error() -> None:
    silent = (delivery("microsoft", REFUSED),)
    assert reason_of(report(REVERSE, EXPIRED, ALIAS, senders=silent)) is EXPIRED
    assert reason_of(report(REVERSE, senders=silent)) is None
    assert reason_of(report(REVERSE)) is None


def test_findings_that_are_alike_are_the_reason_together() -> None:
    one, two = (finding("mx-alias", summary=f"{name} is an alias.") for name in ("mx1", "mx2"))
    assert lines(report(one, two)) == [
        REFUSES,
        "  why       mx1 is an alias.",
        "            mx2 is an alias.",
    ]


def verified(*senders: tuple[str, Verdict], along: tuple[str, ...] = ()) -> WordedFinding:
    after = tuple(SenderAfter(name, outcome, None) for name, outcome in senders)
    judged = VerifiedFix(Remedied.MENDS, after, "After it, all deliver.", along)
    return msgspec.structs.replace(ALIAS, verified=judged, who="You, in the zone.")


SENDERS = (
    delivery("microsoft", REFUSED, because=("mx-alias",)),
    delivery("google"),
    delivery("guess", REFUSED, confidence=Confidence.GUESS),
)


@pytest.mark.parametrize(
    ("reason", "suffices"),
    [
        (verified(("microsoft", DELIVERS), ("google", DELIVERS), ("guess", REFUSED)), True),
        (verified(("microsoft", DELIVERS), ("google", AT_RISK)), False),
        (verified(("microsoft", DELIVERS), ("google", DELIVERS), along=("cert-expired",)), False),
        (msgspec.structs.replace(verified(("microsoft", DELIVERS)), steps=()), False),
        (ALIAS, False),
        (REVERSE, False),
    ],
)
def test_a_fix_suffices_where_after_it_alone_every_sender_that_decides_delivers(
    reason: WordedFinding, suffices: bool
) -> None:
    assert fix_suffices(report(reason, senders=SENDERS)) is suffices


def test_what_has_to_be_mended_before_stands_first_who_acts_and_what_comes_of_it_last() -> None:
    reason = verified(along=("cert-expired", "ptr-missing"))
    assert lines(report(REVERSE, reason, EXPIRED)) == [
        REFUSES,
        "  why       Summary of mx-alias.",
        "  first     Summary of cert-expired. (cert-expired, below)",
        "            Summary of ptr-missing. (ptr-missing, below)",
        "  fix       Name the host.",
        "  who acts  You, in the zone.",
        "  verified  After it, all deliver.",
        "  also      Summary of cert-expired.",
    ]


def test_a_reason_without_a_step_has_its_first_other_way_instead_and_nothing_to_be_mended_before() -> None:
    reason = msgspec.structs.replace(
        verified(along=("ptr-missing",)), steps=(), otherwise=("Ask the owner.", "Or leave.")
    )
    assert lines(report(REVERSE, reason)) == [
        REFUSES,
        "  why       Summary of mx-alias.",
        "  fix       Ask the owner.",
        "  or        another way (--verbose tells more)",
    ]


@pytest.mark.parametrize(
    ("steps", "otherwise", "said"),
    [
        (("One.",), (), []),
        (("One.",), ("Or.",), ["  or        another way (--verbose tells more)"]),
        (("One.",), ("Or.", "Else."), ["  or        2 other ways (--verbose tells more)"]),
        ((), ("Or.",), []),
        ((), (), []),
    ],
)
def test_it_says_how_many_other_ways_there_are(
    steps: tuple[str, ...], otherwise: tuple[str, ...], said: list[str]
) -> None:
    told = lines(report(finding("mx-alias", steps=steps, otherwise=otherwise)))
    assert [line for line in told if line.startswith("  or ")] == said
    whole = Paper(width=100, unicode=True, verbose=True)
    verbose = lines(report(finding("mx-alias", steps=steps, otherwise=otherwise)), whole)
    assert verbose == [line for line in told if line not in said]


def test_the_other_errors_have_a_line_each() -> None:
    told = report(
        ALIAS, REVERSE, EXPIRED, finding("cert-expired", summary="Another is.", steps=("Renew it.",))
    )
    assert lines(told) == [
        REFUSES,
        *WHY,
        "  also      Summary of cert-expired.",
        "            Another is.",
    ]


def test_a_bounce_is_quoted_and_whose_it_is_where_several_refuse() -> None:
    first = delivery("google", REFUSED, bounce=Bounce(None, None, 60))
    second = delivery("exim", REFUSED, bounce=Bounce(None, "550 no", None), because=("mx-alias",))
    third = delivery("yahoo", REFUSED, bounce=Bounce("451 not", "550 never", None))
    several = report(senders=(first, second, third))
    assert quoted_of(several) is second
    assert lines(several) == [REFUSES, "  bounce    550 no (exim)"]
    assert lines(report(senders=(third,))) == [REFUSES, "  bounce    451 not"]


def test_where_nobody_knows_a_bounce_none_is_quoted() -> None:
    assert quoted_of(report(senders=(delivery("a", REFUSED, bounce=Bounce(None, None, None)),))) is None
    assert quoted_of(report(senders=(delivery("a", REFUSED),))) is None
    well = report(refused=False, senders=(delivery("a", bounce=Bounce("451 no", None, None)),))
    assert quoted_of(well) is None


def test_that_dane_could_not_be_judged_stands_before_all_else_with_how_to_have_it_judged() -> None:
    unjudged = finding(
        "dane-unjudged",
        Severity.NOTICE,
        summary="No resolver validates.",
        steps=("Name one:\n    resolver 192.0.2.53",),
        otherwise=("Or run one.",),
    )
    assert lines(report(REVERSE, unjudged, ALIAS)) == [
        REFUSES,
        "  DANE      could not be judged: No resolver validates.",
        "            Name one:",
        "              resolver 192.0.2.53",
        "            Or run one.",
        *WHY,
    ]


UNKNOWNS = (Unknown("MX example.com", "timeout"), Unknown("A mx1.example.com", "SERVFAIL"))


def test_without_a_reason_the_first_that_was_not_found_out_is_told() -> None:
    unknown = (delivery("exim", REFUSED),)
    assert lines(report(senders=unknown, unknowns=UNKNOWNS)) == [
        REFUSES,
        "  why       not found out: MX example.com: timeout (and 1 more)",
    ]
    assert lines(report(refused=False, unknowns=UNKNOWNS[:1])) == [
        ALL_WELL,
        "  but       not found out: MX example.com: timeout",
    ]
    assert lines(report(ALIAS, unknowns=UNKNOWNS)) == [REFUSES, *WHY]
