"""Chain verification at a given time against given anchors (RFC 5280 section 6, profile of RFC 9525).

A probe records what a server sent with verification off; whether to trust it is judged here, later, and for no
particular name: one verdict per chain serves every name that a sender may compare. The path itself is found by
`mail/certification_path`, whose refusal says little, so what is wrong is found by looking again at the plain facts:
dates along the path first, then where the path ends.

A verdict changes with time only where a certificate begins or ends. Between two such moments it is worked out once, so
that it is shared by domains with one and the same chain, however far apart they were observed.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import Final

import msgspec

from mxproof.evidence import (
    AssumedLeaf,
    Der,
    DnsData,
    Evidence,
    Kind,
    PolicyData,
    SmtpData,
    TlsaRecord,
    TlsData,
)
from mxproof.evidence.question import CONNECTION_KINDS
from mxproof.formats import FormatError
from mxproof.formats.cert import CertificateFacts, Purpose, facts, limited_names
from mxproof.formats.der import outline
from mxproof.formats.tlsa import DANE_TA, Tlsa, matching
from mxproof.mail.assumed_leaf import assumed_leaf
from mxproof.mail.certification_path import is_issued_by, is_signed_with, verifies, verifies_first_way

CHAIN_CERTIFICATES_MAX: Final = 256
"""More than fit into the 100 KiB that OpenSSL takes of a peer's certificates."""
USUAL_AUTHORITIES_MAX: Final = 4
USUAL_CERTIFICATES_MAX: Final = 8
"""What no library finds too many, of authorities between leaf and root, and of certificates sent."""
ANCHORS_KEPT_MAX: Final = 64
NAMED_ANCHORS_MAX: Final = 8
"""Trust anchors that TLSA records name, among ANCHORS_KEPT_MAX."""
_KEY: Final = 1
"""The selector of a TLSA record that is about the key alone (RFC 6698 section 2.1.2)."""
_VERDICTS_CACHED_MAX: Final = 512
_ROOTS_CACHED_MAX: Final = 16
_BLUR: Final = timedelta(seconds=1)
"""How near to a border it depends on the reader of a date, who may leave out the parts of a second."""


