"""Record the evidence of the golden cases in tests/cases, each from the lab scenario of its name.

`python tools/cases.py` records them anew, or those that it is given: needed only when the survey asks for more than they
hold. What is judged of them is then written with `MXPROOF_GOLDEN=write python -m pytest tests/cases` and reviewed as a diff.
"""

import sys
from pathlib import Path

import msgspec

from mxproof.cli.evidence_source import observe, of_sets
from mxproof.cli.options.asking import AskingOptions
from mxproof.evidence.codec import encode
from mxproof.formats.names import parse_domain
from mxproof.lab.scenario import load
from mxproof.survey.check_set import DEFAULT_SETS

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
SCENARIOS = (
    "incident",
    "half-fixed",
    "fixed",
    "spf-server-silent",
    "backup-plain",
    "cert-expired",
    "cert-missing-intermediate",
    "dane-beats-policy",
    "dnssec-bogus",
    "ehlo-rejected",
    "half-fixed-cert",
    "ipv6-broken",
    "mixed-policy-hosts",
    "mx-dangling",
    "no-starttls",
    "ns-stale-id",
    "ns-stale-tlsa",
    "null-mx-mixed",
    "one-bad-mx-of-two",
    "policy-404",
    "policy-delegated",
    "policy-host-cert-expired",
    "policy-mismatch",
    "port-25-blocked",
    "sni-alias",
    "testing-mismatch",
    "tls-suites-old",
    "tls10-only",
    "tlsa-authority-changed",
    "tlsa-partial",
    "tlsa-rollover",
    "turned-away",
    "two-records",
    "wildcard-depth",
)
"""One for each kind of trouble that senders judge differently, and what is sound and looks odd."""
HOST = "probe.example.net"


def main() -> None:
    """Record every case, or those that are named."""
    for scenario in sys.argv[1:] or SCENARIOS:
        expect = load(scenario).expect
        survey = of_sets(expect.sets or DEFAULT_SETS, expect.selectors)
        evidence = observe(parse_domain("example.com"), AskingOptions(lab=scenario), survey).evidence
        vantage = msgspec.structs.replace(evidence.vantage, host=HOST, software="mxproof")
        path = CASES / f"{scenario}.evidence.json"
        path.write_bytes(encode(msgspec.structs.replace(evidence, vantage=vantage)))


if __name__ == "__main__":
    main()
