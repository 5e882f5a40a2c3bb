"""The worlds in which `mxproof policyd` answers real Postfix, old and new, and what becomes of the mail.

Each is a domain below `example.com` with an MTA-STS policy, most of them with two MX hosts. Written down are both
replies, word for word, and what three senders then do.
"""

import msgspec

from real.bed.delivery import NO_TLS, TRUSTED, UNVERIFIED, VERIFIED
from real.bed.town import Host, MailDomain, Tlsa
from real.policyd.case import (
    DANE,
    DANE_ONLY,
    MISNAMED,
    NO_MX_LEFT,
    NOT_FOUND,
    NOT_TOLD,
    REFUSED,
    Case,
    Deeds,
    about,
    alike,
    direct,
    enforced,
    named,
    overruled,
    policy,
)
from real.policyd.hostile import HOSTILE, HOSTILE_HOST, WORDS_OF_POSTFIX

# The incident and its neighbours: MX names that are aliases.


def _aliases(label: str, *, named_twice: bool = False, named_target: bool = False) -> MailDomain:
    at = named(label)
    pairs = ((f"mxi1.{at}", f"smol.{at}"), (f"mxi2.{at}", f"tol.{at}"))
    names = [pair if named_twice else pair[1:] if named_target else pair[:1] for pair in pairs]
    hosts = tuple(Host(pair[1], mine) for pair, mine in zip(pairs, names, strict=True))
    return MailDomain(at, tuple(alias for alias, _ in pairs), hosts, aliases=pairs)


def _acts() -> tuple[Case, ...]:
    """Return the acts of the migration behind aliases.

    Postfix judges the name in the MX record, so it delivers in all of them. Only the last two are refused: one where
    Postfix knows the patterns, for none of them covers the MX names, though the certificates are for hosts that are
    listed; the other by each, for its certificate has the name of the target alone.
    """

    def listed(label: str, *labels: str) -> tuple[str, ...]:
        return tuple(f"{one}.{named(label)}" for one in labels)

    def act(label: str, domain: MailDomain, *labels: str) -> Case:
        return enforced(domain, listed(label, *labels), alike(VERIFIED))

    targets = _aliases("targets-listed", named_target=True)
    at = named("alias-misnamed")
    alias, target = f"mxi1.{at}", f"smol.{at}"
    misnamed = MailDomain(at, (alias,), (Host(target),), aliases=((alias, target),))
    return (
        act("incident", _aliases("incident"), "mxi1", "mxi2"),
        act("half-fixed", _aliases("half-fixed"), "mxi1", "mxi2", "smol", "tol"),
        act("fixed", _aliases("fixed", named_twice=True), "mxi1", "mxi2", "smol", "tol"),
        act("direct", direct("direct"), "mx1", "mx2"),
        enforced(targets, listed("targets-listed", "smol", "tol"), Deeds(VERIFIED, VERIFIED, NO_MX_LEFT)),
        enforced(misnamed, (alias,), Deeds(UNVERIFIED, MISNAMED, MISNAMED)),
    )


def _by_mode() -> tuple[Case, ...]:
    """Return policies that ask for nothing, whatever they list; the owner of the first wants reports.

    The last two domains have none: one says nothing of a policy, the other one says so and its policy host has none.
    """
    testing, none = named("testing"), named("none")
    listed = f"mail.{testing}"
    return (
        Case(
            msgspec.structs.replace(direct("testing"), id="1", policy=policy(listed, mode="testing")),
            NOT_FOUND,
            f"OK may {about(testing, listed, mode='testing')}",
            alike(TRUSTED),
        ),
        Case(
            msgspec.structs.replace(direct("none"), id="1", policy=policy(f"mail.{none}", mode="none")),
            NOT_FOUND,
            NOT_FOUND,
            alike(TRUSTED),
        ),
        Case(direct("absent"), NOT_FOUND, NOT_FOUND, alike(TRUSTED)),
        Case(msgspec.structs.replace(direct("unfetched"), id="1"), NOT_FOUND, NOT_FOUND, alike(TRUSTED)),
    )


