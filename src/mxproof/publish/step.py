"""The steps of a publication, in the order in which they are made, and whether a step is seen by everybody.

| step | alters | is seen when |
|---|---|---|
| `host` | CNAME at mta-sts.D, where we say whose alias it is | every server of its zone shows it, over UDP and TCP |
| `reports` | TXT at _smtp._tls.D, where we say it | the same |
| `policy` | the file that the policy host serves | every address serves exactly this policy, with a certificate that senders take |
| `id` | TXT at _mta-sts.D | every server of its zone shows it, over UDP and TCP |

What is withdrawn goes the other way: the record first, and once nobody can hold it any more the policy and then the alias.

The policy comes before its id: a sender that sees the new id fetches at once, and holds what it then gets for as long as that says
(RFC 8461 section 8.1 has it in this order). A server that shows an old record stops the steps that come behind, and no mail.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from mxproof.evidence import ABSENT, Answer, DnsData, Evidence, Kind, Outcome, Question, Transport
from mxproof.formats.mtasts import parse_policy
from mxproof.judge.catalogue.zone_line import record_data
from mxproof.mail.assemble import assemble
from mxproof.mail.change import CnameValue, RecordValue, TxtValue
from mxproof.mail.domain import PolicyFetch, PolicyHost
from mxproof.mail.fetch_state import FetchState
from mxproof.publish.state import PublishedState
from mxproof.remedy.records import value_of
from mxproof.survey.name_servers import TRANSPORTS
from mxproof.survey.published import beyond, owner, where_served, with_policy_host
from mxproof.survey.reading import POLICY_LABEL, STS_LABEL, TLSRPT_LABEL

PLAIN_TEXT = "text/plain"
STS_PREFIX = b"v=STSv1"
TLSRPT_PREFIX = b"v=TLSRPTv1"
ZONE_UNKNOWN: Final = "its zone or the addresses of its servers could not be found out"


class StepName(StrEnum):
    """What a step alters."""

    HOST = "host"
    REPORTS = "reports"
    POLICY = "policy"
    ID = "id"


class PublicationStep(msgspec.Struct, frozen=True):
    """One step: a record to be in place of all of its kind at `name`, None for no such record, or the policy to be served, empty for none."""

    step: StepName
    name: str
    kind: Kind
    record: RecordValue | None
    policy: str = ""


class LaggingPlace(msgspec.Struct, frozen=True):
    """Somebody who does not show a step: a server at an address over a transport, or an address of the policy host.

    `shows` is what is shown there instead, in the words of a zone file or of a failure.
    """

    place: str
    address: str
    transport: str
    shows: str


def steps_to(state: PublishedState) -> tuple[PublicationStep, ...]:
    """Return the steps that lead to a state, whatever is there before."""
    if state.withdrawn:
        return tuple(_withdrawing(state))
    domain = state.domain
    found: list[PublicationStep] = []
    if state.host:
        name = f"{POLICY_LABEL}.{domain}"
        found.append(PublicationStep(StepName.HOST, name, Kind.CNAME, CnameValue(state.host)))
    if state.reports:
        reports = TxtValue.of(state.reports.encode())
        found.append(PublicationStep(StepName.REPORTS, f"{TLSRPT_LABEL}.{domain}", Kind.TXT, reports))
    if state.policy:
        found.append(
            PublicationStep(StepName.POLICY, f"{POLICY_LABEL}.{domain}", Kind.POLICY, None, state.policy)
        )
    record = state.record()
    if record is not None:
        found.append(PublicationStep(StepName.ID, f"{STS_LABEL}.{domain}", Kind.TXT, record))
    return tuple(found)


def _withdrawing(state: PublishedState) -> Iterator[PublicationStep]:
    """Yield the steps after which nothing announces a policy, and none is served where the state has none."""
    host = f"{POLICY_LABEL}.{state.domain}"
    yield PublicationStep(StepName.ID, f"{STS_LABEL}.{state.domain}", Kind.TXT, None)
    yield PublicationStep(StepName.POLICY, host, Kind.POLICY, None, state.policy)
    if state.host and not state.policy:
        yield PublicationStep(StepName.HOST, host, Kind.CNAME, None)


def lagging(step: PublicationStep, evidence: Evidence) -> tuple[LaggingPlace, ...]:
    """Return everybody who does not show a step yet; nobody where it may be built upon."""
    return tuple(_policy_lag(step, evidence) if step.kind is Kind.POLICY else _record_lag(step, evidence))


def held(step: PublicationStep, evidence: Evidence) -> tuple[RecordValue, ...] | None:
    """Return the records at the owner name of a step as the first server that answers has them, None where none does."""
    name = owner_of(step, evidence)
    for where in where_served(evidence, name):
        for transport in TRANSPORTS:
            _, records = record_at(evidence, step.kind, name, where.address, transport)
            if records is not None:
                return records
    return None


def wanted_beside(step: PublicationStep, records: tuple[RecordValue, ...]) -> tuple[RecordValue, ...]:
    """Return all records at the name once the step is made: of TXT records those stay that are not of its kind."""
    wanted = () if step.record is None else (step.record,)
    prefix = {StepName.ID: STS_PREFIX, StepName.REPORTS: TLSRPT_PREFIX}.get(step.step)
    if prefix is None:
        return wanted
    others = (
        one
        for one in records
        if isinstance(one, TxtValue) and not one.octets().lower().startswith(prefix.lower())
    )
    return (*others, *wanted)


def owner_of(step: PublicationStep, evidence: Evidence) -> str:
    """Return the name at which the record of a step stands: that at the end of the aliases of its name."""
    return owner(evidence, Question(step.kind, step.name))


def unseen(evidence: Evidence) -> tuple[LaggingPlace, ...]:
    """Return every name server that does not tell whether a record announces a policy; nothing may be begun before all do."""
    name = owner(evidence, Question(Kind.TXT, f"{STS_LABEL}.{evidence.domain}"))
    return (
        *unasked(evidence, name),
        *(one for one, found in shown_at(evidence, Kind.TXT, name) if found is None),
    )


def _record_lag(step: PublicationStep, evidence: Evidence) -> Iterator[LaggingPlace]:
    name = owner_of(step, evidence)
    yield from unasked(evidence, name)
    for place, found in shown_at(evidence, step.kind, name):
        if found is None or not is_made(step, found):
            yield place


def unasked(evidence: Evidence, name: str) -> Iterator[LaggingPlace]:
    """Yield what of an owner name nobody could be asked for: its whole zone, or a server of it without an address."""
    if not where_served(evidence, name):
        yield LaggingPlace(name, "", "", ZONE_UNKNOWN)
    for server in beyond(evidence, name):
        yield LaggingPlace(server, "", "", "no address of it could be asked")


def shown_at(
    evidence: Evidence, kind: Kind, name: str
) -> Iterator[tuple[LaggingPlace, tuple[RecordValue, ...] | None]]:
    """Yield every place where a record is served, and what is shown there, None for no authoritative answer."""
    for where in where_served(evidence, name):
        for transport in TRANSPORTS:
            answer, found = record_at(evidence, kind, name, where.address, transport)
            shows = shown_words(answer, found)
            yield LaggingPlace(where.server, where.address, transport.value, shows), found


def is_made(step: PublicationStep, found: tuple[RecordValue, ...]) -> bool:
    """Tell whether the records at the name of a step are those that it is to leave there."""
    return set(found) == set(wanted_beside(step, found))


def record_at(
    evidence: Evidence, kind: Kind, name: str, address: str, transport: Transport
) -> tuple[Answer, tuple[RecordValue, ...] | None]:
    """Return what a name server answered, and the records in it, None where it is no authoritative answer."""
    answer = evidence.answer(Question(kind, name, server=address, transport=transport))
    return answer, _records(kind, answer)


def _records(kind: Kind, answer: Answer) -> tuple[RecordValue, ...] | None:
    """Return the records of an authoritative answer, None for any other."""
    data = answer.data
    if not isinstance(data, DnsData) or not data.authoritative:
        return None
    if answer.outcome in ABSENT:
        return ()
    if answer.outcome is not Outcome.FOUND:
        return None
    return tuple(value for one in data.records if (value := value_of(kind, one)) is not None)


def shown_words(answer: Answer, found: tuple[RecordValue, ...] | None) -> str:
    """Return records as a zone file has them, or what came in their place."""
    if found is None:
        wrong = "an answer that is not authoritative" if answer.outcome in (*ABSENT, Outcome.FOUND) else ""
        return wrong or answer.outcome.value
    return ", ".join(map(record_data, found)) or "no record"


def _policy_lag(step: PublicationStep, evidence: Evidence) -> Iterator[LaggingPlace]:
    host = policy_host(evidence)
    if not step.policy:
        yield from (
            LaggingPlace(step.name, one.address, "https", "a policy")
            for one in host.fetches
            if _is_served(one)
        )
        return
    if not host.fetches:
        yield LaggingPlace(
            step.name,
            "",
            "https",
            "it has no address; give it one, or say whom it is an alias of (records.policy_host)",
        )
    for fetch in host.fetches:
        fault = fetch_fault(fetch) or (
            "" if fetch.examination and is_policy(fetch, step.policy) else "another policy"
        )
        if fault:
            yield LaggingPlace(step.name, fetch.address, "https", fault)


def policy_host(evidence: Evidence) -> PolicyHost:
    """Return the policy host, by the addresses that its name servers lead to."""
    return assemble(with_policy_host(evidence), evidence.observed_at()).policy_host


def _is_served(fetch: PolicyFetch) -> bool:
    """Tell whether senders that ask there get a policy, whichever it is."""
    return not fetch_fault(fetch) and fetch.examination is not None and fetch.examination.lenient is not None


def is_policy(fetch: PolicyFetch, policy: str) -> bool:
    """Tell whether what was fetched is this policy, whatever its line ends are; nothing is where there is to be none."""
    if not policy or fetch.examination is None:
        return False
    return fetch.examination.strict == parse_policy(policy.encode())


def fetch_fault(fetch: PolicyFetch) -> str:
    """Return why senders take nothing from an address, empty where they do (RFC 8461 section 3.3)."""
    if fetch.state is not FetchState.FETCHED:
        trust = fetch.chain.trust.fault if fetch.chain is not None else None
        return f"{fetch.state.value} ({trust.value})" if trust is not None else fetch.state.value
    return "" if fetch.media_type == PLAIN_TEXT else f"media type {fetch.media_type or 'none'}"
