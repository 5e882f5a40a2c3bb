"""The container image of this commit: built from its Containerfile, run as the example of compose runs it, by a user without rights."""

import json
from collections.abc import Iterator

import pytest

from real.packages.container import ALONE, IMAGE, LIMITS, SHARED, SUITE, Workshop, composed, workshop
from real.packages.installed import provide

UID = 8461
DAEMON = "policyd"
CAPABILITIES_NONE = "0" * 16
ASKED = """\
import socket
words = b"postfix example.com"
with socket.create_connection(("127.0.0.1", 8461), 60) as asking:
    asking.sendall(b"%d:%b," % (len(words), words))
    print(asking.recv(1000).decode())
"""


@pytest.fixture(scope="module")
def place(host: None) -> Iterator[Workshop]:
    """Have the image, and podman beside it."""
    provide(SUITE)
    with workshop() as made:
        made.told("podman", "import", "/srv/debian.tar", "localhost/debian")
        words = (*LIMITS, "--format", "docker", "--isolation", "chroot", "--network", "host", "--pull=never")
        base = ("--build-arg", "BASE=localhost/debian", "--tag", IMAGE)
        made.told("buildah", "build", *words, *base, "--file", f"{SHARED}/Containerfile", SHARED)
        yield made


def test_image_has_a_health_check_and_a_user_without_rights(place: Workshop) -> None:
    (told,) = json.loads(place.told("podman", "image", "inspect", IMAGE))
    assert told["User"] == f"{UID}:{UID}"
    assert "/health" in json.dumps(told["Config"]["Env"])
    checked = told.get("Healthcheck") or told["Config"].get("Healthcheck")
    assert checked is not None, json.dumps(told)
    assert checked["Test"][0] == "CMD"


def test_policyd_runs_as_the_example_says_and_its_health_is_seen(place: Workshop) -> None:
    place.start(DAEMON, *composed(DAEMON))
    inside = ("podman", "exec", DAEMON)
    status = dict(
        line.split(":", 1)
        for line in place.told(*inside, "cat", "/proc/1/status").splitlines()
        if ":" in line
    )
    assert status["Uid"].split() == [str(UID)] * 4
    assert status["CapEff"].strip() == CAPABILITIES_NONE
    assert place.run(*inside, "touch", "/etc/mxproof/of-mine").returncode != 0

    _await_health(place, DAEMON)
    # No resolver is on this network, so nothing is decided; but it is asked, and says so.
    reply = place.told("podman", "exec", DAEMON, "/usr/lib/mxproof/bin/python3", "-c", ASKED)
    assert "TEMP" in reply
    beside = ("podman", "run", "--rm", f"--network=container:{DAEMON}", *ALONE, IMAGE)
    checked = place.run(*beside, "policyd", "--check-config")
    assert "127.0.0.1:8461" in checked.stdout + checked.stderr, "another container has the same network"

    place.told("podman", "stop", DAEMON)
    assert place.run("podman", "healthcheck", "run", DAEMON).returncode != 0
    (ended,) = json.loads(place.told("podman", "inspect", DAEMON))
    assert ended["State"]["ExitCode"] == 0, "asked to end, it wrote what it had learnt, and ended"


def test_what_is_kept_outlives_the_container(place: Workshop) -> None:
    place.start("first", *composed(DAEMON))
    _await_health(place, "first")
    place.told("podman", "stop", "first")
    place.told("podman", "rm", "first")
    options = (*ALONE, "--network=none", *composed(DAEMON), "--entrypoint=/usr/bin/stat")
    kept = place.told("podman", "run", "--rm", *options, IMAGE, "--format=%u", "/var/lib/mxproof/policyd.db")
    assert kept.strip() == str(UID)


def test_program_of_the_image_checks_the_incident(place: Workshop) -> None:
    program = ("podman", "run", "--rm", "--network=none", *ALONE, IMAGE)
    done = place.run(*program, "check", "example.com", "--lab", "incident", "--format", "json")
    assert done.returncode == 1, done.stderr
    assert '"microsoft"' in done.stdout


def _await_health(place: Workshop, name: str) -> None:
    """Return when the health check of a container has passed, which without systemd nobody calls by himself."""
    healthy = ("podman", "healthcheck", "run", name)
    place.told("timeout", "600", "sh", "-c", 'until "$@"; do sleep 1; done', "until", *healthy)
