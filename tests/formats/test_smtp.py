"""SMTP replies cut out of a stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.smtp import (
    REPLY_BYTES_MAX,
    REPLY_LINES_MAX,
    Reply,
    ReplyReader,
    ehlo_keywords,
    enhanced_status,
)
from support_formats import vector, work

texts = st.binary(max_size=30).filter(lambda text: b"\n" not in text and not text.endswith(b"\r"))
replies = st.builds(
    lambda code, lines: (code, tuple(lines)), st.integers(200, 599), st.lists(texts, min_size=1, max_size=4)
)


def read_all(*chunks: bytes) -> tuple[Reply, ...]:
    reader = ReplyReader()
    found: list[Reply] = []
    for chunk in chunks:
        reader.feed(chunk)
        while (reply := reader.read()) is not None:
            found.append(reply)
    return tuple(found)


def printed(code: int, lines: tuple[bytes, ...]) -> bytes:
    """Return the reply as a server sends it."""
    head, last = lines[:-1], lines[-1]
    return b"".join(b"%d-%s\r\n" % (code, line) for line in head) + b"%d %s\r\n" % (code, last)


def test_the_example_of_the_rfc_is_one_reply() -> None:
    (reply,) = read_all(vector("rfc5321/reply-section-4.2.1.txt"))
    assert (reply.code, reply.lines) == (
        250,
        (b"First line", b"Second line", b"234 Text beginning with numbers", b"The last line"),
    )


@pytest.mark.parametrize(
    ("data", "want"),
    [
        (
            b"220 mx.example.com ESMTP\r\n",
            Reply(220, None, (b"mx.example.com ESMTP",), (b"220 mx.example.com ESMTP",)),
        ),
        (b"250\r\n", Reply(250, None, (b"",), (b"250",))),
        (b"250 \r\n", Reply(250, None, (b"",), (b"250 ",))),
        (b"250-\r\n250\r\n", Reply(250, None, (b"", b""), (b"250-", b"250"))),
        (b"451 4.4.8 later\r\n", Reply(451, "4.4.8", (b"4.4.8 later",), (b"451 4.4.8 later",))),
        (b"220 \xff\x00\r\x1b\r\n", Reply(220, None, (b"\xff\x00\r\x1b",), (b"220 \xff\x00\r\x1b",))),
    ],
)
def test_a_reply_is_read(data: bytes, want: Reply) -> None:
    assert read_all(data) == (want,)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"hello\r\n", "reply-line"),
        (b"\r\n", "reply-line"),
        (b"25\r\n", "reply-line"),
        (b"250x\r\n", "reply-line"),
        (b"2500\r\n", "reply-line"),
        (b"199 x\r\n", "reply-line"),
        (b"600 x\r\n", "reply-line"),
        (b" 250 x\r\n", "reply-line"),
        (b"250-a\r\n251 b\r\n", "reply-code"),
        (b"250-a\r\nSSH-2.0-x\r\n", "reply-line"),
        (b"HTTP/1.1 400 Bad Request\r\n", "reply-line"),
        (b"220-x\r\n" * (REPLY_LINES_MAX + 1), "reply-too-long"),
        (b"220 " + b"x" * REPLY_BYTES_MAX, "reply-too-long"),
    ],
)
def test_what_is_no_reply_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as raised:
        read_all(data)
    assert [objection.rule for objection in raised.value.objections] == [rule]


def test_an_endless_reply_is_refused_also_when_it_comes_line_by_line() -> None:
    line = b"220-" + b"x" * (REPLY_BYTES_MAX // 50) + b"\r\n"
    with pytest.raises(FormatError) as raised:
        read_all(*(line for _ in range(60)))
    assert raised.value.objections[0].rule == "reply-too-long"


def test_a_reply_at_the_limits_is_read() -> None:
    (reply,) = read_all(b"220-x\r\n" * (REPLY_LINES_MAX - 1) + b"220 x\r\n")
    assert len(reply.lines) == REPLY_LINES_MAX
    (reply,) = read_all(b"220 " + b"x" * (REPLY_BYTES_MAX - 6) + b"\r\n")
    assert len(reply.lines[0]) == REPLY_BYTES_MAX - 6


def test_the_limits_are_for_each_reply_alone() -> None:
    line = b"250 " + b"x" * 1000 + b"\r\n"
    assert len(read_all(*[line] * 200)) == 200


def test_bytes_behind_the_reply_to_starttls_stay_visible() -> None:
    reader = ReplyReader()
    reader.feed(b"220 go ahead\r\n250 injected\r\n")
    reply = reader.read()
    assert (reply and reply.code, reader.pending) == (220, b"250 injected\r\n")


def test_a_reply_that_has_begun_is_visible_as_far_as_it_came() -> None:
    reader = ReplyReader()
    reader.feed(b"250-one\r\n250-two\r\n250 thr")
    assert reader.read() is None
    assert (reader.partial, reader.pending) == ((b"250-one", b"250-two"), b"250 thr")


def test_a_line_that_is_refused_stays_visible() -> None:
    reader = ReplyReader()
    reader.feed(b"250-one\r\nnonsense\r\nmore")
    with pytest.raises(FormatError):
        reader.read()
    assert (reader.partial, reader.pending) == ((b"250-one", b"nonsense"), b"more")


def test_a_bare_line_feed_ends_a_line() -> None:
    reader = ReplyReader()
    reader.feed(b"250-a\n250 b\r\n")
    assert reader.read() == Reply(250, None, (b"a", b"b"), (b"250-a", b"250 b"))


@pytest.mark.parametrize(
    ("code", "text", "want"),
    [
        (550, b"5.7.1 no", "5.7.1"),
        (250, b"2.0.0", "2.0.0"),
        (451, b"4.7.500 later", "4.7.500"),
        (451, b"4.7.5\tlater", "4.7.5"),
        (451, b"5.7.5 other class", None),
        (354, b"3.0.0 no such class", None),
        (451, b"4.7.1000 too long", None),
        (451, b"4.07.1 leading zero", None),
        (451, b"4.7 too short", None),
        (451, b"4.7.5x", None),
        (451, b"4.7.5.6", None),
        (451, b" 4.7.5", None),
        (451, b"", None),
    ],
)
def test_an_enhanced_status_is_read_after_rfc_3463(code: int, text: bytes, want: str | None) -> None:
    assert enhanced_status(code, text) == want


def test_ehlo_offers_keywords_in_capitals_with_their_parameters() -> None:
    (reply,) = read_all(
        b"250-mx.example.com greets you\r\n250-starttls\r\n250-Size 1000\r\n250-AUTH=LOGIN plain\r\n"
        b"250-  X-ODD  a b \r\n250-\r\n250 8bitmime\xff\r\n"
    )
    assert ehlo_keywords(reply) == ("STARTTLS", "SIZE 1000", "AUTH=LOGIN plain", "X-ODD a b", "8BITMIME\\XFF")


def test_a_reply_that_is_not_250_offers_nothing() -> None:
    (reply,) = read_all(b"502-no\r\n502 STARTTLS\r\n")
    assert ehlo_keywords(reply) == ()


@given(st.lists(replies, max_size=4), st.lists(st.integers(1, 20), min_size=1))
def test_replies_read_the_same_however_they_are_cut(
    wanted: list[tuple[int, tuple[bytes, ...]]], sizes: list[int]
) -> None:
    stream = b"".join(printed(code, lines) for code, lines in wanted)
    chunks: list[bytes] = []
    for index in range(len(stream)):
        size = sizes[index % len(sizes)]
        chunks, stream = [*chunks, stream[:size]], stream[size:]
    assert [(reply.code, reply.lines) for reply in read_all(*chunks)] == wanted


@given(
    st.lists(
        st.binary(max_size=40) | st.sampled_from([b"250 ", b"250-", b"\r\n", b"\n", b"4.7.5"]), max_size=20
    )
)
def test_any_bytes_are_replies_or_a_format_error(chunks: list[bytes]) -> None:
    try:
        found = read_all(*chunks)
    except FormatError:
        return
    data = b"".join(chunks)
    assert all(line in data for reply in found for line in reply.raw)


def test_a_reply_that_drips_in_costs_work_in_proportion_to_its_length() -> None:
    def drip(size: int) -> int:
        return work(lambda: read_all(b"220 ", *([b"x"] * size), b"\r\n"))

    assert drip(8000) <= 2.1 * drip(4000)


def test_a_reply_has_a_hundred_lines_at_most() -> None:
    (found,) = read_all(printed(250, (b"x",) * 100))
    assert len(found.lines) == 100
    with pytest.raises(FormatError):
        read_all(printed(250, (b"x",) * 101))


def test_the_status_of_a_reply_is_that_of_its_first_line() -> None:
    stream = (
        b"451-4.7.0 one\r\n451-4.3.0 two\r\n451 4.4.8 three\r\n250-no status\r\n250 2.0.0 ok\r\n550 5.1.1\r\n"
    )
    found = [(one.code, one.enhanced, one.lines) for one in read_all(stream)]
    assert found == [
        (451, "4.7.0", (b"4.7.0 one", b"4.3.0 two", b"4.4.8 three")),
        (250, None, (b"no status", b"2.0.0 ok")),
        (550, "5.1.1", (b"5.1.1",)),
    ]


def test_what_was_searched_of_one_reply_is_not_left_out_of_the_next() -> None:
    reader = ReplyReader()
    reader.feed(b"250-a long first line of a reply")
    assert reader.read() is None
    reader.feed(b"\r\n250 b\r\n220 c\r\n")
    assert (reader.read(), reader.read()) == (
        Reply(
            250,
            None,
            (b"a long first line of a reply", b"b"),
            (b"250-a long first line of a reply", b"250 b"),
        ),
        Reply(220, None, (b"c",), (b"220 c",)),
    )
    assert (reader.read(), reader.partial, reader.pending) == (None, (), b"")
