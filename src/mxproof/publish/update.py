"""Records altered by DNS UPDATE with TSIG at the primary of their zone (RFC 2136, RFC 8945): knot, BIND, PowerDNS and others."""

from typing import Final

from mxproof.judge.catalogue.zone_line import record_data
from mxproof.net.asking import Peer
from mxproof.net.dns.update import (
    UPDATE_TIMEOUT_S,
    TsigKey,
    UpdateRefusedError,
    UpdateUnansweredError,
    replace_set,
)
from mxproof.publish.keeper import KeeperError
from mxproof.remedy.step_record import AlteredSet
from mxproof.render.action.record_update import NEW_TTL_S

_ALTERED_MEANWHILE: Final = frozenset({"YXRRSET", "NXRRSET"})
_ADVICE: Final = {
    "NOTAUTH": "it is not the primary of this zone, or does not know the key",
    "REFUSED": "it does not allow this key to alter this name",
    "YXRRSET": "records stand there that no name server showed; somebody altered the zone meanwhile",
    "NXRRSET": "the records are others than the name servers show; somebody altered the zone meanwhile, or its servers lag",
}


class UpdateKeeper:
    """The primary at `server`, which knows `key`."""

    is_by_hand = False

    def __init__(self, server: Peer, key: TsigKey, timeout_s: float = UPDATE_TIMEOUT_S) -> None:
        self._server = server
        self._key = key
        self._timeout_s = timeout_s

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Send an update; where it finds other records than the name servers show, look whether it was made before."""
        after = tuple(map(record_data, altered.after))
        try:
            try:
                self._replace(zone, altered, tuple(map(record_data, altered.before)))
            except UpdateRefusedError as error:
                if error.rcode not in _ALTERED_MEANWHILE:
                    raise
                self._replace(zone, altered, after)
        except UpdateRefusedError as error:
            advice = _ADVICE.get(error.rcode)
            raise KeeperError(
                f"{self._server}: {error.rcode} to an update of {zone}{f'; {advice}' if advice else ''}"
            ) from None
        except UpdateUnansweredError as error:
            raise KeeperError(f"{self._server}: no answer to an update of {zone} ({error})") from None
        return f"updated {zone} at {self._server}"

    def _replace(self, zone: str, altered: AlteredSet, before: tuple[str, ...]) -> None:
        after = tuple(map(record_data, altered.after))
        ttl_s = altered.ttl_s or NEW_TTL_S
        replace_set(
            self._server,
            self._key,
            zone,
            altered.name,
            altered.kind.value,
            before,
            after,
            ttl_s,
            self._timeout_s,
        )
