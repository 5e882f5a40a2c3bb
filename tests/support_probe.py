"""An SMTP server on loopback that follows a script, and what asking it comes to."""

from types import MappingProxyType

from mxproof.evidence import Answer, Kind, Outcome, Question, SmtpData, SmtpStage
from mxproof.net.asking import Asking
from mxproof.net.smtp import ask_smtp
from support_clock import run
from support_stream import Do, Handler, stream_server

NAME = "mx.example.com"
ADDRESS = "192.0.2.25"
QUESTION = Question(Kind.SMTP, NAME, ADDRESS)

GREETING = b"220 mx.example.com ESMTP\r\n"
EXTENSIONS = b"250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"
READY = b"220 go ahead\r\n"
BYE = b"221 bye\r\n"
UP_TO_STARTTLS = (GREETING, Do.READ_LINE, EXTENSIONS, Do.READ_LINE)


def asking(way: tuple[str, int], timeout_s: float = 10, helo_name: str = "probe.example.net") -> Asking:
    """Return settings by which the address of the question is led to another way."""
    detours = MappingProxyType({(ADDRESS, 25): way})
    return Asking((), connect_to=detours, timeout_s=timeout_s, helo_name=helo_name)


def probe(handler: Handler, timeout_s: float = 10, helo_name: str = "probe.example.net") -> Answer:
    """Return what asking a server comes to that does as `handler` says."""

    async def scenario() -> Answer:
        async with stream_server(handler) as peer:
            return await ask_smtp(QUESTION, asking(peer, timeout_s, helo_name))

    return run(scenario())


def smtp_data(answer: Answer) -> SmtpData:
    """Return what was said."""
    assert isinstance(answer.data, SmtpData)
    return answer.data


def came(answer: Answer) -> tuple[Outcome, SmtpStage]:
    """Return how it ended, and where."""
    return answer.outcome, smtp_data(answer).stage


def said(answer: Answer, side: str) -> list[bytes]:
    """Return the lines of one side."""
    return [line.text for line in smtp_data(answer).transcript if line.side == side]
