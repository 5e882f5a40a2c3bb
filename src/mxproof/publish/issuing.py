"""Certificates that an authority issues, each for one name, kept in a folder and renewed early.

| a name | then |
|---|---|
| has no certificate | it is wanted: ordered in its turn, as far as the limits go (`certificate_standing`) |
| has one with a third of its life left, less what chance gives each name | the same |
| does not lead here | the authority is not asked, which would find the same and count a failure; it is looked at again after PUT_OFF_S |
| an order failed | it is tried again after BACK_OFF_FIRST_S, twice as long each time, at most a day, and not at the same moment as others |
| and the authority said when it may be tried again | then, if that is later, at most after HEEDED_MAX_S |
| the authority refused all, or was not there | the run is over, and the authority is let alone for a while |
| and it said until when | until then, if that is later, at most for BACK_OFF_MAX_S |

A limit is one for "the current request" (RFC 8555 section 6.6), of another name perhaps no longer after a while: so an authority that
says how long a limit holds is let alone no longer than one that does not, and the name waits as long as it says.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from mxproof.publish.acme_client import AcmeError, Issue, new_key
from mxproof.publish.certificate_folder import CertificateFolder
from mxproof.publish.certificate_standing import LET_ALONE_MAX_S, CertificateStanding
from mxproof.publish.challenge import Answerer
from mxproof.publish.keeper import KeeperError
from mxproof.publish.told_certificate import CertificateEnd
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal

BACK_OFF_FIRST_S: Final = 600
BACK_OFF_MAX_S: Final = 86_400
HEEDED_MAX_S: Final = 7 * 86_400
"""The longest that a name waits because the authority wants so: Let's Encrypt has limits of a week."""
PUT_OFF_S: Final = 3600
NAMES_A_RUN_MAX: Final = 1000
"""Names of one run that turn out to be nothing to order."""
_ORDERED: Final = frozenset({CertificateEnd.ISSUED, CertificateEnd.FAILED})


def tried_again_at(
    name: str,
    failures: int,
    now: datetime,
    longest_s: int = BACK_OFF_MAX_S,
    *,
    not_before: datetime | None = None,
    heeded_s: int = HEEDED_MAX_S,
) -> datetime:
    """Return when an order that failed for the `failures`-th time is tried again.

    `not_before` is when the authority wants that, None where it did not say; it is heeded for `heeded_s` seconds.
    """
    chance = int.from_bytes(hashlib.sha256(f"{name} {failures}".encode()).digest()[:4]) / 2**32
    wait_s = min(BACK_OFF_FIRST_S * 2 ** min(failures - 1, 16), longest_s) * (1 + chance / 4)
    if not_before is not None:
        asked_s = min((not_before - now).total_seconds(), heeded_s)
        wait_s = max(wait_s, asked_s + BACK_OFF_FIRST_S * chance / 4)
    return now + timedelta(seconds=wait_s)


class Issuing:
    """Orders certificates, one after the other; `hindrance` says why an authority need not be asked for a name, empty for nothing."""

    def __init__(
        self,
        wanted: WantedCertificateJournal,
        orders: CertificateOrderJournal,
        folder: CertificateFolder,
        standing: CertificateStanding,
        issue: Issue,
        answerer: Answerer,
        *,
        now: Callable[[], datetime],
        hindrance: Callable[[str], str] = lambda name: "",
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._wanted = wanted
        self._orders = orders
        self._folder = folder
        self.standing = standing
        self._issue = issue
        self._answerer = answerer
        self._now = now
        self._hindrance = hindrance
        self._tell = tell

    def want(self, names: Sequence[str], *, leading_here: bool = False) -> int:
        """Note that certificates are wanted, those that are there and not yet to be renewed left out; return for how many there was no room.

        Names that are known to lead here since a moment ago (`leading_here`) do not wait any longer for that.
        """
        due = [one for one in names if self.standing.is_due(one)]
        return self._wanted.want(due, self._now(), leading_here=leading_here)

    def run(self) -> dict[str, CertificateEnd]:
        """Order what is wanted and may be tried now; return what became of each name.

        It ends with the first order of which the authority says, or shows, that no other one would fare better. Raises OccupiedError
        where another process is at it.
        """
        with self._wanted.alone() as still_alone:
            room = self.standing.room()
            found: dict[str, CertificateEnd] = {}
            while room > 0 and len(found) < NAMES_A_RUN_MAX:
                due = [one for one in self._wanted.due(self._now(), room) if one.name not in found]
                if not due:
                    break
                if not found:
                    self._clean()
                for one in due:
                    try:
                        found[one.name] = self._ordered(one.name, one.failures, still_alone)
                    except AcmeError:
                        found[one.name] = CertificateEnd.FAILED
                        return found
                    room -= found[one.name] in _ORDERED
            return found

    def _clean(self) -> None:
        try:
            self._answerer.clean()
        except KeeperError as error:
            self._tell(f"leftovers of earlier orders stay: {error}")

    def _ordered(self, name: str, failures: int, still_alone: StillAlone) -> CertificateEnd:
        """Order one; raises AcmeError, once it is noted, where that concerns all."""
        still_alone()
        if not self.standing.is_due(name):
            self._wanted.forget(name)
            return CertificateEnd.KEPT
        hindrance = self._hindrance(name)
        if hindrance:
            self._wanted.put_off(name, hindrance, self._now() + timedelta(seconds=PUT_OFF_S))
            return CertificateEnd.WAITING
        key = new_key()
        self._orders.note(name, self._now())
        try:
            ends = self._folder.keep(name, key, self._issue((name,), key, self._answerer))
        except (AcmeError, KeeperError) as error:
            not_before = error.not_before if isinstance(error, AcmeError) else None
            again = tried_again_at(name, failures + 1, self._now(), not_before=not_before)
            self._wanted.failed(name, str(error), again)
            self._tell(f"{name}: no certificate: {error}")
            if isinstance(error, AcmeError) and error.concerns_all:
                self._let_alone(error)
                raise
            return CertificateEnd.FAILED
        self._orders.issued()
        self._wanted.forget(name)
        self._tell(f"{name}: a certificate until {ends:%Y-%m-%d %H:%M} UTC")
        return CertificateEnd.ISSUED

    def _let_alone(self, error: AcmeError) -> None:
        before = self._orders.let_alone()
        failures = 1 if before is None else before.failures + 1
        heeded_s = BACK_OFF_MAX_S if error.is_away else LET_ALONE_MAX_S
        until = tried_again_at(
            "", failures, self._now(), LET_ALONE_MAX_S, not_before=error.not_before, heeded_s=heeded_s
        )
        self._orders.refused(str(error), until)
