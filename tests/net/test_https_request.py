"""What a request for a policy says of who asks."""

import pytest

from mxproof import __version__
from mxproof.evidence import Kind, Outcome, Question
from mxproof.net.asking import Asking
from mxproof.net.https import ask_policy
from support_clock import run
from support_stream import Do, certified, script, stream_server

NAME, ADDRESS = "mta-sts.example.com", "192.0.2.80"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("", f"mxproof/{__version__}"),
        ("https://example.net/scan", f"mxproof/{__version__} (+https://example.net/scan)"),
    ],
)
def test_a_request_is_for_the_policy_host_and_names_whom_to_write_to(contact: str, agent: str) -> None:
    """RFC 9110 section 10.1.5."""
    heard: list[bytes] = []

    async def scenario() -> Outcome:
        async with stream_server(script(Do.READ_REQUEST, RESPONSE, heard=heard), certified(NAME)) as peer:
            asking = Asking((), connect_to={(ADDRESS, 443): peer}, contact=contact)
            return (await ask_policy(Question(Kind.POLICY, NAME, ADDRESS), asking)).outcome

    assert run(scenario()) is Outcome.FOUND
    assert heard[0].decode().split("\r\n") == [
        "GET /.well-known/mta-sts.txt HTTP/1.1",
        f"Host: {NAME}",
        f"User-Agent: {agent}",
        "Accept-Encoding: identity",
        "Connection: close",
        "",
        "",
    ]
