"""Which key of RFC 8460 a report means by a key that it spells otherwise."""

import pytest

from mxproof.formats.tlsrpt.key_spelling import SPELLING_CHARACTERS_MAX, meant_key

DETAILS = frozenset(
    {
        *("result-type", "sending-mta-ip", "receiving-mx-hostname", "receiving-mx-helo", "receiving-ip"),
        *("failed-session-count", "additional-information", "failure-reason-code"),
    }
)
SUMMARY = frozenset({"total-successful-session-count", "total-failure-session-count"})
RANGE = frozenset({"start-datetime", "end-datetime"})


@pytest.mark.parametrize(
    ("name", "known", "key"),
    [
        ("result-type", DETAILS, "result-type"),
        ("resultType", DETAILS, "result-type"),
        ("Result_Type", DETAILS, "result-type"),
        (" type result ", DETAILS, "result-type"),
        ("failedSessions", DETAILS, "failed-session-count"),
        ("success", SUMMARY, "total-successful-session-count"),
        ("succeeded_sessions", SUMMARY, "total-successful-session-count"),
        ("totalFailedSessions", SUMMARY, "total-failure-session-count"),
        ("from", RANGE, "start-datetime"),
        ("until", RANGE, "end-datetime"),
        ("begin-date", RANGE, "start-datetime"),
        ("endTimestamp", RANGE, "end-datetime"),
    ],
)
def test_order_signs_endings_and_empty_words_make_no_other_key(
    name: str, known: frozenset[str], key: str
) -> None:
    assert meant_key(name, known) == key


@pytest.mark.parametrize(
    "name",
    ["", "-", "type", "results-types-of-policies-sent", "receiving", "colour", "session-count", "total"],
)
def test_a_key_with_other_words_is_none_of_them(name: str) -> None:
    assert meant_key(name, DETAILS) is None


def test_a_short_key_is_taken_for_another_where_that_one_is_expected() -> None:
    assert meant_key("IP", DETAILS) == "receiving-ip"
    assert meant_key(" mx ", DETAILS) == "receiving-mx-hostname"
    assert meant_key("mx", SUMMARY) is None


def test_a_key_that_could_be_either_of_two_is_none() -> None:
    assert meant_key("start", frozenset({"start-date", "start-time"})) is None


def test_the_end_of_a_short_word_and_a_double_s_belong_to_it() -> None:
    assert meant_key("ids", frozenset({"id"})) is None
    assert meant_key("type", frozenset({"types"})) == "types"
    assert meant_key("clas", frozenset({"class"})) is None


def test_a_key_longer_than_any_spelling_is_not_looked_at() -> None:
    padding = " " * (SPELLING_CHARACTERS_MAX - len("result-type"))
    assert meant_key(f"result-type{padding}", DETAILS) == "result-type"
    assert meant_key(f"result-type{padding} ", DETAILS) is None
