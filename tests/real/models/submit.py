"""Hand messages to the mail system at 127.0.0.1: `python submit.py PORT SENDER [PASSWORD] -- RECIPIENT...`, one message each.

With a password it goes over to TLS and logs in as the sender.
"""

import smtplib
import ssl
import sys

_WITHIN_S = 300.0


def main(*arguments: str) -> None:
    """Hand them in over one connection."""
    (port, sender, *password), recipients = (
        arguments[: arguments.index("--")],
        arguments[arguments.index("--") + 1 :],
    )
    with smtplib.SMTP("127.0.0.1", int(port), timeout=_WITHIN_S) as client:
        if password:
            anyone = ssl.create_default_context()
            anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
            client.starttls(context=anyone)
            client.login(sender, password[0])
        for recipient in recipients:
            message = f"From: {sender}\r\nTo: {recipient}\r\nSubject: test\r\n\r\nHello.\r\n"
            client.sendmail(sender, [recipient], message)


if __name__ == "__main__":
    main(*sys.argv[1:])
