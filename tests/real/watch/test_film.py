"""The founding incident as a film: two weeks in which all is well, the migration, and whoever watches knows what it was.

Every process is a real one and lives for one check only: what one has seen the next knows by the store. Their clocks are those of
the weeks, which end now. The servers, the resolver and the mail are real, and so is the endpoint that is told.
"""

import http.client
import http.server
import json
import queue
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.news import Weight
from mxproof.serve.web.api_types import ApiDomains, ApiNews
from mxproof.store.journal.watched import KeptCheck
from real.bed.checking import CHECKED_WITHIN_S
from real.bed.clock import away
from real.bed.machines import RESOLVER
from real.bed.network import Machine
from real.bed.policyd import socket_inside
from real.bed.town import PARENT, SENDING, Host, MailDomain, Town, town
from real.policyd.case import policy
from real.silence.weeks import DAYS, MIGRATED, log_of_weeks
from real.watch.processes import COMMAND, WITHIN_S, Asked, Watch, await_every, configured

DOMAIN = f"film.{PARENT}"
MXI1, MXI2, SMOL, TOL = (f"{name}.{DOMAIN}" for name in ("mxi1", "mxi2", "smol", "tol"))
BEFORE = MailDomain(
    DOMAIN,
    (MXI1, MXI2),
    (Host(MXI1), Host(MXI2), Host(SMOL, (MXI1,)), Host(TOL, (MXI2,))),
    id="1",
    policy=policy(MXI1, MXI2),
)
AFTER = msgspec.structs.replace(BEFORE, hosts=BEFORE.hosts[2:], aliases=((MXI1, SMOL), (MXI2, TOL)), id="2")
"""The migration: the MX names become aliases of the new servers, whose certificates name the old ones."""
HOOK_PORT, WEB_PORT = 8099, 8466
SECOND_LOOK = timedelta(minutes=4)
DAY = timedelta(days=1)
_HALF_A_DAY = 720


@pytest.fixture(scope="module")
def place(host: None) -> Iterator[Town]:
    with town("film", [BEFORE], datetime.now(UTC) - (DAYS + 2) * DAY) as built:
        yield built


@contextmanager
def _hook(place: Town, machine: Machine) -> "Iterator[queue.Queue[dict[str, str]]]":
    """Serve the endpoint of a webhook on `machine`; what it is told is in the queue."""
    told: queue.Queue[dict[str, str]] = queue.Queue()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(http.HTTPStatus.NO_CONTENT)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = socket_inside(place.network, machine)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", HOOK_PORT))
    listening.listen()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = listening
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


class _Film(msgspec.Struct, frozen=True):
    place: Town
    watch: Watch

    def look(self, at: datetime) -> None:
        """Let a process live at a moment of the weeks until it has checked the domain, which is due."""
        by_s = (at - datetime.now(UTC)).total_seconds()
        before = self.place.network.inside(SENDING, *away(by_s))
        with self.watch.running(f"{at:%d-%H-%M}", before=before) as one:
            await_every(one, [DOMAIN])

    def look_until(self, at: datetime, told: "queue.Queue[dict[str, str]]", weight: Weight) -> dict[str, str]:
        """Do so and wait until news of this weight are told.

        What was told at the very end of an earlier life, and could not be noted any more, is told once more before.
        """
        by_s = (at - datetime.now(UTC)).total_seconds()
        before = self.place.network.inside(SENDING, *away(by_s))
        with self.watch.running(f"{at:%d-%H-%M}", before=before):
            while True:
                said = told.get(timeout=WITHIN_S)
                if weight in said["title"].split(": "):
                    return said

    def checks(self) -> list[KeptCheck]:
        return self.watch.checks([DOMAIN])[DOMAIN]

    def page(self, path: str) -> bytes:
        """Return a page as somebody sees it whom the proxy has let in."""
        connection = http.client.HTTPConnection("127.0.0.1", WEB_PORT)
        connection.sock = socket_inside(self.place.network, SENDING)
        connection.sock.settimeout(WITHIN_S)
        connection.sock.connect(("127.0.0.1", WEB_PORT))
        connection.request("GET", path, headers={"X-Remote-User": "ada"})
        answered = connection.getresponse()
        text = answered.read()
        assert answered.status == http.HTTPStatus.OK, text
        connection.close()
        return text


@pytest.fixture(scope="module")
def film(place: Town, tmp_path_factory: pytest.TempPathFactory) -> _Film:
    folder = tmp_path_factory.mktemp("film")
    asked = Asked(RESOLVER.ipv4, str(place.authority.file), ())
    web = (
        f'[web]\nlisten = "inet:127.0.0.1:{WEB_PORT}"\n'
        '[web.proxy]\naddresses = ["127.0.0.1"]\nheader = "X-Remote-User"\nadmins = ["ada"]\n'
        f'[[alert]]\nname = "hook"\nleast = "good"\nurl = "json://127.0.0.1:{HOOK_PORT}/mail"\n'
    )
    store = f"sqlite:{folder}/journal.db"
    return _Film(place, configured(folder, asked, store, [DOMAIN], web, interval_minutes=_HALF_A_DAY))