def _faults() -> tuple[Case, ...]:
    """Return policies that the hosts do not keep, and wildcards, which cover one label (RFC 8461 section 4.1)."""

    def case(label: str, listed: str, deeds: Deeds, *hosts: Host) -> Case:
        return enforced(direct(label, *hosts), (f"{listed}.{named(label)}",), deeds)

    def host(label: str, name: str, *also: str, **faults: bool) -> Host:
        names = tuple(f"{one}.{named(label)}" for one in also)
        return Host(f"{name}.{named(label)}", names, **faults)

    alone = Deeds(VERIFIED, VERIFIED, NO_MX_LEFT)
    return (
        case("misnamed", "mx1", Deeds(UNVERIFIED, MISNAMED, MISNAMED), host("misnamed", "mx1", "other")),
        case("expired", "mx1", alike(UNVERIFIED), host("expired", "mx1", expired=True)),
        case("self-signed", "mx1", alike(UNVERIFIED), host("self-signed", "mx1", self_signed=True)),
        case("no-starttls", "mx1", alike(NO_TLS), host("no-starttls", "mx1", starttls=False)),
        case("unlisted", "mail", REFUSED, host("unlisted", "mx1")),
        case("unlisted-but-named", "mail", alone, host("unlisted-but-named", "mx1", "mx1", "mail")),
        case("wildcard-ok", "*", alike(VERIFIED), host("wildcard-ok", "mx1")),
        case("wildcard-depth", "*", alone, host("wildcard-depth", "mx1.in")),
    )


def _dane() -> tuple[Case, ...]:
    """Return signed domains with TLSA records, whose policy has no say (RFC 8461 section 2)."""

    def with_tlsa(label: str, *, right: bool) -> MailDomain:
        domain = direct(label)
        tlsa = tuple(Tlsa(host.name, host.name, right=right) for host in domain.hosts)
        return msgspec.structs.replace(domain, tlsa=tlsa)

    def aliased(label: str, place: int) -> MailDomain:
        domain = _aliases(label)
        tlsa = tuple(Tlsa(pair[place], pair[1]) for pair in domain.aliases)
        return msgspec.structs.replace(domain, tlsa=tlsa)

    def mx(label: str, *labels: str) -> tuple[str, ...]:
        return tuple(f"{one}.{named(label)}" for one in labels)

    partial = with_tlsa("tlsa-partial", right=True)
    return (
        overruled(
            with_tlsa("tlsa-wrong", right=False), mx("tlsa-wrong", "mx1", "mx2"), DANE_ONLY, UNVERIFIED
        ),
        overruled(with_tlsa("tlsa-right", right=True), mx("tlsa-right", "mail"), DANE_ONLY, VERIFIED),
        overruled(aliased("tlsa-at-target", 1), mx("tlsa-at-target", "mail"), DANE_ONLY, VERIFIED),
        overruled(aliased("tlsa-at-alias", 0), mx("tlsa-at-alias", "mail"), DANE_ONLY, VERIFIED),
        overruled(
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
        enforced(into, (f"mxi1.{ahead}",), alike(VERIFIED)),
        enforced(out_of, (f"alias.{OUTSIDE}",), alike(VERIFIED)),
        overruled(at_alias, (f"mail.{base}",), DANE_ONLY, VERIFIED),
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
        enforced(pair("mx-servfail", "broken", first=lost), mx("mx-servfail", lost, "mx2"), alike(VERIFIED)),
        overruled(
            with_tlsa(pair("mx-servfail-dane", "broken", first=lost)),
            mx("mx-servfail-dane", "mail"),
            DANE_ONLY,
            VERIFIED,
        ),
        overruled(with_tlsa(pair("tlsa-servfail", "_tcp.mx1")), mx("tlsa-servfail", "mail"), DANE, VERIFIED),
        overruled(
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
        enforced(idn, (f"mx1.{IDN}",), alike(VERIFIED)),
        enforced(MailDomain(RELAY, (RELAY,), (Host(RELAY),)), (RELAY,), alike(VERIFIED)),
        overruled(by_dane, (f"mail.{at}",), DANE_ONLY, VERIFIED),
    )


CASES = (
    *_acts(),
    *_by_mode(),
    *_faults(),
    *_dane(),
    *_unsigned_aliases(),
    *_unanswered(),
    *_addressed(),
    *HOSTILE,
    *WORDS_OF_POSTFIX,
)
OTHER_DOMAINS = (outside(), HOSTILE_HOST)
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
    "stopped",
    "unread",
    "large",
    "unheard",
    "jumped",
    "set-back",
    "purged",
)
"""Domains that are published anew, each by one test alone."""


def changing(label: str) -> MailDomain:
    """Return a signed domain with two hosts whose policy, which lists neither, is about to change."""
    domain = direct(label)
    return msgspec.structs.replace(domain, id="1", policy=policy(unlisted(domain)), signed=True)


def unlisted(domain: MailDomain) -> str:
    """Return the MX pattern that covers no host of `domain`."""
    return f"mail.{domain.name}"
