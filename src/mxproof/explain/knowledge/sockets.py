"""What Exchange says of a connection: on premises and in the cloud it hands on the error of the Windows socket.

    451 4.4.397 Error communicating with target host. -> 421 4.2.1 Unable to connect -> SocketTimedout: Socket error code 10060
    450 4.4.317 Cannot establish session with remote server [Message=Failed to connect. Winsock error code: 10051, ...]

The numbers are those of the Windows Sockets API, the same in every language of the server.
"""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_WINSOCK: Final = "https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2"
_INTELLIGENCE: Final = "MicrosoftDocs mail-flow-intelligence-in-office-365.md (2023-06-14)"
_NDR: Final = "https://learn.microsoft.com/en-us/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online"
_SAMPLES: Final = "sisimai/set-of-emails"
_EXCHANGE: Final = "non-delivery reports of Exchange 2016 and 2019 in public mailing lists and questions"

_SENDER: Final = (
    Rule(
        cause="connect_timeout",
        texts=(".4.314 connection timed out", ".4.315 connection timed out"),
        codes="450 4.4.314, 450 4.4.315",
        sample="450 4.4.315 Connection timed out [Message=Socket error code 10060] [LastAttemptedServerName=example.com]",
        unlike=(
            "450 4.4.316 Connection refused [Message=Socket error code 10061]",
            "450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=example.com]",
        ),
        source=_INTELLIGENCE,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="connect_refused",
        texts=(".4.316 connection refused",),
        codes="450 4.4.316",
        sample="450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=example.com]",
        unlike=(
            "550 5.4.316 Message expired, connection refused",
            "450 4.4.315 Connection timed out [Message=Socket error code 10060] [LastAttemptedServerName=example.com]",
        ),
        source=f"{_SAMPLES} lhost-office365-08.eml ; {_NDR}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_refused_expired",
        texts=(".4.316 message expired, connection refused",),
        codes="550 5.4.316",
        sample="550 5.4.316 Message expired, connection refused(Socket error code 10061)",
        unlike=(
            "450 4.4.316 Connection refused",
            "450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=example.com]",
        ),
        source=f"{_SAMPLES} lhost-office365-08.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_timeout",
        texts=("winsock error code: 10060", "socket error code 10060"),
        sample="421 4.2.1 Unable to connect -> SocketTimedout: Socket error code 10060",
        unlike=(
            "421 4.2.1 Unable to connect -> SocketConnectionRefused: Socket error code 10061",
            "550 5.4.316 Message expired, connection refused(Socket error code 10061)",
        ),
        source=f"{_WINSOCK} (WSAETIMEDOUT) ; {_EXCHANGE}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_refused",
        texts=("winsock error code: 10061", "socket error code 10061"),
        sample="421 4.2.1 Unable to connect -> SocketConnectionRefused: Socket error code 10061",
        unlike=(
            "421 4.2.1 Unable to connect -> SocketTimedout: Socket error code 10060",
            "450 4.4.315 Connection timed out [Message=Socket error code 10060] [LastAttemptedServerName=example.com]",
        ),
        source=f"{_WINSOCK} (WSAECONNREFUSED) ; {_EXCHANGE}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "winsock error code: 10051",
            "winsock error code: 10065",
            "socket error code 10051",
            "socket error code 10065",
        ),
        sample="SocketError: Failed to connect. Winsock error code: 10051, Win32 error code: 10051",
        unlike=(
            "Winsock error code: 10060",
            "421 4.2.1 Unable to connect -> SocketTimedout: Socket error code 10060",
        ),
        source=f"{_WINSOCK} (WSAENETUNREACH, WSAEHOSTUNREACH) ; {_EXCHANGE}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connection_dropped",
        texts=(
            "winsock error code: 10054",
            "socket error code 10054",
            "connection dropped due to connectionreset",
        ),
        sample="451 4.4.397 Error communicating with target host. -> 421 4.4.2 Connection dropped due to ConnectionReset",
        unlike=(
            "421 4.4.2 Connection dropped due to Shutdown",
            "421 4.2.1 Unable to connect -> SocketTimedout: Socket error code 10060",
        ),
        source=f"{_WINSOCK} (WSAECONNRESET) ; {_EXCHANGE}",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (Chapter("microsoft", Side.SENDER, _SENDER),)
