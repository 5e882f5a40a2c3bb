"""The worlds in which `mxproof policyd` answers real Postfix, old and new, and what becomes of the mail.

Each is a domain below `example.com` with an MTA-STS policy, most of them with two MX hosts. Written down are both
replies, word for word, and what three senders then do.
"""

import msgspec

from real.bed.town import PARENT, Host, MailDomain, Tlsa

MAX_AGE_S = 86_400
NOT_FOUND = "NOTFOUND "
DANE_ONLY = "OK dane-only"
DANE = "OK dane"


class Deed(msgspec.Struct, frozen=True):
    """What became of a message, with which status code, and how the server of the last session was trusted."""

    status: str
    dsn: str
    level: str


VERIFIED = Deed("sent", "2.0.0", "Verified")
TRUSTED = Deed("sent", "2.0.0", "Trusted")
UNTRUSTED = Deed("sent", "2.0.0", "Untrusted")
PLAIN = Deed("sent", "2.0.0", "none")
UNVERIFIED = Deed("deferred", "4.7.5", "Untrusted")
MISNAMED = Deed("deferred", "4.7.5", "Trusted")
NO_TLS = Deed("deferred", "4.7.4", "none")
NO_MX_LEFT = Deed("deferred", "4.3.0", "none")
NOT_TOLD = Deed("deferred", "4.7.5", "none")


class Deeds(msgspec.Struct, frozen=True):
    """What each sender does: Postfix 3.7, Postfix 3.10 with the same replies, Postfix 3.10 told the whole policy."""

    old: Deed
    classic: Deed
    told: Deed


class Case(msgspec.Struct, frozen=True):
    """A world, the replies to its name in the maps `postfix` and `postfix-tlsrpt`, and what the senders do."""

    domain: MailDomain
    reply: str
    told: str
    deeds: Deeds

    @property
    def name(self) -> str:
        """Return the first label of the domain."""
        return self.domain.name.partition(".")[0]


def named(label: str) -> str:
    """Return the domain of the world `label`."""
    return f"{label}.{PARENT}"


def policy(*mx: str, mode: str = "enforce") -> bytes:
    """Return the body of a policy (RFC 8461 section 3.2)."""
    return policy_bytes(*(name.encode() for name in mx), mode=mode)


def policy_bytes(*mx: bytes, mode: str = "enforce") -> bytes:
    """Return the body of a policy whose `mx` values may be no names."""
    lines = (b"version: STSv1", b"mode: %b" % mode.encode(), *(b"mx: %b" % name for name in mx))
    return b"".join(b"%b\r\n" % line for line in (*lines, b"max_age: %d" % MAX_AGE_S))


def secure(*mx: str) -> str:
    """Return the reply for an enforced policy in the map `postfix`."""
    return f"OK secure match={':'.join(name.removeprefix('*') for name in mx)} servername=hostname"


def about(domain: str, *mx: str, mode: str = "enforce") -> str:
    """Return what the map `postfix-tlsrpt` says of a policy beyond that."""
    strings = ("version: STSv1", f"mode: {mode}", *(f"mx: {name}" for name in mx), f"max_age: {MAX_AGE_S}")
    return " ".join(
        (
            f"policy_type=sts policy_domain={domain} policy_ttl={MAX_AGE_S}",
            *(f"mx_host_pattern={name}" for name in mx),
            *(f"{{ policy_string = {string} }}" for string in strings),
        )
    )


REFUSED = Deeds(UNVERIFIED, MISNAMED, NO_MX_LEFT)
"""What becomes of mail for a host that the policy does not list, and that has no certificate for what it lists."""


def alike(deed: Deed) -> Deeds:
    """Return that all senders do the same."""
    return Deeds(deed, deed, deed)


def _enforced(domain: MailDomain, mx: tuple[str, ...], deeds: Deeds) -> Case:
    """Return the case of a domain whose policy is enforced."""
    published = msgspec.structs.replace(domain, id="1", policy=policy(*mx))
    return Case(published, secure(*mx), f"{secure(*mx)} {about(domain.name, *mx)}", deeds)


def _overruled(domain: MailDomain, mx: tuple[str, ...], reply: str, deed: Deed) -> Case:
    """Return the case of a domain whose policy, though it says enforce, has no say beside DANE."""
    published = msgspec.structs.replace(domain, id="1", policy=policy(*mx), signed=True)
    return Case(published, reply, reply, alike(deed))


# The incident and its neighbours: MX names that are aliases.


