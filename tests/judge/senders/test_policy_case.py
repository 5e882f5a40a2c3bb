"""Which policies a sender may go by, beside those that its readings and its deliveries show (test_readings, test_engine)."""

from datetime import timedelta

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.policy_case import policy_cases
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from support_incident import FIXED, policy
from support_sendertest import domains
from support_world import collect

UNANNOUNCED = FIXED.zone_with("_mta-sts.example.com TXT")


@pytest.mark.parametrize(
    ("id_", "strict", "lenient"),
    [("20261101", True, True), (None, True, True), ("b-d", False, True), ("", False, True)],
)
def test_a_policy_is_held_by_whoever_reads_the_id_it_was_fetched_under(
    id_: str | None,
    strict: bool,
    lenient: bool,
) -> None:
    held = Memory(policy("mx.example.com"), UNANNOUNCED.at - timedelta(hours=1), id_)
    domain = assemble(collect(UNANNOUNCED), UNANNOUNCED.at)
    holding = {one.id for one in SENDERS if any(case.policy for case in policy_cases(domain, one, (held,)))}
    assert ("rfc8461" in holding, "google" in holding or "courier" in holding) == (strict, lenient)


@pytest.mark.parametrize(
    ("case", "taking"), [("policy-common-name", {"postfix-sts", "courier"}), ("policy-cert-name", set())]
)
def test_some_senders_take_the_common_name_of_a_policy_host(case: str, taking: set[str]) -> None:
    """observed: postfix-mta-sts-resolver 1.5.1 and Courier 1.4.1."""
    domain = domains()[case]
    assert {one.id for one in SENDERS if policy_cases(domain, one, ())[0].policy} == taking
