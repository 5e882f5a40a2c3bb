"""The worlds in which every sender is tried: hosts and certificates, DANE, names in MX records, dead addresses."""

from msgspec.structs import replace

from real.bed.town import PARENT
from real.bed.worlds import Flaw
from real.models.case import Address, Host, Offer, PolicyHost, Tlsa, World
from real.models.policies import POLICIES, enforced, policy, with_policy


def _domain(label: str) -> str:
    return f"{label}.{PARENT}"


def _plain(label: str, *hosts: Host) -> World:
    """Return a domain with its MX hosts in order of preference, by default `mx1`."""
    found = hosts or (Host(f"mx1.{_domain(label)}"),)
    return World(
        label, tuple(f"{10 * place} {host.name}." for place, host in enumerate(found, start=1)), found
    )


def _host(label: str, name: str = "mx1", *names: str, **faults: object) -> Host:
    return replace(
        Host(f"{name}.{_domain(label)}", tuple(f"{one}.{_domain(label)}" for one in names)), **faults
    )


def _enforced(label: str, *hosts: Host) -> World:
    """Return a domain with a policy that lists its MX hosts."""
    return enforced(_plain(label, *hosts))


def _one(label: str, *names: str, **faults: object) -> World:
    return _enforced(label, replace(_host(label, "mx1", *names), **faults))


def _open(label: str, **faults: object) -> World:
    """Return a domain without a policy."""
    return _plain(label, replace(_host(label), **faults))


def _aliased(label: str, *names: str) -> World:
    """Return a domain whose MX name is an alias; `names` are those in the certificate."""
    alias, target = f"mxi1.{_domain(label)}", f"smol.{_domain(label)}"
    host = Host(target, tuple(f"{one}.{_domain(label)}" for one in names))
    return enforced(World(label, (f"10 {alias}.",), (host,), ((alias, target),)), "mxi1", "smol")


_HOSTS = (
    _plain("direct"),
    _one("enforced"),
    with_policy(
        _plain("testing", _host("testing", flaw=Flaw.EXPIRED)),
        policy("mx1.testing.example.com", mode="testing"),
    ),
    with_policy(_plain("testing-unlisted"), policy("mail.example.com", mode="testing")),
    with_policy(_plain("none"), policy("mail.example.com", mode="none")),
    with_policy(_plain("unlisted"), policy("mail.example.com")),
    _one("expired", flaw=Flaw.EXPIRED),
    _one("early", flaw=Flaw.EARLY),
    _one("self-signed", flaw=Flaw.SELF_SIGNED),
    _one("misnamed", "other"),
    _one("common-name", flaw=Flaw.COMMON_NAME),
    _one("common-name-other", "other", flaw=Flaw.COMMON_NAME),
    _one("weak-key", flaw=Flaw.WEAK_KEY),
    _one("old-signature", flaw=Flaw.OLD_SIGNATURE),
    _one("key-usage", flaw=Flaw.KEY_USAGE),
    _one("any-purpose", flaw=Flaw.ANY_PURPOSE),
    _open("open-self-signed", flaw=Flaw.SELF_SIGNED),
    _open("open-expired", flaw=Flaw.EXPIRED),
    enforced(_plain("wildcard"), "*"),
    enforced(_plain("wildcard-deep", _host("wildcard-deep", "mx1.in")), "*"),
    _one("cert-wildcard", "*"),
    _enforced("cert-wildcard-deep", _host("cert-wildcard-deep", "mx1.in", "*")),
    _one("no-starttls", offer=Offer.CLEAR),
    _open("open-no-starttls", offer=Offer.CLEAR),
    _one("starttls-refused", offer=Offer.REFUSAL),
    _open("open-starttls-refused", offer=Offer.REFUSAL),
    _one("no-handshake", offer=Offer.NO_HANDSHAKE),
    _open("open-no-handshake", offer=Offer.NO_HANDSHAKE),
    _one("no-ehlo", offer=Offer.NO_EHLO),
    _open("open-no-ehlo", offer=Offer.NO_EHLO),
    _open("open-later", offer=Offer.LATER),
    _open("open-helo-only", offer=Offer.HELO_ONLY),
    _open("open-helo-at-once", offer=Offer.HELO_AT_ONCE),
    _open("open-cut", offer=Offer.CUT),
    _open("open-leave", offer=Offer.LEAVE),
    _open("open-ahead-of-tls", offer=Offer.EARLY),
    _one("ahead-of-tls", offer=Offer.EARLY),
    _one("cut", offer=Offer.CUT),
    _one("old-tls", offer=Offer.OLD),
    _open("open-old-tls", offer=Offer.OLD),
    _enforced("first-misnamed", _host("first-misnamed", "mx1", "other"), _host("first-misnamed", "mx2")),
    enforced(_plain("first-unlisted", _host("first-unlisted"), _host("first-unlisted", "mx2")), "mx2"),
    _enforced("first-closed", _host("first-closed", ipv4=Address.REFUSING), _host("first-closed", "mx2")),
    _aliased("incident", "mxi1"),
    _aliased("alias-of-target", "smol"),
    _aliased("alias-of-both", "mxi1", "smol"),
)


