"""SPF evaluated over recorded answers (RFC 7208 section 4): the result for one client, and what it was worked out from.

    evaluation = evaluate(evidence, client)

Nothing is asked here. A question whose answer is not recorded is named in `unanswered`, and the evaluation goes on behind
it as if the term did not match, so that all that can be asked at once is wanted at once; the result is then UNKNOWN. So
a survey asks what is unanswered and evaluates again, until nothing is.

A client without an address is one that no mechanism but `all` matches: its evaluation visits every term, and so shows
what the costliest message costs and meets every fault. Names that depend on the message are not looked up for it.

| ends as | where | cause |
|---|---|---|
| permerror | an evaluated record has an error, or there are several | SYNTAX, SEVERAL |
| permerror | a domain that is included or redirected to has no record | MISSING |
| permerror | more than 10 terms look something up, more than 2 look-ups find nothing, an mx has more than 10 hosts | LOOKUPS, VOIDS, HOSTS |
| temperror | a look-up failed: silence, an error, signatures that do not verify | FAILED |
"""

import ipaddress
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from mxproof.evidence import (
    ABSENT,
    AddressRecord,
    DnsData,
    Evidence,
    Kind,
    MxRecord,
    NameRecord,
    Outcome,
    Question,
    TxtRecord,
)
from mxproof.formats.dns_name import parse_name
from mxproof.formats.errors import FormatError
from mxproof.formats.names import canonical
from mxproof.formats.spf import LOOKUPS_MAX, Directive, Mechanism, SpfRecord, examine_spf, is_spf
from mxproof.formats.spf_macro import DomainSpec
from mxproof.survey.reading import FAMILY_KINDS, reverse_name

VOID_LOOKUPS_MAX = 2
"""Look-ups of one evaluation that may find nothing (RFC 7208 section 4.6.4)."""
SPF_HOSTS_MAX = 10
"""MX hosts of one `mx`, and names of one address, that are looked up (RFC 7208 section 4.6.4)."""

_NAME_CHARACTERS_MAX = 253


class SpfResult(StrEnum):
    """What a receiver comes to (RFC 7208 section 2.6)."""

    PASS = "pass"  # noqa: S105 - a result, and no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    PERMERROR = "permerror"
    TEMPERROR = "temperror"
    UNKNOWN = "unknown"
    """Not all that it looks up was asked."""


class SpfCause(StrEnum):
    """Why an evaluation ended as an error."""

    SYNTAX = "syntax"
    SEVERAL = "several"
    MISSING = "missing"
    LOOKUPS = "lookups"
    VOIDS = "voids"
    HOSTS = "hosts"
    FAILED = "failed"


_QUALIFIED = {"+": SpfResult.PASS, "-": SpfResult.FAIL, "~": SpfResult.SOFTFAIL, "?": SpfResult.NEUTRAL}


class Client(msgspec.Struct, frozen=True):
    """Who sends: from an address of `family`, empty for one that nothing matches, as `sender`, greeting with `helo`."""

    family: int
    address: str
    sender: str
    helo: str


def client_at(address: str, sender: str, helo: str) -> Client:
    """Return the client at an address; an IPv4 address that is mapped into IPv6 is one of IPv4 (RFC 7208 section 5)."""
    number = ipaddress.ip_address(address)
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped is not None:
        number = number.ipv4_mapped
    return Client(number.version, str(number), sender, helo)


class Evaluation(msgspec.Struct, frozen=True):
    """One evaluation.

    `cause`, `domain`, `term` and `question` tell an error: why, in whose record, at which term, by which look-up.
    `lookups` are the domains and terms that look something up, in order; `voids` the look-ups that found nothing;
    `asked` all that it rests on; `unanswered` what is not known yet.
    """

    result: SpfResult
    cause: SpfCause | None
    domain: str
    term: str
    question: Question | None
    lookups: tuple[tuple[str, str], ...]
    voids: tuple[Question, ...]
    asked: tuple[Question, ...]
    unanswered: tuple[Question, ...]


def evaluate(evidence: Evidence, client: Client) -> Evaluation:
    """Return what a receiver comes to for `client`, whose sender's domain is checked."""
    run = _Run(evidence, client)
    ended = _Ended(SpfResult.NONE)
    domain = canonical(client.sender.rpartition("@")[2])
    if "." in domain and _is_askable(domain):
        try:
            ended = _Ended(run.check_host(domain))
        except _Error as error:
            ended = error.ended
    unanswered = tuple(run.unanswered)
    return Evaluation(
        result=SpfResult.UNKNOWN if unanswered else ended.result,
        cause=None if unanswered else ended.cause,
        domain=ended.domain,
        term=ended.term,
        question=ended.question,
        lookups=tuple(run.lookups),
        voids=tuple(run.voids),
        asked=tuple(run.asked),
        unanswered=unanswered,
    )


