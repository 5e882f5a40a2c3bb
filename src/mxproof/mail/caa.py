"""The nouns of who may issue certificates: each host with its certificate's issuer, beside those that its name allows."""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import CaaRecord, Evidence, PolicyData, Question, SmtpData, TlsData
from mxproof.formats.caa import CaaPolicy, CaaProperty, read_caa
from mxproof.formats.caa_issuer import caa_names, organization
from mxproof.formats.cert import CertificateFacts, covers, facts
from mxproof.formats.errors import FormatError
from mxproof.survey.caa import caa_hosts, climb, relevant


class HostCaa(msgspec.Struct, frozen=True):
    """One host: the CAA records that count for it, found by `question` at `owner`, None where there are none.

    `policy` is None without records, and where they could not be looked up; `asked` are all look-ups of the climb.
    `issuer` is the organization that issued its certificate, or else its whole name, empty where none was seen; `names` are
    those in CAA records that let it issue, none where they are not known; `wildcard` where the certificate has the host by
    a wildcard alone; `session` is the question that showed the certificate.
    """

    host: str
    question: Question | None
    policy: CaaPolicy | None
    asked: tuple[Question, ...]
    issuer: str = ""
    names: tuple[str, ...] = ()
    wildcard: bool = False
    session: Question | None = None

    @property
    def is_unanswered(self) -> bool:
        """Tell whether there may be records that could not be looked up."""
        return self.question is not None and self.policy is None


def caa_of(evidence: Evidence) -> tuple[HostCaa, ...]:
    """Return what the evidence shows of who may issue for each host."""
    return tuple(_host(evidence, host) for host in caa_hosts(evidence))


def _host(evidence: Evidence, host: str) -> HostCaa:
    shown = next(_shown(evidence, host), None)
    wildcard = shown is not None and host not in shown[1].dns_names
    name = host.partition(".")[2] if wildcard else host
    found = relevant(evidence, name)
    records = found[1].records if found is not None and found[1] is not None else ()
    properties = [CaaProperty(one.flags, one.tag, one.value) for one in records if isinstance(one, CaaRecord)]
    issuer = shown[1].issuer if shown is not None else ""
    return HostCaa(
        host=host,
        question=found[0] if found is not None else None,
        policy=read_caa(properties) if found is not None and found[1] is not None else None,
        asked=tuple(climb(evidence, name)),
        issuer=organization(issuer) or issuer,
        names=caa_names(issuer),
        wildcard=wildcard,
        session=shown[0] if shown is not None else None,
    )


def _shown(evidence: Evidence, host: str) -> Iterator[tuple[Question, CertificateFacts]]:
    """Yield the certificates for `host` that were seen and have its name, with the questions that showed them."""
    for question, answer in evidence.answers.items():
        data = answer.data
        tls = data.tls if isinstance(data, SmtpData | PolicyData) else None
        if question.name != host or not isinstance(tls, TlsData) or not tls.chain or tls.assumed is not None:
            continue
        try:
            leaf = facts(tls.chain[0])
        except FormatError:
            continue
        if covers(leaf, host) and not leaf.self_issued:
            yield question, leaf
