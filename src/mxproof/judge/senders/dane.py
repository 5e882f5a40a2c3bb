"""What DANE demands of one MX host, and whether a session meets it (RFC 7672 sections 2 and 3)."""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence import Der
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsa import DANE_EE, DANE_TA, Tlsa, strongest, usable
from mxproof.judge.codes import Code
from mxproof.judge.senders.dane_mismatch import mismatch
from mxproof.judge.senders.library import untaken
from mxproof.judge.senders.problem import FAULTS, Problem, names_host
from mxproof.judge.senders.traits import JudgedName, Library, Traits
from mxproof.mail.domain import Host, MailDomain, Session, TlsaSet, TlsaState
from mxproof.mail.trust import (
    Chain,
    TrustFault,
    chain_of,
    named_anchor_holds,
    named_key_holds,
    named_leaf_holds,
)

_DATES = frozenset({TrustFault.EXPIRED, TrustFault.NOT_YET_VALID})
_WHOLE = 0
"""The matching type of the data themselves, no digest (RFC 6698 section 2.1.3)."""
_KEY = 1
"""The selector of the key alone (RFC 6698 section 2.1.2)."""


class Demand(StrEnum):
    """What DANE asks of a session with the host."""

    NOTHING = "nothing"
    AUTHENTICATION = "authentication"
    ENCRYPTION = "encryption"
    """TLSA records exist and none is usable: TLS without authentication (RFC 7672 section 2.2)."""
    REFUSAL = "refusal"
    """The TLSA look-up failed: no delivery until it works (RFC 7672 section 2.1.2)."""
    UNKNOWN = "unknown"


class DaneDemand(msgspec.Struct, frozen=True):
    """A demand with the TLSA records behind it; `base` is the TLSA base domain, which SNI holds as well."""

    demand: Demand
    base: str = ""
    records: tuple[Tlsa, ...] = ()


NOTHING = DaneDemand(Demand.NOTHING)


def demands(domain: MailDomain, host: Host, traits: Traits) -> tuple[DaneDemand, ...]:
    """Return what DANE asks of sessions with `host`.

    Two demands stand side by side where TLSA records exist and this vantage cannot tell whether they are secure:
    what holds if they are, and what holds if they are not.
    """
    if not traits.dane:
        return (NOTHING,)
    if not domain.vantage.validating:
        return _unjudged(host, traits)
    if traits.dane_needs_secure_mx and not domain.mx.secure:
        return (NOTHING,)
    return (
        next((demand for tlsa in _tried(host, traits) if (demand := _demand(tlsa)) is not None), NOTHING),
    )


def _tried(host: Host, traits: Traits) -> list[TlsaSet]:
    """Return the TLSA sets that a sender looks at, in order; that of a host which is no alias is the target's."""
    at_mx = host.tlsa_alias if host.is_alias else host.tlsa_target
    at = {JudgedName.TARGET: host.tlsa_target, JudgedName.MX: at_mx}
    wanted = [one for place in traits.tlsa_at if (one := at[place]) is not None]
    return [one for one in wanted if any(one is tried for tried in host.tlsa_tried)]


def _demand(tlsa: TlsaSet) -> DaneDemand | None:
    if tlsa.state is TlsaState.PRESENT:
        demand = Demand.AUTHENTICATION if tlsa.usable else Demand.ENCRYPTION
        return DaneDemand(demand, tlsa.base, tlsa.usable)
    if tlsa.state is TlsaState.FAILED:
        return DaneDemand(Demand.REFUSAL, tlsa.base)
    return DaneDemand(Demand.UNKNOWN, tlsa.base) if tlsa.state is TlsaState.UNKNOWN else None


def _unjudged(host: Host, traits: Traits) -> tuple[DaneDemand, ...]:
    """Return the demands where the resolver is not known to validate: with the records in force, and without."""
    for tlsa in _tried(host, traits):
        if tlsa.records:
            demand = Demand.AUTHENTICATION if tlsa.usable else Demand.ENCRYPTION
            return DaneDemand(demand, tlsa.base, tlsa.usable), NOTHING
    return (NOTHING,)


