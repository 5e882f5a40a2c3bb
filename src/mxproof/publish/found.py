"""What is published of a domain as it is found: whoever published it, with whatever."""

from collections.abc import Iterator

from mxproof.evidence import DnsData, Evidence, Kind, NameRecord, Question, TxtRecord
from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import Policy, StsFields, parse_record, print_policy, sts_records
from mxproof.publish.state import PublishedState
from mxproof.publish.step import TLSRPT_PREFIX, fetch_fault, is_policy, policy_host
from mxproof.survey.name_servers import TRANSPORTS
from mxproof.survey.published import owner, where_served
from mxproof.survey.reading import POLICY_LABEL, STS_LABEL, TLSRPT_LABEL


def announced(look: Evidence) -> bool:
    """Tell whether any server, or the resolver, has a record that announces a policy."""
    return any(sts_records(texts) for texts in _texts(look, f"{STS_LABEL}.{look.domain}"))


def is_only_policy(policy: str, look: Evidence) -> bool:
    """Tell whether no address of the policy host serves any other policy than this one."""
    read = [one for one in policy_host(look).fetches if one.examination is not None]
    return all(is_policy(one, policy) for one in read)


def found_state(look: Evidence) -> PublishedState | str:
    """Return what is published, where everybody shows the same and senders can read it; else why it cannot be taken over."""
    domain = look.domain
    record = _record(look)
    if isinstance(record, str):
        return record
    policy = _policy(look)
    if isinstance(policy, str):
        return policy
    reports = [one for texts in _texts(look, f"{TLSRPT_LABEL}.{domain}") for one in texts]
    told = {one.decode("ascii", "replace") for one in reports if one.startswith(TLSRPT_PREFIX)}
    return PublishedState(
        domain,
        print_policy(policy).decode(),
        record.id,
        next(iter(told)) if len(told) == 1 else "",
        _alias(look),
    )


def _record(look: Evidence) -> StsFields | str:
    """Return the record that every server shows, or what is wrong with it."""
    name = f"{STS_LABEL}.{look.domain}"
    shown = [sts_records(texts) for texts in _texts(look, name)]
    records = {one for found in shown for one in found}
    if not shown or not all(shown):
        return f"{name}: not every name server shows a record"
    if len(records) != 1 or any(len(found) != 1 for found in shown):
        return f"{name}: the name servers show {len(records)} records; one was expected"
    try:
        return parse_record(records.pop())
    except FormatError as error:
        return f"{name}: {error}"


def _policy(look: Evidence) -> Policy | str:
    host = policy_host(look)
    if not host.fetches:
        return f"{host.name}: it has no address"
    for fetch in host.fetches:
        fault = fetch_fault(fetch)
        if fault:
            return f"{host.name} at {fetch.address}: {fault}"
    found = [one.examination.strict for one in host.fetches if one.examination is not None]
    policy = found[0]
    if policy is None:
        return f"{host.name}: what it serves is no policy by all rules of RFC 8461 section 3.2"
    if any(one != policy for one in found):
        return f"{host.name}: its addresses serve different policies"
    return policy


def _alias(look: Evidence) -> str:
    """Return whom the policy host is an alias of, by the servers of its zone; empty where it is none, or they differ."""
    name = owner(look, Question(Kind.CNAME, f"{POLICY_LABEL}.{look.domain}"))
    found = {
        record.name
        for data in _told(look, Kind.CNAME, name)
        for record in data.records
        if isinstance(record, NameRecord)
    }
    return found.pop() if len(found) == 1 else ""


def _texts(look: Evidence, name: str) -> Iterator[tuple[bytes, ...]]:
    """Yield the texts at a name as each server has them over each transport, those that answer."""
    for data in _told(look, Kind.TXT, owner(look, Question(Kind.TXT, name))):
        yield tuple(one.text for one in data.records if isinstance(one, TxtRecord))


def _told(look: Evidence, kind: Kind, name: str) -> Iterator[DnsData]:
    for where in where_served(look, name):
        for transport in TRANSPORTS:
            answer = look.answer(Question(kind, name, server=where.address, transport=transport))
            if isinstance(answer.data, DnsData) and answer.data.authoritative:
                yield answer.data
