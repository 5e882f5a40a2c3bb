"""What is told how often, by processes that live for one check each: an end is told in time, once."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from mxproof.judge.settling import TurnKind
from real.bed.clock import away
from real.watch.processes import Asked, Watch, await_every, configured
from support_provider import provided

ONE = provided(1)
DAY_S = 86_400.0
CERTIFICATE_DAYS = 60
_HALF_A_DAY = 720


def _look(watch: Watch, *days: float) -> None:
    """Let a process check the domain once on each of these days, by its clock."""
    for day in days:
        with watch.running(f"day-{day:g}", before=away(day * DAY_S)) as one:
            await_every(one, ONE)


def _weights(watch: Watch) -> Sequence[tuple[str, str]]:
    return [(one.kind, one.weight) for one in watch.told]


def test_a_certificate_is_warned_of_once_in_time_and_rings_when_it_has_ended(
    asked: Asked, tmp_path: Path
) -> None:
    watch = configured(tmp_path, asked, f"sqlite:{tmp_path}/journal.db", ONE, interval_minutes=_HALF_A_DAY)
    _look(watch, 0, 1, *range(40, CERTIFICATE_DAYS, 2))
    ((kind, weight),) = _weights(watch)
    (told,) = watch.told
    assert (kind, weight) == (TurnKind.CHANGED, "warning")
    assert told.difference is not None
    began = watch.checks(ONE)[ONE[0]][0].observed_at
    assert timedelta(days=7) < began + timedelta(days=CERTIFICATE_DAYS) - told.at < timedelta(days=21)
    # Nobody can fetch the policy any more, and whoever did two days before goes by it.
    _look(watch, CERTIFICATE_DAYS + 1, CERTIFICATE_DAYS + 2, CERTIFICATE_DAYS + 3, CERTIFICATE_DAYS + 4)
    assert _weights(watch) == [(TurnKind.CHANGED, "warning"), (TurnKind.CHANGED, "alarm")]
