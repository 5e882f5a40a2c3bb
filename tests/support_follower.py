"""A log that is followed, on a machine whose clock and processes a test holds."""

from datetime import UTC, datetime
from pathlib import Path

from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.detector import Detector
from mxproof.serve.silence.follower import Follower
from mxproof.serve.silence.log_file import LogFile
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import SilenceJournal
from support_rhythm import BEGIN_S, HOUR_S, Mails, steady, utc_hour_of_week, without

DAYS = 26
STEP_H = 12
RATES = {"mail1.protection.outlook.com": 60.0, "mail-a.google.com": 40.0, "mx.firm.example": 25.0}
NAMES = {
    "mail1.protection.outlook.com": "Microsoft",
    "mail-a.google.com": "Google",
    "mx.firm.example": "firm.example",
}
MAILS = [(float(int(at_s)), name) for at_s, name in steady(RATES, DAYS)]
STOPPED = without(MAILS, "mail1.protection.outlook.com", 22)


def lines(mails: Mails) -> bytes:
    """Return what Postfix logs of mails."""
    return "".join(
        f"{datetime.fromtimestamp(at_s, UTC).isoformat()} mx postfix/smtpd[7]: 4F1A2B3C4D: client={host}[192.0.2.1]\n"
        for at_s, host in mails
    ).encode()


class Machine:
    """A log, a store and a clock; each `step` is a process of its own, which is killed behind it."""

    def __init__(self, folder: Path, store: str = "", domain: str = "") -> None:
        self.domain = domain
        self.log = folder / "mail.log"
        self.journal = Journal(store or f"sqlite:{folder / 'journal.db'}")
        self.told: list[Alarm] = []
        self.set_by_s = 0.0
        self.follower = self.started()

    def started(self) -> Follower:
        """Return the follower of a process that has just been started."""
        follower = Follower(
            LogFile(self.log),
            "log",
            SilenceJournal(self.journal),
            Detector(utc_hour_of_week),
            UTC,
            self.domain,
        )
        follower.begin()
        return follower

    def write(self, mails: Mails) -> None:
        """Add the lines of mails to the log."""
        with self.log.open("ab") as opened:
            opened.write(lines([(at_s + self.set_by_s, name) for at_s, name in mails]))

    def pass_days(self, mails: Mails, first: int, last: int, *, killed: bool = False) -> None:
        """Let days pass, in steps of some hours."""
        for hour in range(first * 24, last * 24, STEP_H):
            begin, end = BEGIN_S + hour * HOUR_S, BEGIN_S + (hour + STEP_H) * HOUR_S
            self.write([one for one in mails if begin <= one[0] < end])
            if killed:
                self.follower = self.started()
            self.step(end)

    def step(self, now_s: float) -> None:
        """Read all that is new, and tell of it."""
        while self.follower.step(lambda: (now_s + self.set_by_s, now_s)):
            pass
        self.follower.tell(self.tell, datetime.fromtimestamp(now_s, UTC))

    def tell(self, alarm: Alarm) -> bool:
        """Note an alarm."""
        self.told.append(alarm)
        return True

    def counts(self) -> dict[str, tuple[float, float]]:
        """Return what is learnt of each sender: its arrivals, and those expected in a week."""
        return {
            name: (one.arrivals_ever, one.expectation.sums[-1])
            for name, one in self.follower._detector.senders.items()
        }
