"""Every decision in both dialects, for policies of every kind, hostile ones too."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.mtasts import Mode, Policy, examine_policy, print_policy
from mxproof.formats.postfix.policy import parse_tls_policy
from mxproof.formats.postfix.socketmap import SOCKETMAP_REPLY_BYTES_MAX, SocketmapReply, Status, print_reply
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.reply import NOT_FOUND, Dialect, reply

AT = datetime(2026, 6, 1, tzinfo=UTC)
POLICY = b"version: STSv1\nmode: enforce\nmx: b.example.com\nmx: *.example.net\nmx: a.example.com\nmax_age: 86400\n"


def held(protection: Protection, body: bytes = POLICY, detail: str = "") -> Held:
    return Held(Memory(body, AT, "1"), None, Decision(protection, Reason.STS_ENFORCE, AT, detail))


def test_every_protection_has_its_reply() -> None:
    said = {
        (protection, dialect): print_reply(reply("example.com", held(protection), dialect)).decode()
        for protection in Protection
        for dialect in Dialect
    }
    secure = "OK secure match=b.example.com:.example.net:a.example.com servername=hostname"
    about = (
        " policy_type=sts policy_domain=example.com mx_host_pattern=b.example.com"
        " mx_host_pattern=*.example.net mx_host_pattern=a.example.com { policy_string = version: STSv1 }"
        " { policy_string = mode: enforce } { policy_string = mx: b.example.com }"
        " { policy_string = mx: *.example.net } { policy_string = mx: a.example.com }"
        " { policy_string = max_age: 86400 }"
    )
    classic, new = Dialect.CLASSIC, Dialect.TLSRPT
    assert said == {
        (Protection.DANE_ONLY, classic): "OK dane-only",
        (Protection.DANE_ONLY, new): "OK dane-only",
        (Protection.DANE, classic): "OK dane",
        (Protection.DANE, new): "OK dane",
        (Protection.STS, classic): secure,
        (Protection.STS, new): secure + about,
        (Protection.REPORT, classic): "NOTFOUND ",
        (Protection.REPORT, new): "OK may" + about,
        (Protection.DEFAULT, classic): "NOTFOUND ",
        (Protection.DEFAULT, new): "NOTFOUND ",
        (Protection.UNDECIDED, classic): "TEMP sts-enforce",
        (Protection.UNDECIDED, new): "TEMP sts-enforce",
    }


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("protection", Protection)
def test_a_fetch_that_failed_changes_no_reply(protection: Protection, dialect: Dialect) -> None:
    without = held(protection)
    failure = Failure(AT, ResultType.STS_POLICY_FETCH_ERROR, "status 404", "1")
    failed = msgspec.structs.replace(without, failure=failure)
    assert reply("example.com", failed, dialect) == reply("example.com", without, dialect)


@pytest.mark.parametrize("word", ["hostname", "nexthop", "dot-nexthop"])
def test_a_pattern_that_is_a_word_of_postfix_is_matched_with_no_name(word: str) -> None:
    body = print_policy(Policy(Mode.ENFORCE, 86400, ("mx1.example.com", word)))
    told = reply("example.com", held(Protection.STS, body), Dialect.CLASSIC)
    assert told == SocketmapReply(Status.OK, "secure match=mx1.example.com servername=hostname")
    alone = print_policy(Policy(Mode.ENFORCE, 86400, (word,)))
    assert {reply("example.com", held(Protection.STS, alone), one).status for one in Dialect} == {Status.TEMP}


HOSTS = st.from_regex(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,6}[a-z0-9])?\.){1,3}[a-z]{2,5}", fullmatch=True)


@given(st.lists(HOSTS, min_size=1, max_size=6))
def test_every_valid_policy_makes_an_entry_that_postfix_reads(patterns: list[str]) -> None:
    body = print_policy(Policy(Mode.ENFORCE, 86400, tuple(patterns)))
    for dialect in Dialect:
        told = reply("example.com", held(Protection.STS, body), dialect)
        assert told.status is Status.OK
        entry = parse_tls_policy(told.text)
        assert entry.match == tuple(pattern.removeprefix("*") for pattern in patterns)
        assert entry.sts is None or entry.sts.mx == tuple(patterns)


@pytest.mark.parametrize(
    "mx",
    [
        b"mx1.example.com servername=evil.example",
        b"servername=evil",
        b"{ policy_type = none }",
        b"mx1.example.com}",
        b"a.example.com\0b",
        b"a.example.com\rmode: none",
        b"192.0.2.1",
        b"[192.0.2.1]",
        b"",
        b"*",
        b"*.",
        b".example.com",
        b"mx1.example.com.",
        b"m\xc3\xbcller.example",
        b"hostname:nexthop",
    ],
)
def test_a_hostile_pattern_never_reaches_postfix(mx: bytes) -> None:
    body = b"version: STSv1\nmode: enforce\nmx: good.example.com\nmx: " + mx + b"\nmax_age: 86400\n"
    assert examine_policy(body).strict is None
    for dialect in Dialect:
        assert reply("example.com", held(Protection.STS, body), dialect).status is Status.TEMP


def test_a_policy_too_large_for_reports_is_told_for_protection_alone() -> None:
    patterns = tuple(f"{'m' * 40}{number}.example.com" for number in range(1000))
    told = {
        dialect: reply(
            "example.com", held(Protection.STS, print_policy(Policy(Mode.ENFORCE, 9, patterns))), dialect
        )
        for dialect in Dialect
    }
    assert told[Dialect.CLASSIC].status is Status.OK
    assert told[Dialect.TLSRPT] == told[Dialect.CLASSIC]
    body = print_policy(Policy(Mode.TESTING, 9, patterns))
    assert reply("example.com", held(Protection.REPORT, body), Dialect.TLSRPT) == NOT_FOUND
    assert all(len(print_reply(one)) <= SOCKETMAP_REPLY_BYTES_MAX for one in told.values())


def test_nothing_decided_is_temp_and_nothing_to_report_is_not_found() -> None:
    assert reply("example.com", Held(), Dialect.CLASSIC).status is Status.TEMP
    assert reply("example.com", held(Protection.REPORT, b"no policy"), Dialect.TLSRPT).status is Status.TEMP
    assert reply("example.com", held(Protection.REPORT), Dialect.CLASSIC) == NOT_FOUND