def _aliases(label: str, *, named_twice: bool = False, named_target: bool = False) -> MailDomain:
    at = named(label)
    pairs = ((f"mxi1.{at}", f"smol.{at}"), (f"mxi2.{at}", f"tol.{at}"))
    names = [pair if named_twice else pair[1:] if named_target else pair[:1] for pair in pairs]
    hosts = tuple(Host(pair[1], mine) for pair, mine in zip(pairs, names, strict=True))
    return MailDomain(at, tuple(alias for alias, _ in pairs), hosts, aliases=pairs)


def _direct(label: str, *hosts: Host) -> MailDomain:
    at = named(label)
    both = hosts or (Host(f"mx1.{at}"), Host(f"mx2.{at}"))
    return MailDomain(at, tuple(host.name for host in both), both)


def _acts() -> tuple[Case, ...]:
    """Return the acts of the migration behind aliases.

    Postfix judges the name in the MX record, so it delivers in all of them. Only the last is refused, and only where
    Postfix knows the patterns: none of them covers the MX names, though the certificates are for hosts that are listed.
    """

    def listed(label: str, *labels: str) -> tuple[str, ...]:
        return tuple(f"{one}.{named(label)}" for one in labels)

    def act(label: str, domain: MailDomain, *labels: str) -> Case:
        return _enforced(domain, listed(label, *labels), alike(VERIFIED))

    targets = _aliases("targets-listed", named_target=True)
    return (
        act("incident", _aliases("incident"), "mxi1", "mxi2"),
        act("half-fixed", _aliases("half-fixed"), "mxi1", "mxi2", "smol", "tol"),
        act("fixed", _aliases("fixed", named_twice=True), "mxi1", "mxi2", "smol", "tol"),
        act("direct", _direct("direct"), "mx1", "mx2"),
        _enforced(targets, listed("targets-listed", "smol", "tol"), Deeds(VERIFIED, VERIFIED, NO_MX_LEFT)),
    )


def _by_mode() -> tuple[Case, ...]:
    """Return policies that ask for nothing, whatever they list; the owner of the first wants reports."""
    testing, none = named("testing"), named("none")
    listed = f"mail.{testing}"
    return (
        Case(
            msgspec.structs.replace(_direct("testing"), id="1", policy=policy(listed, mode="testing")),
            NOT_FOUND,
            f"OK may {about(testing, listed, mode='testing')}",
            alike(TRUSTED),
        ),
        Case(
            msgspec.structs.replace(_direct("none"), id="1", policy=policy(f"mail.{none}", mode="none")),
            NOT_FOUND,
            NOT_FOUND,
            alike(TRUSTED),
        ),
        Case(_direct("absent"), NOT_FOUND, NOT_FOUND, alike(TRUSTED)),
    )


def _faults() -> tuple[Case, ...]:
    """Return policies that the hosts do not keep, and wildcards, which cover one label (RFC 8461 section 4.1)."""

    def case(label: str, listed: str, deeds: Deeds, *hosts: Host) -> Case:
        return _enforced(_direct(label, *hosts), (f"{listed}.{named(label)}",), deeds)

    def host(label: str, name: str, *also: str, **faults: bool) -> Host:
        names = tuple(f"{one}.{named(label)}" for one in also)
        return Host(f"{name}.{named(label)}", names, **faults)

    alone = Deeds(VERIFIED, VERIFIED, NO_MX_LEFT)
    return (
        case("misnamed", "mx1", Deeds(UNVERIFIED, MISNAMED, MISNAMED), host("misnamed", "mx1", "other")),
        case("expired", "mx1", alike(UNVERIFIED), host("expired", "mx1", expired=True)),
        case("no-starttls", "mx1", alike(NO_TLS), host("no-starttls", "mx1", starttls=False)),
        case("unlisted", "mail", REFUSED, host("unlisted", "mx1")),
        case("unlisted-but-named", "mail", alone, host("unlisted-but-named", "mx1", "mx1", "mail")),
        case("wildcard-ok", "*", alike(VERIFIED), host("wildcard-ok", "mx1")),
        case("wildcard-depth", "*", alone, host("wildcard-depth", "mx1.in")),
    )


