"""The days of a domain as a drawing: taller is worse, and what it shows stands in words."""

import re

from mxproof.judge.vocabulary import Verdict
from mxproof.serve.web.pages.sparkline import day_words, in_words, sparkline

DAYS = {10: Verdict.DELIVERS, 11: Verdict.UNKNOWN, 12: Verdict.AT_RISK, 13: Verdict.REFUSED}


def test_each_day_has_its_column_and_one_without_a_check_is_blank() -> None:
    title, *shapes = sparkline(DAYS, 9, 13).children
    shown = [dict(one.attributes) for one in shapes if not isinstance(one, str)]
    columns = {one["class"]: re.findall(r"M(\d+) 24v-(\d+)h", one["d"]) for one in shown}
    assert {name: [int(x) for x, _ in found] for name, found in columns.items()} == {
        "blank": [0],
        "delivers": [8],
        "unknown": [16],
        "at_risk": [24],
        "refused": [32],
    }
    (heights,) = zip(*([int(height) for _, height in found] for found in columns.values()), strict=True)
    by_name = dict(zip(columns, heights, strict=True))
    worse = [by_name[one] for one in ("blank", "delivers", "unknown", "at_risk", "refused")]
    assert worse == sorted(set(worse))
    assert not isinstance(title, str)
    assert title.children == (in_words(DAYS, 9, 13),)


def test_the_words_count_the_days_of_the_period_alone_and_name_the_last_of_the_worst() -> None:
    assert day_words(12) == "1970-01-13"
    assert day_words(12) in in_words(DAYS, 9, 12)
    assert day_words(13) not in in_words(DAYS, 9, 12)
    assert "1970" not in in_words({10: Verdict.DELIVERS}, 9, 12)
    assert in_words({}, 9, 12) == in_words(DAYS, 20, 30)
