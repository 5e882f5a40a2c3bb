"""Findings in text: the worst first, each with what it means, its fix and its source, and less of what is no error where room is short."""

import pytest

from mxproof.judge.report import VerifiedFix, WordedFinding
from mxproof.judge.vocabulary import Remedied, Severity
from mxproof.render.text.findings import Depth, section
from mxproof.render.text.paper import Paper, Tone
from support_report import finding

PAPER = Paper(width=100)
WHOLE = Paper(width=100, verbose=True)
WARNING, NOTICE, OK = Severity.WARNING, Severity.NOTICE, Severity.OK
ALIAS = finding(
    "mx-alias",
    detail="An MX record must name a host.",
    fix="Name it.",
    steps=("Name it.",),
    otherwise=("Or list it.", "Or leave it."),
    affects=("microsoft", "exim"),
    evidence=("MX example.com",),
)
EXPIRED = finding("cert-expired", detail="It is over.", fix="Renew it.", steps=("Renew it.",))
REVERSE = finding("ptr-missing", WARNING, detail="Some distrust it.", fix="Set it.", steps=("Set it.",))
OLD = finding("tls-old", WARNING, detail="Some do not take it.", fix="Take new.", steps=("Take new.",))
REPORTS = finding("tlsrpt-missing", NOTICE, detail="Nobody tells.", fix="Ask.", steps=("Ask.",))
CAA = finding("caa-missing", NOTICE, detail="Anybody may.")
FINE = finding("cert-ok", OK, detail="Good.")
FINE_TOO = finding("dane-ok", OK)
EXPIRED_LINES = [
    "  ERROR     Summary of cert-expired.",
    "            It is over.",
    "  fix       Renew it.",
    "  see       `mxproof finding cert-expired`, RFC 8461 section 4.1",
]
REVERSE_LINES = [
    "  warning   Summary of ptr-missing.",
    "            Some distrust it.",
    "  fix       Set it.",
    "  see       `mxproof finding ptr-missing`, RFC 8461 section 4.1",
]


def lines(
    *findings: WordedFinding,
    paper: Paper = PAPER,
    told: WordedFinding | None = None,
    depth: Depth = Depth.WHOLE,
) -> list[str]:
    return section(findings, paper, told, depth)


def test_where_nothing_was_found_there_is_no_section() -> None:
    assert lines() == []


def test_an_error_has_what_it_means_its_fix_other_ways_and_where_more_is_to_be_read() -> None:
    assert lines(ALIAS) == [
        "Why",
        "  ERROR     Summary of mx-alias.",
        "            An MX record must name a host.",
        "  fix       Name it.",
        "            Or list it.",
        "            Or leave it.",
        "  see       `mxproof finding mx-alias`, RFC 8461 section 4.1",
    ]


def test_the_worst_comes_first_and_what_weighs_less_than_a_warning_is_named_beside_an_error() -> None:
    assert lines(FINE, REPORTS, REVERSE, EXPIRED, CAA, FINE_TOO) == [
        "Why",
        *EXPIRED_LINES,
        "",
        *REVERSE_LINES,
        "  notices   tlsrpt-missing and caa-missing (--verbose tells more)",
        "  in order  cert-ok and dane-ok (--verbose tells more)",
    ]


def test_without_an_error_notices_are_told_and_what_is_in_order_is_named() -> None:
    assert lines(FINE, REPORTS, FINE, CAA) == [
        "Findings",
        "  notice    Summary of tlsrpt-missing.",
        "            Nobody tells.",
        "  fix       Ask.",
        "  see       `mxproof finding tlsrpt-missing`, RFC 8461 section 4.1",
        "",
        "  notice    Summary of caa-missing.",
        "            Anybody may.",
        "  see       `mxproof finding caa-missing`, RFC 8461 section 4.1",
        "  in order  cert-ok (--verbose tells more)",
    ]


def test_a_code_is_named_once_and_one_notice_is_one() -> None:
    assert lines(EXPIRED, CAA, CAA)[-1] == "  notice    caa-missing (--verbose tells more)"


def test_where_all_is_in_order_the_codes_stand_right_below_the_heading() -> None:
    assert lines(FINE, FINE_TOO) == ["Findings", "  in order  cert-ok and dane-ok (--verbose tells more)"]


def test_the_whole_story_has_every_finding_with_all_that_is_known_of_it() -> None:
    assert lines(FINE, ALIAS, CAA, paper=WHOLE) == [
        "Why",
        "  ERROR     Summary of mx-alias.",
        "            An MX record must name a host.",
        "  fix       Name it.",
        "            Or list it.",
        "            Or leave it.",
        "  rests on  MX example.com",
        "  affects   microsoft and exim",
        "  see       `mxproof finding mx-alias`, RFC 8461 section 4.1",
        "",
        "  notice    Summary of caa-missing.",
        "            Anybody may.",
        "  see       `mxproof finding caa-missing`, RFC 8461 section 4.1",
        "",
        "  ok        Summary of cert-ok.",
        "            Good.",
        "  see       `mxproof finding cert-ok`, RFC 8461 section 4.1",
    ]