class TrustFault(StrEnum):
    """Why a chain is not trusted; None stands for a trusted one."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    SELF_SIGNED = "self-signed"
    INCOMPLETE = "incomplete"
    ISSUER_NO_AUTHORITY = "issuer-no-authority"
    """Signed by a certificate that is not one of an authority (RFC 5280 section 4.2.1.9)."""
    PURPOSE = "purpose"
    """Not meant for servers to any sender (RFC 5280 section 4.2.1.12)."""
    NAME_LIMITED = "name-limited"
    """An authority above it may not issue for such names (RFC 5280 section 4.2.1.10)."""
    SIGNATURE_WEAK = "signature-weak"
    """A signature over MD5 or SHA-1, which no sender takes any more."""
    UNTRUSTED = "untrusted"


FAULTS_OF_ISSUER = frozenset({TrustFault.UNTRUSTED, TrustFault.ISSUER_NO_AUTHORITY, TrustFault.NAME_LIMITED})


class Trust(msgspec.Struct, frozen=True):
    """The verdict on one chain at one moment; `detail` says what was seen, in words for a finding."""

    fault: TrustFault | None
    detail: str = ""


class Chain(msgspec.Struct, frozen=True, dict=True):
    """The certificates of one handshake, read and verified; `leaf` is None where none could be read."""

    leaf: CertificateFacts | None
    certificates: tuple[Der, ...]
    trust: Trust
    assumed: AssumedLeaf | None = None
    authorities: tuple[CertificateFacts, ...] = ()
    """The certificates between the leaf and the anchor that it leads to, or as far as they lead towards one."""
    first_way: bool = True
    """Whether the way holds that takes of several certificates for one authority the first that fits, as it is trusted."""
    weakness: str = ""
    """What is weak about the keys of the leaf and of what is sent above it, also where the chain is trusted."""

    @cached_property
    def is_usual(self) -> bool:
        """Tell whether it is one of those that all libraries take alike: meant for servers, and short."""
        leaf = self.leaf
        if leaf is None or not (
            leaf.key_serves and leaf.key_signs and leaf.names_in_ascii and self.first_way
        ):
            return False
        if len(self.authorities) > USUAL_AUTHORITIES_MAX or len(self.certificates) > USUAL_CERTIFICATES_MAX:
            return False
        return all(one.purpose is Purpose.SERVERS for one in (leaf, *self.authorities))

    def ders(self) -> tuple[bytes, ...]:
        """Return the certificates as sent, leaf first."""
        return self.certificates

    def matched_by(self, record: Tlsa) -> int | None:
        """Return the place of the certificate that a TLSA record matches, the leaf being 0; None where it matches none.

        Of a leaf that is only assumed nothing is known but a kept key, and which records are meant for it; of one that is
        at hand those are all. A record of an authority is then at the place of the leaf.
        """
        if self.assumed is not None and _as_answered(record) in self.assumed.matches:
            return 0
        if self.assumed is not None and self.assumed.is_at_hand:
            return None
        place = matching(record, self.certificates)
        if place and self.certificates[place] == self.certificates[0]:
            return None  # sent again it is still the leaf, and no authority above itself
        if place != 0 or self.assumed is None:
            return place
        return place if self.assumed.keeps_key and record.selector == _KEY else None


def _as_answered(record: Tlsa) -> TlsaRecord:
    return TlsaRecord(record.usage, record.selector, record.matching_type, record.association)


def authorities_sent(chain: Chain) -> tuple[str, ...]:
    """Return the subjects of the certificates that are sent above the leaf, as far as they can be read."""
    read = (_facts(certificate) for certificate in chain.certificates[1:])
    return tuple(one.subject for one in read if one is not None)


def chain_of(tls: TlsData, anchors: tuple[Der, ...], now: datetime) -> Chain:
    """Return the chain of a handshake with its verdict at `now`; no supposed leaf is below an authority at fault."""
    sent = tls.chain[:CHAIN_CERTIFICATES_MAX]
    seen = _chain_of(sent, anchors, _within(_borders(sent, anchors), now))
    if tls.assumed is None:
        return seen
    sent = sent[:1] if seen.trust.fault in FAULTS_OF_ISSUER else sent
    kept = _facts(sent[0]) if sent and tls.assumed.keeps_key else None
    leaf = assumed_leaf(tls.assumed, kept, now)
    return Chain(leaf, sent, Trust(None), tls.assumed, weakness=_weakness((leaf,)))


@lru_cache(maxsize=_VERDICTS_CACHED_MAX)
def _borders(sent: tuple[Der, ...], anchors: tuple[Der, ...]) -> tuple[datetime, ...]:
    """Return the moments, in order, at which one of the certificates begins or ends."""
    read = [one for one in map(_facts, (*sent, *anchors)) if one is not None]
    return tuple(sorted({moment for one in read for moment in (one.not_before, one.not_after)}))


def _within(borders: tuple[datetime, ...], now: datetime) -> datetime:
    """Return one moment for all that lie between the same two borders; `now` where it is at one or outside."""
    place = bisect_right(borders, now)
    if not 0 < place < len(borders):
        return now
    begin, end = borders[place - 1], borders[place]
    return begin + _BLUR if begin + _BLUR <= now < end - _BLUR else now


@lru_cache(maxsize=_VERDICTS_CACHED_MAX)
def _chain_of(sent: tuple[Der, ...], anchors: tuple[Der, ...], now: datetime) -> Chain:
    if not sent:
        return Chain(None, (), Trust(TrustFault.ABSENT, "the server sent no certificate"))
    try:
        read = tuple(facts(certificate) for certificate in sent)
    except FormatError as error:
        return Chain(None, sent, Trust(TrustFault.UNREADABLE, str(error)))
    readable = tuple(anchor for anchor in anchors if _facts(anchor) is not None)
    path = _path(read, now)
    trust, between = _verdict(path, sent, readable, now), _below(path, readable)[1:]
    forked = len({one.subject_raw for one in read[1:]}) < len(set(sent[1:]))
    first = trust.fault is not None or not forked or verifies_first_way(sent, readable, now)
    return Chain(read[0], sent, trust, authorities=between, first_way=first, weakness=_weakness(path))


def _below(path: tuple[CertificateFacts, ...], anchors: tuple[Der, ...]) -> tuple[CertificateFacts, ...]:
    """Return the part of a path that is below the first anchor on it."""
    subjects = {facts(anchor).subject_raw for anchor in anchors}
    place = next((place for place, one in enumerate(path) if one.issuer_raw in subjects), len(path))
    return path[: place + 1]


def _weakness(path: tuple[CertificateFacts, ...]) -> str:
    weak = next((one for one in path if one.weak_key), None)
    if weak is None:
        return ""
    whose = "the certificate" if weak is path[0] else f"the certificate {_called(weak)} above it"
    return f"the key of {whose} is {weak.key}"


def _verdict(
    path: tuple[CertificateFacts, ...], sent: tuple[Der, ...], anchors: tuple[Der, ...], now: datetime
) -> Trust:
    """Verify, and where that fails say why: dates along the path first, then where the path ends."""
    if verifies(sent, anchors, now):
        # What finds paths holds no common name to the constraints, and takes no such name either.
        return Trust(None) if path[0].dns_names else _within_limits(path) or Trust(None)
    leaf, last = path[0], path[-1]
    roots = [root for anchor in anchors if (root := facts(anchor)).subject_raw == last.issuer_raw]
    for place, certificate in enumerate((*path, *roots)):
        whose = "the certificate" if place == 0 else f"the certificate {certificate.subject} above it"
        if certificate.not_after < now:
            return Trust(TrustFault.EXPIRED, f"{whose} expired on {_day(certificate.not_after)}")
        if certificate.not_before > now:
            return Trust(
                TrustFault.NOT_YET_VALID, f"{whose} is not valid before {_day(certificate.not_before)}"
            )
    if leaf.self_issued:
        return Trust(TrustFault.SELF_SIGNED, f"the certificate is its own issuer: {leaf.subject}")
    if roots:
        return _fault_on_path(path)
    if last.self_issued:
        return Trust(
            TrustFault.UNTRUSTED, f"the chain ends at a root that is not trusted here: {last.subject}"
        )
    if last is leaf:
        return Trust(TrustFault.INCOMPLETE, f"no certificate was sent for its issuer, {leaf.issuer}")
    return Trust(TrustFault.UNTRUSTED, f"the chain ends below {last.issuer}, which is no root trusted here")


def _fault_on_path(path: tuple[CertificateFacts, ...]) -> Trust:
    """Say why a path that leads to a trusted root does not hold, what is plain to see first."""
    for below, issuer in pairwise(path):
        if not issuer.is_ca:
            detail = f"the certificate {_called(below)} is signed by that of {_called(issuer)}, which is no authority"
            return Trust(TrustFault.ISSUER_NO_AUTHORITY, detail)
    for one in path:
        if one.purpose is Purpose.OTHER:
            detail = f"the certificate {_called(one)} is not meant for servers (extended key usage without serverAuth)"
            return Trust(TrustFault.PURPOSE, detail)
    for one in path:
        if one.weak_signature and not one.self_issued:
            detail = f"the certificate {_called(one)} is signed with {one.signature_algorithm}"
            return Trust(TrustFault.SIGNATURE_WEAK, detail)
    detail = f"a signature, or what a certificate may be used for, does not hold below {path[-1].issuer}"
    return _within_limits(path) or Trust(TrustFault.UNTRUSTED, detail)


def _within_limits(path: tuple[CertificateFacts, ...]) -> Trust | None:
    """Return what an authority on the path may not issue for, None where the leaf is within all limits."""
    leaf, *above = path
    for issuer in above:
        limits = issuer.name_limits
        foreign = [name for name in limited_names(leaf) if limits and not limits.allow(name)]
        if foreign:
            detail = f"{_called(issuer)} may not issue for {foreign[0]} (name constraints)"
            return Trust(TrustFault.NAME_LIMITED, detail)
    return None


def _called(certificate: CertificateFacts) -> str:
    return certificate.subject or "without a subject"


def _path(read: tuple[CertificateFacts, ...], now: datetime) -> tuple[CertificateFacts, ...]:
    """Follow issuer names from the leaf through what was sent, in whatever order; those in force come first."""
    others = sorted(
        read[1:], key=lambda certificate: not certificate.not_before <= now <= certificate.not_after
    )
    path = [read[0]]
    while not path[-1].self_issued:
        issuer = next(
            (one for one in others if one.subject_raw == path[-1].issuer_raw and one not in path), None
        )
        if issuer is None:
            break
        path.append(issuer)
    return tuple(path)


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def named_anchor_holds(sent: tuple[Der, ...], anchor: Der, now: datetime) -> bool:
    """Tell whether the leaf is signed by an anchor that DNS names, whose own dates and authority do not count.

    observed: OpenSSL takes the anchor of a TLSA record as it stands, also one that has expired or is no authority.
    """
    leaf, above = _facts(sent[0]), _facts(anchor)
    if leaf is None or above is None or not is_issued_by(sent[0], anchor):
        return False
    limits = above.name_limits
    return (limits is None or all(map(limits.allow, leaf.dns_names))) and _serves_now(leaf, now)


def named_key_holds(sent: tuple[Der, ...], key: bytes, now: datetime) -> bool:
    """Tell whether a chain ends below a key that DNS names, a SubjectPublicKeyInfo in DER (RFC 7671 section 5.2.2)."""
    for place, top in enumerate(sent):
        if is_signed_with(top, key):
            leaf = _facts(sent[0])
            return leaf is not None and _serves_now(leaf, now) if place == 0 else verifies(sent, (top,), now)
    return False


def named_leaf_holds(sent: tuple[Der, ...], now: datetime) -> bool:
    """Tell whether a leaf that DNS names as an anchor is one of a server in force; who signed it does not count then.

    golang/go src/crypto/x509/verify.go (Verify): a certificate that is among the roots leads to itself.
    """
    leaf = _facts(sent[0])
    return leaf is not None and leaf.purpose is not Purpose.OTHER and leaf.not_before <= now <= leaf.not_after


def _serves_now(leaf: CertificateFacts, now: datetime) -> bool:
    serves = leaf.purpose is not Purpose.OTHER and not leaf.weak_signature
    return serves and leaf.not_before <= now <= leaf.not_after


def with_anchors(evidence: Evidence, roots: Sequence[bytes]) -> Evidence:
    """Return the evidence with those of `roots` (DER) in its vantage that its chains need."""
    vantage = msgspec.structs.replace(evidence.vantage, anchors=relevant_anchors(evidence, roots))
    return msgspec.structs.replace(evidence, vantage=vantage)


def anchors_of(chain: Sequence[Der], roots: Sequence[bytes]) -> tuple[Der, ...]:
    """Return those of `roots` (DER) at which the chain could end, at most ANCHORS_KEPT_MAX."""
    read = (_facts(certificate) for certificate in chain[:CHAIN_CERTIFICATES_MAX])
    return _ends({one.issuer_raw for one in read if one is not None}, roots)[:ANCHORS_KEPT_MAX]


def relevant_anchors(evidence: Evidence, roots: Sequence[bytes]) -> tuple[Der, ...]:
    """Return those of `roots` (DER) at which a chain in the evidence could end, at most ANCHORS_KEPT_MAX.

    Those that a TLSA record names as an authority come first, so that it can be said which one that is. Kept with the evidence they let a replay anywhere reach the same verdict as here.
    """
    issuers = {certificate.issuer_raw for certificate in _observed(evidence)}
    if not issuers:
        return ()
    kept, named = _ends(issuers, roots), _named_as_authorities(evidence, roots)
    return tuple(sorted(dict.fromkeys((*named, *kept[: ANCHORS_KEPT_MAX - len(named)]))))


def _ends(issuers: Collection[bytes], roots: Sequence[bytes]) -> tuple[Der, ...]:
    """Return the roots, sorted, whose name is that of one of `issuers` (DER)."""
    by_subject = _by_subject(tuple(roots))
    kept = {root for issuer in issuers for root in by_subject.get(issuer, ()) if _facts(root) is not None}
    return tuple(sorted(kept))


def _named_as_authorities(evidence: Evidence, roots: Sequence[bytes]) -> tuple[Der, ...]:
    """Return the roots that a TLSA record of usage 2 names, at most NAMED_ANCHORS_MAX."""
    records = {
        Tlsa(one.usage, one.selector, one.matching_type, one.association)
        for question, answer in evidence.answers.items()
        if question.kind is Kind.TLSA and isinstance(answer.data, DnsData)
        for one in answer.data.records
        if isinstance(one, TlsaRecord) and one.usage == DANE_TA
    }
    if not records:
        return ()
    # An authority is looked for above a leaf, so that the root stands in the second place.
    named = (Der(root) for root in roots if any(matching(one, (root, root)) for one in records))
    return tuple(islice(named, NAMED_ANCHORS_MAX))


@lru_cache(maxsize=_ROOTS_CACHED_MAX)
def _by_subject(roots: tuple[bytes, ...]) -> dict[bytes, tuple[Der, ...]]:
    """Return `roots` by the DER of their names, which is all that most of a store is ever looked at for."""
    found: dict[bytes, tuple[Der, ...]] = {}
    for root in roots:
        try:
            subject = outline(root).subject
        except FormatError:
            continue
        found[subject] = (*found.get(subject, ()), Der(root))
    return found


def _observed(evidence: Evidence) -> list[CertificateFacts]:
    found: list[CertificateFacts] = []
    for question, answer in evidence.answers.items():
        if question.kind not in CONNECTION_KINDS:
            continue
        if isinstance(answer.data, PolicyData | SmtpData) and answer.data.tls is not None:
            sent = answer.data.tls.chain[:CHAIN_CERTIFICATES_MAX]
            found.extend([read for certificate in sent if (read := _facts(certificate)) is not None])
    return found


def _facts(der: bytes) -> CertificateFacts | None:
    try:
        return facts(der)
    except FormatError:
        return None
