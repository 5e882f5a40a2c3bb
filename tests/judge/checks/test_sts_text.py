"""What a policy that can be read gives reason to say."""

from datetime import UTC, datetime

import pytest

from mxproof.judge.checks import sts_policy, sts_text
from mxproof.judge.checks.sts_policy import SLOW_MS
from mxproof.judge.checks.sts_text import MAX_AGE_LONG_S, dated
from mxproof.judge.codes import Code
from mxproof.mail.change import ServePolicy
from support_findings import codes, only
from support_world import Https
from support_worlds import GOOD, MX1, MX2, POLICY_ADDRESS, policy

TESTING = GOOD.but(policy=policy(MX1, MX2, mode="testing"))


def test_a_sound_policy_gives_no_reason_to_say_anything() -> None:
    assert codes(GOOD, sts_text.check) == []


def test_fields_that_no_rfc_knows_are_named() -> None:
    world = GOOD.but(policy=policy(MX1, MX2) + b"max-age: 1\nx-note: ours\n")
    assert only(world, Code.STS_FIELD_UNKNOWN, sts_text.check).params["fields"] == ("max-age", "x-note")


def test_a_host_listed_twice_is_listed_once_in_what_is_to_be_served() -> None:
    finding = only(GOOD.but(policy=policy(MX1, MX2, MX1)), Code.STS_MX_REPEATED, sts_text.check)
    assert finding.params["patterns"] == (MX1,)
    (served,) = (one for one in finding.changes if isinstance(one, ServePolicy))
    assert served.policy.mx == (MX1, MX2)


def test_a_max_age_is_long_beyond_half_a_year_and_where_it_binds() -> None:
    at_most = GOOD.but(policy=policy(MX1, MX2, max_age=MAX_AGE_LONG_S))
    longer = GOOD.but(policy=policy(MX1, MX2, max_age=MAX_AGE_LONG_S + 1))
    testing = GOOD.but(policy=policy(MX1, MX2, mode="testing", max_age=MAX_AGE_LONG_S + 1))
    assert codes(at_most, sts_text.check) == []
    assert codes(longer, sts_text.check) == [Code.STS_MAX_AGE_LONG]
    assert codes(testing, sts_text.check) == []


@pytest.mark.parametrize(
    ("policy_id", "want"),
    [
        ("20260101", datetime(2026, 1, 1, tzinfo=UTC)),
        ("20260101T093000", datetime(2026, 1, 1, tzinfo=UTC)),
        ("20260101093000Z", datetime(2026, 1, 1, tzinfo=UTC)),
        ("20261301", None),
        ("1767225600", None),
        ("abc20260101", None),
        ("1", None),
    ],
)
def test_an_id_made_of_a_date_is_read_as_one(policy_id: str, want: datetime | None) -> None:
    assert dated(policy_id) == want


def test_testing_is_long_after_three_months_by_the_id() -> None:
    recent = TESTING.zone_with("_mta-sts.example.com TXT v=STSv1; id=20260501;")
    old = TESTING.zone_with("_mta-sts.example.com TXT v=STSv1; id=20260201;")
    enforced = GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=20200101;")
    assert codes(recent, sts_text.check) == []
    assert codes(old, sts_text.check) == [Code.STS_TESTING_LONG]
    assert codes(enforced, sts_text.check) == []


def test_a_policy_host_is_slow_from_two_seconds_on() -> None:
    quick = GOOD.but(https={POLICY_ADDRESS: Https(delay_ms=SLOW_MS - 1)})
    slow = GOOD.but(https={POLICY_ADDRESS: Https(delay_ms=SLOW_MS)})
    assert codes(quick, sts_policy.check) == [Code.STS_OK]
    assert only(slow, Code.STS_POLICY_SLOW, sts_policy.check).params["slowest_ms"] == SLOW_MS


@pytest.mark.parametrize(
    ("media_type", "want"),
    [
        ("text/plain; charset=utf-16", [Code.STS_POLICY_CHARSET]),
        ('text/plain; charset="UTF-32"', [Code.STS_POLICY_CHARSET]),
        ("text/plain; charset=nonsense", [Code.STS_POLICY_CHARSET]),
        ("text/plain", []),
        ("text/plain; charset=utf-8", []),
        ("text/plain; charset=UTF8", []),
        ('text/plain; charset="us-ascii"', []),
        ("text/plain; charset=iso-8859-15", []),
        ("text/plain; charset=windows-1252", []),
    ],
)
def test_a_charset_is_remarked_on_in_which_ascii_is_something_else(media_type: str, want: list[Code]) -> None:
    world = GOOD.but(https={POLICY_ADDRESS: Https(media_type=media_type)})
    assert codes(world, sts_text.check) == want


def test_a_charset_at_any_address_is_told_where_its_text_is_a_policy() -> None:
    second = "192.0.2.81"
    two = GOOD.zone_with(f"mta-sts.example.com A {POLICY_ADDRESS}", f"mta-sts.example.com A {second}")
    odd = Https(media_type="text/plain; charset=utf-16")
    world = two.but(https={POLICY_ADDRESS: Https(media_type="text/plain; charset=utf-8"), second: odd})
    assert only(world, Code.STS_POLICY_CHARSET, sts_text.check).params["charset"] == "utf-16"
    assert codes(two, sts_text.check) == []


def test_a_long_max_age_is_not_to_be_shortened_while_a_host_is_missing() -> None:
    """The policy that is served next has to list it first."""
    long = only(
        GOOD.but(policy=policy(MX1, MX2, max_age=MAX_AGE_LONG_S + 1)), Code.STS_MAX_AGE_LONG, sts_text.check
    )
    assert isinstance(long.changes[0], ServePolicy)
    missing = GOOD.but(policy=policy(MX1, max_age=MAX_AGE_LONG_S + 1))
    assert only(missing, Code.STS_MAX_AGE_LONG, sts_text.check).changes == ()
