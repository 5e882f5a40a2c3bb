"""The TLSA records that the certificates shown by each MX host call for, beside those that are published.

Lines are printed only where every answer on the way is signed and holds: anywhere else nobody would use them.
"""

from collections.abc import Iterator

from mxproof.evidence import Question
from mxproof.formats import dnssec as types
from mxproof.formats.dnssec import TYPE_WORDS
from mxproof.formats.tlsa import association_for
from mxproof.judge.checks.mending import key_records, owner
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.value import Value
from mxproof.mail.change import Configure, Publish, Service, Setting, TlsaValue
from mxproof.mail.dnssec import DnssecStanding, SignatureChain, SignedSet
from mxproof.mail.domain import Host, MailDomain, TlsaSet, TlsaState
from mxproof.mail.trust import Chain

_ADDRESSES = frozenset({types.A, types.AAAA, types.CNAME})


def check(domain: MailDomain) -> Iterator[Finding]:
    """Yield the lines of every host that shows a certificate at each of its addresses (RFC 7672 section 3.1)."""
    if domain.signing is None or domain.blocked:
        return
    for host in domain.hosts:
        tlsa = host.tlsa_target
        shown = [
            (session.question, session.chain)
            for one in host.endpoints
            if (session := one.session(tlsa.base)).chain is not None
        ]
        if host.endpoints and len(shown) == len(host.endpoints):
            yield from _of_host(domain, domain.signing, host, shown)


def _of_host(
    domain: MailDomain, chain: SignatureChain, host: Host, shown: list[tuple[Question, Chain]]
) -> Iterator[Finding]:
    tlsa = host.tlsa_target
    on_way = _on_way(domain, chain, host)
    standings = {one.standing for one in on_way}
    asked = (
        domain.mx.question,
        *chain.way,
        tlsa.question,
        *(one.question for one in on_way),
        *host.questions,
        *(one for one, _ in shown),
    )
    if tlsa.state is TlsaState.ABSENT and standings == {DnssecStanding.SECURE}:
        yield _absent(host, tlsa, [one for _, one in shown], asked)
    elif not tlsa.records and tlsa.state is TlsaState.ABSENT and standings <= _TOLD:
        yield _to_sign_first(host, tlsa, on_way, asked)
    elif tlsa.usable and standings == {DnssecStanding.SECURE}:
        yield _beside(chain, host, [one for _, one in shown], asked)


_TOLD = frozenset({DnssecStanding.SECURE, DnssecStanding.INSECURE})


def _on_way(domain: MailDomain, chain: SignatureChain, host: Host) -> tuple[SignedSet, ...]:
    """Return the records by which a sender comes to the TLSA records of a host (RFC 7672 section 2.2.1)."""
    names = {host.name, *host.chain}
    return tuple(
        one
        for one in chain.sets
        if (one.type == types.MX and one.name == domain.name)
        or (one.type in _ADDRESSES and one.name in names)
        or (one.type == types.TLSA and one.name == host.tlsa_target.question.name)
    )


def _lines(tlsa: TlsaSet, chains: list[Chain]) -> tuple[tuple[Publish, ...], tuple[Publish, ...]]:
    """Return the records of the keys that are shown, and of the authorities that were sent along."""
    name = owner(tlsa.question.name, tlsa.answer)
    issuers = (one.certificates[1] for one in chains if len(one.certificates) > 1)
    anchors = (Publish(name, TlsaValue(2, 1, 1, association_for(one, 1, 1).hex())) for one in issuers)
    return key_records(tlsa, chains), tuple(dict.fromkeys(anchors))


def _absent(host: Host, tlsa: TlsaSet, chains: list[Chain], asked: tuple[Question, ...]) -> Finding:
    live, anchors = _lines(tlsa, chains)
    words: dict[str, Value] = {"host": host.name, "base": tlsa.base, "live": live, "anchors": anchors}
    others = (MendingWay("anchored", anchors),) if anchors else ()
    return Finding(Code.DANE_ABSENT, host.name, words, tuple(dict.fromkeys(asked)), live, others=others)


def _to_sign_first(
    host: Host, tlsa: TlsaSet, on_way: tuple[SignedSet, ...], asked: tuple[Question, ...]
) -> Finding:
    unsigned = [one for one in on_way if one.standing is DnssecStanding.INSECURE]
    zones = tuple(dict.fromkeys(one.zone for one in unsigned))
    insecure: Value = tuple(dict.fromkeys(f"{TYPE_WORDS[one.type]} {one.name}" for one in unsigned))
    words: dict[str, Value] = {"host": host.name, "base": tlsa.base, "insecure": insecure}
    changes = tuple(Configure(Service.DNS, one, (), Setting.SIGNED) for one in zones)
    return Finding(Code.DANE_ABSENT, host.name, words, tuple(dict.fromkeys(asked)), changes, "unsigned")


def _beside(chain: SignatureChain, host: Host, chains: list[Chain], asked: tuple[Question, ...]) -> Finding:
    """Return which of the published records is for which key, beside the lines of what is shown."""
    tlsa = host.tlsa_target
    live, anchors = _lines(tlsa, chains)
    now = tuple(one for one in tlsa.usable if any(each.matched_by(one) is not None for each in chains))
    waiting = tuple(one for one in tlsa.usable if one not in now)
    signed = next(one for one in chain.sets if one.type == types.TLSA and one.name == tlsa.question.name)
    words: dict[str, Value] = {
        "host": host.name,
        "live": live,
        "anchors": anchors,
        "now": now,
        "next": waiting,
        "matched": len(now),
        "waiting": len(waiting),
        "ttl_s": tlsa.answer.ttl_s,
        "until": signed.signature.ends if signed.signature is not None else None,
    }
    return Finding(Code.DANE_LINES, host.name, words, tuple(dict.fromkeys(asked)))
