"""Overrides: replies that are given for a destination whatever it publishes, made ready once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from mxproof.formats import ConfigError, FormatError
from mxproof.formats.postfix.next_hop import next_hop
from mxproof.formats.postfix.policy import parse_tls_policy
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.serve.policyd.config import Override
from mxproof.serve.policyd.reply import NOT_FOUND

OVERRIDES_MAX = 100_000


class ReadyOverride(msgspec.Struct, frozen=True):
    """What is said for a destination until `until`, and why."""

    reply: SocketmapReply
    reason: str
    until: datetime


def ready_overrides(overrides: Sequence[Override]) -> Mapping[str, ReadyOverride]:
    """Return the overrides by domain, or by host in brackets; raises ConfigError with what is wrong."""
    if len(overrides) > OVERRIDES_MAX:
        raise ConfigError(f"override: more than {OVERRIDES_MAX}")
    found: dict[str, ReadyOverride] = {}
    for one in overrides:
        hop = next_hop(one.domain)
        if hop is None:
            raise ConfigError(f"override {one.domain!r}: a domain, or a host in brackets, was expected")
        if str(hop) in found:
            raise ConfigError(f"override {one.domain!r}: given twice")
        if one.until.tzinfo is None:
            raise ConfigError(f"override {one.domain!r}: until needs its zone, such as 2027-01-31T00:00:00Z")
        found[str(hop)] = ReadyOverride(_reply(one), one.reason, one.until)
    return found


def _reply(override: Override) -> SocketmapReply:
    if override.policy == "default":
        return NOT_FOUND
    try:
        parse_tls_policy(override.policy)
    except FormatError as error:
        raise ConfigError(f"override {override.domain!r}: {error}") from None
    return SocketmapReply(Status.OK, override.policy)
