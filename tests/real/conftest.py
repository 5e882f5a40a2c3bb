"""Real daemons in network namespaces: collected only when MXPROOF_REAL=1, because they need root and Debian packages.

Once asked for they never skip: what is missing is an error, so that a run that proves nothing cannot look green.
"""

import os
import shutil
from collections.abc import Iterator

import pytest

from real.bed.bed import Bed, built, interrupted_by_termination
from real.bed.checking import Checked, checked_as_usual
from real.bed.delivery import Delivery
from real.bed.postfix import MASTER
from real.bed.system import SYSTEMD
from real.bed.worlds import WORLDS, World

collect_ignore_glob = [] if os.environ.get("MXPROOF_REAL") == "1" else ["test_*.py", "*/test_*.py"]

PROGRAMS = (
    *("ip", "nsenter", "unshare", SYSTEMD, "systemctl"),
    *(
        "knotd",
        "keymgr",
        "delv",
        "dig",
        "dnssec-keygen",
        "dnssec-signzone",
        "kdig",
        "unbound",
        "nginx",
        "apache2",
        "caddy",
        "postfix",
        "sendmail",
        MASTER,
        "curl",
    ),
    *("promtool", "faketime"),
)


@pytest.fixture(scope="session")
def host() -> Iterator[None]:
    """Make sure that this host can run the real tests."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    assert missing == [], f"{missing} not found; run tools/install-real as root"
    assert os.geteuid() == 0, "the real tests make network namespaces and listen on port 25: run them as root"
    with interrupted_by_termination():
        yield


@pytest.fixture(scope="session", params=WORLDS, ids=lambda world: world.name)
def bed(request: pytest.FixtureRequest, host: None) -> Iterator[Bed]:
    """Build each world once, one after another."""
    world: World = request.param
    with built(world) as bed:
        yield bed


@pytest.fixture(scope="session")
def deliveries(bed: Bed) -> dict[str, Delivery]:
    """Let every sender of the world send one message."""
    return bed.deliver()


@pytest.fixture(scope="session")
def check(bed: Bed) -> Checked:
    """Check the domain of the world."""
    return checked_as_usual(bed)