def _dane() -> tuple[Case, ...]:
    """Return signed domains with TLSA records, whose policy has no say (RFC 8461 section 2)."""

    def direct(label: str, *, right: bool) -> MailDomain:
        domain = _direct(label)
        tlsa = tuple(Tlsa(host.name, host.name, right=right) for host in domain.hosts)
        return msgspec.structs.replace(domain, tlsa=tlsa)

    def aliased(label: str, place: int) -> MailDomain:
        domain = _aliases(label)
        tlsa = tuple(Tlsa(pair[place], pair[1]) for pair in domain.aliases)
        return msgspec.structs.replace(domain, tlsa=tlsa)

    def mx(label: str, *labels: str) -> tuple[str, ...]:
        return tuple(f"{one}.{named(label)}" for one in labels)

    partial = direct("tlsa-partial", right=True)
    return (
        _overruled(direct("tlsa-wrong", right=False), mx("tlsa-wrong", "mx1", "mx2"), DANE_ONLY, UNVERIFIED),
        _overruled(direct("tlsa-right", right=True), mx("tlsa-right", "mail"), DANE_ONLY, VERIFIED),
        _overruled(aliased("tlsa-at-target", 1), mx("tlsa-at-target", "mail"), DANE_ONLY, VERIFIED),
        _overruled(aliased("tlsa-at-alias", 0), mx("tlsa-at-alias", "mail"), DANE_ONLY, VERIFIED),
        _overruled(
            msgspec.structs.replace(partial, tlsa=partial.tlsa[:1]),
            mx("tlsa-partial", "mail"),
            DANE,
            VERIFIED,
        ),
    )


OUTSIDE = named("outside")
"""An unsigned zone that names of signed ones lead to, and back from."""


def _unsigned_aliases() -> tuple[Case, ...]:
    """Return signed domains whose MX names lead through an unsigned zone.

    TLSA records there are none of DANE's business, so they are wrong and the policy decides (RFC 7672 section 2.2.2).
    Only a TLSA record at the name in the MX record itself counts, for that name and its alias are signed.
    """
    ahead, back, base = named("unsigned-target"), named("unsigned-alias"), named("unsigned-target-tlsa")
    into = MailDomain(ahead, (f"mxi1.{ahead}",), aliases=((f"mxi1.{ahead}", f"one.{OUTSIDE}"),), signed=True)
    out_of = MailDomain(
        back,
        (f"alias.{OUTSIDE}",),
        (Host(f"mx1.{back}", (f"alias.{OUTSIDE}",)),),
        tlsa=(Tlsa(f"mx1.{back}", f"mx1.{back}", right=False),),
        signed=True,
    )
    at_alias = MailDomain(
        base,
        (f"mxi1.{base}",),
        aliases=((f"mxi1.{base}", f"two.{OUTSIDE}"),),
        tlsa=(Tlsa(f"mxi1.{base}", f"two.{OUTSIDE}"),),
    )
    return (
        _enforced(into, (f"mxi1.{ahead}",), alike(VERIFIED)),
        _enforced(out_of, (f"alias.{OUTSIDE}",), alike(VERIFIED)),
        _overruled(at_alias, (f"mail.{base}",), DANE_ONLY, VERIFIED),
    )


def outside() -> MailDomain:
    """Return the unsigned zone, which is no mail domain itself."""
    one, two = Host(f"one.{OUTSIDE}", (f"mxi1.{named('unsigned-target')}",)), Host(f"two.{OUTSIDE}")
    return MailDomain(
        OUTSIDE,
        (),
        (one, two),
        aliases=((f"alias.{OUTSIDE}", f"mx1.{named('unsigned-alias')}"),),
        tlsa=tuple(Tlsa(host.name, host.name, right=False) for host in (one, two)),
    )


def _unanswered() -> tuple[Case, ...]:
    """Return domains about which DNS fails in part.

    One MX host of several that cannot be looked up stops nothing. TLSA records that cannot be looked up are not
    absent (RFC 7672 section 2.1.2): where a policy would be all that is left, the mail waits.
    """

    def pair(label: str, *broken: str, first: str = "mx1") -> MailDomain:
        at = named(label)
        hosts = tuple(Host(f"{one}.{at}") for one in ("mx1", "mx2") if one == "mx2" or one == first)
        names = tuple(f"{one}.{at}" for one in broken)
        return MailDomain(at, (f"{first}.{at}", f"mx2.{at}"), hosts, broken=names)

    def with_tlsa(domain: MailDomain) -> MailDomain:
        second = domain.mx[1]
        return msgspec.structs.replace(domain, tlsa=(Tlsa(second, second),))

    def mx(label: str, *labels: str) -> tuple[str, ...]:
        return tuple(f"{one}.{named(label)}" for one in labels)

    lost = "mx1.broken"
    undecided = f"TEMP the TLSA look-up of mx1.{named('tlsa-servfail-sts')} failed"
    return (
        _enforced(pair("mx-servfail", "broken", first=lost), mx("mx-servfail", lost, "mx2"), alike(VERIFIED)),
        _overruled(
            with_tlsa(pair("mx-servfail-dane", "broken", first=lost)),
            mx("mx-servfail-dane", "mail"),
            DANE_ONLY,
            VERIFIED,
        ),
        _overruled(with_tlsa(pair("tlsa-servfail", "_tcp.mx1")), mx("tlsa-servfail", "mail"), DANE, VERIFIED),
        _overruled(
            pair("tlsa-servfail-sts", "_tcp.mx1"), mx("tlsa-servfail-sts", "mx1", "mx2"), undecided, NOT_TOLD
        ),
    )


