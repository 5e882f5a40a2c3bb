"""A zone that is not where the zone above says, and names in it that are aliases and have other records."""

from collections.abc import Iterator

from mxproof.evidence import Kind, Question
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import AddressDifference, ServerDifference, Value
from mxproof.mail.delegation import Delegation, LedServer
from mxproof.mail.domain import MailDomain
from mxproof.survey.reading import FAMILY_KINDS


def check(domain: MailDomain) -> Iterator[Finding]:
    """Compare what leads to the zone with what is there (RFC 1034 section 4.2.2), and names with their aliases."""
    yield from _clashes(domain)
    delegation = domain.paths.delegation if domain.paths is not None else None
    if delegation is None:
        return
    yield from _servers(delegation)
    for server in delegation.glue:
        yield from _glue(domain, delegation, server)


def _clashes(domain: MailDomain) -> Iterator[Finding]:
    """See names that are aliases and have other records, which no name may be (RFC 1034 section 3.6.2)."""
    for one in domain.paths.clashes if domain.paths is not None else ():
        params: dict[str, Value] = {"kind": str(one.records.kind).upper(), "target": one.target}
        yield Finding(Code.NS_ALIAS_CLASH, one.alias.name, params, (one.records, one.alias))


def _servers(delegation: Delegation) -> Iterator[Finding]:
    led, own = frozenset(delegation.led), frozenset(delegation.own)
    if led and own and led != own:
        seen = ServerDifference(tuple(sorted(led - own)), tuple(sorted(own - led)))
        yield Finding(Code.NS_DELEGATION_DIFFERS, delegation.zone, {"seen": seen}, delegation.asked)


def _glue(domain: MailDomain, delegation: Delegation, server: LedServer) -> Iterator[Finding]:
    """See glue that is not what the server's name has; a family that was not asked for is left out."""
    asked = frozenset(domain.vantage.families)
    glue = frozenset(one for one in server.glue if (6 if ":" in one else 4) in asked)
    if not glue or server.addresses is None or glue == frozenset(server.addresses):
        return
    own = frozenset(server.addresses)
    seen = AddressDifference(tuple(sorted(glue - own)), tuple(sorted(own - glue)))
    leading = tuple(one for one in delegation.asked if one.kind is Kind.DELEGATION)
    addressed = tuple(Question(FAMILY_KINDS[family], server.name) for family in domain.vantage.families)
    yield Finding(
        Code.NS_GLUE_DIFFERS, server.name, {"zone": delegation.zone, "seen": seen}, (*leading, *addressed)
    )
