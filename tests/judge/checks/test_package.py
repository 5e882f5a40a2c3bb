"""Which checks a domain is held against: those of each set that was asked, each once, and none where the resolver is at fault."""

import msgspec

from mxproof.judge.checks import (
    ARRIVAL_CHECKS,
    checks_of,
    dane_lines,
    delegation,
    dnssec_chain,
    edns,
    findings,
)
from mxproof.judge.checks import caa as caa_checks
from mxproof.judge.checks import name_servers as name_server_checks
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.survey.check_set import CheckSet
from support_world import ZoneWorld, collect
from support_worlds import GOOD, WORLDS


def seen(world: ZoneWorld, *sets: CheckSet) -> MailDomain:
    """Return the domain as if these sets had been asked of it."""
    return msgspec.structs.replace(assemble(collect(world), world.at), sets=sets)


def test_a_set_has_the_checks_of_its_modules() -> None:
    assert checks_of(CheckSet.ARRIVAL) is ARRIVAL_CHECKS
    assert checks_of(CheckSet.NAME_SERVERS) == ()
    assert checks_of(CheckSet.NAME_SERVER_PATHS) == (name_server_checks.check, delegation.check, edns.check)
    assert checks_of(CheckSet.DNSSEC) == (dnssec_chain.check, dane_lines.check)
    assert checks_of(CheckSet.CAA) == (caa_checks.check,)


def test_a_domain_of_which_no_set_was_asked_has_no_findings() -> None:
    assert findings(seen(GOOD)) == ()


def test_a_check_that_is_in_several_sets_is_made_once() -> None:
    once = findings(seen(GOOD, CheckSet.ARRIVAL))
    assert len(once) > 1
    assert findings(seen(GOOD, CheckSet.ARRIVAL, CheckSet.NAME_SERVER_PATHS, CheckSet.ARRIVAL)) == once


def test_where_the_resolver_is_at_fault_that_is_all_there_is_to_say() -> None:
    world = WORLDS[Code.RESOLVER_UNANSWERED].world
    assert [one.code for one in findings(seen(world, CheckSet.ARRIVAL))] == [Code.RESOLVER_UNANSWERED]
