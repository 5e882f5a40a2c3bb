"""Reports in Markdown: the answer, the senders, the hosts that are in the way, and each finding with its fix."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Vantage
from mxproof.judge.checked import Checked
from mxproof.judge.report import Bounce, Delivery, Unknown, VerifiedFix, WordedFinding
from mxproof.judge.vocabulary import Confidence, Remedied, Security, Severity, Verdict
from mxproof.mail.change import Ipv4Value, MxValue, Publish
from mxproof.render.markdown.report import document, source
from support_certificates import NOW
from support_handmade import attempt, checked_of, finding, sender

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
GUESS = Confidence.GUESS
CITED = msgspec.structs.replace(finding(Severity.ERROR), rfc=("RFC 2181 section 10.3",))
LINK = "[RFC 2181 section 10.3](https://www.rfc-editor.org/rfc/rfc2181#section-10.3)."
MENDS = VerifiedFix(Remedied.MENDS, (), "Then every sender delivers.")


def text_of(*several: Checked) -> str:
    return "".join(document(several, []))


def parts(checked: Checked) -> list[str]:
    """Return the paragraphs of a report that stands alone."""
    return text_of(checked).removesuffix("\n").split("\n\n")


def rows(*senders: Delivery) -> list[str]:
    """Return the rows of the table of senders."""
    said = parts(checked_of(*senders))
    return said[said.index("## Senders") + 1].split("\n")[2:]


def told(*findings: WordedFinding) -> list[str]:
    """Return the paragraphs on findings."""
    said = parts(checked_of(findings=findings))
    return said[said.index("## Findings") + 1 : -1]


def test_a_report_says_the_answer_then_who_refuses_where_and_why() -> None:
    bounce = Bounce("451 4.4.8 not listed", "550 5.4.317 expired", 86_400)
    refusing = sender(
        REFUSED,
        "microsoft",
        name="Microsoft",
        because=("mx-alias", "sts-mx-unlisted"),
        bounce=bounce,
        attempts=(attempt(REFUSED, "mx.example.com", None),),
    )
    delivering = sender(
        DELIVERS,
        "google",
        name="Google",
        security=Security.MTA_STS,
        attempts=(attempt(DELIVERS, "mx.example.com", "192.0.2.1"),),
    )
    checked = checked_of(
        delivering,
        refusing,
        domain="xn--bcher-kva.example",
        outcome=REFUSED,
        findings=(finding(Severity.OK, "sts-ok", "The policy is valid."), CITED),
        unknowns=(Unknown("MX `example.com`", "timeout after 10 s"), Unknown("TXT _mta-sts", "no answer")),
        vantage=Vantage(software="mxproof 1.0", simulated="incident"),
    )
    assert text_of(checked) == (
        "# `xn--bcher-kva.example` (`bücher.example`): REFUSED\n\n"
        "✘ **REFUSED** The headline of `xn--bcher-kva.example`\n\n"
        "Simulated: lab scenario `incident`; nothing here is said of the real domain.\n\n"
        "## Senders\n\n"
        "| Sender | Verdict | What it writes, and why |\n"
        "| --- | --- | --- |\n"
        "| Microsoft (`microsoft`) | ✘ REFUSES | at first `451 4.4.8 not listed`; after 24 h `550 5.4.317 expired`; "
        "because of `mx-alias`, `sts-mx-unlisted` |\n"
        "| Google (`google`) | ✔ delivers | secured by MTA-STS |\n\n"
        "## MX hosts where a sender does not simply deliver\n\n"
        "| MX host | Address | `microsoft` |\n"
        "| --- | --- | --- |\n"
        "| 10 `mx.example.com` | `192.0.2.1` | ✘ REFUSES |\n\n"
        "## Findings\n\n"
        "### error: `mx-alias`\n\n"
        "An alias.\n\n"
        "[RFC 2181 section 10.3](https://www.rfc-editor.org/rfc/rfc2181#section-10.3).\n\n"
        "In order: `sts-ok`\n\n"
        "## Not found out\n\n"
        "- `MX \\x60example.com\\x60`: timeout after 10 s\n"
        "- `TXT _mta-sts`: no answer\n\n"
        "Observed 2026-06-01 12:00:00 UTC by mxproof 1.0.\n"
    )


def test_a_report_of_which_nothing_is_known_says_when_it_was_made() -> None:
    assert text_of(checked_of()) == (
        "# `example.com`: DELIVERS\n\n✔ **DELIVERS** The headline of example.com\n\nObserved 2026-06-01 12:00:00 UTC.\n"
    )


def test_of_several_reports_a_table_stands_first_with_the_worst_on_top() -> None:
    good, bad = checked_of(sender(DELIVERS)), checked_of(sender(REFUSED), domain="example.org")
    odd = checked_of(sender(AT_RISK), domain="example.net")
    lines = text_of(good, bad, odd).split("\n")
    assert lines[:9] == [
        "# Mail of 3 domains",
        "",
        "| Domain | Verdict | In a line |",
        "| --- | --- | --- |",
        "| `example.org` | ✘ REFUSED | The headline of example.org |",
        "| `example.net` | ▲ AT RISK | The headline of example.net |",
        "| `example.com` | ✔ DELIVERS | The headline of example.com |",
        "",
        "## `example.com`: DELIVERS",
    ]
    assert [line for line in lines if line.startswith("#")] == [
        "# Mail of 3 domains",
        *("## `example.com`: DELIVERS", "### Senders"),
        *("## `example.org`: REFUSED", "### Senders"),
        *("## `example.net`: AT RISK", "### Senders"),
    ]


def test_where_nothing_was_checked_the_table_is_empty() -> None:
    assert text_of() == "# Mail of 0 domains\n\n| Domain | Verdict | In a line |\n| --- | --- | --- |\n"


def test_a_sender_that_gives_up_at_an_unknown_time_writes_in_the_end() -> None:
    assert rows(sender(REFUSED, bounce=Bounce(None, "550 no", None))) == [
        "| A (`a`) | ✘ REFUSES | in the end `550 no` |"
    ]


def test_a_sender_of_whose_end_nothing_is_known_writes_at_first() -> None:
    assert rows(sender(REFUSED, bounce=Bounce("451 later", None, 60))) == [
        "| A (`a`) | ✘ REFUSES | at first `451 later` |"
    ]


def test_who_delivers_is_told_by_how_it_is_secured_and_not_by_reasons() -> None:
    assert rows(
        sender(DELIVERS, "secure", security=Security.DANE, because=("mx-alias",)),
        sender(DELIVERS, "plain", because=("mx-alias",)),
        sender(AT_RISK, "risk", security=Security.DANE, because=("mx-alias",)),
        sender(UNKNOWN, "silent", security=Security.DANE),
    ) == [
        "| RISK (`risk`) | ▲ at risk | because of `mx-alias` |",
        "| SILENT (`silent`) | ? unknown |  |",
        "| SECURE (`secure`) | ✔ delivers | secured by DANE |",
        "| PLAIN (`plain`) | ✔ delivers |  |",
    ]


def test_a_guess_comes_last_and_is_called_one_and_one_that_delivers_is_not_told() -> None:
    assert rows(
        sender(REFUSED, "guessed", confidence=GUESS),
        sender(DELIVERS, "good", confidence=GUESS),
        sender(DELIVERS),
    ) == [
        "| A (`a`) | ✔ delivers |  |",
        "| GUESSED (`guessed`) | ✘ REFUSES | rests on a guess and does not count |",
    ]


def hosts(*senders: Delivery) -> list[str]:
    """Return the lines of the table of hosts, without the rule below its heads; none where there is no such table."""
    said = parts(checked_of(*senders))
    heading = "## MX hosts where a sender does not simply deliver"
    if heading not in said:
        return []
    head, _, *lines = said[said.index(heading) + 1].split("\n")
    return [head, *lines]


def test_the_hosts_in_the_way_stand_in_a_table_with_those_senders_that_do_not_deliver() -> None:
    first, second = ("mx1.example.com", "192.0.2.1"), ("mx2.example.com", "192.0.2.2")
    assert hosts(
        sender(DELIVERS, "good", attempts=(attempt(DELIVERS, *first), attempt(DELIVERS, *second, 20))),
        sender(AT_RISK, "risk", attempts=(attempt(DELIVERS, *first), attempt(REFUSED, *second, 20))),
        sender(UNKNOWN, "silent", attempts=(attempt(DELIVERS, *first),)),
        sender(REFUSED, "guess", confidence=GUESS, attempts=(attempt(REFUSED, *first),)),
    ) == [
        "| MX host | Address | `risk` | `silent` |",
        "| 20 `mx2.example.com` | `192.0.2.2` | ✘ REFUSES | not tried |",
    ]


def test_a_host_at_which_one_sender_of_several_delivers_is_in_the_way_of_the_other() -> None:
    place = ("mx1.example.com", None)
    assert hosts(
        sender(REFUSED, "one", attempts=(attempt(REFUSED, *place),)),
        sender(AT_RISK, "other", attempts=(attempt(DELIVERS, *place),)),
    ) == [
        "| MX host | Address | `one` | `other` |",
        "| 10 `mx1.example.com` | not connected to | ✘ REFUSES | ✔ delivers |",
    ]


def test_where_every_host_delivers_there_is_no_table_of_them() -> None:
    assert hosts(sender(AT_RISK, attempts=(attempt(DELIVERS, "mx1.example.com", "192.0.2.1"),))) == []


def test_a_finding_says_what_it_means_what_to_do_who_acts_and_whom_it_affects() -> None:
    whole = msgspec.structs.replace(
        CITED,
        detail="An alias is no host.",
        steps=("Publish an address:\n    mx A 192.0.2.1", "Then check again."),
        otherwise=("Or name the host itself.",),
        who="you, in the zone",
        verified=MENDS,
        affects=("microsoft", "rfc8461"),
        changes=(Publish("mx.example.com", Ipv4Value("192.0.2.1")),),
        rfc=("RFC 2181 section 10.3", "A book"),
    )
    another = msgspec.structs.replace(whole, summary="Another alias.", changes=())
    assert told(whole, another) == [
        "### error: `mx-alias`",
        "An alias.",
        "Another alias.",
        "An alias is no host.",
        "**What to do**",
        "1. Publish an address:",
        "```text\nmx A 192.0.2.1\n```",
        "2. Then check again.",
        "To copy, in the zone:",
        "```text\nmx.example.com. A 192.0.2.1\n```",
        "Or name the host itself.",
        "Who acts: you, in the zone",
        "Verified: Then every sender delivers.",
        f"Affects `microsoft`, `rfc8461`. {LINK} A book.",
    ]


def test_a_single_step_has_no_number_and_a_record_that_stands_in_it_is_not_told_again() -> None:
    single = msgspec.structs.replace(
        CITED,
        steps=("Publish:\n    example.com. MX 10 mx.example.com.",),
        changes=(Publish("example.com", MxValue(10, "mx.example.com")),),
    )
    assert told(single) == [
        "### error: `mx-alias`",
        "An alias.",
        "**What to do**",
        "Publish:",
        "```text\nexample.com. MX 10 mx.example.com.\n```",
        LINK,
    ]


@pytest.mark.parametrize(
    ("steps", "verified"),
    [((), MENDS), (("Do it.",), None), (("Do it.",), VerifiedFix(Remedied.IDLE, ()))],
)
def test_what_was_verified_is_told_of_steps_that_change_something(
    steps: tuple[str, ...], verified: VerifiedFix | None
) -> None:
    said = told(msgspec.structs.replace(CITED, steps=steps, verified=verified))
    assert said == [
        "### error: `mx-alias`",
        "An alias.",
        *(["**What to do**", *steps] if steps else []),
        LINK,
    ]


def test_what_is_in_order_is_named_once_in_a_line() -> None:
    fine = (finding(Severity.OK, "sts-ok"), finding(Severity.OK, "cert-ok"), finding(Severity.OK, "sts-ok"))
    assert told(*fine) == ["In order: `sts-ok`, `cert-ok`"]
    assert told(CITED) == ["### error: `mx-alias`", "An alias.", LINK]


def test_a_source_is_linked_where_its_form_is_known() -> None:
    assert source("RFC 2181 section 10.3") + "." == LINK
    assert source("some @forum") == "some `@forum`"


def test_the_last_line_says_when_it_was_judged_and_what_was_not_asked() -> None:
    checked = checked_of()
    judged = msgspec.structs.replace(
        checked.report, judged_at=NOW + timedelta(days=1), not_asked=("dkim", "arrival")
    )
    assert parts(Checked(judged))[-1] == (
        "Observed 2026-06-01 12:00:00 UTC, judged as of 2026-06-02 12:00:00 UTC. Not asked: dkim, arrival (--full)."
    )
