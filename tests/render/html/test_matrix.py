"""The hosts of a report on a page: a row for each address, a column for each sender, the verdict where they meet."""

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Confidence, Verdict
from mxproof.render.html.matrix import matrix_section
from support_handmade import attempt, sender
from support_markup import printed

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
CELLS = {
    REFUSED: '<td><span aria-hidden="true" class="mark refused" title="REFUSES">✘</span><span class="unseen">REFUSES</span></td>',
    AT_RISK: '<td><span aria-hidden="true" class="mark at_risk" title="at risk">▲</span><span class="unseen">at risk</span></td>',
    DELIVERS: '<td><span aria-hidden="true" class="mark delivers" title="delivers">✔</span><span class="unseen">delivers</span></td>',
    None: '<td><span aria-hidden="true" class="mark faint" title="not tried">·</span><span class="unseen">not tried</span></td>',
}


def host(name: str, span: str = "") -> str:
    scope = f'scope="rowgroup" rowspan="{span}"' if span else 'scope="row"'
    return f"<th {scope}>{name}</th>"


def row(hosted: str, address: str, *verdicts: Verdict | None) -> str:
    cells = "".join(CELLS[one] for one in verdicts)
    return f'<tr>{hosted}<th scope="row" class="address">{address}</th>{cells}</tr>'


def body(*senders: Delivery) -> str:
    """Return the rows of the table."""
    (said,) = printed(matrix_section(senders, 3, "d1-"))
    return said.partition("<tbody>")[2].partition("</tbody>")[0]


def test_where_no_sender_that_counts_tried_a_host_there_is_no_section() -> None:
    guess = sender(REFUSED, confidence=Confidence.GUESS, attempts=(attempt(REFUSED, "mx.example.com", None),))
    assert matrix_section((guess, sender(UNKNOWN)), 3, "") is None


def test_the_signs_are_told_and_each_sender_has_a_column_the_worst_first() -> None:
    senders = (
        sender(DELIVERS, "good", attempts=(attempt(DELIVERS, "mx.example.com", "192.0.2.1"),)),
        sender(REFUSED, "bad", attempts=(attempt(REFUSED, "mx.example.com", "192.0.2.1"),)),
    )
    assert printed(matrix_section(senders, 3, "d1-")) == [
        '<section><h3 id="d1-hosts">MX hosts</h3>'
        '<p class="faint" aria-hidden="true">✘ REFUSES, ▲ at risk, ? unknown, ✔ delivers, · not tried</p>'
        '<div class="scroll" role="group" aria-label="MX hosts and senders" tabindex="0"><table class="matrix">'
        '<caption class="unseen">MX hosts and senders</caption><thead><tr>'
        '<th scope="col">MX host</th><th scope="col">Address</th>'
        '<th scope="col"><span class="up"><span>bad</span></span></th>'
        '<th scope="col"><span class="up"><span>good</span></span></th></tr></thead><tbody>'
        + row(host("10 mx.example.com"), "192.0.2.1", REFUSED, DELIVERS)
        + "</tbody></table></div></section>"
    ]


def test_a_host_of_several_addresses_is_named_once_for_all_of_them() -> None:
    mx1, mx2 = "mx1.example.com", "mx2.example.com"
    first, second, third = (mx1, "192.0.2.1"), (mx1, "192.0.2.2"), (mx2, "192.0.2.3")
    assert body(
        sender(AT_RISK, "one", attempts=(attempt(AT_RISK, *first), attempt(DELIVERS, *second))),
        sender(DELIVERS, "other", attempts=(attempt(DELIVERS, *first), attempt(DELIVERS, *third, 20))),
    ) == (
        row(host("10 mx1.example.com", "2"), "192.0.2.1", AT_RISK, DELIVERS)
        + row("", "192.0.2.2", DELIVERS, None)
        + row(host("20 mx2.example.com"), "192.0.2.3", None, DELIVERS)
    )


def test_a_host_that_is_refused_before_connecting_has_no_address() -> None:
    assert body(sender(REFUSED, attempts=(attempt(REFUSED, "mx.example.com", None),))) == row(
        host("10 mx.example.com"), "not connected to", REFUSED
    )
