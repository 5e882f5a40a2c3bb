"""A mail domain holds what the sets of checks that were named have found out, and nothing of the others."""

import pytest

from mxproof.evidence import Vantage
from mxproof.mail.assemble import assemble
from mxproof.survey.check_set import CheckSet
from support_answers import told
from support_evidence import OBSERVED_AT

NOUNS = {
    CheckSet.SPF: "spf",
    CheckSet.DMARC: "dmarc",
    CheckSet.DKIM: "dkim",
    CheckSet.SENDING: "sending",
    CheckSet.CAA: "caa",
    CheckSet.DNSSEC: "signing",
    CheckSet.DNSBL: "listings",
    CheckSet.REPORTS: "reports",
    CheckSet.NAME_SERVER_PATHS: "paths",
}


@pytest.mark.parametrize("named", [CheckSet.ARRIVAL, *NOUNS])
def test_a_set_that_was_named_has_its_noun_and_no_other_has(named: CheckSet) -> None:
    domain = assemble(told({}, vantage=Vantage(sets=(str(named),))), OBSERVED_AT)
    held = {one for one, noun in NOUNS.items() if getattr(domain, noun) is not None}
    assert held == ({named} & NOUNS.keys())
    assert domain.sets == (named,)


def test_of_the_usual_checks_there_is_none_of_these() -> None:
    domain = assemble(told({}), OBSERVED_AT)
    assert [noun for noun in NOUNS.values() if getattr(domain, noun) is not None] == []