def test_the_finding_that_the_answer_tells_has_here_what_was_left_out_there_alone() -> None:
    assert lines(ALIAS, EXPIRED, told=ALIAS) == [
        "Why",
        "  ERROR     mx-alias, as said above. An MX record must name a host.",
        "  see       `mxproof finding mx-alias`, RFC 8461 section 4.1",
        "",
        *EXPIRED_LINES,
    ]


def test_one_of_several_that_are_alike_is_told_above_with_all_of_them() -> None:
    other = finding("cert-expired", summary="Another.", detail="It is over.", fix="Renew it.")
    assert (
        lines(EXPIRED, other, told=other)
        == lines(EXPIRED, other, told=EXPIRED)
        == [
            "Why",
            "  ERROR     cert-expired, as said above. It is over.",
            "  see       `mxproof finding cert-expired`, RFC 8461 section 4.1",
        ]
    )


@pytest.mark.parametrize(
    ("steps", "ways"),
    [
        (("Name it.",), ["  fix       Or list it.", "            Or leave it."]),
        ((), ["  fix       Or leave it."]),
    ],
)
def test_the_whole_story_has_the_ways_that_the_answer_left_out(
    steps: tuple[str, ...], ways: list[str]
) -> None:
    told = finding("mx-alias", fix="All.", steps=steps, otherwise=("Or list it.", "Or leave it."))
    assert lines(told, paper=WHOLE, told=told) == [
        "Why",
        "  ERROR     mx-alias, as said above.",
        *ways,
        "  see       `mxproof finding mx-alias`, RFC 8461 section 4.1",
    ]


def test_findings_that_share_their_words_have_a_summary_each_and_what_they_mean_once() -> None:
    first, second = (
        finding("cert-expired", summary=f"That of mx{number} is.", detail="It is over.", fix="Renew it.")
        for number in (1, 2)
    )
    assert lines(first, second) == [
        "Why",
        "  ERROR     That of mx1 is.",
        "            That of mx2 is.",
        "            It is over.",
        "  see       `mxproof finding cert-expired`, RFC 8461 section 4.1",
    ]


def test_a_fix_that_the_finding_above_has_is_not_told_again() -> None:
    same = finding("tls-old", WARNING, detail="Some do not take it.", fix="Set it.", steps=("Set it.",))
    assert lines(REVERSE, same) == [
        "Findings",
        *REVERSE_LINES,
        "",
        "  warning   Summary of tls-old.",
        "            Some do not take it.",
        "  fix       as for ptr-missing",
        "  see       `mxproof finding tls-old`, RFC 8461 section 4.1",
    ]


def test_two_without_a_fix_do_not_refer_to_one_another() -> None:
    assert [line for line in lines(CAA, finding("tlsrpt-odd", NOTICE)) if line.startswith("  fix")] == []


def test_the_finding_told_above_has_no_fix_though_it_has_that_of_the_one_before() -> None:
    told = finding("tls-old", WARNING, detail="Old.", fix="Set it.", steps=("Set it.",))
    assert lines(REVERSE, told, told=told)[6:] == [
        "  warning   tls-old, as said above. Old.",
        "  see       `mxproof finding tls-old`, RFC 8461 section 4.1",
    ]


def test_findings_of_one_kind_stand_close_and_have_their_source_below_the_last() -> None:
    first = finding("cert-expired", summary="One is.", fix="Renew one.", steps=("Renew one.",))
    second = finding("cert-expired", summary="Two is.", fix="Renew two.", steps=("Renew two.",))
    assert lines(first, second, EXPIRED)[:6] == [
        "Why",
        "  ERROR     One is.",
        "  fix       Renew one.",
        "  ERROR     Two is.",
        "  fix       Renew two.",
        "  ERROR     Summary of cert-expired.",
    ]
    apart = finding("cert-expired", summary="Two is.", affects=("exim",))
    assert lines(first, apart)[2:5] == [
        "  fix       Renew one.",
        "  see       `mxproof finding cert-expired`, RFC 8461 section 4.1",
        "",
    ]


def test_who_acts_and_what_comes_of_it_stand_below_the_fix() -> None:
    verified = VerifiedFix(Remedied.MENDS, (), "After it, all deliver.")
    done = finding("cert-expired", fix="Do.", steps=("Do.",), who="You, at mx1.", verified=verified)
    assert lines(done)[2:5] == [
        "  fix       Do.",
        "  who acts  You, at mx1.",
        "  verified  After it, all deliver.",
    ]


def asking(count: int) -> WordedFinding:
    return finding("dns-slow", WARNING, evidence=tuple(f"A {number}" for number in range(count)))


def test_the_whole_story_names_each_question_once_and_of_many_the_first_twelve() -> None:
    twelve = "; ".join(f"A {number}" for number in range(12))
    assert lines(asking(12), paper=WHOLE)[2] == f"  rests on  {twelve}"
    assert lines(asking(13), paper=WHOLE)[2] == f"  rests on  {twelve}; ..."
    assert lines(asking(2), asking(3), paper=WHOLE)[2] == "  rests on  A 0; A 1; A 2"


