"""The matrix in text: hosts and addresses against senders, those that are alike together, and never wider than the paper."""

import pytest

from mxproof.judge.report import Attempt, Delivery
from mxproof.judge.vocabulary import Confidence, Verdict
from mxproof.render.text.matrix import section
from mxproof.render.text.paper import Paper
from support_report import delivery

PAPER = Paper(width=80)
DELIVERS, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.UNKNOWN
MX1, MX2 = "mx1.example.com", "mx2.example.com"
PREFERENCES = {MX1: 5, MX2: 100}

Tried = tuple[str, str | None, Verdict]


def sender(id_: str, *tried: Tried) -> Delivery:
    """Return a sender that refuses where some place does."""
    outcomes = [outcome for _, _, outcome in tried]
    attempts = tuple(
        Attempt(mx, PREFERENCES.get(mx, 10), address, mx, None, outcome, "") for mx, address, outcome in tried
    )
    return delivery(id_, REFUSED if REFUSED in outcomes else DELIVERS, attempts=attempts)


def at_both(id_: str, first: Verdict = DELIVERS, second: Verdict = DELIVERS) -> Delivery:
    return sender(id_, (MX1, "192.0.2.1", first), (MX2, "192.0.2.2", second))


def at_one(*outcomes: Verdict) -> Delivery:
    """Return a sender that tries so many addresses of one host."""
    return sender(
        "exim", *((MX1, f"192.0.2.{number}", outcome) for number, outcome in enumerate(outcomes, 10))
    )


def lines(*senders: Delivery, paper: Paper = PAPER) -> list[str]:
    return section(senders, paper)


def test_each_host_and_address_has_a_row_by_preference_and_each_sender_its_verdict_there() -> None:
    early = sender("microsoft", (MX1, None, REFUSED), (MX2, "192.0.2.2", DELIVERS))
    assert lines(at_both("google"), early, sender("exim", (MX2, "192.0.2.2", UNKNOWN))) == [
        "MX hosts                          microsoft  google     exim",
        "    5 mx1.example.com  192.0.2.1  REFUSES    delivers   not tried",
        "  100 mx2.example.com  192.0.2.2  delivers   delivers   unknown",
    ]


def test_the_columns_begin_behind_the_longest_host_and_address() -> None:
    told = sender("exim", ("a.example", "192.0.2.1", DELIVERS), ("long.example.com", "192.0.2.100", REFUSED))
    assert lines(told) == [
        "MX hosts                            exim",
        "  10 a.example         192.0.2.1    delivers",
        "  10 long.example.com  192.0.2.100  REFUSES",
    ]


def test_a_host_that_nobody_connected_to_has_a_row_that_says_so() -> None:
    assert lines(sender("microsoft", (MX1, None, REFUSED), (MX2, None, DELIVERS)))[1:] == [
        "    5 mx1.example.com  not connected to  REFUSES",
        "  100 mx2.example.com  not connected to  delivers",
    ]


def test_where_no_sender_that_counts_tried_a_host_there_is_no_matrix() -> None:
    guess = delivery("guess", confidence=Confidence.GUESS, attempts=at_both("guess").attempts)
    assert lines(delivery("exim"), guess) == []


def test_one_place_alone_is_told_by_the_verdicts_and_in_the_whole_story_here_too() -> None:
    alone = sender("exim", (MX1, "192.0.2.1", DELIVERS))
    assert lines(alone) == []
    assert lines(alone, paper=Paper(width=80, verbose=True)) == [
        "MX hosts                        exim",
        "  5 mx1.example.com  192.0.2.1  delivers",
    ]


def test_senders_that_judge_every_place_alike_share_a_column() -> None:
    assert lines(at_both("a"), at_both("b", REFUSED), at_both("c"), at_both("d"))[0] == (
        "MX hosts                          b          a, c, d"
    )


def test_more_than_three_are_counted_as_all_or_as_all_others() -> None:
    four = tuple(at_both(id_) for id_ in "acde")
    assert lines(*four)[0] == "MX hosts                          all 4 senders"
    assert lines(*four, at_both("b", REFUSED)) == [
        "MX hosts                          b          the other 4",
        "    5 mx1.example.com  192.0.2.1  REFUSES    delivers",
        "  100 mx2.example.com  192.0.2.2  delivers   delivers",
    ]


def test_the_addresses_of_a_host_stand_below_one_another_up_to_eight_places() -> None:
    assert lines(at_one(*[DELIVERS] * 7, REFUSED)) == [
        "MX hosts                         exim",
        "  5 mx1.example.com  192.0.2.10  delivers",
        *(f"                     192.0.2.{number}  delivers" for number in range(11, 17)),
        "                     192.0.2.17  REFUSES",
    ]


