"""Causes in the connection, and those that are no fault of configuration but are named all the same."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.causes.cause import Cause, CauseKind, Failing
from mxproof.judge.codes import Code

_CHECK_DOMAIN: Final = "mxproof check {domain}"
_REACHED: Final = (Code.SMTP_UNREACHABLE, Code.SMTP_UNANSWERED)

CAUSES: Final = (
    Cause(
        id="connect_timeout",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.LISTENER, suspects.WAY, suspects.NETWORK),
        title="the server did not answer on port 25",
        words="The sender opened a connection to the mail server and nothing came back. A firewall, a server that is "
        "down, or an IPv6 address that nobody listens on are the usual reasons.",
        check="Port 25 on every address of every MX host, IPv4 and IPv6, from outside; firewall rules for the sender's "
        "networks.",
        next=_CHECK_DOMAIN,
        failing=Failing.CONNECTION,
        findings=_REACHED,
    ),
    Cause(
        id="connect_refused",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.LISTENER, suspects.WAY, suspects.NETWORK),
        title="the server refused the connection on port 25",
        words="The address answered, and nothing listens there on port 25, or a firewall rejects the sender.",
        check="The listener on port 25 at the address named.",
        next=_CHECK_DOMAIN,
        failing=Failing.CONNECTION,
        findings=_REACHED,
    ),
    Cause(
        id="connect_refused_expired",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.LISTENER, suspects.WAY, suspects.NETWORK),
        title="the server refused every connection until the sender gave up",
        words="The sender tried for as long as it keeps mail, and each time the connection to port 25 was refused.",
        check="The listener on port 25 at the address named.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=_REACHED,
    ),
    Cause(
        id="connect_failure",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.LISTENER, suspects.WAY, suspects.NETWORK),
        title="the sender could not connect to the mail server",
        words="No connection to port 25 came about: refused, timed out or without a route. The sender tries again until "
        "its time is over.",
        check="Port 25 on every address of every MX host, IPv4 and IPv6, from outside.",
        next=_CHECK_DOMAIN,
        failing=Failing.CONNECTION,
        findings=_REACHED,
    ),
    Cause(
        id="connect_or_tls",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.LISTENER, suspects.SERVER_TLS, suspects.DEVICE),
        title="the sender could not connect, or could not secure the session",
        words="This code surrounds another error, which stands in [Message=...]; without it, connection and TLS are both "
        "possible.",
        check="The text in [Message=...], LastAttemptedServerName and LastAttemptedIP.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=(*_REACHED, Code.STARTTLS_MISSING, Code.TLS_HANDSHAKE_FAILED),
    ),
    Cause(
        id="expired_connect_or_tls",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.LISTENER, suspects.SERVER_TLS, suspects.DEVICE),
        title="the sender gave up after it could not connect or secure the session",
        words="This is the last line of a delivery that failed for as long as the sender keeps mail. The real reason is "
        "in an earlier line with 4.4.317, under the diagnostic information for administrators.",
        check="The earlier 4.4.317 line in the same report, or a delay notice for the same message.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=(*_REACHED, Code.STS_MX_UNLISTED, Code.STARTTLS_MISSING, Code.TLS_HANDSHAKE_FAILED),
    ),
    Cause(
        id="connection_dropped",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.SERVER, suspects.DEVICE),
        title="the connection broke off in the middle of the dialogue",
        words="The connection came about and ended before the message was handed over. A firewall that inspects SMTP, a "
        "filter that turns the sender away without a reply, or a crash in the TLS handshake do this.",
        check="The receiving server's log at that minute; firewalls with SMTP inspection on the way.",
        next=_CHECK_DOMAIN,
        findings=(Code.SMTP_BROKEN, Code.SMTP_TURNED_AWAY),
    ),
    Cause(
        id="queue_expired",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.SERVER, suspects.DEVICE, suspects.NETWORK),
        title="the sender gave up after its time for retries was over",
        words="The message stayed in the sender's queue for as long as it keeps mail. This line does not say why each "
        "attempt failed; an earlier notice or the sender's log does.",
        check="An earlier delay notice for the same message, or the sender's log of the attempts.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=_REACHED,
    ),
    Cause(
        id="smtp_smuggling_or_bdat",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.SERVER, suspects.DEVICE),
        title="the server spoke before it was its turn",
        words="The sender received an answer to a question that it had not asked yet and broke off. A server with a "
        "defect, or a device on the way that changes the dialogue, does this.",
        check="The SMTP dialogue on the wire; devices that inspect SMTP.",
        next=_CHECK_DOMAIN,
        findings=(Code.SMTP_BROKEN, Code.STARTTLS_EARLY_DATA),
    ),
    Cause(
        id="ipv6_refused",
        kind=CauseKind.CONNECTION,
        suspects=(suspects.RULE,),
        title="the receiver takes no mail over IPv6",
        words="The recipient's domain does not accept mail over IPv6. The same message goes through over IPv4.",
        check="Whether the sending server may fall back to IPv4.",
        next=_CHECK_DOMAIN,
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="reputation",
        kind=CauseKind.OTHER,
        suspects=(suspects.SENDING_ADDRESS,),
        title="the receiver distrusts the sending address",
        words="The receiver limits or refuses mail from this address because of what came from it before. No record is "
        "wrong; time, less volume and fewer complaints help.",
        check="The receiver's postmaster page for the sending address; complaint rates.",
        next="dig +short -x {address}",
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="reputation_or_ptr",
        kind=CauseKind.OTHER,
        suspects=(suspects.SENDING_ADDRESS, suspects.SENDING_NAME),
        title="the receiver distrusts the sending address or its reverse name",
        words="The receiver refuses the address because of its reputation or because its reverse name does not look like "
        "a mail server with a known operator.",
        check="The PTR record of the sending address; the receiver's postmaster page.",
        next="dig +short -x {address}",
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="blocklist",
        kind=CauseKind.OTHER,
        suspects=(suspects.SENDING_ADDRESS,),
        title="the sending address is on a block list",
        words="The receiver refuses the sending address because it is on its own or a public block list.",
        check="The list that the text names, and its removal page.",
        next="dig +short -x {address}",
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="throttle",
        kind=CauseKind.OTHER,
        suspects=(suspects.RULE,),
        title="the receiver is busy and asks for patience",
        words="The receiver takes no more mail for the moment. The sender tries again by itself.",
        check="Nothing, unless it lasts for more than a day.",
    ),
    Cause(
        id="greylist",
        kind=CauseKind.OTHER,
        suspects=(suspects.RULE,),
        title="the receiver asks for a second attempt",
        words="The receiver defers mail from senders that it does not know and takes the second attempt.",
        check="Whether the sending server tries again from the same address.",
    ),
    Cause(
        id="submission_auth",
        kind=CauseKind.OTHER,
        suspects=(suspects.MESSAGE,),
        title="the client must log in before it may send",
        words="The server takes this mail only from clients that have logged in, and this one had not.",
        check="User name, password and port (587 or 465) of the mail client.",
    ),
    Cause(
        id="from_header",
        kind=CauseKind.OTHER,
        suspects=(suspects.MESSAGE,),
        title="the From header is not valid",
        words="The receiver refuses messages whose From header is missing or breaks RFC 5322 section 3.6.2.",
        check="The From header of the message as sent.",
    ),
    Cause(
        id="content_policy",
        kind=CauseKind.OTHER,
        suspects=(suspects.FILTER, suspects.MESSAGE),
        title="the receiver refuses the message by a rule of its own",
        words="A local policy of the receiver, usually about content, refuses the message.",
        check="The receiver's postmaster page for the code in brackets.",
    ),
    Cause(
        id="anti_spoofing",
        kind=CauseKind.OTHER,
        suspects=(suspects.SENDER_DOMAIN, suspects.RULE),
        title="the message claims to come from the receiver's own domain",
        words="The receiver refuses mail from outside that carries its own domain as sender.",
        check="Whether the service that sends in the name of the domain is allowed there.",
    ),
)
