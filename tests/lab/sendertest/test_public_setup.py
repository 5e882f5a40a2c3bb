"""The cases of a public host: what they foretell is what those of the local set do, on a handful of addresses."""

import re
from collections import defaultdict
from functools import cache

import msgspec
import pytest

from mxproof.judge.remembering import memories_of
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.held import HeldOver
from mxproof.judge.senders.inference.table import CaseTable, table_of
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.public_setup import (
    LEFT_OUT,
    NOT_ISSUED,
    doors,
    placeholders,
    policy_hosts,
    public_domain,
    public_setups,
)
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import LevelMemory, SessionLevel
from support_certificates import NOW
from support_public import RUNS, SITE, ZONE, public_set
from support_sendertest import AGAIN_AT, tables

ADDRESSES_ENOUGH = 16
NAMES_OF_A_CERTIFICATE_MAX = 100


COVERED = {"dane-first-only", *(case.id for case in CASES.values() if case.again)}
"""Cases of two hosts, one of which is in the policy: one certificate covers both, whoever compares it with the policy."""


def foretold(table: CaseTable) -> dict[tuple[str, ...], tuple[bool, bool] | None]:
    """Return whether a mail is taken, and over TLS, by what the sender is; reverse names are not the set's to choose."""
    other = {"ptr", "policy"} if table.case.id in COVERED else {"ptr"}
    return {
        row.words: None if row.fate is None else (row.fate.is_taken, row.fate.encrypted)
        for row in table.rows
        if not other & set(row.words)
    }


def takers(table: CaseTable) -> dict[tuple[str, ...], str]:
    """Return the label of the host that takes a mail, by what the sender is."""
    left_out = {"ptr", "policy"}
    return {
        row.words: re.split(r"[.-]", row.fate.host)[0]
        for row in table.rows
        if row.fate is not None and not left_out & set(row.words)
    }


PUBLIC = [case for case in SETUPS if case not in LEFT_OUT]


@cache
def at_home() -> dict[str, CaseTable]:
    """Return what each case foretells in the local set."""
    return {one.case.id: one for one in tables()}


@pytest.mark.parametrize("case", PUBLIC)
def test_a_case_distinguishes_on_a_public_host_what_it_does_at_home(case: str) -> None:
    run, domain = public_set().runs[RUNS[0]].run, public_domain(case, RUNS[0], ZONE)
    first = assemble(msgspec.structs.replace(run.evidence, domain=domain), NOW)
    if not CASES[case].again:
        assert foretold(table_of(CASES[case], first)) == foretold(at_home()[case])
        return
    assert run.becoming is not None
    became = assemble(msgspec.structs.replace(run.becoming.evidence, domain=domain), AGAIN_AT)
    remembered = HeldOver((*memories_of(first), LevelMemory(SessionLevel.VERIFIED)))
    there, here = table_of(CASES[case], became, remembered), at_home()[case]
    assert foretold(there) == foretold(here)
    assert takers(there) == takers(here)


def test_every_case_is_there_or_said_not_to_be() -> None:
    certified = public_setups(SETUPS, certified=True)
    there = {one.case for one in public_set().runs[RUNS[0]].run.cases}
    assert there == set(PUBLIC) == SETUPS.keys() - LEFT_OUT.keys()
    assert there - certified.keys() == NOT_ISSUED


def test_a_server_is_the_same_in_every_run() -> None:
    """Before a recipient is named, nothing tells a run from another."""
    there = defaultdict(set)
    for one in public_set().runs.values():
        for server in one.run.lab.world.smtp_servers:
            (address,) = server.addresses
            how = (server.chain, server.stage, server.outcome, server.tls_version, server.early)
            there[address].add((*how, bool(server.inside)))
    assert {address: len(each) for address, each in there.items()} == dict.fromkeys(SITE.addresses, 1)


def test_few_addresses_and_one_certificate_a_run_are_enough() -> None:
    setups = public_setups(SETUPS, certified=True)
    assert len(doors(ZONE, setups)) <= ADDRESSES_ENOUGH
    assert len(policy_hosts(ZONE, "aaaaaa", setups)) <= NAMES_OF_A_CERTIFICATE_MAX


def test_addresses_of_a_scenario_are_those_of_documentation() -> None:
    assert placeholders(2) == ("192.0.2.1", "192.0.2.2")
