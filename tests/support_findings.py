"""What the checks find in a world, for tests: `found(world)` and `codes(world, topic)`."""

from collections.abc import Iterable

from mxproof.judge.checks import Check, findings
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.assemble import assemble
from support_world import ZoneWorld, collect


def found(world: ZoneWorld, check: Check | None = None) -> tuple[Finding, ...]:
    """Return the findings of one check, or of all."""
    domain = assemble(collect(world), world.at)
    return findings(domain) if check is None else tuple(check(domain))


def codes(world: ZoneWorld, check: Check) -> list[str]:
    """Return the codes that one check yields, in order."""
    return [finding.code for finding in found(world, check)]


def places(world: ZoneWorld, check: Check) -> list[tuple[str, str]]:
    """Return code and subject of each finding of one check."""
    return [(finding.code, finding.subject) for finding in found(world, check)]


def only(world: ZoneWorld, code: Code, check: Check) -> Finding:
    """Return the one finding with `code`."""
    (finding,) = (finding for finding in found(world, check) if finding.code == code)
    return finding


def asked(finding: Finding) -> Iterable[str]:
    """Return the questions a finding rests on, in words."""
    return [str(question) for question in finding.evidence]
