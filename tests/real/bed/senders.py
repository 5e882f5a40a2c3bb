"""The sender configurations, by name, as Postfix settings."""

from collections.abc import Callable

from real.bed.worlds import DOMAIN, World

OPPORTUNISTIC = "opportunistic"
POSTFIX_DANE = "postfix-dane"
POSTFIX_STS = "postfix-sts"
POSTFIX_CNAME = "postfix-cname"

_DANE = ("smtp_dns_support_level = dnssec", "smtp_tls_security_level = dane")


def _opportunistic(_: World) -> tuple[str, ...]:
    """Encrypt where it is offered, verify nothing (RFC 7435)."""
    return ("smtp_tls_security_level = may",)


def _dane(_: World) -> tuple[str, ...]:
    """Apply DANE where TLSA records exist (RFC 7672) and know nothing of MTA-STS."""
    return _DANE


def _sts(world: World) -> tuple[str, ...]:
    """Apply the policy as a classic policy daemon words it: the certificate must match one of the MX patterns.

    The default is DANE, which an entry of the policy map replaces for its domain; a policy in mode testing gets none.
    """
    if world.mode != "enforce":
        return _DANE
    names = ":".join(pattern.removeprefix("*") for pattern in world.policy_mx)
    entry = f"{{ {DOMAIN} = secure match={names} servername=hostname }}"
    return (*_DANE, f"smtp_tls_policy_maps = inline:{{ {entry} }}")


def _cname(_: World) -> tuple[str, ...]:
    """Verify the certificate against the name at the end of the CNAME chain of the MX host."""
    return (
        "smtp_tls_security_level = secure",
        "smtp_tls_secure_cert_match = hostname",
        "smtp_cname_overrides_servername = yes",
    )


SENDERS: dict[str, Callable[[World], tuple[str, ...]]] = {
    OPPORTUNISTIC: _opportunistic,
    POSTFIX_DANE: _dane,
    POSTFIX_STS: _sts,
    POSTFIX_CNAME: _cname,
}
