"""A text without local parts."""

import pytest

from mxproof.formats.redaction import Redaction


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("to=<jane.doe@example.com>, relay=mx", "to=<xxxx.xxx@example.com>, relay=mx"),
        ("orig_to=jane@example.com", "orig_to=xxxx@example.com"),
        ("<MAILER-DAEMON@example.com>", "<MAILER-DAEMON@example.com>"),
        ("rua=mailto:a%21b@example.com", "rua=mailto:x%78x@example.com"),
        ('"jane doe"@example.com', '"xxxx xxx"@example.com'),
        ("jane+x=example.org@example.com", "xxxx+x=xxxxxxx.xxx@example.com"),
        ("no address", "no address"),
        ("SRS0=ab=cd=example.org=jane@example.com", "xxxx=xx=xx=xxxxxxx.xxx=xxxx@example.com"),
        ("u?e=jane.doe%40example.com&x=1", "u?e=xxxx.xxx%40example.com&x=1"),
        ("ORCPT=rfc822;jane+2Edoe+40example.com", "ORCPT=rfc822;xxxx+xxxxx+40example.com"),
        ("jane.doe&#64;example.com", "xxxx.xxx&#64;example.com"),
        (r'"to":"jane\u0040example.com"', r'"to":"xxxx\u0040example.com"'),
        ("To: jane.doe\n @example.com", "To: xxxx.xxx\n @example.com"),
        ("sasl_username=jane, orig_to=<jdoe>", "sasl_username=xxxx, orig_to=<xxxa>"),
        ("Delivered-To: jane\nTo: the end", "Delivered-To: xxxx\nTo: the end"),
        ("(Authenticated sender: jane)", "(Authenticated sender: xxxx)"),
        ("/o=Org/cn=Recipients/cn=jane", "/o=Org/cn=Recipients/cn=xxxx"),
        ("<= j@example.com U=jane P=local", "<= x@example.com U=xxxx P=local"),
        ("uid=1000 50%40 a+40 b.c=40", "uid=1000 50%40 a+40 b.c=40"),
        ("for <b>you</b>, from <i>us</i>", "for <b>you</b>, from <i>us</i>"),
    ],
)
def test_letters_of_a_local_part_become_others(text: str, want: str) -> None:
    assert Redaction().text(text) == want


def test_two_local_parts_stay_two_and_one_stays_one() -> None:
    got = Redaction().text("ann@example.com bob@example.com ann@example.net")
    first, second, third = (one.partition("@")[0] for one in got.split())
    assert (first == third, first == second) == (True, False)


def test_a_local_part_that_was_met_is_taken_out_of_brackets_too() -> None:
    got = Redaction().text("to=<jane@example.com>: 550 <jane>: unknown")
    assert "jane" not in got


def test_a_text_keeps_its_size() -> None:
    text = "jäne.字@example.com"
    assert len(Redaction().octets(text.encode())) == len(text.encode())


def test_what_may_be_a_word_as_well_is_taken_out_only_where_a_user_stands() -> None:
    got = Redaction().text("<mail@example.com>: mailbox mail is full, see /var/mail/mail; mail was not sent")
    assert got == "<xxxx@example.com>: mailbox xxxx is full, see /var/xxxx/xxxx; mail was not sent"
    assert "jane" not in Redaction().text(
        "<jane.doe@example.com>: cn=12-jane.doe, to jane.doe, jane.doe's mail"
    )


def test_each_local_part_has_letters_of_its_own_however_many_there_are() -> None:
    names = [f"{first}{second}" for first in "abcdefgh" for second in "abcdefgh"]
    redaction = Redaction()
    first = [redaction.text(f"{name}@example.com") for name in names]
    assert len({*first}) == len(names)
    assert [redaction.text(f"{name}@example.org") for name in names] == [
        one.replace(".com", ".org") for one in first
    ]
    assert redaction.text(" ".join(f"<{name}>" for name in names)) == " ".join(
        f"<{one.partition('@')[0]}>" for one in first
    )


def test_what_is_spelt_otherwise_keeps_its_sign_and_what_stands_between() -> None:
    text = "a?to=jane%40example.com&cc=joe.roe%40example.org;x=jane%40example.net end"
    assert (
        Redaction().text(text) == "a?to=xxxx%40example.com&cc=xxx.xxx%40example.org;x=xxxx%40example.net end"
    )


@pytest.mark.parametrize("role", ["Postmaster", "ABUSE", "mailer-daemon", '"tlsrpt"', "Double-Bounce"])
def test_a_role_is_nobody_in_whatever_letters(role: str) -> None:
    text = f"{role}@example.com wrote to to={role}@example.net"
    assert Redaction().text(text) == text


def test_a_number_of_a_user_stays_and_the_name_behind_a_key_goes() -> None:
    assert Redaction().text("uid=1000 user=jane7 login=1001") == "uid=1000 user=xxxxx login=1001"
    assert Redaction().text("smtp.mailfrom=jane@example.com TO=joe@example.com id=@x") == (
        "smtp.mailfrom=xxxx@example.com TO=xxx@example.com id=@x"
    )
