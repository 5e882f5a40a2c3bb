"""What certificates give reason to say although senders take them: their order, their differences, their renewal."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from mxproof.evidence import Der, Question
from mxproof.formats.cert import CertificateFacts, facts
from mxproof.formats.errors import FormatError
from mxproof.judge.checks.certificate import ends_soon
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import ShownByName, ShownCertificate, Value
from mxproof.mail.change import PresentCertificate, Service
from mxproof.mail.domain import Host, MailDomain, Session

RENEWAL = timedelta(days=30)
RENEWAL_PARTS = 4
"""A certificate is due when less than a quarter of its life is left, and less than RENEWAL: by then most are renewed."""


def check(domain: MailDomain) -> Iterator[Finding]:
    """Remark on the certificates of each MX host (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2)."""
    for host in domain.hosts:
        sessions = [
            endpoint.sessions[0]
            for endpoint in host.endpoints
            if endpoint.sessions and endpoint.sessions[0].chain is not None
        ]
        disordered = [one for one in sessions if one.tls is not None and not is_in_order(one.tls.chain)]
        if disordered:
            yield _finding(domain, host, Code.CERT_CHAIN_DISORDERED, disordered)
        due = [one for one in sessions if _is_due(domain, one)]
        if due:
            until = tuple(
                dict.fromkeys(one.chain.leaf.not_after for one in due if one.chain and one.chain.leaf)
            )
            yield _finding(domain, host, Code.CERT_RENEWAL_DUE, due, seen=until)
        yield from _differing(domain, host, sessions)
        yield from _by_name(domain, host)
    yield from _policy_host_ends(domain)


def _by_name(domain: MailDomain, host: Host) -> Iterator[Finding]:
    """See a host whose certificate hangs on the name that a client gives, where senders give none, or another.

    A name is the one in SNI (RFC 6066 section 3); RFC 7672 section 8.1 and RFC 8461 section 4 have senders give one.
    """
    seen: list[ShownByName] = []
    asked: dict[Question, None] = {}
    for endpoint in host.endpoints:
        first, *others = endpoint.sessions
        if endpoint.nameless is not None:
            others.append(endpoint.nameless)
        usual = _shown_leaf(first)
        for other in others if usual is not None else ():
            leaf = _shown_leaf(other)
            if usual is not None and leaf is not None and leaf.sha256 != usual.sha256:
                name = "" if other is endpoint.nameless else other.server_name
                seen.append(ShownByName(endpoint.address, name, leaf.dns_names, leaf.issuer, leaf.not_after))
                asked |= dict.fromkeys((first.question, other.question))
    if seen:
        words: dict[str, Value] = {"domain": domain.name, "host": host.name, "seen": tuple(seen)}
        yield Finding(Code.CERT_NAME_DEPENDENT, host.name, words, tuple(asked))


def _shown_leaf(session: Session) -> CertificateFacts | None:
    chain = session.chain
    return chain.leaf if chain is not None and chain.assumed is None else None


def _policy_host_ends(domain: MailDomain) -> Iterator[Finding]:
    """See a certificate of the policy host that should have been renewed by now (RFC 8461 section 3.3)."""
    ending = [
        (fetch, chain.leaf)
        for fetch in domain.policy_host.fetches
        if (chain := fetch.chain) is not None
        and chain.leaf is not None
        and chain.trust.fault is None
        and ends_soon(chain.leaf, domain.at)
    ]
    if ending and domain.record.candidates:
        host = domain.policy_host.name
        addresses = tuple(fetch.address for fetch, _ in ending)
        words: dict[str, Value] = {
            "domain": domain.name,
            "addresses": addresses,
            "seen": tuple(dict.fromkeys(leaf.not_after for _, leaf in ending)),
        }
        asked = (domain.record.question, *(fetch.question for fetch, _ in ending))
        renewed = PresentCertificate(Service.HTTPS, host, addresses, (host,), keeps_key=False)
        yield Finding(Code.STS_POLICY_CERT_ENDS, host, words, asked, (renewed,))


def is_in_order(chain: tuple[Der, ...]) -> bool:
    """Tell whether each certificate sent is followed by that of its issuer, or by none; one that cannot be read is passed over."""
    try:
        read = [facts(der) for der in chain]
    except FormatError:
        return True
    return all(below.issuer_raw == above.subject_raw for below, above in pairwise(read))


def _is_due(domain: MailDomain, session: Session) -> bool:
    chain = session.chain
    if (
        chain is None
        or chain.leaf is None
        or chain.trust.fault is not None
        or ends_soon(chain.leaf, domain.at)
    ):
        return False
    return is_near_its_end(chain.leaf, domain.at)


def is_near_its_end(leaf: CertificateFacts, now: datetime) -> bool:
    """Tell whether a certificate is renewed about now, as most are."""
    return leaf.not_after - now < min(RENEWAL, (leaf.not_after - leaf.not_before) / RENEWAL_PARTS)


def _differing(domain: MailDomain, host: Host, sessions: list[Session]) -> Iterator[Finding]:
    """See a host that shows another certificate at each address, of which one may have been forgotten."""
    shown: dict[str, list[Session]] = {}
    for session in sessions:
        if session.chain is not None and session.chain.leaf is not None and session.chain.assumed is None:
            shown.setdefault(session.chain.leaf.sha256, []).append(session)
    if len(shown) > 1:
        seen = tuple(
            ShownCertificate(
                tuple(one.question.at for one in alike),
                chain.leaf.dns_names,
                chain.leaf.issuer,
                chain.leaf.not_after,
            )
            for alike in shown.values()
            if (chain := alike[0].chain) is not None and chain.leaf is not None
        )
        yield _finding(
            domain, host, Code.CERT_DIFFERS, [one for alike in shown.values() for one in alike], seen=seen
        )


def _finding(domain: MailDomain, host: Host, code: Code, sessions: list[Session], **params: Value) -> Finding:
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": host.name,
        "addresses": tuple(dict.fromkeys(session.question.at for session in sessions)),
        **params,
    }
    return Finding(code, host.name, words, tuple(session.question for session in sessions))
