"""What the policy host counts: each series from the start, and how policies and certificates stand at this moment."""

from datetime import timedelta

import msgspec

from mxproof.serve.publish.certificates import HostCertificate
from mxproof.serve.publish.metrics import Dropped, Handshake, PublishCounts
from mxproof.serve.publish.policies import HostedPolicies
from support_policy_wire import server_certificate
from support_publish import DOMAIN, OTHER, series

THIRD, FOURTH = "example.org", "example.test"
ONE = server_certificate()
LATER = msgspec.structs.replace(ONE, not_after=ONE.not_after + timedelta(days=30))
STANDING = {
    "domains": 3,
    "policies_faulty": 1,
    "certificates_faulty": 2,
    "hosts_without_certificate": 1,
    "certificate_soonest_end_timestamp_seconds": ONE.not_after.timestamp(),
}
NOTHING = dict.fromkeys(STANDING, 0.0)


def standing(counts: PublishCounts) -> dict[str, float]:
    """Return what is told of policies and certificates."""
    return {name: series(counts.text(), name) for name in STANDING}


def test_how_it_stands_is_told_of_this_moment_and_of_none_before() -> None:
    counts = PublishCounts()
    assert standing(counts) == NOTHING
    policies = HostedPolicies(dict.fromkeys((DOMAIN, OTHER, THIRD), b"policy"), {FOURTH: "no policy"})
    certificates = {
        DOMAIN: HostCertificate(LATER),
        OTHER: HostCertificate(ONE, fault="the new one is for another host"),
        THIRD: HostCertificate(None, fault="no file"),
    }
    counts.stands(policies, certificates)
    assert standing(counts) == STANDING
    counts.stands(HostedPolicies({DOMAIN: b"policy"}), {DOMAIN: HostCertificate(LATER)})
    ends_s = LATER.not_after.timestamp()
    assert standing(counts) == NOTHING | {"domains": 1, "certificate_soonest_end_timestamp_seconds": ends_s}
    counts.stands(HostedPolicies({}), {})
    assert standing(counts) == NOTHING


def test_each_series_is_there_before_its_first_event_and_counts_its_own() -> None:
    counts = PublishCounts()
    names = [
        *(f'handshakes_total{{outcome="{one}"}}' for one in Handshake),
        *(f'connections_dropped_total{{why="{one}"}}' for one in Dropped),
        *(f'responses_total{{status="{one}"}}' for one in (200, 404, 421)),
        *("connections", "errors_total", "log_lines_lost_total", "handshake_seconds_count"),
    ]
    before = {name: series(counts.text(), name) for name in names}
    assert before == dict.fromkeys(names, 0.0)
    counts.fault()
    counts.lines_lost = 7
    counts.connections = 3
    counts.dropped[Dropped.FULL] += 2
    after = {name: series(counts.text(), name) for name in names}
    assert after == before | {
        "errors_total": 1,
        "log_lines_lost_total": 7,
        "connections": 3,
        'connections_dropped_total{why="full"}': 2,
    }
