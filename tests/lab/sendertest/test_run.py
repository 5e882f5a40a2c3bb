"""A run of a sender test: its cases, what a check sees of them, and the world in which each of them is now."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Outcome, Question
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.observation import CaseDomain, SeenConnection
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.run import (
    RUN_ALPHABET,
    RUN_CHARACTERS,
    Run,
    becoming_of,
    changing_of,
    run_of,
)
from mxproof.lab.sendertest.setup import BASE, domain_of
from support_certificates import NOW

RUN = "abc234"
SEVERAL = ("ipv6-bad", "control", "policy-altered")
"""In an order that is not that of the cases."""


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(RUN, NOW, {case: SETUPS[case] for case in SEVERAL})


def domain(case: str) -> str:
    return domain_of(case, RUN)


def policy_mx(run: Run, evidence: Evidence | None, case: str) -> bytes:
    assert evidence is not None
    (answer,) = (
        one
        for question, one in evidence.answers.items()
        if question.kind is Kind.POLICY and question.name == f"mta-sts.{domain(case)}"
    )
    assert answer.data is not None
    return answer.data.body  # type: ignore[union-attr]  # a question of this kind has no other data


def test_the_cases_stand_in_their_own_order_with_their_domains(run: Run) -> None:
    ordered = [case for case in CASES if case in SEVERAL]
    assert run.cases == tuple(CaseDomain(case, domain(case)) for case in ordered)
    assert (run.name, run.begun, run.sender) == (RUN, NOW, f"bounces@{domain('sender')}")


def test_one_mail_goes_to_each_case_and_a_second_to_those_that_become_others(run: Run) -> None:
    assert run.recipients("t") == tuple(f"t@{one.domain}" for one in run.cases)
    assert run.recipients_again("t") == (f"t@{domain('policy-altered')}",)


def test_a_case_that_needs_an_address_that_is_not_there_is_left_out(run: Run) -> None:
    of_ipv6 = [
        address for server in run.lab.world.smtp_servers for address in server.addresses if ":" in address
    ]
    assert of_ipv6
    kept = run.without((*of_ipv6, "192.0.2.250"))
    assert [one.case for one in kept.cases] == ["control", "policy-altered"]
    assert run.without(()) == run


def test_a_check_sees_every_case_as_one_value(run: Run) -> None:
    assert run.evidence.domain == BASE
    for case in SEVERAL:
        assert run.evidence.answer(Question(Kind.MX, domain(case))).outcome is Outcome.FOUND
    assert run.evidence.vantage.simulated == "sendertest"
    assert [bytes(one) for one in run.evidence.vantage.anchors] == [run.lab.authority.root_der()]


def test_only_the_cases_that_become_others_are_seen_in_the_end(run: Run) -> None:
    assert run.becoming is not None
    assert run.becoming.cases == {domain("policy-altered"): "policy-altered"}
    assert Question(Kind.MX, domain("control")) not in run.becoming.evidence.answers
    before = policy_mx(run, run.evidence, "policy-altered")
    after = policy_mx(run, run.becoming.evidence, "policy-altered")
    assert (b"mx: mx1." in before, b"mx: mx2." in before) == (True, False)
    assert (b"mx: mx1." in after, b"mx: mx2." in after) == (False, True)


def test_where_no_case_becomes_another_nothing_does() -> None:
    still = (CaseDomain("control", domain("control")),)
    assert changing_of(still, SETUPS) == {}


def test_nothing_becomes_of_no_domains(run: Run) -> None:
    assert becoming_of(BASE, run.lab.world, {}, NOW, ()) is None


def test_a_domain_is_in_its_later_world_once_it_has_changed(run: Run) -> None:
    assert run.becoming is not None
    watching = run.watching(lambda: NOW, lambda _line: None)
    server = next(
        one for one in run.lab.world.policy_servers if one.name == f"mta-sts.{domain('policy-altered')}"
    )
    assert run.world_of(server.name, watching) is run.lab.world
    assert run.policy_server(server, watching) is server


def test_a_policy_host_is_another_once_its_domain_has_changed_and_no_host_else(run: Run) -> None:
    assert run.becoming is not None
    watching = run.watching(lambda: NOW, lambda _line: None)
    watching.taken(f"t@{domain('policy-altered')}")
    changed, kept = (
        next(one for one in run.lab.world.policy_servers if one.name == f"mta-sts.{domain(case)}")
        for case in ("policy-altered", "control")
    )
    assert run.world_of(changed.name, watching) is run.becoming.world
    later = run.policy_server(changed, watching)
    assert (later.name, later.addresses) == (changed.name, changed.addresses)
    assert later.body != changed.body
    assert run.policy_server(kept, watching) is kept


def test_in_a_run_in_which_nothing_changes_every_name_is_in_its_one_world(run: Run) -> None:
    still = msgspec.structs.replace(run, becoming=None)
    watching = still.watching(lambda: NOW, lambda _line: None)
    watching.taken(f"t@{domain('policy-altered')}")
    assert still.world_of(domain("policy-altered"), watching) is run.lab.world
    assert still.seen(watching).later is None


def test_what_was_seen_is_told_with_the_time_at_which_it_is_told(run: Run) -> None:
    times = iter(NOW + timedelta(seconds=place) for place in range(9))
    watching = run.watching(lambda: next(times), lambda _line: None)
    watching.connection(SeenConnection(NOW, "192.0.2.9", "192.0.2.1", "mx1"))
    watching.taken(f"t@{domain('policy-altered')}")
    seen = run.seen(watching)
    assert (seen.run, seen.begun, seen.cases, seen.evidence) == (RUN, NOW, run.cases, run.evidence)
    assert seen.ended > NOW
    assert [one.address for one in seen.connections] == ["192.0.2.1"]
    assert [one.case for one in seen.changes] == ["policy-altered"]
    assert run.becoming is not None
    assert seen.later == run.becoming.evidence
    assert (seen.queries, seen.fetches, seen.reports, seen.bounces, dict(seen.lost)) == ((), (), (), (), {})


def test_the_name_of_a_run_is_made_of_what_nobody_reads_as_another_letter() -> None:
    assert RUN_CHARACTERS == 6
    assert set("01lo") & set(RUN_ALPHABET) == set()
    assert len(set(RUN_ALPHABET)) == len(RUN_ALPHABET) == 32
