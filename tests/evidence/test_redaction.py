"""Evidence that is passed on holds no local parts and nothing of the machine that asked, and is judged the same."""

import re

import pytest

from mxproof.evidence import (
    AddressRecord,
    Answer,
    Data,
    DnsData,
    Evidence,
    Kind,
    OtherRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    Vantage,
)
from mxproof.evidence.codec import decode, encode
from mxproof.evidence.redaction import redacted
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.lab.making import made
from mxproof.lab.scenario import load, scenarios
from mxproof.render import json
from mxproof.survey.inbound import wanted
from mxproof.world.answer import observed
from support_certificates import NOW
from support_evidence import OBSERVED_AT
from support_long import some
from support_world import ZoneWorld, collect
from support_worlds import WORLDS

_LOCAL = re.compile(rb"[A-Za-z0-9.+_-]+@")
_HOST = re.compile(rb'"host": *"[^"]*"')


def _judged(evidence: Evidence) -> bytes:
    """Return the report without what a redaction takes out."""
    report = json.encode(report_on(evidence, now=evidence.observed_at()))
    return _HOST.sub(b"", _LOCAL.sub(b"@", report))


def _world(scenario: str) -> Evidence:
    one = load(scenario)
    start = Evidence(one.domain, Vantage(host="workstation.example.org", validating=True, simulated=scenario))
    return observed(made(one, NOW).world, start, wanted, NOW)


@pytest.mark.parametrize("code", some(WORLDS, 6))
def test_a_redacted_world_is_judged_the_same(code: Code) -> None:
    evidence = collect(WORLDS[code].world)
    assert _judged(redacted(evidence)) == _judged(evidence)


@pytest.mark.parametrize("scenario", some(scenarios(), 6))
def test_a_redacted_scenario_is_judged_the_same_and_names_nobody(scenario: str) -> None:
    evidence = _world(scenario)
    left = decode(encode(redacted(evidence)))
    assert _judged(left) == _judged(evidence)
    assert b"workstation" not in encode(left)


def test_addresses_of_reports_lose_their_local_part_and_stay_two() -> None:
    record = "_smtp._tls.example.com TXT v=TLSRPTv1; rua=mailto:jane.doe@example.com,mailto:max@example.com"
    evidence = redacted(collect(ZoneWorld().zone_with(record)))
    file = encode(evidence)
    report = json.encode(report_on(evidence, now=evidence.observed_at()))
    assert (b"jane" in report, b"max@" in report, report.count(b"@example.com") > 1) == (False, False, True)
    assert decode(file) == evidence


SOA = Question(Kind.SOA, "example.com")
SMTP = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")
POLICY = Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80")
NUMBERS = "2026110301 7200 3600 1209600 300"


def _left(*rows: tuple[Question, Data]) -> Evidence:
    """Return what is left of answers that a machine of a known name was given."""
    evidence = Evidence("example.com", Vantage(host="probe.example.org"))
    return redacted(
        evidence.with_answers((question, Answer(Outcome.FOUND, OBSERVED_AT, data)) for question, data in rows)
    )


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (f"ns1.example.com jane.example.com {NUMBERS}", f"ns1.example.com xxxx.example.com {NUMBERS}"),
        (f"ns1.example.com max {NUMBERS}", f"ns1.example.com xxx {NUMBERS}"),
        (f"ns1.example.com Hostmaster.example.com {NUMBERS}", None),
        (f"ns1.example.com jane.example.com {NUMBERS} 1", None),
        ("ns1.example.com jane.example.com 2026110301 7200 3600 1209600", None),
        ("10 jane.example.com serial 7200 3600 1209600 300", None),
    ],
)
def test_a_soa_record_loses_the_local_part_of_its_mailbox_and_no_other_record_does(
    text: str, want: str | None
) -> None:
    evidence = _left((SOA, DnsData("NOERROR", secure=False, records=(OtherRecord(text),))))
    _, data = evidence.dns(SOA.kind, SOA.name)
    assert data
    assert data.records == (OtherRecord(want or text),)


@pytest.mark.parametrize("length", [0, 11, 12, 13, 40])
def test_a_dns_message_keeps_its_header_of_twelve_octets_and_its_length(length: int) -> None:
    evidence = _left((SOA, DnsData("NOERROR", secure=False, wire=b"\xaa" * length)))
    _, data = evidence.dns(SOA.kind, SOA.name)
    assert data
    assert data.wire == (b"\xaa" * min(length, 12)).ljust(length, b"\0")


