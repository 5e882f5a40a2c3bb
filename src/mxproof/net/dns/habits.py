"""What servers were seen to do that the protocol leaves open, so that it need not be found out with every question.

| habit | how it is seen |
|---|---|
| a name comes back in the letters it was asked in | over UDP as sent, or over TCP in other letters |
| datagrams come from its address that nobody asked for | many in a row |
| a query with an OPT record is answered | an answer to one, or answers only to those without |

A habit is held for HABIT_S, since a server may be mended and a datagram lost. Times are those of the event loop.
"""

from mxproof.net.asking import Peer

PEERS_REMEMBERED_MAX = 1024
HABIT_S = 900.0

_Seen = dict[Peer, tuple[bool, float]]


class Habits:
    """The habits of the servers asked last; of who is not known yet, nothing is."""

    def __init__(self) -> None:
        self._keeps_letters: _Seen = {}
        self._speaks_edns: _Seen = {}
        self._sends_strays: _Seen = {}

    def keeps_letters(self, peer: Peer, now: float) -> bool | None:
        """Tell whether a server repeats a name in the letters it was asked in, None where that is not known."""
        return _remembered(self._keeps_letters, peer, now)

    def speaks_edns(self, peer: Peer, now: float) -> bool | None:
        """Tell whether a server answers queries with an OPT record, None where that is not known."""
        return _remembered(self._speaks_edns, peer, now)

    def sends_strays(self, peer: Peer, now: float) -> bool:
        """Tell whether datagrams that nobody asked for came from a server, or from somebody in its name."""
        return bool(_remembered(self._sends_strays, peer, now))

    def saw_strays(self, peer: Peer, now: float) -> None:
        """Remember that datagrams came that nobody asked for."""
        _remember(self._sends_strays, peer, now, seen=True)

    def saw_letters(self, peer: Peer, now: float, *, kept: bool) -> None:
        """Remember how a name came back."""
        _remember(self._keeps_letters, peer, now, seen=kept)

    def saw_edns(self, peer: Peer, now: float, *, answered: bool) -> None:
        """Remember that a query with an OPT record was answered, or that only one without was.

        Who has spoken EDNS does not unlearn it: that an answer was lost says nothing.
        """
        if answered or not self.speaks_edns(peer, now):
            _remember(self._speaks_edns, peer, now, seen=answered)


def _remembered(habits: _Seen, peer: Peer, now: float) -> bool | None:
    seen, until = habits.get(peer, (None, now))
    return seen if now < until else None


def _remember(habits: _Seen, peer: Peer, now: float, *, seen: bool) -> None:
    if len(habits) >= PEERS_REMEMBERED_MAX and peer not in habits:
        del habits[next(iter(habits))]
    habits[peer] = seen, now + HABIT_S