IDN = "xn--bcher-kva.example.com"
IDN_AS_WRITTEN = "Bücher.example.com"
RELAY = named("relay")
RELAY_BY_DANE = named("relay-dane")


def _addressed() -> tuple[Case, ...]:
    """Return domains that are asked for under other names than their own, too."""
    at = RELAY_BY_DANE
    idn = MailDomain(IDN, (f"mx1.{IDN}",), (Host(f"mx1.{IDN}"),))
    by_dane = MailDomain(at, (at,), (Host(at),), tlsa=(Tlsa(at, at, port=25), Tlsa(at, at, port=587)))
    return (
        _enforced(idn, (f"mx1.{IDN}",), alike(VERIFIED)),
        _enforced(MailDomain(RELAY, (RELAY,), (Host(RELAY),)), (RELAY,), alike(VERIFIED)),
        _overruled(by_dane, (f"mail.{at}",), DANE_ONLY, VERIFIED),
    )


HOSTILE_MX = f"mx1.{named('hostile')}"
HOSTILE_VALUES = {
    "servername": b"%b servername=evil.example.com",
    "attribute": b"servername=evil.example.com",
    "colon": b"%b:evil.example.com",
    "comma": b"%b,match=evil.example.com",
    "braces": b"{ %b }",
    "open-brace": b"{",
    "nul": b"%b\0.example.com",
    "newline": b"%b\n\nOK may",
    "netstring": b"%b,10:OK may,",
    "address": b"192.0.2.25",
    "literal": b"[192.0.2.25]",
    "empty": b"",
    "dot": b".example.com",
    "star": b"*",
    "two-stars": b"*.*.example.com",
    "control": b"%b\x1b[2J",
}


def _hostile() -> tuple[Case, ...]:
    """Return policies with an MX value that is no pattern; by its grammar each is no policy at all."""
    mine = HOSTILE_MX.encode()
    cases = []
    for label, value in HOSTILE_VALUES.items():
        body = policy_bytes(mine, value.replace(b"%b", mine))
        domain = MailDomain(named(f"hostile-{label}"), (HOSTILE_MX,), id="1", policy=body)
        cases.append(Case(domain, NOT_FOUND, NOT_FOUND, alike(TRUSTED)))
    return tuple(cases)


def _words_of_postfix() -> tuple[Case, ...]:
    """Return policies whose MX patterns are names of one label that Postfix takes for something else.

    After `match=` these stand for names that nobody wrote into a policy, among them that of the MX host at hand.
    """

    def case(word: str) -> Case:
        label = f"word-{word}"
        listed = f"mail.{named(label)}"
        domain = msgspec.structs.replace(
            _direct(label, Host(f"mx1.{named(label)}", (f"mx1.{named(label)}", named(label)))),
            id="1",
            policy=policy(listed, word),
        )
        told = f"{secure(listed)} {about(domain.name, listed, word)}"
        return Case(domain, secure(listed), told, REFUSED)

    return tuple(case(word) for word in ("hostname", "nexthop", "dot-nexthop"))


HOSTILE = _hostile()
CASES = (
    *_acts(),
    *_by_mode(),
    *_faults(),
    *_dane(),
    *_unsigned_aliases(),
    *_unanswered(),
    *_addressed(),
    *HOSTILE,
    *_words_of_postfix(),
)
OTHER_DOMAINS = (outside(), MailDomain(named("hostile"), (), (Host(HOSTILE_MX),)))
"""Domains that are no world, with hosts for others to name."""

CHANGING = (
    "mended",
    "retired",
    "unreachable",
    "unpublished",
    "unrecorded",
    "secured",
    "killed",
    "ended",
    "restarted",
)
"""Domains that are published anew, each by one test alone."""


def changing(label: str) -> MailDomain:
    """Return a signed domain with two hosts whose policy, which lists neither, is about to change."""
    domain = _direct(label)
    return msgspec.structs.replace(domain, id="1", policy=policy(unlisted(domain)), signed=True)


def unlisted(domain: MailDomain) -> str:
    """Return the MX pattern that covers no host of `domain`."""
    return f"mail.{domain.name}"
