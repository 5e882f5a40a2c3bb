from hypothesis import given
from hypothesis import strategies as st

from mxproof.serve.policyd.reply_cache import Hot


def test_a_reply_is_given_until_its_time_is_over() -> None:
    hot = Hot(10)
    hot.keep(b"q", b"a", 5.0)
    assert [hot.find(b"q", when) for when in (0.0, 4.9, 5.0)] == [b"a", b"a", None]
    assert hot.find(b"other", 0.0) is None


def test_what_is_asked_for_stays_and_the_rest_leaves() -> None:
    hot = Hot(10)
    for number in range(100):
        hot.keep(b"%d" % number, b"a", 1.0)
        hot.keep(b"used", b"b", 1.0) if number == 0 else None
        assert hot.find(b"used", 0.0) == b"b"
    assert hot.find(b"1", 0.0) is None


@given(st.integers(1, 20), st.lists(st.binary(max_size=2), max_size=200))
def test_it_is_bounded(replies_max: int, requests: list[bytes]) -> None:
    hot = Hot(replies_max)
    for request in requests:
        hot.keep(request, request, 1.0)
        assert hot.find(request, 0.0) == request
    assert len(hot) <= max(2, replies_max)


def test_clearing_forgets_all() -> None:
    hot = Hot(10)
    hot.keep(b"q", b"a", 5.0)
    hot.clear()
    assert (hot.find(b"q", 0.0), len(hot)) == (None, 0)
