r"""The words of values: how names, times, records and answers read within a sentence, each kind in one place.

A template takes a value as `{name}`, worded by its type, or as `{name:form}` with one of `_FORMS`:

| form | of | reads |
|---|---|---|
| chains | tuples of names | `a -> b, c -> d` |
| mx | MX patterns | `` `mx: a`, `mx: b` `` |
| block | a record, or several | a line of a zone file each, to be pasted |
| mx_block | MX patterns | a line of a policy each, to be pasted |
| policy_block | a policy | its lines, to be pasted |
| certbot, certbot_ecdsa, certbot_with_key | certificates to get | the command that gets each: with a new key, a new one of P-256, the one in use |
| lines | lines, to be pasted |
| by_server | what servers hold | each server, and below it a line for each record |
| quoted | text as received | `` `v=STSv1; id=1;` `` |
| few | names | the first of them, and how many more there are |
| first | values that may be clauses | the first alone, and how many more there are |
| bogus | extended errors, or none | how it is known that answers fail validation |
| each | values that may be sentences | `a; b` |
| by_range | addresses that are not public | `a and b are in r; c is in s` |
| unless | objections, or none | as `each`, or that it is not of the form that receivers look for |
| day | a time | `2026-06-01` |
| rules | objections | each with its source, without its place |
| foretold | faults that wait behind one | a clause, or nothing |
| views | fetches | `192.0.2.1: mode enforce, ...; 192.0.2.2: status 404` |
| response | a question | `the MX answer of example.com` |
| max_age | a policy | `max_age, 604800 seconds` |
| counting, using, aside | names of senders | that only these count a record, use or read a policy |
| media_type | a media type | `text/html`, `no media type` |
| wildcard | a pattern that is near, or None | a sentence, or nothing |
| leftover | a policy host that is another's, or None | a sentence, or nothing |
| either | ways over which asking failed | `UDP (refused) or TCP (no answer in time)` |
| advice, refusals | what enforcing would do | what to do about it; `9 of 12` |
| each_refusal | the same | who would refuse, with which bounce |
| reasons | the same | the findings that they would refuse for |
| delve | names | the commands that validate each of them |
| look_ups | names | the commands that look each of them up with DNSSEC checked, and unchecked |
| later | seconds of a time to live, or None | `3600 seconds (the time to live) after` |
| span | seconds | `604800 seconds (7 days)` |
| behind | a serial number behind others, or None | ` (serial 6, others have 7)`, or nothing |

No value makes a line of its own but where a form makes a block of it (`block`): a line break within it becomes a space.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from string import Formatter
from typing import Any, TypeVar

from mxproof.evidence import ANSWERED, Answer, Kind, Outcome, Question
from mxproof.formats import Objection
from mxproof.formats.errors import shown
from mxproof.formats.mtasts import Policy, print_policy
from mxproof.formats.text import NONE, listed
from mxproof.formats.tlsa import Tlsa
from mxproof.judge.block import block
from mxproof.judge.catalogue import dnssec_words
from mxproof.judge.catalogue.answer_words import UNANSWERED, why
from mxproof.judge.catalogue.certificate_commands import certbot, certbot_ecdsa, certbot_with_key
from mxproof.judge.catalogue.enforcing_words import (
    each_refusal,
    enforcing,
    enforcing_advice,
    reasons,
    refusals,
    those,
)
from mxproof.judge.catalogue.fetch_words import fetched, foretold, next_fault, stated, view
from mxproof.judge.catalogue.server_words import BY_TYPE, behind, held_records
from mxproof.judge.catalogue.zone_line import short_tlsa, zone_line
from mxproof.judge.value import (
    AliasLacks,
    AskedServers,
    CertificateNames,
    CertificateToGet,
    Enforcing,
    HostFault,
    NameLack,
    NextFault,
    NotPublic,
    OfferedExtensions,
    RecordFaults,
    ShownByName,
    ShownCertificate,
    Unseen,
    Value,
)
from mxproof.mail.change import Publish, Withdraw
from mxproof.mail.domain import HostState, PolicyFetch

T = TypeVar("T")

_FEW_MAX = 4
_DAY_S = 86_400

_HOSTS = {
    HostState.RESOLVED: "it has addresses",
    HostState.INVALID: "it is not a host name",
    HostState.LITERAL: "it is an address",
    HostState.LOCALHOST: "it is the name of whoever says it",
    HostState.ALIAS_LOOP: "the name is an alias that leads back to itself",
    HostState.NXDOMAIN: "the name does not exist",
    HostState.NO_ADDRESS: "the name has no address",
    HostState.UNKNOWN: "its addresses could not be looked up",
}
_ENDS = {
    HostState.NXDOMAIN: "which does not exist",
    HostState.NO_ADDRESS: "which has no address",
    HostState.ALIAS_LOOP: "and so leads back to itself",
}
_UNSEEN = {Unseen.POLICY: "no policy was read", Unseen.CERTIFICATE: "no certificate was seen"}
_RESPONSES = {Kind.MX: "the MX answer of", Kind.TLSA: "the TLSA answer at"}


class Words:
    """The words of the params of one finding, each made when a template first asks for it."""

    __slots__ = ("_params", "_said")

    def __init__(self, params: Mapping[str, Value]) -> None:
        self._params = params
        self._said: dict[tuple[str, str], str] = {}

    def fill(self, template: str) -> str:
        """Return `template` with its params in words; what a value holds is never itself taken for a template."""
        said = self._said
        return "".join(
            [
                part if isinstance(part, str) else said.get(part) or self._say(part)
                for part in _parts(template)
            ]
        )

    def _say(self, asked: tuple[str, str]) -> str:
        name, form = asked
        value = self._params[name]
        if form in _BLOCKS:
            words = _BLOCKS[form](value)
        else:
            words = _FORMS[form](value) if form else worded(value)
            words = words if words.isprintable() else " ".join(words.splitlines())
        self._said[asked] = words
        return words


@cache
def _parts(template: str) -> tuple[str | tuple[str, str], ...]:
    """Return a template of the catalogue as its own words and, as pairs, the names and forms between them."""
    parts: list[str | tuple[str, str]] = []
    for words, name, form, _ in Formatter().parse(template):
        parts += [words] if words else []
        parts += [(name, form or "")] if name is not None else []
    return tuple(parts)


def worded(value: Value) -> str:
    """Return the words of a value by its type."""
    return _BY_TYPE[type(value)](value)


def _listed(values: Iterable[Value]) -> str:
    return listed([value if type(value) is str else worded(value) for value in values])


def _text(received: bytes) -> str:
    return received.decode("utf-8", "backslashreplace")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _objected(one: Objection) -> str:
    return f"{one.message} (byte {one.position}, {one.source})"


def _record(change: Publish | Withdraw) -> str:
    return f"`{zone_line(change.name, change.record)}`"


def _host_fault(fault: HostFault) -> str:
    """Say where the way from a name to a server ends, or why that could not be found out.

    An alias is named with all that it leads to.
    """
    if fault.state is HostState.UNKNOWN:
        silent = [why(answer) for answer in fault.answers if answer.outcome not in ANSWERED]
        return "; ".join(dict.fromkeys(silent)) or _HOSTS[fault.state]
    if not fault.aliases or fault.state not in _ENDS:
        return _HOSTS[fault.state]
    return f"it is an alias (CNAME) of {' -> '.join(fault.aliases)}, {_ENDS[fault.state]}"


def _not_public(one: NotPublic) -> str:
    return f"{one.address} is in {one.range}"


def _by_range(seen: Iterable[NotPublic]) -> str:
    """Name each range once, behind all addresses in it."""
    alike: dict[str, list[str]] = {}
    for one in seen:
        alike.setdefault(str(one.range), []).append(one.address)
    each = (
        f"{listed(found)} {'is' if len(found) == 1 else 'are'} in {range_}" for range_, found in alike.items()
    )
    return "; ".join(each)


def _lacking(lack: NameLack) -> str:
    """Name what is missing, and in parentheses where that is not so of all certificates."""
    places = [f"at {' and '.join(lack.addresses)}"] if lack.addresses else []
    places += [f"in the one shown to who asks for {lack.asked}"] if lack.asked else []
    return f"{lack.name} ({', '.join(places)})" if places else lack.name


def _lacks(lacks: AliasLacks) -> str:
    """Say in one clause what is missing where."""
    faults = []
    if lacks.policy and lacks.policy is not Unseen.POLICY:
        faults.append(f"the policy does not list {worded(lacks.policy)}")
    if lacks.certificate and lacks.certificate is not Unseen.CERTIFICATE:
        faults.append(f"the certificates do not name {worded(lacks.certificate)}")
    return " and ".join(faults) or "neither policy nor certificate was seen to lack a name"


def _names(certificate: CertificateNames) -> str:
    names = listed(certificate.names)
    if certificate.common_name is None:
        return names
    return f"{names} as alternative names; the common name {certificate.common_name} does not count"


def _shown_by_name(one: ShownByName) -> str:
    given = f"to one that gives {one.name}" if one.name else "to one that gives no name"
    shown = ShownCertificate((one.address,), one.names, one.issuer, one.until)
    return f"{given}, {_shown_certificate(shown)}"


def _shown_certificate(one: ShownCertificate) -> str:
    names = listed(one.names) if one.names else "no name"
    return f"at {listed(one.addresses)} one for {names}, issued by {one.issuer}, until {one.until:%Y-%m-%d}"


def _record_faults(faults: RecordFaults) -> str:
    clauses = [_each(faults.objections)] if faults.objections else []
    if faults.several:
        clauses.append("several texts look like records, and none begins with v=STSv1;")
    if faults.rivals:
        texts = _quoted(faults.rivals)
        clauses.append(f"beside it stands a text that some senders count as a second record: {texts}")
    return "; ".join(clauses)


def _quoted(texts: Iterable[bytes]) -> str:
    return listed(f"`{shown(text)}`" for text in texts)


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _FEW_MAX
    return listed(names) if more <= 1 else f"{listed(names[:_FEW_MAX])} and {more} more"


def _first(values: tuple[Value, ...]) -> str:
    more = len(values) - 1
    return worded(values[0]) + (f", and {more} more" if more else "")


def _each(values: Iterable[Value]) -> str:
    return "; ".join(dict.fromkeys(map(worded, values)))


def _wildcard(pattern: str | None) -> str:
    return f" {pattern} does not match it, for * stands for exactly one label." if pattern else ""


def _leftover(provider: str | None) -> str:
    if provider is None:
        return ""
    return (
        f" It is served by {provider}, to which the policy host is an alias (CNAME), and fits none of the MX hosts: most "
        "likely a former provider's."
    )


def _asked(where: AskedServers) -> str:
    records = f", asked for {worded(where.records)}" if where.records else ""
    return f"{worded(where.servers)}{records}"


def _later(ttl_s: int | tuple[int | None, ...] | None) -> str:
    longest = max((one or 0 for one in ttl_s), default=0) if isinstance(ttl_s, tuple) else ttl_s
    return f"{longest} seconds (the time to live) after" if longest else "A time to live after"


def _span(seconds: int | tuple[int, ...]) -> str:
    longest = max(seconds) if isinstance(seconds, tuple) else seconds
    days, rest = divmod(longest, _DAY_S)
    return f"{longest} seconds" + (f" ({days} days)" if days > 1 and not rest else "")


def _several(value: T | tuple[T, ...]) -> tuple[T, ...]:
    return value if isinstance(value, tuple) else (value,)


_BY_TYPE: Mapping[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    tuple: _listed,
    bytes: _text,
    datetime: _moment,
    Answer: why,
    Outcome: UNANSWERED.__getitem__,
    Question: str,
    Objection: _objected,
    Policy: stated,
    PolicyFetch: fetched,
    Tlsa: short_tlsa,
    HostState: _HOSTS.__getitem__,
    HostFault: _host_fault,
    NotPublic: _not_public,
    Publish: _record,
    Withdraw: _record,
    Unseen: _UNSEEN.__getitem__,
    NameLack: _lacking,
    AliasLacks: _lacks,
    CertificateNames: _names,
    CertificateToGet: lambda one: listed(one.names),
    NextFault: next_fault,
    RecordFaults: _record_faults,
    AskedServers: _asked,
    ShownByName: _shown_by_name,
    ShownCertificate: _shown_certificate,
    OfferedExtensions: lambda one: f"{listed(one.extensions) or 'none of them'} at {listed(one.addresses)}",
    Enforcing: enforcing,
    **BY_TYPE,
    **dnssec_words.BY_TYPE,
    type(None): lambda _: NONE,
}
_BLOCKS: Mapping[str, Callable[[Any], str]] = {
    "block": lambda records: block(
        zone_line(one.name, one.record) for one in (records if type(records) is tuple else (records,))
    ),
    "mx_block": lambda patterns: block(f"mx: {pattern}" for pattern in _several(patterns)),
    "policy_block": lambda policy: block(print_policy(policy).decode().splitlines()),
    "certbot": lambda wanted: block(map(certbot, _several(wanted))),
    "certbot_ecdsa": lambda wanted: block(map(certbot_ecdsa, _several(wanted))),
    "certbot_with_key": lambda wanted: block(
        line for one in _several(wanted) for line in certbot_with_key(one)
    ),
    "delve": lambda names: block(f"delv {name}" for name in names),
    "look_ups": lambda names: block(f"dig {how}TXT {name}" for name in names for how in ("", "+cd ")),
    "lines": block,
    "by_server": lambda holdings: "".join(map(held_records, holdings)),
    "advice": enforcing_advice,
}
"""The forms with lines of their own, as what is to be pasted has."""
_FORMS: Mapping[str, Callable[[Any], str]] = {
    "chains": lambda chains: listed(" -> ".join(chain) for chain in chains),
    "mx": lambda patterns: listed(f"`mx: {pattern}`" for pattern in patterns),
    "quoted": _quoted,
    "each": _each,
    "bogus": lambda said: f"it says: {listed(said)}" if said else "it has them only with checking disabled",
    "by_range": _by_range,
    "unless": lambda faults: _each(faults) if faults else "it is not of the form that receivers look for",
    "day": lambda at: f"{at:%Y-%m-%d}",
    "rules": lambda objections: listed(f"{one.message} ({one.source})" for one in objections),
    "foretold": foretold,
    "views": lambda fetches: "; ".join(f"{one.address}: {view(one)}" for one in fetches),
    "response": lambda asked: f"{_RESPONSES.get(asked.kind, 'the address answer of')} {asked.name}",
    "max_age": lambda policy: "max_age" if policy is None else f"max_age, {policy.max_age_s} seconds",
    "media_type": lambda media_type: media_type or "no media type",
    "wildcard": _wildcard,
    "leftover": _leftover,
    "counting": lambda names: f"only {those(names)} take one of them" if names else "none counts",
    "using": lambda names: (
        f"only {those(names)} use the policy" if names else "no modelled sender uses the policy"
    ),
    "aside": lambda names: f"Read all the same by {those(names)}" if names else "Read by no modelled sender",
    "either": lambda failures: " or ".join(map(worded, failures)),
    "later": _later,
    "span": _span,
    "refusals": refusals,
    "each_refusal": each_refusal,
    "reasons": reasons,
    "behind": behind,
    "few": _few,
    "first": _first,
}
