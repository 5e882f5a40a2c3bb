"""What is said of DKIM keys."""

import pytest

from mxproof.judge.checks import dkim
from mxproof.judge.codes import Code
from support_findings import codes, found, only
from support_sending import DKIM_WORLDS, KEY_1024, KEY_2048, KEY_NAME, SENDING, key

COMMON = SENDING.but(selectors=())


@pytest.mark.parametrize("code", DKIM_WORLDS)
def test_each_bad_world_has_its_fault_alone(code: Code) -> None:
    assert {*codes(DKIM_WORLDS[code], dkim.check)} - {Code.DKIM_OK} == {code} - {Code.DKIM_OK}


def test_nothing_is_said_where_nobody_asked() -> None:
    assert codes(SENDING.but(sets=()), dkim.check) == []


def test_a_key_found_under_a_common_name_is_judged_and_the_others_are_passed_over() -> None:
    assert codes(COMMON, dkim.check) == [Code.DKIM_OK]
    short = COMMON.zone_with(f"{KEY_NAME} TXT v=DKIM1; p={KEY_1024}")
    assert only(short, Code.DKIM_KEY_SHORT, dkim.check).params["bits"] == 1024


def test_silence_and_wildcards_under_common_names_are_no_news() -> None:
    assert codes(COMMON.zone_with(f"{KEY_NAME} TXT !timeout"), dkim.check) == []
    assert codes(COMMON.zone_with(f"{KEY_NAME} TXT v=spf1 -all"), dkim.check) == []


def test_a_key_that_verifiers_must_refuse_is_no_short_one() -> None:
    tiny = "MCAwDQYJKoZIhvcNAQEBBQADDwAwDAIHAIAAAAAAAQIBAw=="
    assert codes(key(f"v=DKIM1; p={tiny}"), dkim.check) == [Code.DKIM_KEY_INVALID]


def test_a_key_that_may_not_sign_mail_cannot_be_used() -> None:
    assert codes(key(f"v=DKIM1; s=tlsrpt; p={KEY_2048}"), dkim.check) == [Code.DKIM_KEY_INVALID]


def test_a_short_key_in_testing_is_told_as_both_and_one_that_cannot_be_used_too() -> None:
    short = key(f"v=DKIM1; t=y; p={KEY_1024}")
    assert codes(short, dkim.check) == [Code.DKIM_KEY_SHORT, Code.DKIM_KEY_TESTING]
    assert codes(key("v=DKIM1; t=y; p="), dkim.check) == [Code.DKIM_KEY_REVOKED, Code.DKIM_KEY_TESTING]
    assert codes(key(f"v=DKIM1; t=y; p={KEY_2048}"), dkim.check) == [Code.DKIM_KEY_TESTING]


def test_an_answer_that_is_large_is_told_beside_what_is_said_of_the_key() -> None:
    large = key(f"v=DKIM1; p={KEY_2048}", f"{KEY_NAME} TXT !truncate")
    assert codes(large, dkim.check) == [Code.DKIM_OK, Code.DKIM_KEY_LARGE]


def test_each_selector_that_was_named_is_judged_though_one_before_it_has_no_key() -> None:
    world = SENDING.zone_with("s3._domainkey.example.com TXT !timeout").but(selectors=("s0", "s1", "s3"))
    told = [(one.code, one.subject) for one in found(world, dkim.check)]
    assert told == [
        (Code.DKIM_KEY_MISSING, "s0._domainkey.example.com"),
        (Code.DKIM_OK, KEY_NAME),
        (Code.DKIM_UNANSWERED, "s3._domainkey.example.com"),
    ]
