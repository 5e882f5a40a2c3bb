"""A preflight as JUnit: a case for each sender, which fails where the change makes it fare worse."""

from xml.etree import ElementTree as ET

import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.preflight import PlannedSender, Preflight, Worsening
from mxproof.render.junit_preflight import document
from support_preflight import planned_sender, preflight_of, worsening

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
Result = tuple[str, str | None, str, str]
"""How a case ended: the element, its type, its message and its text."""


def results(made: Preflight) -> dict[str, Result | None]:
    """Return how each case ended by its name; None where it passed."""
    found: dict[str, Result | None] = {}
    for case in ET.fromstring("".join(document(made))).iter("testcase"):
        result = next(iter(case), None)
        found[case.attrib["name"]] = (
            None
            if result is None
            else (result.tag, result.get("type"), result.attrib["message"], result.text or "")
        )
    return found


def of_one(after: PlannedSender, *worse: Worsening, before: Verdict = DELIVERS) -> Result | None:
    """Return how the case of a single sender ended."""
    return results(preflight_of((planned_sender(before),), (after,), worse=worse))["sender a: A"]


def test_the_suite_is_that_of_the_domain_with_what_the_change_does_in_a_sentence() -> None:
    both = (planned_sender(DELIVERS), planned_sender(DELIVERS, "b"))
    made = preflight_of(both, both, worse=(worsening(REFUSED, "b"), worsening(UNKNOWN, "a")))
    suite = ET.fromstring("".join(document(made)))[0]
    assert (suite.attrib["name"], suite.attrib["timestamp"]) == ("example.com", "2026-06-01T12:00:00")
    assert suite.findtext("system-out") == (
        "this change would make B refuse mail for good; "
        "this change would make A deliver or not, which is not known for good"
    )
    assert results(made) == {
        "sender a: A": (
            "error",
            "unknown",
            "this change would make A deliver or not, which is not known for good",
            "",
        ),
        "sender b: B": ("failure", "refused", "this change would make B refuse mail for good", ""),
    }


def test_who_delivers_after_the_change_as_before_passes() -> None:
    assert of_one(planned_sender(DELIVERS)) is None


def test_who_fares_worse_for_a_while_fails_with_each_reason_once() -> None:
    assert of_one(
        planned_sender(DELIVERS),
        worsening(REFUSED, until_s=3600, because=("mx-alias",), bounce="550 no"),
        worsening(UNKNOWN, from_s=3600, because=("mx-alias", "dane-mismatch")),
    ) == (
        "failure",
        "refused",
        (
            "this change would make A refuse mail until no cache holds the old records: 1 h; "
            "this change would make A deliver or not, which is not known from 1 h after it on for good"
        ),
        "mx-alias\n550 no\ndane-mismatch",
    )


def test_of_whom_nobody_knows_whether_it_fares_worse_it_is_an_error() -> None:
    said = "this change would make A deliver or not, which is not known for good"
    assert of_one(planned_sender(UNKNOWN), worsening(UNKNOWN)) == ("error", "unknown", said, "")


def test_of_whom_nothing_is_known_it_is_an_error_unless_it_does_not_count() -> None:
    assert of_one(planned_sender(UNKNOWN), before=UNKNOWN) == (
        "error",
        "unknown",
        "what it does is not known",
        "",
    )
    assert of_one(planned_sender(UNKNOWN, decides=False)) == (
        "skipped",
        None,
        "delivers before, unknown after",
        "",
    )


@pytest.mark.parametrize("decides", [True, False])
def test_who_fares_ill_today_as_well_is_skipped(decides: bool) -> None:
    ill = planned_sender(AT_RISK, because=("mx-alias", "ptr-missing"), decides=decides)
    assert of_one(ill, before=REFUSED) == (
        "skipped",
        None,
        "refused before, at_risk after",
        "mx-alias\nptr-missing",
    )
