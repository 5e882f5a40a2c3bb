"""Proofs to an authority that a name is ours (RFC 8555 section 8): a file under the name, or a record below it.

| kind | is shown | leftovers of a process that was killed |
|---|---|---|
| `http-01` | the file TOKEN in a folder that `publish serve` answers from | all files there go before the next order |
| `dns-01` | one more TXT record at _acme-challenge.NAME, seen at every name server before the authority is told | each is noted before it is made, and withdrawn before the next order |

One at a time orders certificates, so that whatever stands there before an order is a leftover.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

import msgspec

from mxproof.evidence import Evidence, Kind, Question
from mxproof.mail.change import TxtValue
from mxproof.publish.keeper import KeeperError, RecordKeeper
from mxproof.publish.patience import Patience
from mxproof.publish.step import LaggingPlace, shown_at
from mxproof.remedy.step_record import AlteredSet
from mxproof.store.whole import READABLE, make_folder, replace_file
from mxproof.survey.published import beyond, owner
from mxproof.survey.zone import zone_of

CHALLENGE_LABEL: Final = "_acme-challenge"
CHALLENGE_TTL_S: Final = 1
"""No cache is to have it when the next order of the name shows another one."""
NOTED_BYTES_MAX: Final = 1024 * 1024
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


class ChallengeKind(StrEnum):
    """How it is proved that a name is ours."""

    HTTP = "http-01"
    DNS = "dns-01"


class Challenge(msgspec.Struct, frozen=True):
    """What is to be shown for a name: of http-01 `text` as the file `token`, of dns-01 `text` as a record."""

    name: str
    token: str
    text: str


class Answerer(Protocol):
    """Whoever shows proofs; each method raises KeeperError where it was not done."""

    kind: ChallengeKind

    def show(self, challenge: Challenge) -> None:
        """Show it, and return once everybody can see it."""

    def hide(self, challenge: Challenge) -> None:
        """Show it no longer; what cannot be hidden now is left for `clean`."""

    def clean(self) -> None:
        """Take away what earlier orders left."""


class HttpAnswerer:
    """Files in a folder, which the policy host answers from."""

    kind = ChallengeKind.HTTP

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def show(self, challenge: Challenge) -> None:
        """Write the file of the token."""
        if _TOKEN.fullmatch(challenge.token) is None:
            raise KeeperError(
                f"{challenge.name}: the authority gave a token that is none (RFC 8555 section 8.3)"
            )
        try:
            make_folder(self._folder)
            replace_file(self._folder / challenge.token, [challenge.text.encode()], READABLE)
        except OSError as error:
            raise KeeperError(f"{self._folder}: was not written to ({error.strerror or error})") from None

    def hide(self, challenge: Challenge) -> None:
        """Take the file away."""
        with suppress(OSError):
            (self._folder / challenge.token).unlink(missing_ok=True)

    def clean(self) -> None:
        """Take every file of a token away."""
        with suppress(OSError):
            for file in self._folder.iterdir():
                if _TOKEN.fullmatch(file.name) is not None:
                    file.unlink(missing_ok=True)


class DnsAnswerer:
    """Records altered by `keeper`; `look` finds out what every name server has at a name, `noted` is a file of what was made.

    `wait` lets so many seconds go by, of `patience_s` in all for one record.
    """

    kind = ChallengeKind.DNS

    def __init__(
        self,
        keeper: RecordKeeper,
        look: Callable[[Question], Evidence],
        noted: Path,
        *,
        patience_s: float,
        wait: Callable[[float], None],
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._keeper = keeper
        self._look = look
        self._noted = noted
        self._patience_s = patience_s
        self._wait = wait
        self._tell = tell

    def show(self, challenge: Challenge) -> None:
        """Publish the record beside what stands there, and wait until every name server has it."""
        self._note((*self._left(), challenge))
        self._alter(challenge, is_shown=True)
        _, lag = self._looked_until_none(challenge, _without)
        if lag:
            place = lag[0]
            raise KeeperError(
                f"{proof_name(challenge.name)}: {place.place} {place.address} does not show it: {place.shows}"
            )

    def hide(self, challenge: Challenge) -> None:
        """Withdraw the record; where that cannot be done it stays noted."""
        with suppress(KeeperError):
            self._withdraw(challenge)

    def clean(self) -> None:
        """Withdraw every record that was noted."""
        for challenge in self._left():
            self._withdraw(challenge)

    def _withdraw(self, challenge: Challenge) -> None:
        self._alter(challenge, is_shown=False)
        self._note(tuple(one for one in self._left() if one != challenge))

    def _alter(self, challenge: Challenge, *, is_shown: bool) -> None:
        """Have the record be there or not, beside all that stands at its name."""
        record = TxtValue.of(challenge.text.encode())
        # A record that was withdrawn a moment ago may still be at a server that follows: what stands there is what all show.
        look, differing = self._looked_until_none(challenge, _differing)
        name = owner(look, _question(challenge))
        zone, places = zone_of(look, name), list(shown_at(look, Kind.TXT, name))
        if zone is None or not places or any(found is None for _, found in places):
            raise KeeperError(
                f"{name}: not every name server of its zone tells what stands there; nothing was altered"
            )
        if differing:
            raise KeeperError(
                f"{name}: the name servers of its zone differ: {differing[0].place} {differing[0].address} shows"
                f" {differing[0].shows}; nothing was altered"
            )
        before = tuple(dict.fromkeys(one for _, found in places for one in found or ()))
        kept = tuple(one for one in before if one != record)
        after = (*kept, record) if is_shown else kept
        if set(before) != set(after):
            done = self._keeper.put(zone, AlteredSet(name, Kind.TXT, before, after, CHALLENGE_TTL_S))
            self._tell(f"{name}: {done}")

    def _looked_until_none(
        self, challenge: Challenge, lagging: Callable[[Evidence, Challenge], tuple[LaggingPlace, ...]]
    ) -> tuple[Evidence, tuple[LaggingPlace, ...]]:
        """Look until no server lags any more, or patience is over; return what was seen last, and who lags in it."""
        seen = Evidence("")

        def behind() -> tuple[LaggingPlace, ...]:
            nonlocal seen
            seen = self._look(_question(challenge))
            return lagging(seen, challenge)

        lag = Patience(self._patience_s, self._wait).looked_until_none(behind)
        return seen, lag

    def _left(self) -> tuple[Challenge, ...]:
        try:
            with self._noted.open("rb") as file:
                return msgspec.json.decode(file.read(NOTED_BYTES_MAX), type=tuple[Challenge, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError) as error:
            raise KeeperError(f"{self._noted}: cannot be read ({error})") from None

    def _note(self, left: tuple[Challenge, ...]) -> None:
        try:
            make_folder(self._noted.parent)
            replace_file(self._noted, [msgspec.json.encode(tuple(dict.fromkeys(left)))])
        except OSError as error:
            raise KeeperError(f"{self._noted}: was not written ({error.strerror or error})") from None


def proof_name(name: str) -> str:
    """Return where the record stands that proves a name."""
    return f"{CHALLENGE_LABEL}.{name}"


def _question(challenge: Challenge) -> Question:
    return Question(Kind.TXT, proof_name(challenge.name))


def _without(look: Evidence, challenge: Challenge) -> tuple[LaggingPlace, ...]:
    """Return who does not show the record."""
    record = TxtValue.of(challenge.text.encode())
    name = owner(look, _question(challenge))
    lag = [place for place, found in shown_at(look, Kind.TXT, name) if found is None or record not in found]
    return (
        *lag,
        *(LaggingPlace(one, "", "", "no address of it could be asked") for one in beyond(look, name)),
    )


def _differing(look: Evidence, challenge: Challenge) -> tuple[LaggingPlace, ...]:
    """Return who shows other records at the name than the first server; who tells nothing is not waited for."""
    told = [
        (place, frozenset(found))
        for place, found in shown_at(look, Kind.TXT, owner(look, _question(challenge)))
        if found is not None
    ]
    return tuple(place for place, found in told if found != told[0][1])