def _secure(world: World, *tlsa: Tlsa) -> World:
    """Return a signed domain with `tlsa`, by default those of all its hosts, and a policy that lists none of them."""
    every = tlsa or tuple(Tlsa(host.name, host.name) for host in world.hosts)
    return replace(with_policy(world, policy("mail.example.com")), signed=True, tlsa=every)


def _named(label: str, name: str = "mx1") -> str:
    return f"{name}.{_domain(label)}"


def _of_mx1(label: str, kind: str = "3 1 1", *, right: bool = True) -> Tlsa:
    return Tlsa(_named(label), _named(label), kind, right)


def _alone(world: World) -> World:
    """Return the domain without its policy."""
    return replace(world, records=(), policy=None)


def _conflict(label: str, *, alias_right: bool) -> World:
    """Return a domain with TLSA records at alias and target that do not agree."""
    alias, target = _named(label, "mxi1"), _named(label, "smol")
    at_both = (Tlsa(alias, target, right=alias_right), Tlsa(target, target, right=not alias_right))
    return _alone(_secure(_aliased(label, "mxi1", "smol"), *at_both))


def _anchored(label: str, kind: str = "2 1 1", *, flaw: Flaw) -> World:
    """Return a domain with a TLSA record of the root above its certificate."""
    return _alone(_secure(_plain(label, _host(label, flaw=flaw)), _of_mx1(label, kind)))


def _digests(label: str, *, strong: bool) -> World:
    """Return a domain with one key over SHA-256 and one over SHA-512, of which one is right (RFC 7671 section 9)."""
    records = (_of_mx1(label, "3 1 1", right=not strong), _of_mx1(label, "3 1 2", right=strong))
    return _alone(_secure(_plain(label), *records))


