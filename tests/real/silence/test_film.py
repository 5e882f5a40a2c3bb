"""The founding incident as a film: two weeks of mail in the log of a real Postfix, then the migration, and Microsoft stops.

Every line is Postfix's own, of a mail that it took; only the times in front are those of the weeks. The check that the alarm brings
asks the real servers of the world.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from real.bed.bed import Bed, built
from real.bed.checking import CHECKED_WITHIN_S, COMMAND
from real.bed.machines import RESOLVER
from real.bed.process import Daemon
from real.bed.worlds import DOMAIN, RECIPIENT, WORLDS
from support_rhythm import BEGIN_S, DAY_S, Mails, steady, without

HANDING_IN = Path(__file__).with_name("handing_in.py")
HANDED_IN_WITHIN_S = 300.0
DAYS, MIGRATED_DAY = 18.0, 15.5
MICROSOFT = "mail-am6eur05on2062.outbound.protection.outlook.com"
HOSTS = {
    MICROSOFT: "40.107.22.62",
    "mail-lf1-f41.google.com": "209.85.167.41",
    "mx.firm.example": "203.0.113.9",
}
RATES = dict(zip(HOSTS, (20.0, 12.0, 6.0), strict=True))
MAILS = without(steady(RATES, int(DAYS)), MICROSOFT, MIGRATED_DAY)
SHIFT_S = datetime.now(UTC).replace(minute=0, second=0, microsecond=0).timestamp() - BEGIN_S - DAYS * DAY_S
"""The weeks end now."""
MIGRATED = datetime.fromtimestamp(BEGIN_S + SHIFT_S + MIGRATED_DAY * DAY_S, UTC)
_STAMP_BYTES = len("Jan  1 00:00:00")
_QUEUE_ID = re.compile(r"\]: (\w+): ")


@pytest.fixture(scope="module")
def bed(host: None) -> Iterator[Bed]:
    """Build the world after the migration."""
    incident = next(world for world in WORLDS if world.name == "incident")
    with built(incident) as bed:
        yield bed


@pytest.fixture(scope="module")
def log(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hand in all mails, and return the log with the times of the weeks."""
    machine, postfix = next(iter(bed.receivers.items()))
    done = subprocess.run(
        bed.network.inside(machine, sys.executable, str(HANDING_IN), RECIPIENT),
        input="".join(f"{host} {HOSTS[host]}\n" for _, host in MAILS),
        capture_output=True,
        text=True,
        timeout=HANDED_IN_WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ids = done.stdout.split()
    assert len(ids) == len(MAILS)
    postfix.await_line(re.compile(rf": {ids[-1]}: removed"), HANDED_IN_WITHIN_S)
    path = tmp_path_factory.mktemp("film") / "mail.log"
    path.write_text(_retimed(postfix, ids, MAILS), encoding="utf-8")
    return path


def _retimed(postfix: Daemon, ids: list[str], mails: Mails) -> str:
    times = {queue_id: at_s + SHIFT_S for queue_id, (at_s, _) in zip(ids, mails, strict=True)}
    now_s = mails[0][0] + SHIFT_S
    lines = []
    for line in postfix.text().splitlines():
        found = _QUEUE_ID.search(line)
        now_s = max(now_s, times.get(found[1], now_s) if found is not None else now_s)
        lines.append(f"{datetime.fromtimestamp(now_s, UTC):%b %e %H:%M:%S}{line[_STAMP_BYTES:]}\n")
    return "".join(lines)


def test_the_weeks_ring_once_for_microsoft_soon_after_the_migration(bed: Bed, log: Path) -> None:
    command = (*COMMAND, "watch", "silence", str(log), "--time-zone", "UTC", "--format", "json")
    done = bed.run(*command, within_s=CHECKED_WITHIN_S)
    (alarm,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, alarm["kind"], alarm["sender"]) == (1, "sender", "Microsoft")
    assert timedelta(0) < datetime.fromisoformat(alarm["alarmed_at"]) - MIGRATED < timedelta(days=2)


def test_whoever_follows_the_log_is_rung_up_with_a_check_that_names_the_alias(bed: Bed, log: Path) -> None:
    asking = ("--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(bed.ca_file))
    kept = ("--time-zone", "UTC", "--config", "/dev/null", "--store", f"sqlite:{log.parent / 'kept.db'}")
    command = (*COMMAND, "watch", "follow", str(log), "--once", "--domain", DOMAIN, *kept, *asking)
    done = bed.run(*command, within_s=CHECKED_WITHIN_S)
    assert (done.returncode, done.stderr) == (0, b"")
    told = done.stdout.decode()
    for part in ("Microsoft", "refused", "mx-alias", "TLS reports", "mxproof explain"):
        assert part in told, told
    assert "Google is silent" not in told
    again = bed.run(*command, within_s=CHECKED_WITHIN_S)
    assert (again.returncode, again.stdout) == (0, b"")
