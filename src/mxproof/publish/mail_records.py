"""Further records of a mail domain, as its administrator says them: CAA at its hosts, and SPF, DMARC and DKIM where there are none.

| record | at | where some stand already |
|---|---|---|
| CAA (RFC 8659) | mta-sts.D and each MX host that is D or below it, where an alias leads to included | they are replaced: whoever may issue is said in one place |
| SPF (RFC 7208) | D | left as they are |
| DMARC (RFC 9989) | _dmarc.D | left as they are |
| DKIM (RFC 6376) | SELECTOR._domainkey.D | left as they are |

No sender looks at a CAA record; the authority does when it renews, and what fails then is seen when the certificate ends. So it is judged first
whether the authority that issues may issue with these records, by the certificate that each host shows and by the directory that
certificates are ordered from.
"""

from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.caa import CaaPolicy, CaaProperty, read_caa
from mxproof.formats.dkim import examine_key
from mxproof.formats.dmarc import examine_dmarc, is_dmarc
from mxproof.formats.spf import examine_spf, is_spf
from mxproof.mail.caa import HostCaa, caa_of
from mxproof.mail.change import CaaValue, RecordValue, TxtValue
from mxproof.publish.step import LaggingPlace, shown_at, unasked
from mxproof.remedy.step_record import AlteredSet
from mxproof.survey.published import owner
from mxproof.survey.reading import POLICY_LABEL, mx_set


class WantedRecords(msgspec.Struct, frozen=True):
    """What is wanted: a set of CAA records, texts of SPF and DMARC, empty for none, and keys of DKIM by selector."""

    caa: tuple[CaaValue, ...] = ()
    spf: str = ""
    dmarc: str = ""
    dkim: tuple[tuple[str, str], ...] = ()


class WantedSet(msgspec.Struct, frozen=True):
    """Records of one type at a name as it is asked for; where they are `all` that may stand there, others go."""

    question: Question
    records: tuple[RecordValue, ...]
    all: bool


