"""What the headers of a mail that arrived show, as text: whose mail it is, its way, and what servers made of it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from mxproof.explain.arrival import ARRIVAL_VERSION, ArrivedMail, ArrivedResult, Hop
from mxproof.render.text.arrival import arrival_text
from mxproof.render.text.paper import Paper, Tone

PAPER = Paper(width=160, unicode=True)
AT = datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)
HOP = Hop("mx.example.com", "here.example", "192.0.2.9", "ESMTPS", True, "TLSv1.3", AT, None)
SPF = ArrivedResult("mx.example.com", "spf", "pass", "", "")
MAIL = ArrivedMail(ARRIVAL_VERSION, "<a@example.net>", None, None, None, (HOP,), ())
TEST = msgspec.structs.replace(MAIL, token="k3x")
HEAD = "Headers of a mail that is none of `mxproof deliver-test` (<a@example.net>)."
HOP_LINE = "  hop 1     mx.example.com took it from here.example [192.0.2.9] (ESMTPS, TLSv1.3, 2026-11-20 12:00:05 UTC)"
ADVICE = "`mxproof explain FILE` says what is behind a result that is not a pass."


def lines(mail: ArrivedMail, paper: Paper = PAPER, **changes: Any) -> list[str]:  # noqa: ANN401 - the fields have many types
    text = arrival_text(msgspec.structs.replace(mail, **changes), paper)
    assert text.endswith("\n")
    return text.splitlines()


def test_without_a_way_and_without_results_it_is_told_what_was_expected() -> None:
    assert lines(MAIL, hops=()) == [
        "No Received and no Authentication-Results field in it; the header of a message was expected, as a mail program shows it under `source` or `all headers`.",
    ]


def test_of_another_mail_its_message_id_is_named() -> None:
    assert lines(MAIL) == [HEAD, HOP_LINE]
    assert lines(MAIL, message_id="")[0] == (
        "Headers of a mail that is none of `mxproof deliver-test` (no Message-ID)."
    )


def test_of_a_test_mail_it_is_told_where_it_was_handed_over_and_to_which_test_it_belongs() -> None:
    assert lines(TEST) == ["A test mail of `mxproof deliver-test`; it belongs to test k3x.", HOP_LINE]
    assert lines(TEST, host="mx.example.com", address="192.0.2.1")[0] == (
        "A test mail of `mxproof deliver-test` handed over to mx.example.com [192.0.2.1]; it belongs to test k3x."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from_name": ""}, "mx.example.com took it from [192.0.2.9]"),
        ({"address": ""}, "mx.example.com took it from here.example"),
        ({"from_name": "", "address": ""}, "mx.example.com took it"),
        ({"by": ""}, "somebody took it from here.example [192.0.2.9]"),
    ],
)
def test_a_hop_names_who_took_the_mail_from_whom(changes: dict[str, str], said: str) -> None:
    hop = msgspec.structs.replace(HOP, **changes)
    assert lines(MAIL, hops=(hop,))[1].partition(" (")[0] == f"  hop 1     {said}"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tls_version": ""}, "ESMTPS, TLS, 2026-11-20 12:00:05 UTC"),
        ({"tls_version": "", "encrypted": False}, "ESMTPS, no TLS told of, 2026-11-20 12:00:05 UTC"),
        ({"at": None}, "ESMTPS, TLSv1.3"),
        ({"protocol": "", "at": None}, "TLSv1.3"),
        ({"at": None, "delay_s": 0}, "ESMTPS, TLSv1.3, 0 s later"),
        ({"at": None, "delay_s": 90}, "ESMTPS, TLSv1.3, 90 s later"),
        (
            {"at": None, "delay_s": -60},
            "ESMTPS, TLSv1.3, 1 min before the hop in front of it: a clock is wrong",
        ),
    ],
)
def test_a_hop_tells_how_and_when_and_how_much_later(changes: dict[str, Any], told: str) -> None:
    hop = msgspec.structs.replace(HOP, **changes)
    assert lines(MAIL, hops=(HOP, hop))[2] == (
        f"  hop 2     mx.example.com took it from here.example [192.0.2.9] ({told})"
    )


def test_a_test_mail_that_came_in_clear_text_is_called_so_and_another_mail_is_not() -> None:
    clear = msgspec.structs.replace(HOP, encrypted=False, tls_version="")
    said = "The first server says nothing of TLS, so that the mail came in clear text, or it does not write it down."
    assert lines(TEST, hops=(clear, HOP))[1] == f"✘ {said}"
    assert lines(TEST, hops=(HOP, clear))[1] == HOP_LINE
    assert len(lines(MAIL, hops=(clear,))) == 2
    colour = Paper(width=160, unicode=True, colour=True)
    assert lines(TEST, colour, hops=(clear,))[1] == f"{colour.painted('✘', Tone.BAD)} {said}"


def test_results_have_one_label_and_say_about_whom_who_says_it_and_why() -> None:
    results = (
        ArrivedResult("mx.example.com", "dkim", "pass", "example.net", "2048-bit key"),
        ArrivedResult("", "dmarc", "none", "", ""),
    )
    assert lines(MAIL, results=results) == [
        HEAD,
        HOP_LINE,
        "  results   dkim=pass for example.net, says mx.example.com (2048-bit key)",
        "            dmarc=none",
    ]
    assert lines(MAIL, hops=(), results=results)[1:] == lines(MAIL, results=results)[2:]


def test_of_a_test_mail_it_is_said_what_spf_is_about() -> None:
    about = "SPF is about the machine that ran the test and the name it gave, and says nothing of the mail that your own servers send."
    dkim = msgspec.structs.replace(SPF, method="dkim")
    assert lines(TEST, results=(dkim, SPF))[4:] == [about]
    assert len(lines(TEST, results=(dkim,))) == 3
    assert len(lines(MAIL, results=(SPF,))) == 3
    assert len(lines(TEST, results=())) == 2


@pytest.mark.parametrize(
    "result", ["pass", "bestguesspass", "softpass", "none", "neutral", "policy", "skipped"]
)
def test_a_result_that_is_no_failure_needs_no_explanation(result: str) -> None:
    assert len(lines(MAIL, results=(msgspec.structs.replace(SPF, result=result),))) == 3


def test_a_failure_is_explained_elsewhere_though_another_result_is_a_pass() -> None:
    failed = msgspec.structs.replace(SPF, result="fail")
    assert lines(MAIL, results=(SPF, failed))[4:] == [ADVICE]
