"""The one message that a delivery test sends: whoever opens it sees what it is, and over which server it came.

Its subject and its Message-ID can be told from those of any other mail, also where only headers were pasted
(`server_tried`), and it asks for no answer (RFC 3834 section 5).
"""

import re
from datetime import datetime
from email.utils import format_datetime

import msgspec

from mxproof.formats.text import safe

SUBJECT = "mxproof delivery test over"
_MESSAGE_ID = "mxproof-delivery-test"
_SUBJECT = re.compile(rf"{SUBJECT} (\S{{1,253}}) \[([0-9A-Fa-f.:]{{2,45}})\]")
_TOKEN = re.compile(rf"<{_MESSAGE_ID}\.([0-9a-f]{{1,64}})\.(\d{{1,4}})@")


class DeliveryMessage(msgspec.Struct, frozen=True):
    """What stands in it. `token` is the same for all messages of a test, `number` tells them apart, from 1 of `total`.

    `author` and `recipient` are mail addresses, `helo_name` what the client calls itself: a name or an address literal.
    """

    author: str
    recipient: str
    host: str
    address: str
    model: str
    helo_name: str
    at: datetime
    token: str
    number: int
    total: int

    @property
    def message_id(self) -> str:
        """The Message-ID, in angle brackets."""
        return f"<{_MESSAGE_ID}.{self.token}.{self.number}@{self.helo_name}>"

    @property
    def subject(self) -> str:
        """The subject."""
        return f"{SUBJECT} {safe(self.host)} [{self.address}]"

    def encoded(self) -> bytes:
        """Return the message in ASCII, its lines ended by CRLF (RFC 5322 section 2.1)."""
        fields = {
            "Date": format_datetime(self.at),
            "From": f"mxproof delivery test <{self.author}>",
            "To": f"<{self.recipient}>",
            "Subject": self.subject,
            "Message-ID": self.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=us-ascii",
        }
        head = [f"{name}: {value}" for name, value in fields.items()]
        return "\r\n".join([*head, "", *self._body(), ""]).encode("ascii", "backslashreplace")

    def _body(self) -> list[str]:
        return [
            "This is a test mail. Somebody who runs mxproof sent it to see whether",
            f"mail for {self.recipient} arrives. Nobody waits for an answer.",
            "",
            f"  message     {self.number} of {self.total}",
            f"  handed to   {safe(self.host)} [{self.address}]",
            f"  by          {self.helo_name}",
            f"  the way of  {self.model}",
            "",
            "To see what the mail met on its way, paste its headers into",
            "",
            "  mxproof deliver-test --received -",
        ]


def server_tried(subject: str) -> tuple[str, str] | None:
    """Return the host and the address that a test message was handed to, None where the subject is of another mail."""
    found = _SUBJECT.search(subject)
    return (found[1], found[2]) if found is not None else None


def token_of(message_id: str) -> str | None:
    """Return the token of the test that a Message-ID is of, None where it is of another mail."""
    found = _TOKEN.match(message_id.strip())
    return found[1] if found is not None else None