def test_where_there_are_more_those_that_fare_alike_share_a_row_and_a_bad_one_keeps_its_own() -> None:
    assert lines(at_one(*[DELIVERS] * 3, REFUSED, *[DELIVERS] * 5)) == [
        "MX hosts                                    exim",
        "  5 mx1.example.com  192.0.2.10 and 7 more  delivers",
        "                     192.0.2.13             REFUSES",
    ]


@pytest.mark.parametrize(("hosts", "last"), [(40, ""), (41, "  and 1 more, which --format json lists")])
def test_of_many_hosts_forty_have_rows(hosts: int, last: str) -> None:
    names = [f"mx{number}.example.net" for number in range(100, 100 + hosts)]
    told = lines(sender("exim", *((name, "192.0.2.1", DELIVERS) for name in names)))
    assert [line.split()[1] for line in told[1:41]] == names[:40]
    assert told[41:] == [last] * bool(last)


@pytest.mark.parametrize(
    ("ids", "head"),
    [
        (("a" * 13, "b" * 13), ["a" * 13 + ", " + "b" * 13]),
        (("a" * 13, "b" * 14), ["a" * 13 + ",", "b" * 14]),
        (("a" * 30, "b", "c"), ["a" * 30 + ",", "b, c"]),
    ],
)
def test_a_head_is_broken_behind_a_name_and_no_wider_than_its_column_may_be(
    ids: tuple[str, ...], head: list[str]
) -> None:
    told = lines(at_both("x", REFUSED, REFUSED), *map(at_both, ids))
    assert told[: len(head)] == [
        f"MX hosts                          x          {head[0]}",
        *(f"{' ' * 45}{line}" for line in head[1:]),
    ]


def test_a_head_is_no_wider_than_the_paper_has_room() -> None:
    paper = Paper(width=56)
    assert lines(at_both("a" * 10), at_both("b" * 10), paper=paper)[0] == (
        "MX hosts                          aaaaaaaaaa, bbbbbbbbbb"
    )
    assert lines(at_both("a" * 10), at_both("b" * 11), paper=paper)[:2] == [
        "MX hosts                          aaaaaaaaaa,",
        "                                  bbbbbbbbbbb",
    ]


THREE = (at_both("a", DELIVERS, REFUSED), at_both("b", REFUSED), at_both("c", REFUSED, REFUSED))


def test_columns_that_fit_side_by_side_stand_so_and_the_others_below() -> None:
    assert lines(*THREE, paper=Paper(width=65)) == [
        "MX hosts                          a          b          c",
        "    5 mx1.example.com  192.0.2.1  delivers   REFUSES    REFUSES",
        "  100 mx2.example.com  192.0.2.2  REFUSES    delivers   REFUSES",
    ]
    assert lines(*THREE, paper=Paper(width=64)) == [
        "MX hosts                          a          b",
        "    5 mx1.example.com  192.0.2.1  delivers   REFUSES",
        "  100 mx2.example.com  192.0.2.2  REFUSES    delivers",
        "                                  c",
        "    5 mx1.example.com  192.0.2.1  REFUSES",
        "  100 mx2.example.com  192.0.2.2  REFUSES",
    ]


def test_where_two_columns_do_not_fit_beside_the_address_it_stands_below_its_host() -> None:
    assert lines(*THREE[:2], paper=Paper(width=56))[1] == (
        "    5 mx1.example.com  192.0.2.1  delivers   REFUSES"
    )
    assert lines(*THREE[:2], paper=Paper(width=55)) == [
        "MX hosts           a          b",
        "    5 mx1.example.com",
        "        192.0.2.1  delivers   REFUSES",
        "  100 mx2.example.com",
        "        192.0.2.2  REFUSES    delivers",
    ]


def test_below_its_host_each_address_has_a_line_and_the_host_one() -> None:
    paper = Paper(width=40)
    assert lines(at_one(DELIVERS, REFUSED), paper=paper) == [
        "MX hosts          exim",
        "  5 mx1.example.com",
        "      192.0.2.10  delivers",
        "      192.0.2.11  REFUSES",
    ]


def test_the_colour_of_a_cell_is_that_of_its_verdict() -> None:
    paper = Paper(width=80, colour=True)
    told = lines(at_both("a", REFUSED), sender("b", (MX1, "192.0.2.1", UNKNOWN)), paper=paper)
    assert told == [
        "\x1b[1mMX hosts\x1b[0m                          \x1b[2ma\x1b[0m          \x1b[2mb\x1b[0m",
        "  \x1b[2m  5\x1b[0m mx1.example.com  \x1b[2m192.0.2.1\x1b[0m  \x1b[1;31mREFUSES\x1b[0m    \x1b[36munknown\x1b[0m",
        "  \x1b[2m100\x1b[0m mx2.example.com  \x1b[2m192.0.2.2\x1b[0m  \x1b[32mdelivers\x1b[0m   \x1b[2mnot tried\x1b[0m",
    ]
