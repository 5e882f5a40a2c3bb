"""Advice taken at its word, in the scenarios of the lab and in some worlds at random; `make fuzz` tries many more."""

import pytest

from mxproof.lab.scenario import Scenario, load, scenarios
from support_advice import invented, objections
from support_long import some

INVENTED = (
    *range(8),
    *(2521129258, 1540929725, 2265156293, 1067225441, 3423631535, 3978949747, 1495109186),
    *(88486, 88641, 88935),
)
"""Worlds at random that every run tries, always the same: some, and those whose advice once did harm."""
EACH = 5
"""Of the scenarios every so manieth; the long run of `advice` in tests/fuzz has what they have."""


def _scenario(name: str) -> Scenario:
    return invented(int(name)) if name.isdigit() else load(name)


@pytest.mark.parametrize("name", some([*scenarios()[::EACH], *map(str, INVENTED)], 4))
def test_whoever_does_what_is_printed_stops_no_mail_and_gets_what_was_said(name: str) -> None:
    assert objections(_scenario(name)) == []
