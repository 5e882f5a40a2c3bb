"""The founding incident as a film: two weeks of mail in the log of a real Postfix, then the migration, and Microsoft stops.

Every line is Postfix's own, of a mail that it took; only the times in front are those of the weeks. The check that the alarm brings
asks the real servers of the world.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from real.bed.bed import Bed, built
from real.bed.checking import CHECKED_WITHIN_S, COMMAND
from real.bed.machines import RESOLVER
from real.bed.worlds import DOMAIN, RECIPIENT, WORLDS
from real.silence.weeks import MIGRATED, log_of_weeks


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
    path = tmp_path_factory.mktemp("film") / "mail.log"
    path.write_text(log_of_weeks(bed.network, machine, postfix, RECIPIENT), encoding="utf-8")
    return path


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
