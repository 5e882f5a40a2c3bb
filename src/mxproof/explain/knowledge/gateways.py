"""Texts of filters that stand before others' mail servers, Proofpoint and Barracuda; of Free and Mailgun."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_APPLE: Final = "https://smtp.codes/icloud ; sisimai/p5-sisimai lib/Sisimai/Rhost/Apple.pm"
_BLOCKED: Final = "sisimai/p5-sisimai lib/Sisimai/Reason/Blocked.pm"
_FREE_PAGE: Final = f"{_BLOCKED} ; http://postmaster.free.fr/"
_MANUAL: Final = "ActiveCampaign/smtp-field-manual data/codes/"

_PROOFPOINT: Final = (
    Rule(
        cause="blocklist",
        texts=(
            "see https://ipcheck.proofpoint.com",
            "see https://support.proofpoint.com/dnsbl",
        ),
        codes="554 5.7.0, 550 5.7.0",
        sample="554 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
        unlike=(
            "Deferred by the queue",
            "see https://www.proofpoint.com/us/postmaster",
        ),
        source=f"{_APPLE} ; https://www.proofpoint.com/us/postmaster",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dmarc_fail",
        texts=("email rejected per sender's dmarc policy",),
        codes="550 5.7.0",
        sample="550 5.7.0 Email rejected per sender's DMARC policy",
        unlike=(
            "550 5.7.1 Message rejected per sender's SPF policy",
            "550 5.7.0 Email accepted by the sender's DMARC policy",
        ),
        source=f"{_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="reputation",
        texts=(
            "blocked using prs.proofpoint.com",
            "blocked using cloudmark sender intelligence",
        ),
        codes="550 5.7.1",
        sample="550 5.7.1 Service unavailable; client [192.0.2.1] blocked using prs.proofpoint.com",
        unlike=(
            "550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org",
            "the mail was scanned by prs.proofpoint.com",
        ),
        source=f"{_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="sender_domain_dns",
        texts=("domain of sender address does not exist",),
        codes="550 5.1.8",
        sample="550 5.1.8 Domain of sender address does not exist",
        unlike=(
            "550 5.1.1 The address does not exist",
            "550 5.1.8 Sender address rejected: need fully-qualified address",
        ),
        source=f"{_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
)

_BARRACUDA: Final = (
    Rule(
        cause="blocklist",
        texts=(
            "blocked using barracuda reputation",
            "email blocked by bl.barracuda",
        ),
        sample="550 permanent failure: blocked using Barracuda Reputation",
        unlike=(
            "Barracuda Reputation is good",
            "550 blocked by content",
        ),
        source=_BLOCKED,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="anti_spoofing",
        texts=("rejecting spoofed message",),
        codes="550",
        sample="550 rejecting spoofed message",
        unlike=(
            "554 rejecting banned content",
            "550 a spoofed message was delivered",
        ),
        source=f"{_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="content_policy",
        texts=("rejecting banned content",),
        codes="554",
        sample="554 rejecting banned content",
        unlike=(
            "550 rejecting spoofed message",
            "554 banned",
        ),
        source=f"{_MANUAL}554.json",
        confidence=Confidence.OBSERVED,
    ),
)

_FREE: Final = (
    Rule(
        cause="reputation",
        texts=("too many spams from your ip",),
        sample="421 too many spams from your IP (192.0.2.1), please visit http://postmaster.free.fr/",
        unlike=(
            "too many recipients",
            "spams from another IP",
        ),
        source=_FREE_PAGE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="ptr_mismatch",
        texts=("reverse dns entry does not resolve",),
        codes="421",
        sample="421 Refused. Your reverse DNS entry does not resolve.",
        unlike=(
            "421 Refused. Your reverse DNS entry resolves.",
            "421 too many connections from your IP",
        ),
        source="iredmail/iRedMail#156",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="throttle",
        texts=("too many connections from your ip",),
        codes="421",
        sample="421 Server busy, too many connections from your IP",
        unlike=(
            "421 too many connections",
            "421 too many spams from your IP (192.0.2.1)",
        ),
        source="AssoConnect SmtpCode, TextSearchParser (used by Free)",
        confidence=Confidence.CLAIMED,
        lead=True,
        suspects=(suspects.SENDING_ADDRESS,),
    ),
)

_MAILGUN: Final = (
    Rule(
        cause="dns_failure",
        texts=("no mx for {domain}",),
        codes="498",
        sample='"delivery-status":{"code":498,"message":"No MX for example.com"}',
        unlike=(
            "No MX for your FROM address",
            "MX for example.com",
        ),
        source="anymail/django-anymail tests/test_mailgun_webhooks.py (an event of Mailgun)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="queue_expired",
        texts=(
            '"message": "too old"',
            '"message":"too old"',
            '"code": 602',
            '"code":602',
        ),
        codes="602",
        sample='"message": "Too old", "code": 602',
        unlike=(
            '"message": "OK", "code": 250',
            '"message": "Old", "code": 605',
        ),
        source="https://codewithsundeep.com/discussion/solution/55845013 (the support of Mailgun on its code 602)",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="dns_failure",
        texts=(
            '"code": 498',
            '"code":498',
        ),
        codes="498",
        sample='"severity": "temporary", "delivery-status": {"code": 498, "message": ""}',
        unlike=(
            '"code": 499',
            "498",
        ),
        source="https://feedback.mailgun.com/forums/914635-general-feedback/suggestions/37219720 ; https://feedback.mailgun.com/forums/156243-feature-requests/suggestions/45424228",
        confidence=Confidence.CLAIMED,
        lead=True,
    ),
)

CHAPTERS: Final = (
    Chapter("proofpoint", Side.RECEIVER, _PROOFPOINT),
    Chapter("barracuda", Side.RECEIVER, _BARRACUDA),
    Chapter("free", Side.RECEIVER, _FREE),
    Chapter("mailgun", Side.SENDER, _MAILGUN),
)
