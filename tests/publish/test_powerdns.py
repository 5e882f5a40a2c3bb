"""The API of PowerDNS as a server over HTTP that answers as the test says."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from mxproof.evidence import Kind
from mxproof.formats.errors import ConfigError
from mxproof.mail.change import TxtValue
from mxproof.publish.keeper import KeeperError
from mxproof.publish.powerdns import PowerDnsKeeper
from mxproof.remedy.step_record import AlteredSet

ID = AlteredSet("_mta-sts.example.com", Kind.TXT, (), (TxtValue("v=STSv1; id=2;"),), 300)


class _Api(HTTPServer):
    """It answers every patch with `status` and keeps what was asked."""

    status = 204
    asked: list[tuple[str, str, bytes]]


class _Handler(BaseHTTPRequestHandler):
    server: _Api

    def do_PATCH(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["X-API-Key"], body))
        self.send_response(self.server.status)
        self.end_headers()
        if self.server.status != 204:
            self.wfile.write(b'{"error": "no\x1b[31m"}')

    def log_message(self, *_: object) -> None:  # it prints by itself
        pass


@contextmanager
def api(status: int = 204) -> Iterator[_Api]:
    with _Api(("127.0.0.1", 0), _Handler) as server:
        server.status, server.asked = status, []
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def keeper(server: HTTPServer, folder: Path, key: str = "of the tests\n") -> PowerDnsKeeper:
    (folder / "key").write_text(key)
    return PowerDnsKeeper(f"http://127.0.0.1:{server.server_port}", "localhost", folder / "key")


def test_a_set_is_replaced_by_a_patch_of_its_zone(tmp_path: Path) -> None:
    with api() as server:
        keeper(server, tmp_path).put("example.com", ID)
    ((path, key, body),) = server.asked
    assert (path, key) == ("/api/v1/servers/localhost/zones/example.com.", "of the tests")
    assert msgspec.json.decode(body) == {
        "rrsets": [
            {
                "name": "_mta-sts.example.com.",
                "type": "TXT",
                "ttl": 300,
                "changetype": "REPLACE",
                "records": [{"content": '"v=STSv1; id=2;"', "disabled": False}],
            }
        ]
    }


@pytest.mark.parametrize("status", [401, 404, 422, 500])
def test_what_the_server_refuses_is_told_with_its_words_made_safe(tmp_path: Path, status: int) -> None:
    with api(status) as server, pytest.raises(KeeperError) as refused:
        keeper(server, tmp_path).put("example.com", ID)
    assert str(status) in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_server_that_is_gone_is_told_of(tmp_path: Path) -> None:
    with api() as server:
        made = keeper(server, tmp_path)
    with pytest.raises(KeeperError):
        made.put("example.com", ID)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8081",
        "ftp://127.0.0.1",
        "http://127.0.0.1/api/v1",
        "http://127.0.0.1:80o1",
        "http://127.0.0.1:99999",
        "http://[::1",
    ],
)
def test_a_url_that_is_none_of_an_api_is_refused(tmp_path: Path, url: str) -> None:
    (tmp_path / "key").write_text("key")
    with pytest.raises(ConfigError):
        PowerDnsKeeper(url, "localhost", tmp_path / "key")


@pytest.mark.parametrize("key", ["", "two\nlines", "\xe9"])
def test_a_key_that_cannot_stand_in_a_header_is_refused(tmp_path: Path, key: str) -> None:
    with api() as server, pytest.raises(ConfigError):
        keeper(server, tmp_path, key)


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "records.key_file"), (404, "records.server_id"), (422, ""), (301, ""), (500, "")],
)
def test_a_refusal_names_the_zone_and_what_to_look_at(tmp_path: Path, status: int, advice: str) -> None:
    with api(status) as server, pytest.raises(KeeperError) as refused:
        keeper(server, tmp_path).put("example.com", ID)
    words = str(refused.value)
    assert words.startswith(f"the API of PowerDNS at 127.0.0.1: status {status} for example.com: ")
    assert [one for one in ("records.key_file", "records.server_id") if one in words] == [advice] * bool(
        advice
    )


def test_a_server_is_asked_by_its_name_whatever_stands_in_it_and_tells_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("key")
    with api() as server:
        made = PowerDnsKeeper(f"http://127.0.0.1:{server.server_port}/", "a/b c", tmp_path / "key")
        assert made.put("0/25.2.0.192.in-addr.arpa", ID) == (
            "patched 0/25.2.0.192.in-addr.arpa by the API of PowerDNS at 127.0.0.1"
        )
    assert server.asked[0][0] == "/api/v1/servers/a%2Fb%20c/zones/0%2F25.2.0.192.in-addr.arpa."


def test_a_key_that_is_not_there_is_a_mistake_that_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"^records\.key_file: {tmp_path}/key: cannot be read"):
        PowerDnsKeeper("http://127.0.0.1", "localhost", tmp_path / "key")
