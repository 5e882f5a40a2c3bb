"""Build the JSON Schemas of docs/reference from the types that are written and read.

`python tools/schema.py` writes them; `--check` fails when one is out of date.
"""

import inspect
import json
from pathlib import Path

import msgspec

from keeping import REFERENCE, keep
from mxproof.evidence import Der
from mxproof.evidence.codec import EVIDENCE_VERSION, EvidenceFile
from mxproof.explain.arrival import ARRIVAL_VERSION, ArrivedMail
from mxproof.explain.explanation import SCHEMA_VERSION as EXPLANATION_VERSION
from mxproof.explain.explanation import Explanation
from mxproof.explain.tlsrpt.period_told import PERIOD_VERSION, ToldPeriod
from mxproof.explain.tlsrpt.told import TLS_REPORT_VERSION, ToldReport
from mxproof.judge.delivery_test import DELIVERY_TEST_VERSION, DeliveryTest
from mxproof.judge.difference import DIFFERENCE_VERSION, Difference
from mxproof.judge.digest import DIGEST_VERSION, Digest
from mxproof.judge.news import NEWS_VERSION, DomainNews
from mxproof.judge.report import SCHEMA_VERSION, Report
from mxproof.judge.senders.inference.conclusion import SENDERTEST_REPORT_VERSION, SenderTestReport
from mxproof.judge.senders.inference.observation import SENDERTEST_VERSION, SenderTestFile
from mxproof.judge.watch_status import WATCH_STATUS_VERSION, WatchStatus
from mxproof.publish.customer_told import CUSTOMER_VERSION, ToldCustomer
from mxproof.publish.rollout_told import ROLLOUT_VERSION, ToldRollout
from mxproof.publish.told import PUBLICATION_VERSION, PublishedDomain, ToldPublication
from mxproof.publish.told_certificate import CERTIFICATE_VERSION, ToldCertificate
from mxproof.publish.told_records import RECORDS_VERSION, ToldRecords
from mxproof.publish.told_rollover import ROLLOVER_VERSION, ToldRollover
from mxproof.remedy.plan import PLAN_VERSION, Plan
from mxproof.remedy.preflight import PREFLIGHT_VERSION, WHATIF_VERSION, Preflight, WhatIf
from mxproof.remedy.standing import STANDING_VERSION, Standing
from mxproof.rhythm.alarm import ALARM_VERSION, Alarm
from mxproof.scan.manifest import SCAN_VERSION, ScanManifest
from mxproof.serve.policyd.query import SCHEMA_VERSION as POLICYD_VERSION
from mxproof.serve.policyd.query import ListedDestination, QueryResult
from mxproof.serve.sending.status import SEND_STATUS_VERSION, SendStatus

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PUBLISHED_NAMES = {
    "AnsweredQuestion": "Row",
    "CauseKind": "Kind",
    "JoinStanding": "Standing",
    "MeasuredNameServer": "NameServer",
    "WordedFinding": "Stated",
}
"""The names under which version 1 has published a definition, by the name that its class has now."""
FINGERPRINT = {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$",
    "description": "A certificate, named by the SHA-256 of its DER form.",
}


