"""An authority that says when it wants to be asked again: a server over HTTP that answers as the test says."""

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from mxproof.publish.acme_client import ASKED_AGAIN_AFTER_S, ORDER_WITHIN_S, AcmeClient, AcmeError, new_key
from mxproof.publish.challenge import Challenge, ChallengeKind, HttpAnswerer
from mxproof.publish.keeper import KeeperError
from support_long import EXHAUSTIVE

NAME = "mta-sts.example.com"
TOKEN = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
HOUR_S = 3600


class Said(msgspec.Struct, frozen=True):
    """What it answers: a status, a document or other text, and a value of `Retry-After`, empty for none."""

    status: int = 200
    body: object = None
    retry_after: str = ""


class _Authority(HTTPServer):
    """It issues whatever is ordered, apart from `scripted`: what it says first at a path, the last of it for good."""

    scripted: dict[str, list[Said]]
    asked: list[tuple[str, float]]
    sent: dict[str, bytes]
    """What was sent to it last at a path."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def said(self, path: str) -> Said:
        left = self.scripted.get(path, [])
        if left:
            return left.pop(0) if len(left) > 1 else left[0]
        return self.usual(path)

    def usual(self, path: str) -> Said:
        names = {"newNonce": "/nonce", "newAccount": "/account", "newOrder": "/order-new"}
        documents: dict[str, object] = {
            "/directory": {name: self.url(at) for name, at in names.items()},
            "/account": {"status": "valid"},
            "/order-new": self.order("pending"),
            "/authorization": self.authorization("valid"),
            "/challenge": self.challenge(),
            "/finalize": self.order("processing"),
            "/order": self.order("valid"),
            "/certificate": "the chain",
        }
        created = {"/account": 201, "/order-new": 201}
        return Said(created.get(path, 200), documents.get(path))

    def order(self, status: str) -> dict[str, object]:
        order: dict[str, object] = {
            "status": status,
            "identifiers": [{"type": "dns", "value": NAME}],
            "authorizations": [self.url("/authorization")],
            "finalize": self.url("/finalize"),
        }
        return order | ({"certificate": self.url("/certificate")} if status == "valid" else {})

    def authorization(self, status: str, **error: object) -> dict[str, object]:
        identifier = {"type": "dns", "value": NAME}
        return {"status": status, "identifier": identifier, "challenges": [self.challenge() | error]}

    def challenge(self) -> dict[str, object]:
        return {"type": "http-01", "url": self.url("/challenge"), "token": TOKEN, "status": "pending"}

    def pauses_before(self, path: str) -> list[float]:
        times = [at for name, at in self.asked if name == path]
        return [after - before for before, after in pairwise(times)]


class _Handler(BaseHTTPRequestHandler):
    server: _Authority

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.sent[self.path] = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, time.monotonic()))
        said = self.server.said(self.path)
        is_text = isinstance(said.body, str)
        body = str(said.body).encode() if is_text else msgspec.json.encode(said.body)
        self.send_response(said.status)
        self.send_header(
            "Content-Type", "application/pem-certificate-chain" if is_text else "application/json"
        )
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Replay-Nonce", TOKEN)
        self.send_header("Location", self.server.url(self.path.removesuffix("-new")))
        self.send_header("Link", f'<{self.server.url("/authorization")}>;rel="up"')
        if said.retry_after:
            self.send_header("Retry-After", said.retry_after)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:  # it prints by itself
        pass


class Asking(msgspec.Struct, frozen=True):
    """Whoever orders: its clock goes by what it waits, and `waited` says for how long that was each time."""

    authority: _Authority
    folder: Path
    waited: list[float]

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=sum(self.waited))

    def client(self, contact: str = "") -> AcmeClient:
        return AcmeClient(
            self.authority.url("/directory"),
            self.folder / "account.pem",
            contact,
            now=self.now,
            pause=self.waited.append,
        )

    def issued(self, contact: str = "", client: AcmeClient | None = None) -> bytes:
        asked = client or self.client(contact)
        return asked.issued((NAME,), new_key(), HttpAnswerer(self.folder / "proofs"))

    def refused(self) -> AcmeError:
        with pytest.raises(AcmeError) as found:
            self.issued()
        return found.value


@contextmanager
def _serving() -> Iterator[_Authority]:
    with _Authority(("127.0.0.1", 0), _Handler) as server:
        server.scripted, server.asked, server.sent = {}, [], {}
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with _serving() as authority:
        yield Asking(authority, tmp_path, [])


def in_seconds(seconds: int) -> str:
    return str(seconds)


def as_date(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


both_forms = pytest.mark.parametrize("written", [in_seconds, as_date])
Written = Callable[[int], str]


def test_what_is_proved_at_once_is_issued_and_nobody_waits_but_for_the_order(asking: Asking) -> None:
    pending = asking.authority.authorization("pending")
    asking.authority.scripted["/authorization"] = [
        Said(body=pending),
        Said(body=asking.authority.authorization("valid")),
    ]
    assert asking.issued() == b"the chain"
    assert asking.waited == []
    assert list((asking.folder / "proofs").iterdir()) == []


@both_forms
def test_a_proof_is_asked_after_when_the_authority_says(asking: Asking, written: Written) -> None:
    pending = asking.authority.authorization("pending")
    asking.authority.scripted["/authorization"] = [
        Said(body=pending),
        Said(body=pending, retry_after=written(60)),
        Said(body=pending),
        Said(body=asking.authority.authorization("valid")),
    ]
    assert asking.issued() == b"the chain"
    first, second = asking.waited
    assert 30 < first <= 60
    assert second == ASKED_AGAIN_AFTER_S


@both_forms
def test_a_proof_that_is_looked_at_for_too_long_says_when_it_may_be_ordered_again(
    asking: Asking, written: Written
) -> None:
    pending = Said(body=asking.authority.authorization("pending"), retry_after=written(HOUR_S))
    asking.authority.scripted["/authorization"] = [pending]
    began = asking.now()
    error = asking.refused()
    assert sum(asking.waited) <= ORDER_WITHIN_S
    assert not error.concerns_all
    assert error.not_before is not None
    assert error.not_before >= began + timedelta(seconds=HOUR_S - 1)


@EXHAUSTIVE
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_a_certificate_in_the_making_is_asked_after_when_the_authority_says_in_every_zone_of_time(
    asking: Asking, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        making = asking.authority.order("processing")
        asking.authority.scripted["/order"] = [
            Said(body=making, retry_after=as_date(3)),
            Said(body=asking.authority.order("valid")),
        ]
        assert asking.issued() == b"the chain"
    finally:
        monkeypatch.undo()
        time.tzset()
    (pause,) = asking.authority.pauses_before("/order")
    assert 1 < pause < ORDER_WITHIN_S / 2


@both_forms
def test_a_limit_says_when_the_same_may_be_ordered_again(asking: Asking, written: Written) -> None:
    limited = {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many"}
    asking.authority.scripted["/order-new"] = [Said(429, limited, written(HOUR_S))]
    error = asking.refused()
    assert (error.concerns_all, error.is_away) == (True, False)
    assert error.not_before is not None
    assert abs(error.not_before - asking.now() - timedelta(seconds=HOUR_S)) < timedelta(seconds=60)
    assert "too many" in str(error)
    assert f"no earlier than {error.not_before:%Y-%m-%d %H:%M} UTC" in str(error)


@both_forms
@pytest.mark.parametrize("path", ["/directory", "/nonce", "/account", "/order-new", "/finalize"])
def test_an_authority_that_serves_nobody_says_until_when(asking: Asking, path: str, written: Written) -> None:
    asking.authority.scripted[path] = [Said(503, "<h1>gone for lunch</h1>", written(HOUR_S))]
    error = asking.refused()
    assert (error.concerns_all, error.is_away) == (True, True)
    assert error.not_before is not None
    assert "HTTP 503" in str(error)


@pytest.mark.parametrize("retry_after", ["", "soon", "0", "Sun, 06 Nov 1994 08:49:37 GMT"])
def test_a_limit_that_does_not_say_how_long_it_holds_names_no_moment(
    asking: Asking, retry_after: str
) -> None:
    asking.authority.scripted["/order-new"] = [Said(429, "slow down", retry_after)]
    error = asking.refused()
    assert (error.concerns_all, error.not_before) == (True, None)
    assert str(error).endswith("HTTP 429")


def test_what_a_success_said_before_is_not_taken_for_the_moment_of_a_refusal(asking: Asking) -> None:
    asking.authority.scripted["/order-new"] = [Said(201, asking.authority.order("pending"), str(HOUR_S))]
    invalid = asking.authority.authorization("invalid", error={"type": "about:blank", "detail": "not ours"})
    asking.authority.scripted["/authorization"] = [
        Said(body=asking.authority.authorization("pending")),
        Said(body=invalid),
    ]
    error = asking.refused()
    assert (str(error), error.not_before, error.concerns_all) == (f"{NAME}: not ours", None, False)


@pytest.mark.parametrize(
    ("contact", "want"), [("", None), ("hostmaster@example.com", ["mailto:hostmaster@example.com"])]
)
def test_the_account_names_whom_the_authority_may_write_to_where_somebody_is_named(
    asking: Asking, contact: str, want: list[str] | None
) -> None:
    """RFC 8555 section 7.3."""
    asking.issued(contact)
    request = msgspec.json.decode(asking.authority.sent["/account"])
    account = msgspec.json.decode(base64.urlsafe_b64decode(request["payload"] + "=="))
    assert account.get("contact") == want
    assert account["termsOfServiceAgreed"] is True


def test_an_account_that_could_not_be_made_is_made_with_the_next_order_and_then_no_more(
    asking: Asking,
) -> None:
    client = asking.client()
    asking.authority.scripted["/account"] = [Said(503, "gone for lunch")]
    with pytest.raises(AcmeError, match="HTTP 503"):
        asking.issued(client=client)
    del asking.authority.scripted["/account"]
    for _ in range(2):
        assert asking.issued(client=client) == b"the chain"
    asked = [path for path, _ in asking.authority.asked if path in {"/directory", "/account", "/order-new"}]
    assert asked == ["/directory", "/account", "/directory", "/account", "/order-new", "/order-new"]


class _Prover:
    """Who proves: `done` is what it was asked in its order; it cannot show `refusing`."""

    kind = ChallengeKind.HTTP

    def __init__(self, refusing: str = "") -> None:
        self.refusing = refusing
        self.done: list[tuple[str, str]] = []

    def show(self, challenge: Challenge) -> None:
        self.done.append(("show", challenge.token))
        if challenge.token == self.refusing:
            raise KeeperError("it may be shown by half")

    def hide(self, challenge: Challenge) -> None:
        self.done.append(("hide", challenge.token))

    def clean(self) -> None:
        raise AssertionError("that is for who orders")


SECOND_TOKEN = f"B{TOKEN[1:]}"


def ordered_for_two(asking: Asking, prover: _Prover, second: str = "pending") -> bytes:
    """Order a certificate for two names, of which the first is not proved yet."""
    authority = asking.authority
    urls = [authority.url("/authorization"), authority.url("/authorization-b")]
    challenge = authority.challenge() | {"url": authority.url("/challenge-b"), "token": SECOND_TOKEN}
    other = {"identifier": {"type": "dns", "value": "mta-sts.example.net"}, "challenges": [challenge]}
    authority.scripted |= {
        "/order-new": [Said(201, authority.order("pending") | {"authorizations": urls})],
        "/authorization": [Said(200, authority.authorization(one)) for one in ("pending", "valid")],
        "/authorization-b": [Said(200, {"status": one} | other) for one in (second, "valid")],
        "/challenge-b": [Said(200, challenge)],
    }
    client = AcmeClient(
        authority.url("/directory"), asking.folder / "account.pem", now=asking.now, pause=asking.waited.append
    )
    return client.issued((NAME, "mta-sts.example.net"), new_key(), prover)


def test_each_name_is_proved_and_every_proof_hidden_once_the_certificate_is_there(asking: Asking) -> None:
    prover = _Prover()
    assert ordered_for_two(asking, prover) == b"the chain"
    assert prover.done == [
        *(("show", one) for one in (TOKEN, SECOND_TOKEN)),
        *(("hide", one) for one in (TOKEN, SECOND_TOKEN)),
    ]


def test_a_name_that_the_authority_knows_to_be_ours_is_not_proved_again_and_the_others_are(
    asking: Asking,
) -> None:
    prover = _Prover()
    assert ordered_for_two(asking, prover, second="valid") == b"the chain"
    assert prover.done == [("show", TOKEN), ("hide", TOKEN)]


def test_a_proof_that_was_shown_by_half_is_hidden_with_those_before_it(asking: Asking) -> None:
    prover = _Prover(refusing=SECOND_TOKEN)
    with pytest.raises(KeeperError, match="by half"):
        ordered_for_two(asking, prover)
    assert prover.done[2:] == [("hide", TOKEN), ("hide", SECOND_TOKEN)]
    assert "/challenge-b" not in [path for path, _ in asking.authority.asked]
