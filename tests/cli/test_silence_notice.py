"""What is found out of a silence: the check also counts for a sender that holds what the watch has seen served before."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.silence_notice import found_silence
from mxproof.formats.names import parse_domain
from mxproof.judge.codes import Code
from mxproof.judge.settling import SettledState
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import Finished, WatchedDomain
from support_watch import check

DOMAIN = parse_domain("example.com")
OTHER_POLICY = b"version: STSv1\nmode: enforce\nmx: elsewhere.example.net\nmax_age: 604800\n"


def test_a_sender_may_hold_what_the_watch_has_seen_served_before(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    alarm = Alarm(AlarmKind.SENDER, "Microsoft", now - timedelta(hours=9), now, 20.0, 1e-6)
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        before = found_silence(alarm, DOMAIN, AskingOptions(lab="direct"), journal).silence.checked
        watch = WatchJournal(journal)
        watch.set_watched([WatchedDomain(DOMAIN.name, 3600.0)], now)
        (claimed,) = watch.claim("test", now, now + timedelta(minutes=5), 1)
        held = SettledState(served=(Memory(OTHER_POLICY, now - timedelta(days=1)),))
        done = Finished(check(now), held, adopts=True, due_at=now, turned_away=0)
        assert watch.finish(claimed, done, now)
        after = found_silence(alarm, DOMAIN, AskingOptions(lab="direct"), journal).silence.checked
    assert before is not None
    assert after is not None
    assert (before.outcome, after.outcome) == (Verdict.DELIVERS, Verdict.AT_RISK)
    assert Code.STS_MEMORY_OUTLIVES in {one.code for one in after.because}


def test_a_silence_of_no_domain_is_told_as_it_is(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    alarm = Alarm(AlarmKind.EVERYTHING, "", now, now, 20.0, 1e-6)
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        found = found_silence(alarm, None, AskingOptions(), journal)
    assert msgspec.structs.asdict(found)["report"] is None
    assert found.silence.alarm == alarm
