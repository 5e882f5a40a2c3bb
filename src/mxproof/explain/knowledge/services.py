"""Texts of services that send for others: Amazon SES, SparkPost, SendGrid; and of Cisco where it sends."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SES: Final = "https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html"
_SAMPLES: Final = "sisimai/set-of-emails"
_SPARKPOST: Final = "https://support.sparkpost.com/docs/faq/understanding-delays-bounces"
_SENDGRID: Final = "https://www.braze.com/docs/user_guide (reasons of SendGrid events)"
_ASYNCOS: Final = "Cisco AsyncOS 7.3 daily management guide, bounce reasons"

_SES_TEXTS: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=(
            "5.4.4 invalid domain",
            "5.1.2 - bad destination host{gap}nxdomain",
            "dns hard error looking up {domain} ({word}): nxdomain",
            "dns hard error looking up {domain}",
        ),
        codes="550 5.4.4",
        sample="550 5.4.4 Invalid domain",
        unlike=(
            "501 5.0.0 Invalid domain name",
            "5.4.4 (Illegal host/domain name found)",
        ),
        source=f"{_SAMPLES} lhost-amazonses-18.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_temp",
        texts=(
            "dns soft error looking up {domain}",
            "4.4.0 unable to lookup dns for {domain}",
            "unable to lookup dns for {domain}",
        ),
        sample="554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.0 Unable to lookup DNS for example.com>",
        unlike=(
            "DNS Hard Error looking up example.com (MX): NXDomain",
            "Unable to deliver",
        ),
        source=_SES,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "deliver in {number} minutes.<421 4.4.2 connection timed out",
            "deliver in {number} minutes.<421 4.4.1 connection timed out",
        ),
        sample="554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>",
        unlike=(
            "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.1 Unable to connect>",
            "unable to deliver in 840 minutes",
        ),
        source=f"{_SAMPLES} lhost-amazonses-16.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "deliver in {number} minutes.<421 4.4.1 unable to connect",
            "deliver in {number} minutes.<421 4.4.1 failed to establish connection",
            "4.4.1 failed to establish connection",
        ),
        sample="554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.1 Failed to establish connection>",
        unlike=(
            "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>",
            "connection established",
        ),
        source=_SES,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="queue_expired",
        texts=("4.4.7 message expired: unable to deliver in {number} minutes",),
        sample="554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.3.0 busy>",
        unlike=(
            "unable to deliver",
            "550 4.4.7 QUEUE.Expired; message expired",
        ),
        source=f"{_SAMPLES} lhost-amazonses-16.eml",
        confidence=Confidence.OBSERVED,
    ),
)

_SPARKPOST_TEXTS: Final = (
    Rule(
        cause="mx_no_address",
        texts=("[internal] no mx or a for domain",),
        codes="454 4.4.4",
        sample="454 4.4.4 [internal] no MX or A for domain",
        unlike=(
            "[internal] no mail servers for this domain could be reached at this time",
            "[internal] MX found",
        ),
        source=_SPARKPOST,
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_failure",
        texts=("[internal] no mail servers for this domain could be reached",),
        codes="421 4.4.0",
        sample="421 4.4.0 [internal] no mail servers for this domain could be reached at this time",
        unlike=(
            "454 4.4.4 [internal] no MX or A for domain",
            "[internal] Sending IP temporarily suspended",
        ),
        source="https://lab.civicrm.org/extensions/sparkpost/-/merge_requests/98",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="queue_expired",
        texts=("[internal] message timeout",),
        codes="554 5.4.7",
        sample="554 5.4.7 [internal] message timeout (last transfail: 451 busy)",
        unlike=(
            "[internal] Sending IP temporarily suspended",
            "message timeout",
        ),
        source=_SPARKPOST,
        confidence=Confidence.OBSERVED,
    ),
)

_SENDGRID_TEXTS: Final = (
    Rule(
        cause="starttls_missing",
        texts=("tls required but not supported",),
        sample="TLS required but not supported",
        unlike=(
            "TLS supported but not required",
            "TLS required and supported",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/SecurityError.pm",
        confidence=Confidence.CLAIMED,
        check="SendGrid says this of a server without TLS and of one without a valid certificate.",
        suspects=(
            suspects.STARTTLS,
            suspects.CHAIN,
        ),
    ),
    Rule(
        cause="dns_failure",
        texts=(
            "unable to get mx info",
            "failed to get ips from ptr record",
        ),
        sample="unable to get mx info: failed to get IPs from PTR record: lookup <nil>: unrecognized address",
        unlike=(
            "mx info found",
            "unable to get user info",
        ),
        source=_SENDGRID,
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "error dialing remote address: {gap}refused",
            "error dialing remote address: {gap}unreachable",
        ),
        sample="error dialing remote address: host unreachable",
        unlike=(
            "error dialing remote address",
            "dialing remote address",
        ),
        source=_SENDGRID,
        confidence=Confidence.CLAIMED,
    ),
)

_CISCO: Final = (
    Rule(
        cause="dns_failure",
        texts=("5.1.2 - bad destination host",),
        codes="5.1.2",
        sample='Reason: "5.1.2 - Bad destination host" Response: "(\'000\', [])"',
        unlike=(
            "5.1.0 - Unknown address error",
            "Bad destination address",
        ),
        source=_ASYNCOS,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="queue_expired",
        texts=(
            "5.4.7 - delivery expired",
            "4.4.7 - delivery expired",
        ),
        sample="5.4.7 - Delivery expired (message too old)",
        unlike=(
            "5.1.2 - Bad destination host",
            "Delivery expired",
        ),
        source=_ASYNCOS,
        confidence=Confidence.DOCUMENTED,
    ),
)

CHAPTERS: Final = (
    Chapter("amazonses", Side.SENDER, _SES_TEXTS),
    Chapter("sparkpost", Side.SENDER, _SPARKPOST_TEXTS),
    Chapter("sendgrid", Side.SENDER, _SENDGRID_TEXTS),
    Chapter("cisco", Side.SENDER, _CISCO),
)