def spf_records(evidence: Evidence, domain: str) -> tuple[bytes, ...]:
    """Return the SPF records that the resolver gives for `domain`."""
    answer, data = evidence.dns(Kind.TXT, domain)
    texts = data.records if answer.outcome is Outcome.FOUND and data is not None else ()
    return tuple(sorted(one.text for one in texts if isinstance(one, TxtRecord) and is_spf(one.text)))


class _Ended(msgspec.Struct, frozen=True):
    """How it ended; the fields are those of an Evaluation."""

    result: SpfResult
    cause: SpfCause | None = None
    domain: str = ""
    term: str = ""
    question: Question | None = None


class _Error(Exception):
    """Ends an evaluation."""

    def __init__(self, ended: _Ended) -> None:
        super().__init__(ended.result)
        self.ended = ended


class _Run:
    """One evaluation under way; `_at` is the domain and the term that it has come to."""

    def __init__(self, evidence: Evidence, client: Client) -> None:
        self._evidence = evidence
        self._client = client
        self._kind = FAMILY_KINDS[client.family]
        self._number = ipaddress.ip_address(client.address) if client.address else None
        self._at = ("", "")
        self.lookups: list[tuple[str, str]] = []
        self.voids: list[Question] = []
        self.asked: dict[Question, None] = {}
        self.unanswered: dict[Question, None] = {}

    def check_host(self, domain: str) -> SpfResult:
        """Evaluate the record of `domain` (RFC 7208 section 4)."""
        record = self._record(domain)
        if record is None:
            return SpfResult.NONE
        if record.objections:
            self._at = (domain, record.objections[0].seen)
            raise self._permerror(SpfCause.SYNTAX)
        for directive in record.evaluated:
            self._at = (domain, directive.text)
            if self._matches(directive, domain):
                return _QUALIFIED[directive.qualifier]
        redirect = record.followed
        if redirect is None:
            return SpfResult.NEUTRAL
        self._at = (domain, redirect.text)
        return self._handed_over(redirect.target, domain)

    def _handed_over(self, target: DomainSpec, domain: str) -> SpfResult:
        """Evaluate a redirect (RFC 7208 section 6.1)."""
        self._spend()
        name = self._name(target, domain)
        at = self._at
        result = self.check_host(name) if name and _is_askable(name) else SpfResult.NONE
        self._at = at
        if result is SpfResult.NONE and name is not None and not self._is_open(name):
            raise self._permerror(SpfCause.MISSING)
        return result

    def _record(self, domain: str) -> SpfRecord | None:
        """Return the one record of a domain (RFC 7208 section 4.5)."""
        data = self._look_up(Kind.TXT, domain)
        texts = [one.text for one in data.records if isinstance(one, TxtRecord)] if data is not None else []
        records = [text for text in texts if is_spf(text)]
        if len(records) > 1:
            self._at = (domain, "")
            raise self._permerror(SpfCause.SEVERAL)
        return examine_spf(records[0]) if records else None

    def _matches(self, directive: Directive, domain: str) -> bool:
        if directive.looks_up:
            self._spend()
        match directive.mechanism:
            case Mechanism.ALL:
                return True
            case Mechanism.IP4 | Mechanism.IP6:
                return self._is_within(directive)
            case Mechanism.PTR:
                return self._is_named(self._name(directive.target, domain))
            case _:
                name = self._name(directive.target, domain)
                return name is not None and self._matches_name(directive, name)

    def _is_within(self, directive: Directive) -> bool:
        """Compare with a network; one that holds every address matches whoever comes."""
        network = directive.network
        assert network is not None, "ip4 and ip6 have a network"
        if network.version != self._client.family:
            return False
        return network.prefixlen == 0 if self._number is None else self._number in network

    def _matches_name(self, directive: Directive, name: str) -> bool:
        match directive.mechanism:
            case Mechanism.INCLUDE:
                return self._is_included(name)
            case Mechanism.EXISTS:
                found = self._look_up(Kind.A, name)
                return found is not None and any(isinstance(one, AddressRecord) for one in found.records)
            case Mechanism.MX:
                return any(self._has_client(host, directive) for host in self._mail_hosts(name))
            case _:
                return self._has_client(name, directive)

    def _is_included(self, name: str) -> bool:
        """Evaluate the record of another domain (RFC 7208 section 5.2)."""
        at = self._at
        result = self.check_host(name) if _is_askable(name) else SpfResult.NONE
        self._at = at
        if result is SpfResult.NONE and not self._is_open(name):
            raise self._permerror(SpfCause.MISSING)
        return result is SpfResult.PASS

    def _is_open(self, name: str) -> bool:
        return Question(Kind.TXT, name) in self.unanswered

    def _mail_hosts(self, name: str) -> Iterator[str]:
        data = self._look_up(Kind.MX, name)
        records = data.records if data is not None else ()
        found = sorted((one.preference, one.exchange) for one in records if isinstance(one, MxRecord))
        if len(found) > SPF_HOSTS_MAX:
            raise self._permerror(SpfCause.HOSTS)
        yield from (canonical(exchange) for _, exchange in found if exchange.strip("."))

    def _has_client(self, name: str, directive: Directive) -> bool:
        """Tell whether an address of `name`, with its prefix, is the client's (RFC 7208 section 5)."""
        length = directive.ip6_length if self._client.family == 6 else directive.ip4_length
        if length == 0 and self._number is None:
            return bool(self._addresses(name))
        return any(self._is_alike(address, length) for address in self._addresses(name))

    def _is_alike(self, address: str, length: int) -> bool:
        if self._number is None:
            return False
        other = ipaddress.ip_address(address)
        shift = self._number.max_prefixlen - length
        return other.version == self._number.version and int(other) >> shift == int(self._number) >> shift

    def _addresses(self, name: str) -> tuple[str, ...]:
        data = self._look_up(self._kind, name)
        records = data.records if data is not None else ()
        return tuple(one.address for one in records if isinstance(one, AddressRecord))

    def _is_named(self, name: str | None) -> bool:
        """Tell whether a confirmed name of the client is `name` or below it (RFC 7208 section 5.5)."""
        if name is None or self._number is None:
            return False
        return any(one == name or one.endswith(f".{name}") for one in self._confirmed())

    def _confirmed(self) -> tuple[str, ...]:
        """Return the names of the client's address that lead back to it; a look-up that fails finds nothing."""
        try:
            data = self._look_up(Kind.PTR, reverse_name(self._client.address))
        except _Error as error:
            if error.ended.cause is not SpfCause.FAILED:
                raise
            return ()
        records = data.records if data is not None else ()
        names = [canonical(one.name) for one in records if isinstance(one, NameRecord)][:SPF_HOSTS_MAX]
        return tuple(name for name in names if self._leads_back(name))

    def _leads_back(self, name: str) -> bool:
        try:
            return self._client.address in self._addresses(name)
        except _Error as error:
            if error.ended.cause is not SpfCause.FAILED:
                raise
            return False

    def _name(self, target: DomainSpec | None, domain: str) -> str | None:
        """Return the name that a term means, None where it depends on what is not known."""
        return domain if target is None else target.expanded(lambda letter: self._letter(letter, domain))

    def _letter(self, letter: str, domain: str) -> str | None:
        """Return what a letter of a macro stands for (RFC 7208 section 7.2)."""
        client = self._client
        local, _, sender = client.sender.rpartition("@")
        match letter:
            case "s":
                return f"{local or 'postmaster'}@{sender}"
            case "l":
                return local or "postmaster"
            case "o":
                return sender
            case "d":
                return domain
            case "h":
                return client.helo
            case "v":
                return "ip6" if client.family == 6 else "in-addr"
            case "i":
                return self._dotted()
            case _:
                return self._confirmed_name(domain)

    def _dotted(self) -> str | None:
        if self._number is None or self._number.version == 4:
            return self._client.address or None
        return ".".join(self._number.exploded.replace(":", ""))

    def _confirmed_name(self, domain: str) -> str | None:
        if self._number is None:
            return None
        names = self._confirmed()
        same = [name for name in names if name == domain]
        below = [name for name in names if name.endswith(f".{domain}")]
        return next(iter((*same, *below, *names)), "unknown")

    def _spend(self) -> None:
        """Count a term that looks something up (RFC 7208 section 4.6.4)."""
        self.lookups.append(self._at)
        if len(self.lookups) > LOOKUPS_MAX:
            raise self._permerror(SpfCause.LOOKUPS)

    def _look_up(self, kind: Kind, name: str) -> DnsData | None:
        """Return the answer's data, None where there is no record or it is not known yet."""
        if not _is_askable(name):
            return None
        question = Question(kind, name)
        answer = self._evidence.answer(question)
        if answer.outcome is Outcome.UNASKED:
            self.unanswered[question] = None
            return None
        self.asked[question] = None
        if answer.outcome in ABSENT:
            self._count_void(question)
            return None
        if answer.outcome is not Outcome.FOUND or not isinstance(answer.data, DnsData):
            domain, term = self._at
            raise _Error(_Ended(SpfResult.TEMPERROR, SpfCause.FAILED, domain, term, question))
        return answer.data

    def _count_void(self, question: Question) -> None:
        if question.kind is not Kind.TXT or question.name != canonical(
            self._client.sender.rpartition("@")[2]
        ):
            self.voids.append(question)
        if len(self.voids) > VOID_LOOKUPS_MAX:
            raise self._permerror(SpfCause.VOIDS)

    def _permerror(self, cause: SpfCause) -> _Error:
        return _Error(_Ended(SpfResult.PERMERROR, cause, *self._at))


def _is_askable(name: str) -> bool:
    """Tell whether DNS can be asked for a name: no label of it is empty or too long (RFC 7208 section 4.3)."""
    try:
        parse_name(name)
    except FormatError:
        return False
    return bool(name) and len(name) <= _NAME_CHARACTERS_MAX and name.isprintable()
