"""The sentences about a row of a report and about the policy that it was made under."""

from datetime import UTC, datetime

from mxproof.explain.tlsrpt.policy_then import PolicyStanding, PolicyThen
from mxproof.explain.tlsrpt.row_join import RowJoin, SeenDomain, issued_after
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.text import listed
from mxproof.formats.tlsrpt.report import FailureDetails
from mxproof.mail.domain import Host, MailDomain

_MOMENT = "%Y-%m-%d %H:%M UTC"


def join_words(
    joined: RowJoin, details: FailureDetails, then: PolicyThen, seen: SeenDomain, end: datetime | None
) -> str:
    """Return what evidence says of a row: where, whether it is so now, and what the certificate was and is."""
    sentences = [*_place(joined, details, seen), _standing(joined, then, seen)]
    if joined.host is not None and details.receiving_ip:
        sentences += _certificates(joined, details, seen, end)
    return " ".join(filter(None, sentences))


def policy_words(then: PolicyThen, seen: SeenDomain) -> str:
    """Return how the policy that the report quotes stands to the one served."""
    over = then.until is not None and then.until <= seen.domain.at
    until = (
        f"until {_said(then.until)} at the latest" if then.until is not None else "until its max_age is over"
    )
    holds = f"held it {until}" if over else f"holds it {until}"
    match then.standing:
        case PolicyStanding.SERVED_IN_PART:
            return "Only some addresses of the policy host serve this policy; the others serve another one or none."
        case PolicyStanding.EARLIER:
            return f"This policy was served earlier; a sender that fetched it then {holds}."
        case PolicyStanding.NOT_SERVED:
            return (
                f"This policy is not the one served now: the sender fetched it earlier and {holds}, or another"
                f" host answers for {seen.domain.policy_host.name} and serves another file."
            )
        case PolicyStanding.WITHDRAWN:
            return f"No policy is served now; the sender fetched this one earlier and {holds}."
        case PolicyStanding.UNREADABLE:
            return "What the report quotes is no policy that a sender could hold."
        case _:
            return ""


def _place(joined: RowJoin, details: FailureDetails, seen: SeenDomain) -> list[str]:
    if joined.absent:
        where = details.receiving_mx or details.receiving_ip
        return [f"{where} is no MX host of {seen.domain.name} now."]
    host = joined.host
    if host is None or not host.is_alias:
        return []
    name = details.receiving_mx
    if name and name != host.name:
        return [f"{name} is what the MX name {host.name} is an alias of."]
    return [f"The MX name {host.name} is an alias of {host.target}."]


def _standing(joined: RowJoin, then: PolicyThen, seen: SeenDomain) -> str:
    at = _said(seen.domain.at)
    match joined.standing:
        case RowStanding.CONFIRMED:
            return f"It is so on {at}: {_ended(joined.detail)}"
        case RowStanding.CHANGED:
            return f"This reason is not found on {at}, and another one is: {_ended(joined.detail)}"
        case RowStanding.HELD:
            patterns = listed(then.policy.mx) if then.policy is not None else ""
            until = f" until {_said(then.until)} at the latest" if then.until is not None else ""
            over = then.until is not None and then.until <= seen.domain.at
            holds = "That time is over." if over else "Until then its mail waits or is refused."
            return (
                f"Under the policy served on {at} these sessions pass. The sender went by an older one (mx: {patterns}),"
                f" which it may hold{until}: {_ended(joined.detail)} {holds}"
            )
        case RowStanding.GONE:
            return f"It is not found on {at}: it was repaired since, or does not show from here."
        case RowStanding.UNKNOWN:
            return f"Whether it is so on {at} was not seen."


def _certificates(
    joined: RowJoin, details: FailureDetails, seen: SeenDomain, end: datetime | None
) -> list[str]:
    host, address = joined.host, details.receiving_ip
    assert host is not None, "asked of a host that is there"
    now = _certificate(seen.domain, host.name, address)
    if not now:
        return []
    before = _certificate(seen.before, host.name, address) if seen.before is not None else ""
    issued = issued_after(host, address, end)
    told = [f"{address} shows a certificate {now}."]
    if issued is not None:
        told = [f"{address} shows a certificate {now}: not the one that the report is about."]
    if before and before != now:
        told.append(f"On {_said(seen.before.at)} it showed one {before}." if seen.before is not None else "")
    return told


def _certificate(domain: MailDomain, name: str, address: str) -> str:
    host: Host | None = next((one for one in domain.hosts if one.name == name), None)
    for endpoint in host.endpoints if host is not None else ():
        if endpoint.address == address:
            chain = endpoint.session(name).chain
            if chain is not None and chain.leaf is not None:
                leaf = chain.leaf
                names = listed(leaf.dns_names or leaf.common_names)
                return f"for {names}, valid {leaf.not_before:%Y-%m-%d} to {leaf.not_after:%Y-%m-%d}"
    return ""


def _said(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_MOMENT)


def _ended(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."
