"""What is read of a dialogue: the last that the server said before the client took its leave."""

import pytest

from mxproof.evidence import SmtpLine
from mxproof.mail.transcript import last_reply


@pytest.mark.parametrize(
    ("dialogue", "want"),
    [
        ((), b""),
        (("S 220 mx",), b"220 mx"),
        (("S 220 mx", "C EHLO me", "S 250-mx", "S 250 STARTTLS"), b"250 STARTTLS"),
        (("S 220 mx", "C MAIL FROM:<>", "S 550 no", "C QUIT", "S 221 bye"), b"550 no"),
        (("S 220 mx", "C quit", "S 221 bye"), b"220 mx"),
        (("S QUIT", "S 550 no"), b"550 no"),
        (("C EHLO me",), b""),
    ],
)
def test_the_last_reply_is_that_before_the_client_took_its_leave(
    dialogue: tuple[str, ...], want: bytes
) -> None:
    lines = tuple(SmtpLine(line[0], line[2:].encode()) for line in dialogue)
    assert last_reply(lines) == want