@pytest.mark.parametrize(
    ("side", "said", "want"),
    [
        ("S", b"250 mx.example.com greets probe.example.org", b"250 mx.example.com greets xxxxxxxxxxxxxxxxx"),
        ("S", b"250 hello [198.51.100.7]", b"250 hello [000.00.000.0]"),
        ("S", b"250 hello 2001:db8::7", b"250 hello 0000:000::0"),
        ("S", b"220 192.0.2.25 and 192.0.2.26 are ours", b"220 192.0.2.25 and 192.0.2.26 are ours"),
        ("S", b"250 hello nat.example.net", b"250 hello xxxxxxxxxxxxxxx"),
        ("C", b"EHLO nat.example.net", b"EHLO xxxxxxxxxxxxxxx"),
        ("S", b"250 EHLO mx.example.com", b"250 EHLO mx.example.com"),
        ("S", b"EHLO mx.example.com", b"EHLO mx.example.com"),
        ("S", b"220 Ask jane@example.com", b"220 Ask xxxx@example.com"),
    ],
)
def test_a_dialogue_names_the_servers_and_not_who_asked(side: str, said: bytes, want: bytes) -> None:
    lines = (SmtpLine("C", b"EHLO nat.example.net"), SmtpLine(side, said))
    other = Question(Kind.A, "mx.example.com")
    evidence = _left(
        (SMTP, SmtpData(SmtpStage.EHLO, lines, early=said)),
        (other, DnsData("NOERROR", secure=False, records=(AddressRecord("192.0.2.26"),))),
    )
    _, data = evidence.smtp(SMTP.name, SMTP.at)
    assert data
    assert (data.transcript[1], data.early) == (SmtpLine(side, want), want)


@pytest.mark.parametrize(
    ("name", "value", "want"),
    [
        ("Set-Cookie", "id=1", "xxxx"),
        ("cookie", "id=1", "xxxx"),
        ("Authorization", "Basic", "xxxxx"),
        ("content-type", "text/plain", "text/plain"),
        ("from", "jane@example.com", "xxxx@example.com"),
    ],
)
def test_a_policy_host_keeps_its_headers_but_cookies_and_local_parts(
    name: str, value: str, want: str
) -> None:
    _, data = _left((POLICY, PolicyData(200, ((name, value),)))).policy(POLICY.name, POLICY.at)
    assert data
    assert data.headers == ((name, want),)


def test_a_longer_name_of_this_machine_is_taken_out_whole_where_a_shorter_one_is_its_end() -> None:
    lines = (
        SmtpLine("C", b"EHLO relay.probe.example.org"),
        SmtpLine("S", b"250 hello relay.probe.example.org"),
    )
    _, data = _left((SMTP, SmtpData(SmtpStage.EHLO, lines))).smtp(SMTP.name, SMTP.at)
    assert data
    assert data.transcript == (
        SmtpLine("C", b"EHLO " + b"x" * 23),
        SmtpLine("S", b"250 hello " + b"x" * 23),
    )


def test_local_parts_leave_policies_and_the_words_of_failures_and_the_machine_its_vantage() -> None:
    vantage = Vantage(host="probe.example.org", software="mxproof 0", families=(4,))
    answer = Answer(
        Outcome.CLOSED,
        OBSERVED_AT,
        PolicyData(200, body=b"# jane@example.com\n"),
        7,
        8,
        2,
        "said jane@example.com",
    )
    left = redacted(Evidence("example.com", vantage).with_answers([(POLICY, answer)]))
    assert left.answer(POLICY) == Answer(
        Outcome.CLOSED,
        OBSERVED_AT,
        PolicyData(200, body=b"# xxxx@example.com\n"),
        7,
        8,
        2,
        "said xxxx@example.com",
    )
    assert left.vantage == Vantage(host="x" * 17, software="mxproof 0", families=(4,))


def test_addresses_that_records_of_other_answers_hold_are_known_to_every_dialogue() -> None:
    other = Question(Kind.AAAA, "mx.example.com")
    said = SmtpData(SmtpStage.GREETING, (SmtpLine("S", b"220 2001:db8::25 greets 2001:db8::7"),))
    left = _left(
        (SMTP, said), (other, DnsData("NOERROR", secure=False, records=(AddressRecord("2001:db8::25"),)))
    )
    _, data = left.smtp(SMTP.name, SMTP.at)
    assert data
    assert data.transcript == (SmtpLine("S", b"220 2001:db8::25 greets 0000:000::0"),)