class CaaPermission(StrEnum):
    """Whether the authority that issues for a host may go on to."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNCLEAR = "unclear"


class CaaJudgement(msgspec.Struct, frozen=True):
    """The permission for one host, and why."""

    host: str
    permission: CaaPermission
    because: str


def objections(wanted: WantedRecords) -> tuple[str, ...]:
    """Return what is wrong with records by the rules of their RFCs."""
    return tuple(_objections(wanted))


def _objections(wanted: WantedRecords) -> Iterator[str]:
    policy = read_caa(_property(one) for one in wanted.caa)
    for value in policy.malformed:
        yield f"records.caa: {value.decode('latin-1')!r} names no authority (RFC 8659 section 4.2)"
    for tag in (*policy.critical, *policy.unknown):
        yield f"records.caa: {tag!r} is no property that authorities know (RFC 8659 section 4)"
    if wanted.spf and not is_spf(wanted.spf.encode()):
        yield "records.spf: `v=spf1 ...` was expected (RFC 7208 section 4.5)"
    elif wanted.spf:
        yield from (f"records.spf: {one.message}" for one in examine_spf(wanted.spf.encode()).objections)
    if wanted.dmarc and not is_dmarc(wanted.dmarc.encode()):
        yield "records.dmarc: `v=DMARC1; ...` was expected (RFC 9989 section 4.10)"
    elif wanted.dmarc:
        yield from (
            f"records.dmarc: {one.message}" for one in examine_dmarc(wanted.dmarc.encode()).objections
        )
    for selector, text in wanted.dkim:
        for one in examine_key(text.encode()).objections:
            yield f"records.dkim: {selector}: {one.message}"


def wanted_sets(wanted: WantedRecords, evidence: Evidence) -> tuple[WantedSet, ...]:
    """Return the sets of a domain; `evidence` says which its MX hosts are."""
    return tuple(_wanted_sets(wanted, evidence))


def _wanted_sets(wanted: WantedRecords, evidence: Evidence) -> Iterator[WantedSet]:
    domain = evidence.domain
    if wanted.caa:
        for host in own_hosts(evidence):
            yield WantedSet(Question(Kind.CAA, host), wanted.caa, all=True)
    texts = (
        (domain, wanted.spf),
        (f"_dmarc.{domain}", wanted.dmarc),
        *((f"{selector}._domainkey.{domain}", text) for selector, text in wanted.dkim),
    )
    for name, text in texts:
        if text:
            yield WantedSet(Question(Kind.TXT, name), (TxtValue.of(text.encode()),), all=False)


def own_hosts(evidence: Evidence) -> tuple[str, ...]:
    """Return the hosts of a domain whose names are its own to say who may issue for: the policy host, and MX hosts in it."""
    domain = evidence.domain
    hosts = (one.name for one in mx_set(evidence).exchanges)
    own = (one for one in hosts if one == domain or one.endswith(f".{domain}"))
    return tuple(dict.fromkeys((f"{POLICY_LABEL}.{domain}", *own)))


def altered(wanted: WantedSet, look: Evidence, ttl_s: int) -> AlteredSet | None:
    """Return the set as it is altered, None where what is wanted stands, or where another one stands that is left as it is."""
    name = owner(look, wanted.question)
    places = [found for _, found in _shown(wanted, look) if found is not None]
    before = tuple(dict.fromkeys(one for found in places for one in found))
    if wanted.all:
        after = wanted.records
        stands = all(set(found) == set(after) for found in places)
    else:
        after = (*before, *wanted.records)
        stands = any(_is_alike(one, wanted) for one in before)
    return None if stands else AlteredSet(name, wanted.question.kind, before, after, ttl_s)


def lagging_behind(wanted: WantedSet, look: Evidence) -> tuple[LaggingPlace, ...]:
    """Return every place that does not show what is wanted, or does not tell."""
    name = owner(look, wanted.question)
    lag = [*unasked(look, name)]
    for place, found in _shown(wanted, look):
        has = found is not None and (
            set(found) == set(wanted.records) if wanted.all else any(_is_alike(one, wanted) for one in found)
        )
        if not has:
            lag.append(place)
    return tuple(lag)


def mute(wanted: WantedSet, look: Evidence) -> tuple[LaggingPlace, ...]:
    """Return every place that does not tell what stands there; nothing may be altered before all do."""
    silent = (place for place, found in _shown(wanted, look) if found is None)
    return (*unasked(look, owner(look, wanted.question)), *silent)


def judged_caa(wanted: WantedRecords, evidence: Evidence, directory: str) -> tuple[CaaJudgement, ...]:
    """Judge whether the authority of each host may issue with these records; `directory` is that of ACME, empty for none.

    `evidence` has the certificates that hosts show; certificates of the policy host are ordered from `directory`.
    """
    if not wanted.caa:
        return ()
    policy = read_caa(_property(one) for one in wanted.caa)
    seen = {one.host: one for one in caa_of(evidence)}
    return tuple(_judged(policy, host, seen.get(host), directory) for host in own_hosts(evidence))


def _judged(policy: CaaPolicy, host: str, seen: HostCaa | None, directory: str) -> CaaJudgement:
    # A certificate by a wildcard alone is for the name above, which these records say nothing of.
    may = None if seen is not None and seen.wildcard else policy.allowed(wildcard=False)
    if may is None:
        return CaaJudgement(host, CaaPermission.GRANTED, "any authority may issue")
    named = ", ".join(may) or "nobody"
    at = urlsplit(directory).hostname or "" if host.startswith(f"{POLICY_LABEL}.") else ""
    if at:
        if any(at == one or at.endswith(f".{one}") for one in may):
            return CaaJudgement(
                host, CaaPermission.GRANTED, f"acme.directory is at {at}, and {named} may issue"
            )
        permission = CaaPermission.UNCLEAR if may else CaaPermission.REFUSED
        return CaaJudgement(host, permission, f"acme.directory is at {at}, and {named} may issue")
    if not may:
        return CaaJudgement(host, CaaPermission.REFUSED, "nobody may issue")
    if seen is None or not seen.session:
        return CaaJudgement(
            host, CaaPermission.UNCLEAR, f"no certificate of it was seen, and {named} may issue"
        )
    issued = f"its certificate is from {seen.issuer}, and {named} may issue"
    if not seen.names:
        return CaaJudgement(host, CaaPermission.UNCLEAR, issued)
    granted = bool({*seen.names} & {*may})
    return CaaJudgement(host, CaaPermission.GRANTED if granted else CaaPermission.REFUSED, issued)


def _shown(
    wanted: WantedSet, look: Evidence
) -> Iterator[tuple[LaggingPlace, tuple[RecordValue, ...] | None]]:
    return shown_at(look, wanted.question.kind, owner(look, wanted.question))


def _is_alike(record: RecordValue, wanted: WantedSet) -> bool:
    """Tell whether a record is of the same purpose as what is wanted, and so stays in its place."""
    if not isinstance(record, TxtValue):
        return record in wanted.records
    if wanted.question.name.startswith("_dmarc."):
        return is_dmarc(record.octets())
    return "._domainkey." in wanted.question.name or is_spf(record.octets())


def _property(one: CaaValue) -> CaaProperty:
    return CaaProperty(one.flags, one.tag, one.value.encode("latin-1"))
