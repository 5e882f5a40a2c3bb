"""Who asks, and that nothing is answered that could be read on the way."""

from http import HTTPStatus

import msgspec
import pytest
from starlette.requests import HTTPConnection

from mxproof.net.asking import Peer
from mxproof.serve.web.caller import Caller, RefusedCaller, caller_of
from mxproof.serve.web.config import ProxyOptions, WebOptions
from mxproof.serve.web.settings import WebSettings, web_settings

LISTEN = Peer("192.0.2.80", 443)
PLAIN = WebSettings(listen=LISTEN)


def _behind(*addresses: str) -> WebSettings:
    settings = web_settings(
        WebOptions(
            listen="inet:192.0.2.80:80",
            public_url="https://watch.example",
            proxy=ProxyOptions(addresses=addresses),
        )
    )
    assert settings is not None
    return settings


def _asks(
    settings: WebSettings, peer: str | None, host: str, scheme: str = "http", forwarded: str = ""
) -> Caller | RefusedCaller:
    lines = forwarded.encode().splitlines()
    headers = [(b"host", host.encode()), *((b"x-forwarded-for", line) for line in lines)]
    client = None if peer is None else (peer, 50000)
    return caller_of(
        HTTPConnection({"type": "http", "scheme": scheme, "headers": headers, "client": client}), settings
    )


def _status(found: Caller | RefusedCaller) -> HTTPStatus | None:
    return found.status if isinstance(found, RefusedCaller) else None


def test_a_connection_with_tls_of_our_own_is_encrypted() -> None:
    assert _asks(PLAIN, "203.0.113.9", "watch.example", "https") == Caller(
        "203.0.113.9", is_encrypted=True, origin="https://watch.example", is_by_proxy=False
    )


@pytest.mark.parametrize("host", ["localhost:8466", "127.0.0.1:8466", "[::1]:8466", "localhost"])
def test_a_browser_on_this_machine_is_answered_without_encryption(host: str) -> None:
    assert _asks(PLAIN, "127.0.0.1", host) == Caller(
        "127.0.0.1", is_encrypted=False, origin=f"http://{host}", is_by_proxy=False
    )


def test_nobody_else_is() -> None:
    assert _status(_asks(PLAIN, "203.0.113.9", "watch.example")) is HTTPStatus.FORBIDDEN
    assert _status(_asks(PLAIN, "203.0.113.9", "localhost")) is HTTPStatus.FORBIDDEN


def test_a_name_that_somebody_else_points_at_this_machine_is_refused() -> None:
    assert _status(_asks(PLAIN, "127.0.0.1", "attacker.example")) is HTTPStatus.MISDIRECTED_REQUEST


def test_the_proxy_that_is_named_is_believed_and_no_other_machine() -> None:
    settings = _behind("192.0.2.7")
    found = _asks(settings, "192.0.2.7", "watch.example", forwarded="198.51.100.1, 203.0.113.9")
    assert found == Caller("203.0.113.9", is_encrypted=True, origin="https://watch.example", is_by_proxy=True)
    other = _asks(settings, "198.51.100.7", "watch.example", forwarded="203.0.113.9")
    assert _status(other) is HTTPStatus.FORBIDDEN


def test_a_proxy_that_adds_a_line_of_its_own_is_believed_and_not_the_client_before() -> None:
    found = _asks(_behind("192.0.2.7"), "192.0.2.7", "watch.example", forwarded="198.51.100.1\n203.0.113.9")
    assert isinstance(found, Caller)
    assert found.address == "203.0.113.9"


def test_a_proxy_on_this_machine_need_not_be_named_and_is_not_asked_for_clients_then() -> None:
    found = _asks(_behind("192.0.2.7"), "127.0.0.1", "watch.example", forwarded="203.0.113.9")
    assert found == Caller("127.0.0.1", is_encrypted=True, origin="https://watch.example", is_by_proxy=False)


def test_the_socket_file_is_the_proxys_where_that_is_said() -> None:
    found = _asks(_behind("unix"), None, "watch.example", forwarded="203.0.113.9")
    assert found == Caller("203.0.113.9", is_encrypted=True, origin="https://watch.example", is_by_proxy=True)


def test_what_a_proxy_forwards_that_is_no_address_counts_for_nothing() -> None:
    found = _asks(_behind("192.0.2.7"), "192.0.2.7", "watch.example", forwarded="203.0.113.9, <script>")
    assert isinstance(found, Caller)
    assert found.address == "192.0.2.7"


def test_another_name_than_the_public_one_is_refused() -> None:
    settings = msgspec.structs.replace(_behind("192.0.2.7"))
    assert _status(_asks(settings, "192.0.2.7", "other.example")) is HTTPStatus.MISDIRECTED_REQUEST


def test_whoever_has_no_address_is_no_proxy() -> None:
    found = _asks(_behind("192.0.2.7"), "nobody", "watch.example", forwarded="203.0.113.9")
    assert _status(found) is HTTPStatus.FORBIDDEN