def test_with_no_room_for_what_it_means_a_warning_keeps_its_fix_and_an_error_both() -> None:
    assert lines(EXPIRED, REVERSE, depth=Depth.FIXES) == [
        "Why",
        *EXPIRED_LINES,
        "",
        REVERSE_LINES[0],
        *REVERSE_LINES[2:],
    ]
    assert lines(EXPIRED, REVERSE, told=REVERSE, depth=Depth.FIXES)[6:] == [
        "  warning   ptr-missing, as said above. Some distrust it.",
        "  see       `mxproof finding ptr-missing`, RFC 8461 section 4.1",
    ]


def test_with_less_room_sources_that_take_two_lines_leave_the_page_alone() -> None:
    cited = finding("mx-alias", rfc=tuple(f"RFC {number} section 4.1" for number in range(8461, 8466)))
    assert lines(cited)[2:] == [
        "  see       `mxproof finding mx-alias`, RFC 8461 section 4.1, RFC 8462 section 4.1, RFC 8463 section",
        "            4.1, RFC 8464 section 4.1, RFC 8465 section 4.1",
    ]
    assert lines(cited, depth=Depth.FIXES)[2:] == ["  see       `mxproof finding mx-alias`"]


def test_with_less_room_a_notice_is_its_summary_and_such_lines_stand_close() -> None:
    assert lines(REVERSE, REPORTS, CAA, depth=Depth.NOTICES_SHORT)[4:] == [
        "",
        "  notice    Summary of tlsrpt-missing. (--verbose tells more)",
        "  notice    Summary of caa-missing. (--verbose tells more)",
    ]
    assert lines(REPORTS, depth=Depth.FIXES)[1:] == [
        "  notice    Summary of tlsrpt-missing.",
        "  fix       Ask.",
        "  see       `mxproof finding tlsrpt-missing`, RFC 8461 section 4.1",
    ]


def test_a_notice_that_the_answer_tells_is_not_cut_to_its_summary() -> None:
    assert lines(REPORTS, CAA, told=REPORTS, depth=Depth.NOTICES_SHORT) == [
        "Findings",
        "  notice    tlsrpt-missing, as said above. Nobody tells.",
        "  see       `mxproof finding tlsrpt-missing`, RFC 8461 section 4.1",
        "  notice    Summary of caa-missing. (--verbose tells more)",
    ]


def test_beside_an_error_a_warning_is_its_summary_where_room_is_shorter_still() -> None:
    assert lines(EXPIRED, REVERSE, OLD, depth=Depth.WARNINGS_SHORT) == [
        "Why",
        *EXPIRED_LINES,
        "",
        "  warning   Summary of ptr-missing. (--verbose tells more)",
        "  warning   Summary of tls-old. (--verbose tells more)",
    ]
    kept = [REVERSE_LINES[0], *REVERSE_LINES[2:]]
    assert lines(REVERSE, depth=Depth.LEAST) == ["Findings", *kept]
    assert lines(EXPIRED, REVERSE, depth=Depth.NOTICES_SHORT)[6:] == kept


def test_summaries_that_share_all_other_words_have_one_label() -> None:
    one, two = (finding("caa-missing", NOTICE, summary=f"For {name}.") for name in ("a", "b"))
    assert lines(one, two, depth=Depth.NOTICES_SHORT) == [
        "Findings",
        "  notice    For a.",
        "            For b. (--verbose tells more)",
    ]


def test_with_the_least_room_no_line_is_empty_before_a_summary_and_nothing_in_order_is_named() -> None:
    assert lines(ALIAS, EXPIRED, REVERSE, OLD, CAA, FINE, told=ALIAS, depth=Depth.LEAST) == [
        "Why",
        "  ERROR     As said above (`mxproof finding mx-alias`). An MX record must name a host.",
        "",
        *EXPIRED_LINES,
        "  warning   Summary of ptr-missing. (--verbose tells more)",
        "  warning   Summary of tls-old. (--verbose tells more)",
        "  notice    caa-missing (--verbose tells more)",
    ]


def test_without_an_error_the_least_room_has_an_empty_line_before_a_summary_and_names_what_is_in_order() -> (
    None
):
    assert lines(REVERSE, CAA, FINE, told=REVERSE, depth=Depth.LEAST) == [
        "Findings",
        "  warning   As said above (`mxproof finding ptr-missing`). Some distrust it.",
        "  see       `mxproof finding ptr-missing`, RFC 8461 section 4.1",
        "",
        "  notice    Summary of caa-missing. (--verbose tells more)",
        "  in order  cert-ok (--verbose tells more)",
    ]


def test_each_severity_has_its_colour() -> None:
    paper = Paper(width=100, colour=True)
    said = [line.lstrip() for line in lines(EXPIRED, REVERSE, CAA, FINE, paper=paper)]
    for word, tone in (
        ("ERROR", Tone.BAD),
        ("warning", Tone.DOUBTFUL),
        ("notice", Tone.UNKNOWN),
        ("in order", Tone.GOOD),
    ):
        assert [line for line in said if line.startswith(paper.painted(word, tone))] != []
