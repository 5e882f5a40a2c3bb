"""From the payload of a request to the reply: the map chooses the dialect, the key the destination."""

import asyncio
import logging
import time
from collections.abc import Mapping
from functools import lru_cache

from mxproof.formats import FormatError
from mxproof.formats.postfix.next_hop import NextHop, next_hop
from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status, failed, parse_request
from mxproof.formats.text import safe
from mxproof.judge.decision import policy_of
from mxproof.judge.senders.protection import Protection
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.reply import NOT_FOUND, Dialect, reply
from mxproof.serve.policyd.telling import Telling
from mxproof.store.destinations.destination import Destination

NEVER_CHANGING_S = 3600.0
"""How long a reply is given again that depends on nothing but the key."""
STAND_IN_S = 10.0
"""How long a reply is given again that stands in for a better one."""
UNKNOWN_MAPS_TOLD_MAX = 20
KEYS_CACHED_MAX = 4096
"""Keys read last: Postfix asks for the same ones again and again."""

_DIALECTS = {dialect.value: dialect for dialect in Dialect}
_hop = lru_cache(maxsize=KEYS_CACHED_MAX)(next_hop)

_log = logging.getLogger("mxproof.policyd")


class Requests:
    """The long way of a request, for every connection."""

    def __init__(
        self,
        answers: Answers,
        overrides: Mapping[str, ReadyOverride],
        counts: Counts,
        telling: Telling | None = None,
    ) -> None:
        self.overrides = overrides
        self._telling = telling
        self._answers = answers
        self._counts = counts
        self._unknown_maps: set[str] = set()

    async def __call__(self, payload: bytes) -> tuple[SocketmapReply, float]:
        """Return the reply, and for how many seconds it may be given again; a fault of ours is TEMP."""
        try:
            request = parse_request(payload)
        except FormatError:
            self._counts.malformed += 1
            return NOT_FOUND, 0.0
        hop = _hop(request.key)
        if hop is None:
            return NOT_FOUND, NEVER_CHANGING_S
        overridden = self._overridden(hop)
        if overridden is not None:
            return overridden
        began_s = time.monotonic()
        try:
            destination = await self._answers.ask(hop)
        except asyncio.CancelledError:
            return failed(Status.TEMP, f"{hop}: the daemon is stopping"), 0.0
        except TimeoutError as error:
            return failed(Status.TEMP, f"{hop}: {error}"), 0.0
        except Exception:  # noqa: BLE001 - a request is a boundary: and the flight has logged it
            return failed(Status.TEMP, f"{hop}: internal error, see the log of mxproof policyd"), 0.0
        finally:
            self._counts.answered.add(time.monotonic() - began_s)
        dialect = self._dialect(request)
        given = reply(hop.domain, destination.held, dialect), self._keep_s(destination)
        overridden = self._overridden(hop)  # one may have come while the answer was sought
        if overridden is not None:
            return overridden
        if (
            dialect is Dialect.TLSRPT
            and self._telling is not None
            and self._tell(self._telling, hop, destination)
        ):
            return given[0], 0.0
        return given

    def _tell(self, telling: Telling, hop: NextHop, destination: Destination) -> bool:
        """Tell what Postfix cannot see of a destination; True where that has to be told with the next question too."""
        held = destination.held
        decision = held.decision
        if decision is None:
            return False
        if held.failure is not None and held.policy is None and decision.protection is Protection.DEFAULT:
            telling.fetch_fails(hop.domain, held.failure.result_type)
            return True
        telling.fetch_succeeds(hop.domain)
        hosts = self._answers.passed_over(str(hop))
        policy = policy_of(held.policy)
        if not hosts or policy is None or decision.protection is not Protection.STS:
            return False
        telling.passed_over(hop.domain, policy, hosts)
        return True

    def _overridden(self, hop: NextHop) -> tuple[SocketmapReply, float] | None:
        override = self.overrides.get(str(hop))
        if override is None:
            return None
        left_s = (override.until - self._answers.now()).total_seconds()
        return (override.reply, min(left_s, NEVER_CHANGING_S)) if left_s > 0 else None

    def _dialect(self, request: Request) -> Dialect:
        """Return the dialect of the map; one that is not known gets what every Postfix understands."""
        dialect = _DIALECTS.get(request.map)
        if dialect is not None:
            return dialect
        if request.map not in self._unknown_maps and len(self._unknown_maps) < UNKNOWN_MAPS_TOLD_MAX:
            self._unknown_maps.add(request.map)
            _log.warning("map=%s is not known, answered as %s", safe(request.map), Dialect.CLASSIC)
        return Dialect.CLASSIC

    def _keep_s(self, destination: Destination) -> float:
        """Return for how long the reply may be given again."""
        decision = destination.held.decision
        if decision is not None and (decision.kept or decision.protection is Protection.UNDECIDED):
            return STAND_IN_S
        return self._answers.fresh_s(destination)
