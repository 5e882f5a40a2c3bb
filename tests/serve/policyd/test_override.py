"""Overrides: what is said of a destination whatever it publishes, and what cannot be meant."""

from datetime import UTC, datetime

import pytest

from mxproof.formats import ConfigError
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.serve.policyd.config import Override
from mxproof.serve.policyd.override import OVERRIDES_MAX, ready_overrides
from mxproof.serve.policyd.reply import NOT_FOUND

UNTIL = datetime(2027, 1, 31, tzinfo=UTC)


def override(domain: str = "example.com", policy: str = "encrypt", until: datetime = UNTIL) -> Override:
    return Override(domain=domain, policy=policy, reason="their MX is broken", until=until)


def test_a_destination_is_known_by_its_name_however_it_is_written_and_a_host_stands_apart() -> None:
    found = ready_overrides(
        [override("Example.COM:25"), override("[example.com]:587", "secure match=.example.com")]
    )
    assert {key: one.reply for key, one in found.items()} == {
        "example.com": SocketmapReply(Status.OK, "encrypt"),
        "[example.com]:587": SocketmapReply(Status.OK, "secure match=.example.com"),
    }
    assert {(one.reason, one.until) for one in found.values()} == {("their MX is broken", UNTIL)}


def test_default_says_that_there_is_no_policy() -> None:
    assert ready_overrides([override(policy="default")])["example.com"].reply == NOT_FOUND


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ([override("no domain")], "'no domain': a domain, or a host in brackets"),
        ([override(".example.com")], "a domain, or a host in brackets"),
        ([override("[192.0.2.1]")], "a domain, or a host in brackets"),
        ([override(), override("EXAMPLE.com.")], "'EXAMPLE.com.': given twice"),
        ([override(until=datetime(2027, 1, 31))], "until needs its zone"),  # noqa: DTZ001
        ([override(policy="sekure")], "^override 'example.com': "),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_destination(overrides: list[Override], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        ready_overrides(overrides)


@pytest.mark.parametrize(("more", "is_refused"), [(0, False), (1, True)])
def test_there_are_a_hundred_thousand_at_most(more: int, *, is_refused: bool) -> None:
    assert OVERRIDES_MAX == 100_000
    one = override("no domain")
    with pytest.raises(ConfigError) as caught:
        ready_overrides([one] * (OVERRIDES_MAX + more))
    assert ("more than 100000" in str(caught.value)) is is_refused
