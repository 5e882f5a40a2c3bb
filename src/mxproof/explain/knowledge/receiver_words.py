"""Words that many receivers have for the same: SPF, DMARC, a bad reputation, too much at once."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_MANUAL: Final = "ActiveCampaign/smtp-field-manual data/codes/"
_SISIMAI: Final = "sisimai/p5-sisimai"

_RECEIVERS: Final = (
    Rule(
        cause="spf_fail",
        texts=(
            "prohibited by spf",
            "policy framework) domain authentication fail",
            "reject due to spf policy",
            "spf-check failed",
        ),
        codes="550 5.7.1, 553",
        sample="550 <a@example.com>: Reject due to SPF policy. The originating IP of the message is not permitted by the domain owner",
        unlike=(
            "550 <a@example.com>: Reject due to policy restrictions (IP based)",
            "the SPF check passed",
        ),
        source=f"{_MANUAL}550.json ; {_SISIMAI}#467 ; justingit/dada-mail#717",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dmarc_fail",
        texts=(
            "message rejected due to dmarc.",
            "rejected due to dmarc. please see",
        ),
        codes="550",
        sample="550 5.2.0 Message rejected due to DMARC. Please see http://postmaster.comcast.net/",
        unlike=(
            "550 5.2.0 Message rejected due to content.",
            "550 Message rejected due to senders DMARC policy",
        ),
        source=f"{_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dmarc_alignment",
        texts=("rate limited because there is no dmarc alignment",),
        codes="421 4.7.32",
        sample="421 4.7.32 This mail has been rate limited because there is no DMARC alignment",
        unlike=(
            "421 4.7.32 This mail has DMARC alignment",
            "421 4.7.28 This mail has been rate limited",
        ),
        source=f"{_MANUAL}421.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="spf_permerror",
        texts=("spf authentication failed with a permanent error",),
        codes="550 5.7.23",
        sample="550 5.7.23 SPF authentication failed with a permanent error",
        unlike=(
            "550 5.7.23 SPF authentication failed",
            "451 4.7.23 SPF authentication failed with a temporary error",
        ),
        source="foxcpp/maddy internal/check/spf/spf.go ; foxcpp/maddy#485",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="spf_temperror",
        texts=("spf authentication failed with a temporary error",),
        codes="451 4.7.23",
        sample="451 4.7.23 SPF authentication failed with a temporary error",
        unlike=(
            "550 5.7.23 SPF authentication failed",
            "550 5.7.23 SPF authentication failed with a permanent error",
        ),
        source="foxcpp/maddy internal/check/spf/spf.go",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="reputation",
        texts=(
            "due to the sending mta's poor reputation",
            "due to the sending m ta's poor reputation",
            "poor reputation sender",
            "rejected [ip reputation",
            "traffic not accepted from this ip",
            "suspected spam sender",
        ),
        codes="554, 550 5.7.708",
        sample="554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.",
        unlike=(
            "554 Your access to this mail system has been rejected.",
            "550 5.7.1 Rejected by the reputation of the attachment",
        ),
        source=f"{_SISIMAI}#469 ; Mailu/Mailu#1458 ; MicrosoftDocs/OfficeDocs-Exchange#1745 ; {_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="sender_domain_dns",
        texts=("invalid dns mx or a/aaaa resource record",),
        codes="550",
        sample="550 <a@example.com>: Invalid DNS MX or A/AAAA resource record",
        unlike=(
            "550 <a@example.com>: Requested action not taken: mailbox unavailable",
            "the MX or A/AAAA record is valid",
        ),
        source=f"{_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="throttle",
        texts=(
            "message submission rate for this client has exceeded",
            "deferred due to excessive volume",
            "sender frequency limited",
            "max message per connection reached",
        ),
        codes="421",
        sample="421 4.4.2 Message submission rate for this client has exceeded the configured limit",
        unlike=(
            "450 4.2.1 The recipient has exceeded message rate limit",
            "the submission of this client was accepted",
        ),
        source=f"{_MANUAL}421.json ; https://support.mailprotector.com/hc/en-us/articles/360048244891",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="from_header",
        texts=("messages missing a valid address in from: header",),
        codes="550 5.7.1",
        sample="550 5.7.1 [192.0.2.1] Messages missing a valid address in From: header, or having no From: header, are not accepted.",
        unlike=(
            "550 5.7.1 The From: header isn't aligned with either of them.",
            "a message with a valid address in the From: header",
        ),
        source=f"{_MANUAL}550.json",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="reputation_or_ptr",
        texts=("mail appeared to be spam or forged",),
        codes="550 5.7.1",
        sample="550 5.7.1 <a@example.com>: Recipient address rejected: Mail appeared to be SPAM or forged. Ask your "
        "Mail/DNS-Administrator to correct HELO and DNS MX settings or to get removed from DNSBLs",
        unlike=("550 5.7.1 Spam message rejected", "the mail appeared to be forged"),
        source="policyd-weight, $maxrejectmsg ; https://pastebin.com/6MbJDs6i",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (Chapter(None, Side.RECEIVER, _RECEIVERS),)
