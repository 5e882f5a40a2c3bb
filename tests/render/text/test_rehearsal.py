"""The rehearsal as a picture: a lane a sender in columns of one width, the steps above them, and nobody left out unsaid."""

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Lane, Rehearsal, Span
from mxproof.render.text.paper import Paper
from mxproof.render.text.rehearsal import picture

WELL = (Span(-1, None, Verdict.DELIVERS),)
DECIDES = frozenset({"microsoft", "google", "exim", "yahoo", "mox"})


def troubled(name: str, outcome: Verdict = Verdict.REFUSED, until_s: int = 3600) -> Lane:
    return Lane(
        name,
        (
            Span(-1, 0, Verdict.DELIVERS),
            Span(0, until_s, outcome),
            Span(until_s, None, Verdict.DELIVERS),
        ),
    )


def lines(*lanes: Lane, steps: tuple[int, ...] = (0,), column: int = 2, width: int = 80) -> list[str]:
    return picture(Rehearsal(steps, lanes, ()), DECIDES, column, Paper(width=width))


def test_where_nobody_is_in_trouble_one_line_says_so() -> None:
    assert lines(Lane("exim", WELL), troubled("guess")) == ["  every sender delivers throughout"]


def test_each_sender_in_trouble_has_a_lane_and_all_others_share_the_last() -> None:
    assert lines(
        troubled("microsoft"),
        troubled("google", Verdict.AT_RISK, 7200),
        Lane("exim", WELL),
        Lane("yahoo", WELL),
        steps=(0, 3600),
    ) == [
        "                    now       0         1h        2h",
        "  step                        1         2",
        "  microsoft         --------- XXXXXXXXX --------- ---------",
        "  google            --------- !!!!!!!!! !!!!!!!!! ---------",
        "  the other 2       --------- --------- --------- ---------",
    ]


def test_senders_with_the_same_lane_are_named_below_one_another() -> None:
    assert lines(troubled("microsoft", Verdict.UNKNOWN), troubled("google", Verdict.UNKNOWN)) == [
        "                    now       0         1h",
        "  step                        1",
        "  microsoft         --------- ????????? ---------",
        "  google",
    ]


def test_without_a_step_no_line_tells_of_steps() -> None:
    assert lines(troubled("microsoft"), steps=()) == [
        "                    now       0         1h",
        "  microsoft         --------- XXXXXXXXX ---------",
    ]


def many(count: int) -> Lane:
    """Return a lane that changes so often, each hour."""
    outcomes = (Verdict.DELIVERS, Verdict.REFUSED)
    spans = [Span(-1, 0, Verdict.DELIVERS)]
    spans += [Span(3600 * hour, 3600 * hour + 3600, outcomes[hour % 2]) for hour in range(count - 1)]
    return Lane("microsoft", tuple(spans))


def test_columns_are_as_wide_as_the_paper_has_room_for() -> None:
    assert (
        lines(many(8), column=0, width=66)[0]
        == "                  now   0     1h    2h    3h    4h    5h    6h"
    )
    assert lines(many(8), column=0, width=65)[0] == "                  now  0    1h   2h   3h   4h   5h   6h"


def test_of_more_columns_than_fit_the_first_are_drawn_and_that_more_follows_is_said() -> None:
    assert lines(many(8), column=0, width=58) == [
        "                  now  0    1h   2h   3h   4h   5h   6h",
        "step                   1",
        "microsoft         ---- ---- XXXX ---- XXXX ---- XXXX ----",
    ]
    assert lines(many(9), column=0, width=58) == [
        "                  now  0    1h   2h   3h   4h   5h   6h",
        "step                   1",
        "microsoft         ---- ---- XXXX ---- XXXX ---- XXXX ----",
        "more follows, which --format json lists",
    ]


def test_a_time_or_steps_that_have_no_room_in_their_column_are_cut() -> None:
    late = troubled("microsoft", until_s=90_061)
    assert lines(late, steps=(0, *range(1, 12)), column=0, width=33)[:2] == [
        "                  now  0    1d1h",
        "step                   1-12",
    ]
