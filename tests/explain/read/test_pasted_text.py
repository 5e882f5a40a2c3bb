"""What a paste loses on its way is put back: bounces in a forward, in quotation, in markup, several in one text."""

import pytest

from mxproof.explain.engine import explain

BOUNCE = """This is the mail system at host mx.sender.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.

                   The mail system

<{address}>: {words}
"""
NOT_VERIFIED = BOUNCE.format(address="a@one.example", words="Server certificate not\n    verified")
REFUSED = BOUNCE.format(address="b@two.example", words="connect to mx[192.0.2.1]:25: Connection refused")
RETURNED = "\nReturn-Path: <c@sender.example>\nSubject: TLSA lookup error for mx.one.example\n\nHello\n\n"


def _codes(text: str) -> list[str]:
    return [one.code for one in explain(text.encode()).causes]


@pytest.mark.parametrize("mark", ["", "> ", ">> ", "> > ", ">>> ", "> > > "])
def test_a_quoted_bounce_has_its_cause(mark: str) -> None:
    assert _codes("".join(f"{mark}{line}\n" for line in NOT_VERIFIED.split("\n"))) == ["cert_not_verified"]


@pytest.mark.parametrize(
    "head",
    [
        "-----Original Message-----\nFrom: Mail Delivery System [mailto:MAILER-DAEMON@mx]\nSent: Tuesday\n\n",
        "-------- Weitergeleitete Nachricht --------\nBetreff: Undelivered Mail Returned to Sender\n\n",
        "Begin forwarded message:\n\nFrom: MAILER-DAEMON@mx (Mail Delivery System)\n\n",
    ],
)
def test_a_forwarded_bounce_is_not_the_message_it_returns(head: str) -> None:
    assert _codes(f"Look at this:\n\n{head}{NOT_VERIFIED}") == ["cert_not_verified"]


def test_a_forwarded_message_of_a_person_is_the_message_that_is_returned() -> None:
    given = f"{NOT_VERIFIED}\n-----Original Message-----\nFrom: c@sender.example\n\nTLSA lookup error for mx.one.example"
    assert _codes(given) == ["cert_not_verified"]


def test_each_bounce_of_a_paste_is_told() -> None:
    got = explain((NOT_VERIFIED + RETURNED + REFUSED).encode())
    assert [one.code for one in got.causes] == ["cert_not_verified", "connect_refused"]
    assert {one.address: one.causes for one in got.recipients} == {
        "a@one.example": ("cert_not_verified",),
        "b@two.example": ("connect_refused",),
    }


def test_markup_that_was_copied_is_text() -> None:
    assert _codes("<p>550 5.7.5 Server certificate<br>not verified</p><div>a@one.example</div>") == [
        "cert_not_verified"
    ]
    assert _codes("&lt;a@one.example&gt;: Server certificate not verified") == ["cert_not_verified"]


def test_a_reply_that_stands_as_a_list_is_a_reply() -> None:
    assert explain(b'421, "4.7.0", nobody knows a@one.example').codes == ("421 4.7.0",)
