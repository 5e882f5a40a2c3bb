"""Two weeks and more of mail in the log of a real Postfix, up to now: three senders, one of which stops at a migration.

Every line is Postfix's own, of a mail that it took; only the times in front are those of the weeks.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from real.bed.network import Machine, Network
from real.bed.process import Daemon
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


def log_of_weeks(
    network: Network, machine: Machine, postfix: Daemon, recipient: str, server: str = "127.0.0.1"
) -> str:
    """Hand in all mails for `recipient` at a server of `machine`, and return the log with the times of the weeks."""
    done = subprocess.run(
        network.inside(machine, sys.executable, str(HANDING_IN), recipient, server),
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
    return _retimed(postfix, ids, MAILS)


def _retimed(postfix: Daemon, ids: list[str], mails: Mails) -> str:
    times = {queue_id: at_s + SHIFT_S for queue_id, (at_s, _) in zip(ids, mails, strict=True)}
    now_s = mails[0][0] + SHIFT_S
    lines = []
    for line in postfix.text().splitlines():
        found = _QUEUE_ID.search(line)
        now_s = max(now_s, times.get(found[1], now_s) if found is not None else now_s)
        lines.append(f"{datetime.fromtimestamp(now_s, UTC):%b %e %H:%M:%S}{line[_STAMP_BYTES:]}\n")
    return "".join(lines)