def test_two_weeks_are_quiet_and_the_migration_is_told_with_its_cause(place: Town, film: _Film) -> None:
    with _hook(place, SENDING) as told:
        begin = MIGRATED - 15 * DAY
        for day in range(15):
            film.look(begin + day * DAY)
        assert (told.empty(), film.watch.told) == (True, [])
        assert {one.outcome for one in film.checks()} == {"delivers"}
        place.publish(AFTER)
        film.look(MIGRATED + timedelta(hours=1))
        *_, newest = film.checks()
        assert newest.outcomes["microsoft"] == "refused"
        said = film.look_until(MIGRATED + timedelta(hours=1) + SECOND_LOOK, told, Weight.ALARM)
    assert DOMAIN in said["title"]
    for part in ("Microsoft", MXI1, SMOL):
        assert part in said["message"], said
    (news,) = film.watch.told
    assert (news.weight, "microsoft" in {one.id for one in news.troubled}) == ("alarm", True)
    assert "mx-alias" in {code for one in news.troubled for code in one.because}
    assert news.since - MIGRATED < 2 * SECOND_LOOK + timedelta(hours=1)


def test_the_pages_tell_which_sender_refuses_since_when_and_why(place: Town, film: _Film) -> None:
    with film.watch.running("pages", "--pages-only", before=place.network.inside(SENDING)) as pages:
        pages.await_ready()
        overview, page = film.page("/").decode(), film.page(f"/domains/{DOMAIN}").decode()
        (domain,) = msgspec.json.decode(film.page("/api/v1/domains"), type=ApiDomains).domains
        first, *_ = msgspec.json.decode(film.page("/api/v1/news"), type=ApiNews).news
    assert DOMAIN in overview
    for part in ("mx-alias", "microsoft", MXI1, SMOL, f"{first.news.since:%Y-%m-%d}"):
        assert part in page, part
    assert domain.senders["microsoft"] == "refused"
    assert first.news.difference is not None
    subjects = msgspec.json.encode(first.news.difference).decode()
    assert all(name in subjects for name in (MXI1, SMOL))


def test_whoever_follows_the_log_has_the_alerts_tell_of_the_sender_that_stops(
    place: Town, film: _Film, tmp_path: Path
) -> None:
    """The mail of the weeks went through the real server, and the log is followed into the store of the watch."""
    receiving = Machine("mx", "mx.example.net", "192.0.2.25", "2001:db8::25")
    address = place.addresses[MXI1]
    text = log_of_weeks(place.network, receiving, place.receiving, f"postmaster@{DOMAIN}", address)
    (tmp_path / "mail.log").write_text(text, encoding="utf-8")
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(place.authority.file))
    kept = ("--time-zone", "UTC", "--config", "/dev/null", "--store", film.watch.store)
    command = (*COMMAND, "watch", "follow", str(tmp_path / "mail.log"), "--once", "--domain", DOMAIN)
    with _hook(place, SENDING) as told, film.watch.running("alerts", before=place.network.inside(SENDING)):
        assert _run(place, *command, *kept, *asking, "--alerts", str(film.watch.folder / "watch.toml")) == ""
        # What a process before this one had told and not noted is told again, before or after.
        said = next(one for one in iter(lambda: told.get(timeout=WITHIN_S), None) if "silent" in one["title"])
    for part in (DOMAIN, "Microsoft"):
        assert part in said["title"], said
    for part in ("refused", "mx-alias"):
        assert part in said["message"], said


def _run(place: Town, *command: str) -> str:
    inside = place.network.inside(SENDING, *command)
    done = subprocess.run(inside, capture_output=True, text=True, timeout=CHECKED_WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_mended_is_told_as_good_news(place: Town, film: _Film) -> None:
    with _hook(place, SENDING) as told:
        place.publish(msgspec.structs.replace(BEFORE, id="3"))
        film.look(MIGRATED + DAY)
        said = film.look_until(MIGRATED + DAY + SECOND_LOOK, told, Weight.GOOD)
    assert DOMAIN in said["title"]
    assert "Microsoft" in said["message"]
    # The alerts before told of a silence of today, which is later than the weeks of the film.
    first, *_, newest = (one for one in film.checks() if one.observed_at < MIGRATED + 2 * DAY)
    assert (newest.outcome, newest.outcomes) == ("delivers", first.outcomes)
