"""Replies ready to be sent: given until their time is over, the last ones used kept, and bounded."""

from hypothesis import given
from hypothesis import strategies as st

from mxproof.serve.policyd.reply_cache import ReplyCache


def test_a_reply_is_given_until_its_time_is_over() -> None:
    replies = ReplyCache(10)
    replies.keep(b"q", b"a", 5.0)
    assert [replies.find(b"q", when) for when in (0.0, 4.9, 5.0)] == [b"a", b"a", None]
    assert replies.find(b"other", 0.0) is None


def test_what_is_asked_for_stays_and_the_rest_leaves() -> None:
    replies = ReplyCache(10)
    for number in range(100):
        replies.keep(b"%d" % number, b"a", 1.0)
        replies.keep(b"used", b"b", 1.0) if number == 0 else None
        assert replies.find(b"used", 0.0) == b"b"
    assert replies.find(b"1", 0.0) is None


@given(st.integers(1, 20), st.lists(st.binary(max_size=2), max_size=200))
def test_it_is_bounded(replies_max: int, requests: list[bytes]) -> None:
    replies = ReplyCache(replies_max)
    for request in requests:
        replies.keep(request, request, 1.0)
        assert replies.find(request, 0.0) == request
    assert len(replies) <= max(2, replies_max)


def test_clearing_forgets_all() -> None:
    replies = ReplyCache(10)
    replies.keep(b"q", b"a", 5.0)
    replies.clear()
    assert (replies.find(b"q", 0.0), len(replies)) == (None, 0)


def test_what_was_used_last_outlives_what_is_new_twice_over_but_not_its_time() -> None:
    replies = ReplyCache(4)
    replies.keep(b"used", b"a", 5.0)
    replies.keep(b"unused", b"b", 5.0)
    replies.keep(b"1", b"c", 9.0)
    assert replies.find(b"used", 4.9) == b"a"
    replies.keep(b"2", b"d", 9.0)
    assert [replies.find(one, 4.9) for one in (b"unused", b"used")] == [None, b"a"]
    assert replies.find(b"used", 5.0) is None
    assert [replies.find(one, 8.9) for one in (b"1", b"2")] == [b"c", b"d"]


def test_a_newer_reply_takes_the_place_of_the_one_before_wherever_that_stands() -> None:
    replies = ReplyCache(4)
    for request in (b"q", b"1", b"2"):
        replies.keep(request, b"old", 5.0)
    replies.keep(b"q", b"new", 9.0)
    assert (replies.find(b"q", 4.0), replies.find(b"q", 8.9), len(replies)) == (b"new", b"new", 3)
    replies.keep(b"q", b"newest", 2.0)
    assert (replies.find(b"q", 1.9), replies.find(b"q", 2.0)) == (b"newest", None)


def test_a_reply_that_is_made_anew_makes_nobody_leave() -> None:
    replies = ReplyCache(4)
    for number in range(4):
        replies.keep(b"%d" % number, b"a", 5.0)
    for _ in range(9):
        replies.keep(b"3", b"b", 5.0)
    assert len(replies) == 4
    assert [replies.find(b"%d" % number, 0.0) for number in (3, 2, 1, 0)] == [b"b", b"a", b"a", None]


def test_after_a_clearing_neither_generation_is_left() -> None:
    replies = ReplyCache(4)
    for number in range(4):
        replies.keep(b"%d" % number, b"a", 5.0)
    replies.clear()
    assert ([replies.find(b"%d" % number, 0.0) for number in range(4)], len(replies)) == ([None] * 4, 0)
