"""From the payload of a request to the reply: the map chooses the dialect, the key the destination."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime

from mxproof.formats import FormatError
from mxproof.formats.postfix.next_hop import NextHop, next_hop
from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status, failed, parse_request
from mxproof.formats.text import safe
from mxproof.judge.decision import expires_at
from mxproof.judge.senders.protection import Protection
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.config import Told
from mxproof.serve.policyd.metrics import Meter
from mxproof.serve.policyd.reply import NOT_FOUND, Dialect, reply
from mxproof.store.destinations.entry import Entry

NEVER_CHANGING_S = 3600.0
"""How long a reply is given again that depends on nothing but the key."""
RETRY_S = 10.0
"""How long a reply is given again that stands in for a better one."""
UNKNOWN_MAPS_TOLD_MAX = 20

_log = logging.getLogger("mxproof.policyd")


class Requests:
    """The long way of a request, for every connection."""

    def __init__(self, answers: Answers, overrides: Mapping[str, Told], meter: Meter) -> None:
        self.overrides = overrides
        self._answers = answers
        self._meter = meter
        self._unknown_maps: set[str] = set()

    async def __call__(self, payload: bytes) -> tuple[SocketmapReply, float]:
        """Return the reply, and for how many seconds it may be given again; a fault of ours is TEMP."""
        try:
            request = parse_request(payload)
        except FormatError:
            self._meter.malformed += 1
            return NOT_FOUND, 0.0
        hop = next_hop(request.key)
        if hop is None:
            return NOT_FOUND, NEVER_CHANGING_S
        told = self._told(hop)
        if told is not None:
            return told
        try:
            entry = await self._answers.ask(hop)
        except asyncio.CancelledError:
            return failed(Status.TEMP, f"{hop}: the daemon is stopping"), 0.0
        except TimeoutError as error:
            return failed(Status.TEMP, f"{hop}: {error}"), 0.0
        except Exception:  # noqa: BLE001 - a request is a boundary: and the flight has logged it
            return failed(Status.TEMP, f"{hop}: internal error, see the log of mxproof policyd"), 0.0
        given = (
            reply(hop.domain, entry.held, self._dialect(request)),
            self._keep_s(entry, self._answers.now()),
        )
        return self._told(hop) or given  # an override may have come while the answer was sought

    def _told(self, hop: NextHop) -> tuple[SocketmapReply, float] | None:
        told = self.overrides.get(str(hop))
        if told is None:
            return None
        left_s = (told.until - self._answers.now()).total_seconds()
        return (told.reply, min(left_s, NEVER_CHANGING_S)) if left_s > 0 else None

    def _dialect(self, request: Request) -> Dialect:
        """Return the dialect of the map; one that is not known gets what every Postfix understands."""
        try:
            return Dialect(request.map)
        except ValueError:
            if request.map not in self._unknown_maps and len(self._unknown_maps) < UNKNOWN_MAPS_TOLD_MAX:
                self._unknown_maps.add(request.map)
                _log.warning("map=%s is not known, answered as %s", safe(request.map), Dialect.CLASSIC)
            return Dialect.CLASSIC

    def _keep_s(self, entry: Entry, now: datetime) -> float:
        """Return for how long the reply may be given again: the rest of the grace, not past the end of the policy."""
        decision = entry.held.decision
        if decision is None:
            return 0.0
        if decision.kept or decision.protection is Protection.UNDECIDED:
            return RETRY_S
        left_s = self._answers.terms.grace_s - (now - decision.at).total_seconds()
        if decision.protection is Protection.STS and entry.held.policy is not None:
            left_s = min(left_s, (expires_at(entry.held.policy) - now).total_seconds())
        return left_s
