"""The catalogue of causes by id."""

from collections.abc import Mapping
from types import MappingProxyType

from mxproof.explain.causes import authentication, connection, dane, dns, transport
from mxproof.explain.causes.cause import Cause

CATALOGUE: Mapping[str, Cause] = MappingProxyType(
    {
        cause.id: cause
        for chapter in (
            transport.CAUSES,
            dane.CAUSES,
            dns.CAUSES,
            authentication.CAUSES,
            connection.CAUSES,
        )
        for cause in chapter
    }
)
