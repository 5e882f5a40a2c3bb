"""Whether TLSA records are ready for the next certificate of an MX host (RFC 7671 section 8)."""

from collections.abc import Iterator

from mxproof.evidence import Question
from mxproof.formats.tlsa import DANE_EE, association_for
from mxproof.judge.checks.certificate_remarks import is_near_its_end
from mxproof.judge.checks.mending import owner
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.value import Value
from mxproof.mail.change import Publish, TlsaValue
from mxproof.mail.domain import Host, MailDomain, TlsaSet, TlsaState
from mxproof.mail.trust import Chain


def check(domain: MailDomain) -> Iterator[Finding]:
    """See hosts whose certificate is to be renewed, with records that know that of today alone (RFC 7671 section 8.1).

    A record that matches nothing yet may be that of the next key, and one that names an authority matches whatever it
    issues: with either there is nothing to say.
    """
    if not domain.vantage.validating or not domain.mx.secure:
        return
    for host in domain.hosts:
        tlsa = next((one for one in host.tlsa_tried if one.state is not TlsaState.ABSENT), None)
        if tlsa is None or tlsa.state is not TlsaState.PRESENT or not host.endpoints:
            continue
        shown = [
            (session.question, session.chain)
            for endpoint in host.endpoints
            if (session := endpoint.session(tlsa.base)).chain is not None
        ]
        if len(shown) == len(host.endpoints):
            yield from _of_host(domain, host, tlsa, shown)


def _of_host(
    domain: MailDomain, host: Host, tlsa: TlsaSet, shown: list[tuple[Question, Chain]]
) -> Iterator[Finding]:
    chains = [chain for _, chain in shown]
    if any(all(chain.matched_by(record) is None for chain in chains) for record in tlsa.usable):
        return
    ending = [(question, chain) for question, chain in shown if _ends_alone(domain, tlsa, chain)]
    if not ending:
        return
    leaves = [chain.leaf for _, chain in ending if chain.leaf is not None]
    name = owner(tlsa.question.name, tlsa.answer)
    issuers = (chain.certificates[1] for _, chain in ending if len(chain.certificates) > 1)
    anchors = tuple(
        dict.fromkeys(Publish(name, TlsaValue(2, 1, 1, association_for(one, 1, 1).hex())) for one in issuers)
    )
    words: dict[str, Value] = {
        "host": host.name,
        "base": tlsa.base,
        "addresses": tuple(question.at for question, _ in ending),
        "until": min(leaf.not_after for leaf in leaves),
        "matched": tlsa.usable,
        "anchors": anchors,
        "ttl_s": tlsa.answer.ttl_s or 0,
    }
    questions = (tlsa.question, *host.questions, *(question for question, _ in shown))
    others = (MendingWay("anchored", anchors),) if anchors else ()
    yield Finding(Code.DANE_NEXT_MISSING, host.name, words, questions, others=others)


def _ends_alone(domain: MailDomain, tlsa: TlsaSet, chain: Chain) -> bool:
    """Tell whether a certificate in force is to be renewed and records of usage 3 alone match its chain."""
    leaf = chain.leaf
    if leaf is None or chain.assumed is not None or not leaf.not_before <= domain.at < leaf.not_after:
        return False
    usages = {record.usage for record in tlsa.usable if chain.matched_by(record) is not None}
    return usages == {DANE_EE} and is_near_its_end(leaf, domain.at)
