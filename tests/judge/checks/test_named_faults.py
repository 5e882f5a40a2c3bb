"""Faults that studies of misconfigured mail and other checkers name, one by one: under which code each is told here.

What is held here are the spellings of a fault; its words, changes and questions are held beside the others of its topic.
"""

import pytest

from mxproof.judge.codes import Code
from support_findings import found
from support_world import Https, Smtp, ZoneWorld
from support_worlds import GOOD, MX1, MX2, POLICY_ADDRESS, policy

PLAIN = policy(MX1, MX2)
AT_HOME = {str(finding.code) for finding in found(GOOD)}


def record(*texts: str) -> ZoneWorld:
    return GOOD.zone_with(*(f"_mta-sts.example.com TXT {text}".strip() for text in texts))


def text(body: bytes) -> ZoneWorld:
    return GOOD.but(policy=body)


def listed(pattern: str) -> ZoneWorld:
    return text(PLAIN.replace(b"max_age", f"mx: {pattern}\nmax_age".encode()))


@pytest.mark.parametrize(
    ("world", "want"),
    [
        pytest.param(record("v=STSv1;"), Code.STS_RECORD_INVALID, id="no id"),
        pytest.param(record("v=STSv1; id=2026-06-01;"), Code.STS_RECORD_AMBIGUOUS, id="hyphens in the id"),
        pytest.param(record(f"v=STSv1; id={'1' * 33};"), Code.STS_RECORD_AMBIGUOUS, id="an id of 33"),
        *(
            pytest.param(
                record("").zone_with(f"{owner} TXT v=STSv1; id=1;"), Code.STS_RECORD_MISPLACED, id=owner
            )
            for owner in (
                "example.com",
                "www.example.com",
                "_mta_sts.example.com",
                "mta-sts.example.com",
            )
        ),
        pytest.param(text(PLAIN.replace(b"STSv1", b"STSv2")), Code.STS_POLICY_INVALID, id="other version"),
        pytest.param(text(PLAIN.replace(b"enforce", b"report")), Code.STS_POLICY_INVALID, id="other mode"),
        pytest.param(text(policy()), Code.STS_POLICY_INVALID, id="no mx"),
        pytest.param(
            text(policy(MX1, MX2, max_age=31_557_601)), Code.STS_POLICY_AMBIGUOUS, id="max_age of over a year"
        ),
        pytest.param(listed("192.0.2.1"), Code.STS_POLICY_AMBIGUOUS, id="mx is an address"),
        pytest.param(listed("mx3.example.com."), Code.STS_POLICY_AMBIGUOUS, id="mx with a final dot"),
        pytest.param(listed("mail.bücher.example"), Code.STS_POLICY_AMBIGUOUS, id="mx with a U-label"),
        pytest.param(listed("*"), Code.STS_POLICY_AMBIGUOUS, id="bare wildcard"),
        pytest.param(listed("*.*.example.com"), Code.STS_POLICY_AMBIGUOUS, id="deep wildcard"),
        pytest.param(listed("mail.*.example.com"), Code.STS_POLICY_AMBIGUOUS, id="wildcard inside"),
        pytest.param(text(policy("*.com")), Code.STS_MX_UNLISTED, id="wildcard meant for several labels"),
        pytest.param(listed(MX2), Code.STS_MX_REPEATED, id="mx twice"),
        pytest.param(text(PLAIN + b"mode: testing\n"), Code.STS_POLICY_AMBIGUOUS, id="mode twice"),
        pytest.param(text(PLAIN + b"owner: me\n"), Code.STS_FIELD_UNKNOWN, id="unknown key"),
        pytest.param(text(PLAIN.replace(b"\n", b"\r")), Code.STS_POLICY_INVALID, id="lines end with CR"),
        pytest.param(
            text(PLAIN.replace(b"\n", b"\r\r\n")), Code.STS_POLICY_AMBIGUOUS, id="lines end with CR CR LF"
        ),
        pytest.param(text(b"\xef\xbb\xbf" + PLAIN), Code.STS_POLICY_AMBIGUOUS, id="byte order mark"),
        pytest.param(text(PLAIN.decode().encode("utf-16")), Code.STS_POLICY_INVALID, id="UTF-16"),
        pytest.param(
            GOOD.but(https={POLICY_ADDRESS: Https(media_type="text/plain; charset=utf-16")}),
            Code.STS_POLICY_CHARSET,
            id="charset of another encoding",
        ),
        pytest.param(
            GOOD.but(smtp={"192.0.2.1": Smtp((f"CN={MX1}", "mail.example.com"))}),
            Code.CERT_NAME_MISMATCH,
            id="the name is in the CN alone",
        ),
        pytest.param(
            GOOD.but(smtp={"192.0.2.2": Smtp(("other.example.com",))}),
            Code.MX_BACKUP_REFUSED,
            id="the backup shows another certificate",
        ),
        pytest.param(
            GOOD.but(smtp={"192.0.2.1": Smtp(early=b"250 ok\r\n")}),
            Code.STARTTLS_EARLY_DATA,
            id="plain text behind the 220",
        ),
    ],
)
def test_a_fault_that_is_named_elsewhere_is_told_here(world: ZoneWorld, want: Code) -> None:
    assert want in {str(finding.code) for finding in found(world)} - AT_HOME


def test_line_ends_of_another_system_are_no_fault() -> None:
    assert {str(finding.code) for finding in found(text(PLAIN.replace(b"\n", b"\r\n")))} == AT_HOME
