"""Hands in mail at a Postfix of this machine in the names of others, as XCLIENT lets whoever it believes.

    handing_in.py RECIPIENT [ADDRESS]

Reads lines of `HOST ADDRESS` from stdin and prints the queue id of each mail, in order.
"""

import re
import smtplib
import sys

RECIPIENT = sys.argv[1]
SERVER = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
_QUEUED = re.compile(rb"queued as (\w+)")


def main() -> None:
    """Hand in one mail for each line, over a connection of its own."""
    for line in sys.stdin:
        host, address = line.split()
        with smtplib.SMTP(SERVER, 25, timeout=120) as client:
            client.ehlo()
            _told(client.docmd("XCLIENT", f"NAME={host} ADDR={address} PROTO=ESMTP"), 220)
            client.ehlo(host)
            _told(client.mail("somebody@example.net"), 250)
            _told(client.rcpt(RECIPIENT), 250)
            said = _told(client.data("From: somebody@example.net\r\nSubject: a mail\r\n\r\nHello.\r\n"), 250)
        found = _QUEUED.search(said)
        assert found is not None, said
        print(found[1].decode())


def _told(answer: tuple[int, bytes], code: int) -> bytes:
    assert answer[0] == code, answer
    return answer[1]


if __name__ == "__main__":
    main()
