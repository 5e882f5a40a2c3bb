"""What senders are assumed to remember: the options, the file that says it, and what is said of what counts for nothing."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from mxproof.cli.exit import RunError
from mxproof.cli.options.memory import (
    MEMORIES_MAX,
    MEMORY_BYTES_MAX,
    MemoryOptions,
    memories_since,
    memory_options,
    memory_warnings,
    time_typed,
)
from mxproof.evidence.codec import encode
from mxproof.formats.names import parse_domain
from mxproof.mail.memory import LevelMemory, Memory, SessionLevel
from support_certificates import NOW
from support_options import refusal, taken
from support_world import GOOD_POLICY, ZoneWorld, collect

CONTEXT = click.Context(click.Command("replay"))
OPTION = click.Option(["--at"])
BODY = GOOD_POLICY.decode()
MAX_AGE = timedelta(seconds=1209600)
ONE = {"body": BODY, "fetched_at": "2026-06-01T14:00:00+02:00", "id": "7"}
HELD = Memory(GOOD_POLICY, NOW, "7")
PAIRED = "--cached-at and --cached-id say more about --cached-policy; give that too"
ABOUT_ONE = "--memory and --cached-policy are about the policy of one domain; expected one DOMAIN"


def memory_file(folder: Path, what: object) -> str:
    path = folder / "memory.json"
    path.write_text(json.dumps(what))
    return str(path)


def policy_file(folder: Path, body: bytes = GOOD_POLICY) -> str:
    path = folder / "mta-sts.txt"
    path.write_bytes(body)
    return str(path)


def test_nothing_is_remembered_where_nothing_is_said() -> None:
    assert taken(memory_options) == MemoryOptions()
    assert MemoryOptions().memories() == ()


def test_a_memory_file_holds_one_policy_or_several(tmp_path: Path) -> None:
    assert taken(memory_options, "--memory", memory_file(tmp_path, ONE)).memories() == (HELD,)
    path = memory_file(tmp_path, [ONE, {"body": BODY, "fetched_at": "2026-06-01T12:00:00Z"}])
    assert taken(memory_options, "--memory", path).memories() == (HELD, Memory(GOOD_POLICY, NOW))


def test_as_many_policies_are_taken_as_a_name_says_and_no_more(tmp_path: Path) -> None:
    assert MEMORIES_MAX == 16
    most = memory_file(tmp_path, [ONE] * MEMORIES_MAX)
    assert taken(memory_options, "--memory", most).memories() == (HELD,) * MEMORIES_MAX
    more = memory_file(tmp_path, [ONE] * (MEMORIES_MAX + 1))
    assert refusal(memory_options, "--memory", more) == (
        f"Invalid value for '--memory': {more}: 17 policies; at most 16 are taken"
    )


def test_what_is_cached_comes_after_what_a_file_says_and_a_session_last(tmp_path: Path) -> None:
    options = taken(
        memory_options,
        *("--memory", memory_file(tmp_path, ONE), "--cached-policy", policy_file(tmp_path)),
        *("--cached-at", "2026-05-31", "--cached-id", "6", "--remembered-tls"),
    )
    assert options.memories() == (
        HELD,
        Memory(GOOD_POLICY, datetime(2026, 5, 31, tzinfo=UTC), "6"),
        LevelMemory(SessionLevel.VERIFIED),
    )


@pytest.mark.parametrize("options", [MemoryOptions(cached_at=NOW), MemoryOptions(cached_id="7")])
def test_when_or_under_which_id_is_said_of_a_policy_alone(options: MemoryOptions) -> None:
    with pytest.raises(click.UsageError) as error:
        options.memories()
    assert error.value.message == PAIRED


def test_a_cached_policy_wants_the_time_when_it_was_fetched() -> None:
    with pytest.raises(click.UsageError) as error:
        MemoryOptions(cached_policy=GOOD_POLICY, cached_id="7").memories()
    assert error.value.message == ("--cached-policy needs --cached-at, the time when senders last fetched it")
    assert MemoryOptions(cached_policy=GOOD_POLICY, cached_at=NOW).memories() == (Memory(GOOD_POLICY, NOW),)


def test_a_policy_is_refused_for_several_domains_and_a_session_is_not() -> None:
    MemoryOptions(remembered_tls=True).refuse_many()
    with pytest.raises(click.UsageError) as error:
        MemoryOptions(memory=(HELD,)).refuse_many()
    assert error.value.message == ABOUT_ONE


@pytest.mark.parametrize(
    ("typed", "want"),
    [
        ("2026-11-03T12:00Z", datetime(2026, 11, 3, 12, tzinfo=UTC)),
        ("2026-11-03T12:00:30+02:00", datetime(2026, 11, 3, 10, 0, 30, tzinfo=UTC)),
        ("2026-11-03", datetime(2026, 11, 3, tzinfo=UTC)),
        ("1970-01-01", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2200-01-01", datetime(2200, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_is_utc_where_no_zone_is_written(typed: str, want: datetime) -> None:
    got = time_typed(CONTEXT, OPTION, typed)
    assert (got, got and got.tzinfo) == (want, UTC)


def test_no_time_is_typed_where_none_is_given() -> None:
    assert time_typed(CONTEXT, OPTION, None) is None


@pytest.mark.parametrize(
    "typed", ["yesterday", "1969-12-31T23:59:59Z", "2200-01-01T00:00:01Z", "9999-12-31T23:00-02:00"]
)
def test_any_other_time_is_wrong_usage(typed: str) -> None:
    with pytest.raises(click.BadParameter) as error:
        time_typed(CONTEXT, OPTION, typed)
    assert error.value.message == (
        f"{typed!r} is not a time such as 2026-11-03T12:00Z or 2026-11-03, between 1970 and 2200"
    )


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"body": BODY}, "Object missing required field `fetched_at`; "),
        (
            {"body": BODY, "fetched_at": "2026-06-01T12:00:00"},
            "Expected `datetime` with a timezone component - at `$.fetched_at`; ",
        ),
    ],
)
def test_a_memory_file_of_another_form_is_told_what_it_holds(tmp_path: Path, what: object, said: str) -> None:
    path = memory_file(tmp_path, what)
    assert refusal(memory_options, "--memory", path) == (
        f"Invalid value for '--memory': {path}: {said}"
        'expected {"body": POLICY, "fetched_at": TIME, "id": ID} or a list of such'
    )


def test_a_policy_that_was_fetched_beyond_all_time_is_refused(tmp_path: Path) -> None:
    path = memory_file(tmp_path, [ONE, {**ONE, "fetched_at": "2200-01-01T00:00:01Z"}])
    assert refusal(memory_options, "--memory", path) == (
        f"Invalid value for '--memory': {path}: the time is not between 1970 and 2200"
    )


def test_a_text_that_no_sender_could_hold_is_refused_with_what_is_grave_about_it(tmp_path: Path) -> None:
    doubtful = b"version: STSv1\nmode: enforce\nmx: bad..name\nmax_age: 604800\n"
    path = policy_file(tmp_path, doubtful)
    want = "not a policy that a sender could hold: no mx field with a valid pattern"
    got = refusal(memory_options, "--cached-policy", path)
    assert got == f"Invalid value for '--cached-policy': {path}: {want}"
    path = memory_file(tmp_path, {**ONE, "body": doubtful.decode()})
    assert refusal(memory_options, "--memory", path) == f"Invalid value for '--memory': {path}: {want}"


def test_a_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    most = json.dumps(ONE).encode().ljust(MEMORY_BYTES_MAX)
    (tmp_path / "most").write_bytes(most)
    (tmp_path / "more").write_bytes(most + b" ")
    assert taken(memory_options, "--memory", str(tmp_path / "most")).memory == (HELD,)
    assert refusal(memory_options, "--memory", str(tmp_path / "more")) == (
        f"Invalid value for '--memory': {tmp_path / 'more'}: more than 1048576 bytes"
    )
    assert refusal(memory_options, "--memory", str(tmp_path)) == (
        f"Invalid value for '--memory': {tmp_path}: cannot be read (Is a directory)"
    )


def test_what_was_served_when_earlier_evidence_was_observed_is_held_since(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "earlier.json"
    path.write_bytes(encode(collect(ZoneWorld())))
    assert memories_since(parse_domain("example.com"), path) == (Memory(GOOD_POLICY, NOW, "20260601"),)
    assert memories_since(parse_domain("example.com"), None) == ()
    assert capsys.readouterr().err == ""
    with pytest.raises(RunError) as error:
        memories_since(parse_domain("example.net"), path)
    assert str(error.value) == f"{path}: evidence about example.com; expected it to be about example.net"


def test_earlier_evidence_without_a_policy_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "earlier.json"
    path.write_bytes(encode(collect(ZoneWorld().zone_with("_mta-sts.example.com TXT"))))
    assert memories_since(parse_domain("example.com"), path) == ()
    assert capsys.readouterr().err == (
        f"mxproof: {path}: no policy was read then, so there is nothing to compare with\n"
    )


@pytest.mark.parametrize(
    ("at", "want"),
    [
        (
            NOW - timedelta(seconds=1),
            ["the policy fetched at 2026-06-01 12:00:00 UTC counts for nothing at 2026-06-01 11:59:59 UTC, before that"],
        ),
        (NOW, []),
        (NOW + MAX_AGE - timedelta(seconds=1), []),
        (
            NOW + MAX_AGE,
            ["the policy fetched at 2026-06-01 12:00:00 UTC ended at 2026-06-15 12:00:00 UTC (max_age)"],
        ),
    ],
)  # fmt: skip
def test_a_policy_is_gone_by_from_when_it_was_fetched_until_its_max_age_is_over(
    at: datetime, want: list[str]
) -> None:
    assert list(memory_warnings([HELD], at)) == want


def test_what_has_no_max_age_does_not_end() -> None:
    every = (Memory(b"no policy", NOW), LevelMemory(SessionLevel.VERIFIED), HELD)
    assert list(memory_warnings(every, NOW + MAX_AGE)) == [
        "the policy fetched at 2026-06-01 12:00:00 UTC ended at 2026-06-15 12:00:00 UTC (max_age)"
    ]
