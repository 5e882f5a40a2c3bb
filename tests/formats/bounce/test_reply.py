"""Replies that lost their lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.reply import ReplyCode, flattened, plain, reply_codes, without_controls


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            "550-5.7.26 Unauthenticated email is not\n550-5.7.26 accepted due to domain's\n550 5.7.26 DMARC policy.",
            "550 5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy.",
        ),
        (
            (
                "said: 550-5.7.26 not accepted due to 550-5.7.26 domain's DMARC policy. Please\n    visit 550-5.7.26  https://x"
                " 550 5.7.26 z2si - gsmtp (in reply to end of DATA command)"
            ),
            (
                "said: 550 5.7.26 not accepted due to domain's DMARC policy. Please visit https://x z2si - gsmtp"
                " (in reply to end of DATA command)"
            ),
        ),
        (
            "550-Your message was rejected\n550-Reason: no reverse DNS\n550 7d39",
            "550 Your message was rejected Reason: no reverse DNS 7d39",
        ),
        ("(reason: 550-5.7.1 Unauthenticated email from", "(reason: 550 5.7.1 Unauthenticated email from"),
        ("550 5.1.1 a\n551 5.7.1 b", "550 5.1.1 a 551 5.7.1 b"),
        ("mta-550-a.example.com said 250", "mta-550-a.example.com said 250"),
        ("", ""),
    ],
)
def test_a_folded_reply_is_one_sentence(text: str, want: str) -> None:
    assert flattened(text) == want


@given(st.text(alphabet="550-. 7a\n", max_size=200))
def test_flat_text_stays_flat(text: str) -> None:
    got = flattened(text)
    assert "\n" not in got
    assert "  " not in got


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            "550 5.4.317 Message expired(451 4.4.8 MX hosts)",
            [ReplyCode("550", "5.4.317"), ReplyCode("451", "4.4.8")],
        ),
        ("host mx[192.0.2.1] said: 554 5.7.9 no", [ReplyCode("554", "5.7.9")]),
        ("Sorry. (#5.1.2)", [ReplyCode("", "5.1.2")]),
        ("550 no", [ReplyCode("550", "")]),
        ("waited 450 seconds on 4.16.55.1 and 192.0.2.250", []),
        ("550-5.7.26 a", [ReplyCode("550", "5.7.26")]),
    ],
)
def test_codes_stand_in_order(text: str, want: list[ReplyCode]) -> None:
    assert list(reply_codes(text)) == want


def test_typographic_signs_and_forwarding_marks_go() -> None:
    assert (
        plain("> 451 4.4.8 MX hosts of \u2018example.com\u2019\u00a0failed\u200b\n>> x")
        == "451 4.4.8 MX hosts of 'example.com' failed\nx"
    )


def test_the_marks_of_a_transcript_stay() -> None:
    assert plain(">>> DATA\n<<< 550 no") == ">>> DATA\n<<< 550 no"
    assert plain("> >>> DATA\n> <<< 550 no") == ">>> DATA\n<<< 550 no"


def test_lines_quoted_more_often_than_their_neighbours_are_one_text() -> None:
    assert plain(">> > the certificate\n>> is\n> > > of  another\n>\n>  name") == (
        "the certificate\nis\nof  another\n\n name"
    )


def test_lines_are_quoted_deeply_where_three_in_five_are() -> None:
    deep, shallow = ">>> a", "> b"
    assert plain("\n".join([deep] * 3 + [shallow] * 2)) == "a\na\na\nb\nb"
    assert plain("\n".join([deep] * 2 + [shallow] * 3)) == ">>> a\n>>> a\nb\nb\nb"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("\x1b[01;31m\x1b[Kstatus\x1b[m\x1b[K", "status"),
        ("\x1b]0;title\x07a", "a"),
        ("MX ho\0sts\tof\r\n\x7f", "MX hosts\tof\r\n"),
        ("Grüße", "Grüße"),
    ],
)
def test_colours_and_control_characters_go(text: str, want: str) -> None:
    assert without_controls(text) == want


def test_a_basic_code_counts_beside_an_enhanced_one_however_they_are_joined() -> None:
    for joined in ("550 5.7.26", "550-5.7.26", "550 #5.7.26", "550   #(5.7.26"):
        assert reply_codes(f"it said: {joined} no") == (ReplyCode("550", "5.7.26"),), joined
    assert reply_codes("said: 550    5.7.26 no") == (ReplyCode("", "5.7.26"),)


def test_neither_code_counts_where_the_enhanced_one_goes_on_or_ends_a_sentence() -> None:
    for text in ("refused with 550 5.7.26.", "about 5.7.26.1", "version 15.7.26", "x-5.7.26", "5.7.1-beta"):
        assert reply_codes(text) == (), text


def test_a_basic_code_alone_counts_only_as_the_first_word() -> None:
    assert reply_codes("550 no, after 421 and 4.4.2 once") == (ReplyCode("550", ""), ReplyCode("", "4.4.2"))
    assert reply_codes("of 550 no") == ()
