"""Memory of the watch over a long time: `python -m bench.watch_soak SECONDS`, an hour by default; `make soak SOAK_S=86400` for a day.

A worker with its pages checks DOMAINS domains of a lab every minute, as many checks as a provider's does, while somebody reads pages
all the time. Each tenth of the time is a row. What has to be flat is the memory after the first of these and WARM_S, in which modules are
loaded and caches are filled: that of the reports that pages hold takes as many seconds as there are domains.
"""

import itertools
import math
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.timing import verdict
from bench.watch import ACCOUNT, PASSWORD, account_in, cpu_s, free_port, memory_mb_of
from bench.watch_client import Reader
from real.watch.processes import configured, lab, said_done
from support_provider import provided

DOMAINS = 100
SOAK_S = 3600.0
WARM_S = 300.0
ROWS = 10
READ_EVERY_S = 1.0
GROWTH_MAX = 1.05


def main(arguments: list[str]) -> bool:
    """Watch for so many seconds, and tell whether memory stayed as it was."""
    soak_s = float(arguments[0]) if arguments else SOAK_S
    domains = provided(DOMAINS)
    with tempfile.TemporaryDirectory(prefix="mxproof-soak-") as text:
        folder, port = Path(text), free_port()
        with lab(folder, DOMAINS) as asked:
            web = f'[web]\nlisten = "inet:127.0.0.1:{port}"\n'
            watch = configured(folder, asked, f"sqlite:{folder}/journal.db", domains, web)
            account_in(watch)
            with watch.running("worker") as worker:
                worker.await_ready()
                pages = itertools.cycle(("/", "/senders", "/news", *(f"/domains/{one}" for one in domains)))
                reader, rows = Reader(port, ACCOUNT, PASSWORD), []
                for number in range(ROWS):
                    ends, memory = time.monotonic() + soak_s / ROWS, []
                    while time.monotonic() < ends:
                        reader.read(next(pages))
                        memory.append(memory_mb_of(worker))
                        time.sleep(READ_EVERY_S)
                    rows.append(statistics.median(memory))
                    done = sum(said_done(worker.text()).values())
                    print(
                        f"{(number + 1) * soak_s / ROWS:.0f} s: {rows[-1]:.1f} MB, {done} checks,"
                        f" {cpu_s(worker.process.pid):.0f} s of processor time (load {os.getloadavg()[0]:.1f})",
                        flush=True,
                    )
                said = worker.text()
    faults = said.count("fault of mxproof") + said.count("news=changed")
    print(f"faults and changes where nothing changed: {faults}")
    warm = max(1, math.ceil(WARM_S / (soak_s / ROWS)))
    if warm >= ROWS - 1:
        print(f"no figure: a soak of {2 * WARM_S:.0f} s at least was expected")
        return not faults
    words = f"memory at the end to that after {warm * soak_s / ROWS:.0f} s"
    return verdict(words, rows[-1] / rows[warm], GROWTH_MAX) and not faults


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