def dane_problem(
    domain: MailDomain, host: Host, session: Session, demand: DaneDemand, traits: Traits
) -> Problem | None:
    """Return why a session with TLS does not meet `demand`, None where it does."""
    if demand.demand is Demand.ENCRYPTION or session.chain is None:
        return None
    misnamed = False
    records = strongest(demand.records) if traits.strongest_digest else demand.records
    for record in records:
        if record.usage != DANE_TA:
            if session.chain.matched_by(record) is None:
                continue
            # Names and dates of the certificate do not count (RFC 7672 section 3.1.1).
            return None
        if _anchored(session, record, domain.at, traits):
            if not traits.anchored_names or _is_named(domain, host, session, demand, traits):
                return None
            misnamed = True
    if misnamed:
        detail = (
            f"the certificate names neither {demand.base} nor {domain.name} (DANE-TA, RFC 7672 section 3.2.3)"
        )
        return Problem(ResultType.CERTIFICATE_HOST_MISMATCH, Code.DANE_CERT_NAME, detail)
    fault = session.chain.trust.fault
    if fault in _DATES and any(session.chain.matched_by(one) is not None for one in records):
        result_type, code = FAULTS[fault]
        return Problem(result_type, code, session.chain.trust.detail)
    detail = f"no TLSA record at _25._tcp.{demand.base} matches the certificate"
    code = mismatch(domain, host, session, demand.base, demand.records)
    if records != demand.records and dane_problem(domain, host, session, demand, _any_digest(traits)) is None:
        code = Code.DANE_DIGEST_STALE
        detail = (
            f"the record of the strongest digest at _25._tcp.{demand.base} does not match the certificate"
        )
    return Problem(ResultType.TLSA_INVALID, code, detail)


def _any_digest(traits: Traits) -> Traits:
    return msgspec.structs.replace(traits, strongest_digest=False)


def doubted_digest(
    domain: MailDomain, host: Host, session: Session, demand: DaneDemand, traits: Traits
) -> Problem | None:
    """Return that a weaker digest alone matches, where it is not known whether the library takes it."""
    if traits.library is not Library.UNKNOWN or demand.demand is not Demand.AUTHENTICATION:
        return None
    strict = msgspec.structs.replace(traits, strongest_digest=True)
    found = dane_problem(domain, host, session, demand, strict)
    return found if found is not None and found.code is Code.DANE_DIGEST_STALE else None


def doubted_date(domain: MailDomain, session: Session, demand: DaneDemand) -> Problem | None:
    """Return that a session which DANE lets pass has an expired certificate, None where it has none.

    RFC 7672 section 3.1.1 has the dates ignored with usage 3; with usage 2 they were judged with the chain.
    """
    leaf = session.chain.leaf if session.chain is not None else None
    if demand.demand is not Demand.AUTHENTICATION or leaf is None or domain.at <= leaf.not_after:
        return None
    detail = (
        f"the certificate expired on {leaf.not_after:%Y-%m-%d %H:%M} UTC, which counts for some with DANE"
    )
    return Problem(ResultType.CERTIFICATE_EXPIRED, Code.CERT_EXPIRED, detail)


def _anchored(session: Session, record: Tlsa, now: datetime, traits: Traits) -> bool:
    """Tell whether the chain ends at the authority that a record of usage 2 names (RFC 7672 section 3.1.2)."""
    chain, tls = session.chain, session.tls
    if chain is None or tls is None or not usable(record):
        return False
    if chain.assumed is not None:
        return chain.matched_by(record) is not None  # what is supposed is trusted, and so is its way up
    if traits.leaf_anchors and chain.matched_by(msgspec.structs.replace(record, usage=DANE_EE)) == 0:
        return named_leaf_holds(chain.certificates, now)
    anchor = _anchor(chain, record, traits)
    if anchor is None:
        whole_key = record.matching_type == _WHOLE and record.selector == _KEY and traits.whole_keys
        taken = whole_key and untaken(chain, traits.library) is None
        return taken and named_key_holds(chain.certificates, record.association, now)
    place = chain.matched_by(record)
    read = tls.chain[: place + 1] if place is not None and traits.anchors_last else tls.chain
    anchored = chain_of(msgspec.structs.replace(tls, chain=read), (anchor,), now)
    if untaken(anchored, traits.library) is not None:
        return False
    if anchored.trust.fault is None:
        return True
    return traits.bare_anchors and named_anchor_holds(chain.certificates, anchor, now)


def _anchor(chain: Chain, record: Tlsa, traits: Traits) -> Der | None:
    """Return the certificate that a record names, as it was sent or, for some senders, as it stands in the record."""
    place = chain.matched_by(record)
    if place is not None:
        return chain.certificates[place]
    whole = record.matching_type == _WHOLE and record.selector != _KEY
    other = record.association not in chain.certificates[:1]
    return Der(record.association) if whole and other and traits.whole_anchors else None


def _is_named(domain: MailDomain, host: Host, session: Session, demand: DaneDemand, traits: Traits) -> bool:
    leaf = session.chain.leaf if session.chain is not None else None
    names = (demand.base, host.name, domain.name)
    return leaf is not None and any(names_host(leaf, name, traits) for name in names)
