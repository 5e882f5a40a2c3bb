"""TLS reports to measure with: of several senders, sizes and outcomes, the same in every run; a third by our own writer."""

import base64
import gzip
import json
from pathlib import Path
from random import Random

import msgspec

from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.writing import print_report

SEED = 8460
_TYPES = ("certificate-expired", "starttls-not-supported", "validation-failure", "certificate-host-mismatch")
_SENDERS = (("Google Inc.", "google.com"), ("Microsoft Corporation", "microsoft.com"), ("Mail.ru", "mail.ru"))
_HOPS = "".join(
    f"Received: from mx{hop}.relay.example (mx{hop}.relay.example [192.0.2.{hop}])\r\n"
    f"\tby in{hop}.example.com with ESMTPS id {hop:016x}\r\n\tfor <tlsrpt@example.com>; Sun, 1 Mar 2026 0{hop}:00:00 +0000\r\n"
    for hop in range(4)
)
_SIGNATURE = (
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;\r\n h=from:to:subject:date;\r\n bh="
    + ("A" * 43 + "=;\r\n b=" + "\r\n ".join("B" * 70 for _ in range(5)) + "\r\n")
)


class Corpus(msgspec.Struct, frozen=True):
    """A folder of messages and one of packed reports, and what all reports count together."""

    messages: Path
    packed: Path
    success: int
    failure: int


def corpus(folder: Path, reports: int) -> Corpus:
    """Write `reports` reports below `folder` in both forms."""
    random = Random(SEED)
    messages, packed = folder / "messages", folder / "packed"
    messages.mkdir()
    packed.mkdir()
    success = failure = 0
    for number in range(reports):
        name, domain = _SENDERS[number % len(_SENDERS)]
        document, passed, failed = _report(random, name, domain, number)
        written = json.dumps(document, indent=1).encode()
        if number % len(_SENDERS) == 0:
            written = print_report(read_report(written).report)
        content = gzip.compress(written, mtime=0)
        (packed / f"{number:06}.json.gz").write_bytes(content)
        (messages / f"{number:06}.eml").write_bytes(_message(content, domain, number))
        success, failure = success + passed, failure + failed
    return Corpus(messages, packed, success, failure)


def _report(random: Random, name: str, domain: str, number: int) -> tuple[dict[str, object], int, int]:
    policies: list[dict[str, object]] = []
    success = failure = 0
    for place in range(1 if random.random() < 0.85 else 2):
        kinds = random.sample(_TYPES, random.choice((0, 0, 0, 1, 2, 4)))
        details = [
            {
                "result-type": kind,
                "sending-mta-ip": f"209.85.{random.randrange(256)}.{random.randrange(256)}",
                "receiving-ip": f"192.0.2.{random.randrange(256)}",
                "receiving-mx-hostname": f"mx{random.randrange(3)}.d{number}.example",
                "failed-session-count": random.randint(1, 90),
            }
            for kind in kinds
        ]
        passed, failed = (
            random.randint(0, 5000),
            sum(int(str(one["failed-session-count"])) for one in details),
        )
        success, failure = success + passed, failure + failed
        policy = {
            "policy-type": "sts" if place == 0 else "no-policy-found",
            "policy-domain": f"d{number}-{place}.example",
        }
        lines = [
            "version: STSv1",
            "mode: enforce",
            f"mx: mx0.d{number}.example",
            f"mx: mx1.d{number}.example",
            "max_age: 604800",
        ]
        summary = {"total-successful-session-count": passed, "total-failure-session-count": failed}
        row: dict[str, object] = {
            "policy": {**policy, "policy-string": lines} if place == 0 else policy,
            "summary": summary,
        }
        policies.append({**row, "failure-details": details} if details else row)
    return (
        {
            "organization-name": name,
            "date-range": {"start-datetime": "2026-03-01T00:00:00Z", "end-datetime": "2026-03-01T23:59:59Z"},
            "contact-info": f"tls@{domain}",
            "report-id": f"2026-03-01T00:00:00Z_d{number}.example",
            "policies": policies,
        },
        success,
        failure,
    )


def _message(content: bytes, domain: str, number: int) -> bytes:
    head = (
        f"Return-Path: <tls@{domain}>\r\n{_HOPS}{_SIGNATURE.format(domain=domain)}"
        f"From: tls@{domain}\r\nTo: tlsrpt@example.com\r\nDate: Mon, 2 Mar 2026 05:00:00 +0000\r\n"
        f"Subject: Report Domain: d{number}.example Submitter: {domain}\r\n Report-ID: <{number}@{domain}>\r\n"
        f"Message-ID: <{number}@{domain}>\r\nTLS-Report-Domain: d{number}-0.example\r\nTLS-Report-Submitter: {domain}\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type="tlsrpt";\r\n boundary="=_bench"\r\n\r\n'
        f"--=_bench\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis is a TLS report of {domain}.\r\n"
        "--=_bench\r\nContent-Type: application/tlsrpt+gzip\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{domain}!d{number}.example!1772323200!1772409599.json.gz"\r\n\r\n'
    )
    body = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return head.encode() + body + b"\r\n--=_bench--\r\n"
