"""Reports as CSV: rows of each kind in their columns, all of it ASCII, and no cell that a spreadsheet computes."""

from datetime import timedelta

import pytest

from mxproof.judge.checked import Checked, Term, TermKind
from mxproof.judge.report import Bounce, Delivery, Unknown
from mxproof.judge.vocabulary import Verdict
from mxproof.render.csv import COLUMNS, cell, document, line
from support_certificates import NOW
from support_csv import filled_cells
from support_handmade import checked_of, sender, whole_finding

DELIVERS, REFUSED = Verdict.DELIVERS, Verdict.REFUSED


def rows(*several: Checked) -> list[dict[str, str]]:
    return filled_cells(document(several))


def of_sender(one: Delivery) -> dict[str, str]:
    """Return the row of a sender, without what all rows have."""
    row = rows(checked_of(one))[1]
    return {name: row[name] for name in row if name not in {"domain", "judged_at", "kind", "id", "subject"}}


def test_the_columns_stand_where_they_always_stood() -> None:
    assert "".join(document([])) == ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"
    assert (
        *("domain", "judged_at", "kind", "id", "outcome", "subject"),
        *("summary", "detail", "fix", "affects", "rfc"),
    ) == COLUMNS


def test_whatever_a_report_says_has_a_row() -> None:
    whole = whole_finding()
    checked = checked_of(
        sender(REFUSED),
        findings=(whole,),
        unknowns=(Unknown("MX example.com", "no answer"),),
        terms=(Term(TermKind.POLICY, "example.com", NOW + timedelta(hours=12)),),
    )
    of_all = {"domain": "example.com", "judged_at": "2026-06-01 12:00:00 UTC"}
    assert rows(checked) == [
        {
            **of_all,
            "kind": "domain",
            "id": "example.com",
            "outcome": "refused",
            "subject": "example.com",
            "summary": "The headline of example.com",
        },
        {**of_all, "kind": "sender", "id": "a", "outcome": "refused", "subject": "A"},
        {
            **of_all,
            "kind": "finding",
            "id": "mx-alias",
            "outcome": "error",
            "subject": "mx.example.com",
            "summary": "An alias.",
            "detail": "It is none.",
            "fix": "Mend it.",
            "affects": "microsoft google",
            "rfc": "RFC 2181 section 10.3, RFC 5321 section 5.1",
        },
        {
            **of_all,
            "kind": "term",
            "id": "policy",
            "subject": "example.com",
            "summary": "2026-06-02 00:00:00 UTC",
            "detail": "0.5 days left",
        },
        {
            **of_all,
            "kind": "unknown",
            "outcome": "unknown",
            "subject": "MX example.com",
            "summary": "no answer",
        },
    ]


@pytest.mark.parametrize(
    ("bounce", "said"),
    [
        (Bounce("451 later", "550 no", 60), {"summary": "451 later", "detail": "550 no"}),
        (Bounce("451 later", None, None), {"summary": "451 later"}),
        (Bounce(None, "550 no", 60), {"summary": "550 no"}),
        (Bounce(None, None, 60), {}),
        (None, {}),
    ],
)
def test_what_a_sender_writes_first_is_its_summary_and_what_it_writes_last_its_detail(
    bounce: Bounce | None, said: dict[str, str]
) -> None:
    got = of_sender(sender(REFUSED, bounce=bounce, because=("mx-alias", "ptr-missing")))
    assert got == {"outcome": "refused", "affects": "mx-alias ptr-missing", **said}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ('say "no"', '"say ""no"""'),
        ("one\ntwo", '"one / two"'),
        ("a → b", '"a -> b"'),
        ("=1+1", '"\'=1+1"'),
        (" +1", '"\' +1"'),
        ("-1", '"\'-1"'),
        ("@x", '"\'@x"'),
        ("a;=1", '"a;\'=1"'),
        ("a=1;b", '"a=1;b"'),
    ],
)
def test_a_cell_is_quoted_ascii_that_no_spreadsheet_computes(text: str, written: str) -> None:
    assert cell(text) == written


def test_a_line_ends_with_cr_and_lf() -> None:
    assert line(("a", "b")) == '"a","b"\r\n'
