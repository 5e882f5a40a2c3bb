"""A delivery test as text: what became of the mail at each address, who said what, and what the sender would read."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from mxproof.judge.delivery_test import (
    DELIVERY_TEST_VERSION,
    DeliveryTest,
    DeliveryTry,
    DialogueLine,
    DialogueSide,
    TryResult,
)
from mxproof.judge.report import Bounce
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.render.text.delivery_test import delivery_test_text
from mxproof.render.text.paper import Paper, Tone

PAPER = Paper(width=160, unicode=True)
AT = datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)
TRY = DeliveryTry(
    mx="mx1.example.com",
    preference=10,
    address="192.0.2.1",
    result=TryResult.ACCEPTED,
    stage="data",
    reply=("250 2.0.0 Ok",),
    detail="",
    verdict=Verdict.DELIVERS,
    security=Security.MTA_STS,
    because=(),
    bounce=None,
    tls=None,
    connections=1,
    elapsed_ms=1234,
    message_id=None,
    dialogue=(),
)
TEST = DeliveryTest(
    DELIVERY_TEST_VERSION,
    "postmaster@example.com",
    "example.com",
    "rfc8461",
    "A sender",
    "",
    AT,
    "",
    with_data=True,
    token="k3x",
    tries=(TRY,),
)


def lines(*tries: DeliveryTry, paper: Paper = PAPER, **changes: Any) -> list[str]:  # noqa: ANN401 - the fields have many types
    text = delivery_test_text(msgspec.structs.replace(TEST, tries=tries, **changes), paper)
    assert text.endswith("\n")
    return text.splitlines()


def tried(result: TryResult = TryResult.ACCEPTED, **changes: Any) -> DeliveryTry:  # noqa: ANN401 - as above
    return msgspec.structs.replace(TRY, result=result, **changes)


def said(one: DeliveryTry, *, with_data: bool = True) -> str:
    """Return what is said of the one address that was tried."""
    return lines(one, with_data=with_data)[3]


def test_a_mail_that_was_taken_is_told_with_where_how_fast_and_how_secured() -> None:
    assert lines(TRY) == [
        "One test mail over each address: to postmaster@example.com, the way of A sender, 2026-11-20 12:00:05 UTC.",
        "",
        "✔ mx1.example.com [192.0.2.1] ACCEPTED",
        "  The server took the message in 1.2 s (secured by MTA-STS).",
        "",
        "1 of 1 address took the mail.",
    ]


def test_without_a_message_it_goes_up_to_the_recipient() -> None:
    assert lines(TRY, TRY, with_data=False, simulated="incident") == [
        "No mail, only up to the recipient: to postmaster@example.com, the way of A sender, in the lab (incident), 2026-11-20 12:00:05 UTC.",
        *(
            "",
            "✔ mx1.example.com [192.0.2.1] ACCEPTED",
            "  The server takes the recipient in 1.2 s (secured by MTA-STS).",
        )
        * 2,
        "",
        "2 of 2 addresses take the recipient.",
    ]
    assert lines(TRY, with_data=False)[-1] == "1 of 1 address takes the recipient."
    assert lines(with_data=False)[-1] == "0 of 0 addresses take the recipient."
    assert lines(TRY, tried(TryResult.BROKEN))[-1] == "1 of 2 addresses took the mail."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"security": None}, "(protection unknown)."),
        ({"connections": 2}, "(secured by MTA-STS); after TLS failed the sender came again in clear text."),
        (
            {"verdict": Verdict.AT_RISK},
            "(secured by MTA-STS); whether this sender would go on as far is not certain.",
        ),
    ],
)
def test_what_is_odd_of_a_mail_that_was_taken_stands_behind_it(changes: dict[str, Any], words: str) -> None:
    assert said(tried(**changes)) == f"  The server took the message in 1.2 s {words}"


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (tried(TryResult.WITHHELD), "The sender hands no mail over here."),
        (
            tried(TryResult.WITHHELD, connections=0, because=("mx-alias", "cert-expired"), detail="no match"),
            "The sender hands no mail over here, without even connecting: no match (mx-alias, cert-expired).",
        ),
        (
            tried(TryResult.DEFERRED, stage="rcpt", reply=("450 later", "again"), detail="greylisted"),
            "The server put the mail off at RCPT: greylisted 450 later again.",
        ),
        (
            tried(TryResult.REJECTED, because=("mx-alias",)),
            "The server refused the mail at DATA: 250 2.0.0 Ok.",
        ),
        (tried(TryResult.BROKEN, stage="session", detail="timeout"), "The dialogue broke off: timeout."),
        (tried(TryResult.BROKEN, stage="ehlo", connections=0), "The dialogue broke off at EHLO."),
        (tried(TryResult.UNREACHED, stage="session", detail="not public"), "Not tried: not public."),
    ],
)
def test_a_mail_that_was_not_taken_is_told_with_who_ended_it_where_and_why(
    one: DeliveryTry, words: str
) -> None:
    assert said(one) == f"  {words}"


@pytest.mark.parametrize(
    ("result", "mark", "tone"),
    [
        (TryResult.ACCEPTED, "✔", Tone.GOOD),
        (TryResult.WITHHELD, "✘", Tone.BAD),
        (TryResult.DEFERRED, "▲", Tone.DOUBTFUL),
        (TryResult.REJECTED, "✘", Tone.BAD),
        (TryResult.BROKEN, "?", Tone.UNKNOWN),
        (TryResult.UNREACHED, "?", Tone.UNKNOWN),
    ],
)
def test_each_result_has_its_mark_and_colour(result: TryResult, mark: str, tone: Tone) -> None:
    paper = Paper(width=160, unicode=True, colour=True)
    place = paper.painted("mx1.example.com [192.0.2.1]", Tone.STRONG)
    assert lines(tried(result), paper=paper)[2] == (
        f"{paper.painted(mark, tone)} {place} {paper.painted(result.value.upper(), tone)}"
    )


@pytest.mark.parametrize(
    ("bounce", "words"),
    [
        (
            Bounce("451 no", "550 no", 86_400),
            ["  meanwhile   451 no", "  bounce      550 no", "              after 24 h"],
        ),
        (Bounce("451 no", None, 86_400), ["  meanwhile   451 no"]),
        (Bounce(None, "550 no", 0), ["  bounce      550 no"]),
        (Bounce(None, "550 no", None), ["  bounce      550 no"]),
    ],
)
def test_what_the_sender_of_such_a_mail_would_read_stands_below(bounce: Bounce, words: list[str]) -> None:
    assert lines(tried(TryResult.WITHHELD, bounce=bounce))[4:-2] == words


def test_the_dialogue_shows_who_said_what() -> None:
    told = tuple(DialogueLine(side, f"by {side}") for side in DialogueSide)
    assert lines(tried(dialogue=told))[4:-2] == [
        "    C   by client",
        "    S   by server",
        "    TLS by tls",
        "    C   (by message)",
    ]


def test_where_a_message_was_sent_its_headers_are_asked_for() -> None:
    asked = "Paste the headers of what arrives into `mxproof deliver-test --received -`."
    assert lines(TRY, tried(message_id="<a@example.net>"))[-1] == asked
    assert asked not in lines(TRY)