_DANE = (
    _secure(_plain("dane")),
    _secure(_plain("dane-wrong"), _of_mx1("dane-wrong", right=False)),
    replace(_enforced("dane-overridden"), signed=True, tlsa=(_of_mx1("dane-overridden", right=False),)),
    replace(_secure(_plain("dane-unsigned"), _of_mx1("dane-unsigned", right=False)), signed=False),
    _alone(_secure(_plain("dane-expired", _host("dane-expired", flaw=Flaw.EXPIRED)))),
    _alone(_secure(_plain("dane-misnamed", _host("dane-misnamed", "mx1", "other")))),
    _alone(_secure(_plain("dane-self", _host("dane-self", flaw=Flaw.SELF_SIGNED)))),
    _alone(_secure(_plain("anchor"), _of_mx1("anchor", "2 0 1"))),
    _alone(_secure(_plain("anchor-key"), _of_mx1("anchor-key", "2 1 1"))),
    _alone(
        _secure(
            _plain("anchor-misnamed", _host("anchor-misnamed", "mx1", "other")),
            _of_mx1("anchor-misnamed", "2 1 1"),
        )
    ),
    _alone(
        _secure(
            _plain("anchor-expired", _host("anchor-expired", flaw=Flaw.EXPIRED)),
            _of_mx1("anchor-expired", "2 1 1"),
        )
    ),
    _anchored("anchor-key-usage", flaw=Flaw.KEY_USAGE),
    _anchored("anchor-old-signature", flaw=Flaw.OLD_SIGNATURE),
    _anchored("anchor-unsent", flaw=Flaw.ROOT_UNSENT),
    _anchored("anchor-unsent-whole", "2 0 0", flaw=Flaw.ROOT_UNSENT),
    _anchored("anchor-unsent-whole-key", "2 1 0", flaw=Flaw.ROOT_UNSENT),
    _digests("stronger-wrong", strong=False),
    _digests("stronger-right", strong=True),
    _alone(_secure(_plain("dane-whole-key"), _of_mx1("dane-whole-key", "3 1 0"))),
    _alone(_secure(_plain("dane-sha512"), _of_mx1("dane-sha512", "3 1 2"))),
    _alone(
        _secure(
            _plain("dane-unusable", _host("dane-unusable", flaw=Flaw.SELF_SIGNED)),
            _of_mx1("dane-unusable", "1 1 1"),
        )
    ),
    _alone(
        _secure(
            _plain("unusable-clear", _host("unusable-clear", offer=Offer.CLEAR)),
            _of_mx1("unusable-clear", "1 1 1"),
        )
    ),
    _alone(_secure(_plain("dane-clear", _host("dane-clear", offer=Offer.CLEAR)))),
    _alone(
        _secure(
            _plain("dane-first-wrong", _host("dane-first-wrong"), _host("dane-first-wrong", "mx2")),
            _of_mx1("dane-first-wrong", right=False),
        )
    ),
    _alone(
        _secure(
            _aliased("dane-at-alias", "mxi1"),
            Tlsa(_named("dane-at-alias", "mxi1"), _named("dane-at-alias", "smol")),
        )
    ),
    _alone(
        _secure(
            _aliased("wrong-at-alias", "mxi1"),
            Tlsa(_named("wrong-at-alias", "mxi1"), _named("wrong-at-alias", "smol"), right=False),
        )
    ),
    _alone(_secure(_aliased("dane-at-target", "smol"))),
    _conflict("conflict-alias", alias_right=True),
    _conflict("conflict-target", alias_right=False),
    replace(
        _alone(_secure(_plain("dane-unanswered"), *())),
        tlsa=(),
        unanswered=f"_tcp.{_named('dane-unanswered')}",
    ),
    replace(_plain("disowned"), signed=True, disowned=True),
    replace(
        _plain("provided", Host("mx1.provided.example.net")),
        tlsa=(Tlsa("mx1.provided.example.net", "mx1.provided.example.net", right=False),),
    ),
)


def _beside(label: str, mx: str) -> World:
    """Return a domain with an MX record more, before that of its host."""
    world = _plain(label)
    return replace(world, mx=(f"5 {mx}", *world.mx))


_NAMES = (
    World("null-mx", ("0 .",)),
    _beside("null-beside", "."),
    World("implicit", apex=Address.LIVING),
    World("nowhere"),
    World("only-invalid", ("10 a\\032b.example.com.",)),
    _beside("space-beside", "a\\032b.example.com."),
    _beside("markup-beside", "\\<b\\>mx.example.com."),
    _beside("underscore-beside", "mx_1.example.com."),
    _beside("dangling-beside", "gone.example.com."),
    replace(_plain("literal"), mx=("10 {address}.",)),
    _beside("literal-beside", "{address}."),
)

_ADDRESSES = (
    _one("ipv6-refuses", ipv6=Address.REFUSING),
    _one("ipv6-silent", ipv6=Address.SILENT),
    _one("ipv6-misnamed", ipv6=Address.LIVING, other_names=("other.example.com",)),
    _one("ipv6-only", ipv4=Address.NONE, ipv6=Address.LIVING),
    _open("closed", ipv4=Address.REFUSING),
    replace(_one("policy-ipv6-silent"), policy_host=PolicyHost(ipv6=Address.SILENT)),
    replace(_one("policy-ipv6-refuses"), policy_host=PolicyHost(ipv6=Address.REFUSING)),
)

WORLDS = (*_HOSTS, *_DANE, *_NAMES, *_ADDRESSES, *POLICIES)

REMEMBERED = _open("remembered", offer=Offer.TLS_ONCE)
"""A domain whose sessions are secured first, and then not any more."""
