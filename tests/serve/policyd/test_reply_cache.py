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
