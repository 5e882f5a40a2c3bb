"""One sender across all domains, and all senders with how many domains they deliver to."""

from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Confidence, Verdict
from mxproof.serve.web.pages.sender import (
    SENDER_DOMAINS_SHOWN_MAX,
    sender_content,
    sender_known,
    senders_content,
)
from support_markup import printed
from support_newest import SEEN, newest

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
KNOWN = next(one for one in SENDERS if one.id == "opportunistic")
GUESS = next(one for one in SENDERS if one.confidence is Confidence.GUESS)
SOURCED = next(one for one in SENDERS if one.confidence is Confidence.SOURCE_CODE)
DELIVERING = '<span class="word delivers"><span aria-hidden="true">✔ </span>delivers</span>'
REFUSING = '<span class="word refused"><span aria-hidden="true">✘ </span>REFUSES</span>'


def row_of(id_: str, page: str) -> str:
    """Return what stands behind the name of a sender in its row."""
    return page.partition(f'href="/senders/{id_}">')[2].partition("</tr>")[0].partition("</a>")[2]


def row(word: str, domain: str, seen: str = SEEN) -> str:
    return (
        f'<tr><th scope="row">{word} <a href="/domains/{domain}">{domain}</a></th>'
        f"<td><p>The headline of {domain}</p>{seen}</td></tr>"
    )


def test_a_sender_is_known_by_its_id() -> None:
    assert sender_known(KNOWN.id) is KNOWN
    assert sender_known("nobody") is None


def test_of_each_sender_the_domains_are_counted_by_what_becomes_of_its_mail() -> None:
    domains = (
        newest(REFUSED, outcomes={KNOWN.id: DELIVERS, GUESS.id: REFUSED}),
        newest(DELIVERS, outcomes={KNOWN.id: DELIVERS}),
        newest(DELIVERS, outcomes={KNOWN.id: AT_RISK}),
    )
    heading, words, table = printed(*senders_content(domains))
    assert (heading, words) == (
        "<h1>Senders</h1>",
        "<p>How many domains each sender that is modelled delivers to, as of their newest checks.</p>",
    )
    heads = "".join(
        f'<th scope="col" class="number"><span aria-hidden="true">{mark}</span><span class="wide"> {word}</span></th>'
        for mark, word in (("✘", "REFUSES"), ("▲", "at risk"), ("?", "unknown"), ("✔", "delivers"))
    )
    assert f'<thead><tr><th scope="col">Sender</th>{heads}</tr></thead>' in table
    assert table.count('<th scope="row">') == len(SENDERS)
    assert row_of(KNOWN.id, table) == (
        '</th><td class="number faint">0</td><td class="number at_risk">1</td>'
        '<td class="number faint">0</td><td class="number delivers">2</td>'
    )
    assert row_of(GUESS.id, table) == (
        '<span class="id">a guess, does not count</span></th><td class="number refused">1</td>'
        '<td class="number faint">0</td><td class="number faint">0</td><td class="number faint">0</td>'
    )


def test_the_domains_of_a_sender_are_shown_the_worst_first_then_by_name() -> None:
    domains = (
        newest(DELIVERS, "b.example", {KNOWN.id: DELIVERS}),
        newest(DELIVERS, "other.example", {GUESS.id: REFUSED}),
        newest(REFUSED, "a.example", {KNOWN.id: DELIVERS}),
        newest(REFUSED, "z.example", {KNOWN.id: REFUSED}),
    )
    rows = row(REFUSING, "z.example") + row(DELIVERING, "a.example") + row(DELIVERING, "b.example")
    name = KNOWN.name
    assert printed(*sender_content(KNOWN, domains)) == [
        f"<h1>{name}</h1>",
        (
            f'<dl class="facts"><dt>Named</dt><dd><code>{KNOWN.id}</code></dd><dt>Known from</dt>'
            f"<dd>{KNOWN.confidence}</dd></dl>"
        ),
        (
            f'<div class="scroll" role="group" aria-label="What {name} does" tabindex="0"><table>'
            f'<caption class="unseen">What {name} does</caption><thead><tr><th scope="col">Domain</th>'
            f'<th scope="col">In a line</th></tr></thead><tbody>{rows}</tbody></table></div>'
        ),
    ]


def test_where_a_sender_was_judged_for_no_domain_that_is_said_and_a_guess_is_called_one() -> None:
    none = '<p class="faint">No domain has been checked yet.</p>'
    assert printed(*sender_content(SOURCED, ()))[1:] == [
        (
            f'<dl class="facts"><dt>Named</dt><dd><code>{SOURCED.id}</code></dd>'
            "<dt>Known from</dt><dd>source code</dd></dl>"
        ),
        none,
    ]
    assert printed(*sender_content(GUESS, (newest(None),)))[2:] == [
        "<p>This is a guess. It does not count in the verdict of a domain.</p>",
        none,
    ]


def test_of_many_domains_the_worst_five_hundred_are_shown() -> None:
    fine = [newest(DELIVERS, f"d{number:03}.example", {KNOWN.id: DELIVERS}) for number in range(499)]
    worst = newest(REFUSED, "z.example", {KNOWN.id: REFUSED})
    last = newest(DELIVERS, "last.example", {KNOWN.id: DELIVERS})
    whole = printed(*sender_content(KNOWN, [*fine, worst]))
    cut = printed(*sender_content(KNOWN, [last, *fine, worst]))
    assert (len(fine) + 1, SENDER_DOMAINS_SHOWN_MAX) == (500, 500)
    assert (whole[2], whole[3:]) == (cut[2], [])
    assert whole[2].count('<th scope="row">') == 500
    assert (
        whole[2]
        .partition("<tbody>")[2]
        .startswith(row(REFUSING, "z.example") + row(DELIVERING, "d000.example"))
    )
    assert cut[3:] == ['<p class="faint">1 more, none of which fares worse.</p>']