def files() -> dict[Path, str]:
    """Return the text of each schema by the path where it is kept."""
    return {
        REFERENCE / "arrival.schema.json": schema(
            ArrivedMail, f"mxproof deliver-test --received, version {ARRIVAL_VERSION}"
        ),
        REFERENCE / "delivery-test.schema.json": schema(
            DeliveryTest, f"mxproof deliver-test, version {DELIVERY_TEST_VERSION}"
        ),
        REFERENCE / "certificate.schema.json": schema(
            ToldCertificate, f"mxproof publish certificates, a line, version {CERTIFICATE_VERSION}"
        ),
        REFERENCE / "difference.schema.json": schema(
            Difference, f"mxproof difference, version {DIFFERENCE_VERSION}"
        ),
        REFERENCE / "digest.schema.json": schema(Digest, f"mxproof watch digest, version {DIGEST_VERSION}"),
        REFERENCE / "evidence.schema.json": schema(
            EvidenceFile, f"mxproof evidence, version {EVIDENCE_VERSION}"
        ),
        REFERENCE / "sendertest.schema.json": schema(
            SenderTestFile, f"mxproof sendertest serve, version {SENDERTEST_VERSION}"
        ),
        REFERENCE / "sendertest-report.schema.json": schema(
            SenderTestReport, f"mxproof sendertest report, version {SENDERTEST_REPORT_VERSION}"
        ),
        REFERENCE / "explanation.schema.json": schema(
            Explanation, f"mxproof explanation, version {EXPLANATION_VERSION}"
        ),
        REFERENCE / "news.schema.json": schema(
            DomainNews, f"mxproof news of a domain that is watched, version {NEWS_VERSION}"
        ),
        REFERENCE / "plan.schema.json": schema(Plan, f"mxproof plan, version {PLAN_VERSION}"),
        REFERENCE / "plan-standing.schema.json": schema(
            Standing, f"mxproof plan --verify, version {STANDING_VERSION}"
        ),
        REFERENCE / "policyd-list.schema.json": schema(
            ListedDestination, f"mxproof policyd list, a line, version {POLICYD_VERSION}"
        ),
        REFERENCE / "policyd-query.schema.json": schema(
            QueryResult, f"mxproof policyd query, a line, version {POLICYD_VERSION}"
        ),
        REFERENCE / "preflight.schema.json": schema(
            Preflight, f"mxproof preflight, version {PREFLIGHT_VERSION}"
        ),
        REFERENCE / "publication.schema.json": schema(
            ToldPublication, f"mxproof publish apply, a line, version {PUBLICATION_VERSION}"
        ),
        REFERENCE / "published-domain.schema.json": schema(
            PublishedDomain, f"mxproof publish status, a line, version {PUBLICATION_VERSION}"
        ),
        REFERENCE / "published-records.schema.json": schema(
            ToldRecords, f"mxproof publish records, a line, version {RECORDS_VERSION}"
        ),
        REFERENCE / "rollover.schema.json": schema(
            ToldRollover, f"mxproof publish tlsa and deploy, a line, version {ROLLOVER_VERSION}"
        ),
        REFERENCE / "rollout.schema.json": schema(
            ToldRollout, f"mxproof publish rollout, a line, version {ROLLOUT_VERSION}"
        ),
        REFERENCE / "published-customer.schema.json": schema(
            ToldCustomer, f"mxproof publish customers, a line, version {CUSTOMER_VERSION}"
        ),
        REFERENCE / "report.schema.json": schema(Report, f"mxproof report, version {SCHEMA_VERSION}"),
        REFERENCE / "scan-manifest.schema.json": schema(
            ScanManifest, f"mxproof scan, manifest.json, version {SCAN_VERSION}"
        ),
        REFERENCE / "send-status.schema.json": schema(
            SendStatus, f"mxproof tlsrpt status, version {SEND_STATUS_VERSION}"
        ),
        REFERENCE / "silence-alarm.schema.json": schema(
            Alarm, f"mxproof watch silence, a line, version {ALARM_VERSION}"
        ),
        REFERENCE / "tls-report.schema.json": schema(
            ToldReport, f"mxproof tlsrpt read, a line, version {TLS_REPORT_VERSION}"
        ),
        REFERENCE / "tls-report-period.schema.json": schema(
            ToldPeriod, f"mxproof tlsrpt show, version {PERIOD_VERSION}"
        ),
        REFERENCE / "watch-status.schema.json": schema(
            WatchStatus, f"mxproof watch status, a line, version {WATCH_STATUS_VERSION}"
        ),
        REFERENCE / "whatif.schema.json": schema(WhatIf, f"mxproof whatif, version {WHATIF_VERSION}"),
    }


def schema(root: type, title: str) -> str:
    """Return the JSON Schema of `root` as text."""
    described = msgspec.json.schema(root, schema_hook=_certificate)
    described["$defs"] = {name: _unindented(part) for name, part in described["$defs"].items()}
    return json.dumps(_published({"$schema": DIALECT, "title": title, **described}), indent=2) + "\n"


def _published(part: object) -> object:
    """Return a part of a schema in which every definition has its published name: as key, as title, in references."""
    if isinstance(part, dict):
        return {PUBLISHED_NAMES.get(key, key): _published(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_published(value) for value in part]
    if isinstance(part, str):
        where, _, name = part.rpartition("/")
        return part.removesuffix(name) + PUBLISHED_NAMES.get(name, name) if where in ("", "#/$defs") else part
    return part


def _certificate(kind: type) -> dict[str, str]:
    if kind is Der:
        return FINGERPRINT
    raise NotImplementedError(kind.__name__)


def _unindented(part: dict[str, str]) -> dict[str, str]:
    """Return a definition whose description reads the same whether or not Python left docstrings indented."""
    return part | {"description": inspect.cleandoc(part["description"])} if "description" in part else part


if __name__ == "__main__":
    raise SystemExit(keep(files(), "schema.py"))
