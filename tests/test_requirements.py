"""The table of RFC 8461: every requirement has a test, or a reason why it has none, and the tests exist."""

import re

from mxproof.lab.scenario import scenarios
from requirements import TESTS, naming, requirements

ROWS = requirements()


def test_every_requirement_has_a_test_or_a_reason() -> None:
    named = naming()
    assert [one.id for one in ROWS if not one.tested and one.id not in named] == []


def test_a_reason_is_given_only_where_no_test_names_the_requirement() -> None:
    named = naming()
    assert [one.id for one in ROWS if one.tested.startswith("not tested") and one.id in named] == []


def test_what_the_table_points_at_exists() -> None:
    for one in ROWS:
        if one.tested.startswith("scenario "):
            assert one.tested.removeprefix("scenario ") in scenarios(), one.id
        elif "::" in one.tested:
            module, _, name = one.tested.partition("::")
            assert re.search(rf"^def {name}\(", (TESTS / module).read_text(encoding="utf-8"), re.MULTILINE), (
                one.id
            )


def test_ids_are_unique() -> None:
    assert len({one.id for one in ROWS}) == len(ROWS)
