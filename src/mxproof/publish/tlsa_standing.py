"""Which TLSA records stand at a host, and which certificate each of them names."""

from collections.abc import Iterator, Sequence

from mxproof.evidence import Der, Evidence
from mxproof.formats.tlsa import matching
from mxproof.judge.catalogue.zone_line import zone_line
from mxproof.mail.change import TlsaValue
from mxproof.mail.domain import Host
from mxproof.publish.rollover import owner_of_host, tlsa_at, tlsa_of
from mxproof.publish.rollover_making import shown_chains
from mxproof.publish.told_rollover import StandingTlsa, TlsaRole


def standing_tlsa(host: Host, look: Evidence, coming: Sequence[Der]) -> tuple[StandingTlsa, ...]:
    """Return every record that any name server has for a host; `coming` is the chain that it shows next, or nothing."""
    owners = dict.fromkeys(owner_of_host(look, name) for name in (host.name, host.target))
    return tuple(one for name in owners for one in _standing(host, look, name, coming))


def _standing(host: Host, look: Evidence, name: str, coming: Sequence[Der]) -> Iterator[StandingTlsa]:
    places = [found or () for _, found, _ in tlsa_at(look, name)]
    records = dict.fromkeys(one for found in places for one in found if isinstance(one, TlsaValue))
    for record in records:
        having = sum(record in found for found in places)
        role = _role(record, host, coming)
        yield StandingTlsa(host.name, zone_line(name, record), role, having, len(places))


def _role(record: TlsaValue, host: Host, coming: Sequence[Der]) -> TlsaRole:
    tlsa = tlsa_of(record)
    if any(chain.matched_by(tlsa) is not None for chain in shown_chains(host)):
        return TlsaRole.SHOWN
    return TlsaRole.NEXT if matching(tlsa, coming) is not None else TlsaRole.LEFT
