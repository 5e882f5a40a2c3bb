"""Texts of other systems as receivers: why they did not take a message."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SAMPLES: Final = "sisimai/set-of-emails"
_YAHOO_SOURCE: Final = "sisimai/p5-sisimai lib/Sisimai/Rhost/YahooInc.pm"
_APPLE_SOURCE: Final = (
    "sisimai/p5-sisimai lib/Sisimai/Rhost/Apple.pm (https://support.apple.com/en-us/102322)"
)

_YAHOO: Final = (
    Rule(
        cause="content_policy",
        texts=("email not accepted for policy reasons",),
        codes="554",
        sample="554 Message not allowed - [PH01] Email not accepted for policy reasons. Please visit "
        "https://postmaster.yahooinc.com/error-codes",
        unlike=("554 Message not allowed - [299]", "Email accepted for policy reasons"),
        source="ActiveCampaign/smtp-field-manual data/codes/554.json ; https://help.returnpath.com/hc/en-us/articles/220565487",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="auth_none",
        texts=("yahoo requires all senders to authenticate with either spf or dkim",),
        codes="550 5.7.9",
        sample="550 5.7.9 This mail has been blocked because the sender is unauthenticated. Yahoo requires all senders to "
        "authenticate with either SPF or DKIM.",
        unlike=(
            "554 5.7.9 Message not accepted for policy reasons.",
            "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.25, because the ip is in Spamhaus's list",
        ),
        source=_YAHOO_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="auth_or_dmarc",
        texts=("5.7.9 message not accepted for policy reasons",),
        codes="554 5.7.9",
        sample="554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
        unlike=("554 5.7.9 Header error", "550 5.7.1 Message not accepted for policy reasons"),
        source=f"{_YAHOO_SOURCE} ; https://www.netmeister.org/blog/spf.html ; {_SAMPLES} lhost-postfix-69.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="sender_domain_dns",
        texts=(
            "temporarily deferred due to unresolvable rfc.5321 from domain",
            "temporarily deferred due to unresolvable rfc.5321 domain",
            "temporarily deferred due to unresolvable rfc5321 from domain",
            "temporarily deferred due to unresolvable rfc5321 domain",
        ),
        codes="451",
        sample="451 Message temporarily deferred due to unresolvable RFC.5321 from domain; see "
        "https://postmaster.yahooinc.com/error-codes",
        unlike=(
            "Messages from 192.0.2.25 temporarily deferred due to user complaints",
            "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
        ),
        source=_YAHOO_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="reputation",
        texts=(
            "temporarily deferred due to unexpected volume or user complaints",
            "temporarily deferred due to user complaints",
        ),
        codes="421 4.7.0",
        sample="421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred due to unexpected volume or user "
        "complaints - 4.16.55.1",
        unlike=(
            "451 Message temporarily deferred due to unresolvable RFC.5321 from domain",
            "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.25, because the ip is in Spamhaus's list",
        ),
        source=f"{_YAHOO_SOURCE} ; {_SAMPLES} lhost-postfix-74.eml",
        confidence=Confidence.OBSERVED,
        check="Seen for missing authentication, too.",
    ),
    Rule(
        cause="blocklist",
        texts=("5.7.1 [bl21]", "5.7.1 [bl22]", "5.7.1 [bl23]"),
        codes="553 5.7.1",
        sample="553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.25, because the ip is in Spamhaus's list",
        unlike=(
            "553 5.7.1 [TSS11] All messages from 192.0.2.25 will be permanently deferred",
            "550 5.7.1 Connections not accepted from servers without a valid sender domain",
        ),
        source=_YAHOO_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
)

_APPLE: Final = (
    Rule(
        cause="dmarc_fail",
        texts=("rejected due to {domain}'s dmarc policy",),
        codes="554 5.7.1",
        sample="554 5.7.1 Your message was rejected due to example.com's DMARC policy.",
        unlike=(
            "rejected due to local policy",
            "550 5.7.1 [CS01] Message rejected due to local policy.",
        ),
        source=f"{_APPLE_SOURCE} ; {_SAMPLES} rhost-apple-02.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="auth_none",
        texts=("[hme1] {gap}failing both spf and dkim",),
        codes="554 5.7.1",
        sample="554 5.7.1 [HME1] This message was blocked for failing both SPF and DKIM authentication checks.",
        unlike=(
            "[HME1] This message passed both SPF and DKIM",
            "554 5.7.1 Your message was rejected due to example.com's DMARC policy.",
        ),
        source=_APPLE_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="content_policy",
        texts=("[cs01] message rejected due to local policy",),
        codes="550 5.7.1",
        sample="550 5.7.1 [CS01] Message rejected due to local policy.",
        unlike=(
            "550 5.7.1 Message rejected due to content",
            "550 5.7.1 Your message was rejected due to example.com DMARC policy.",
        ),
        source=_APPLE_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="blocklist",
        texts=("blocked - see https://support.proofpoint.com/dnsbl-lookup",),
        codes="550 5.7.0",
        sample="550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1",
        unlike=(
            "Blocked - see https://www.example.com/",
            "550 5.7.1 [CS01] Message rejected due to local policy.",
        ),
        source=_APPLE_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
)

_FILTERS: Final = (
    Rule(
        cause="ptr_missing",
        texts=("connections not accepted from servers without a valid sender domain",),
        codes="550 5.7.1",
        sample="550 5.7.1 Connections not accepted from servers without a valid sender domain",
        unlike=(
            "Connections accepted from servers with a valid sender domain",
            "550 #5.7.1 SPF unauthorized mail is prohibited.",
        ),
        source=f"{_SAMPLES} lhost-exim-43.eml (Proofpoint)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="spf_or_block",
        texts=("spf check failed", "permanent failure for one or more recipients ({word}:blocked)"),
        codes="550 5.7.1",
        sample="550 permanent failure for one or more recipients (a@example.com:blocked)",
        unlike=(
            "550 permanent failure for one or more recipients (a@example.com:550 5.1.1 unknown)",
            "550 permanent failure: blocked using Barracuda Reputation",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/Blocked.pm (Barracuda)",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="blocklist",
        texts=("barracudacentral.org",),
        codes="554",
        sample="554 Service unavailable; Client host [192.0.2.1] blocked using Barracuda Reputation; "
        "http://bbl.barracudacentral.org/q.cgi?ip=192.0.2.1",
        unlike=(
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked",
            "550 permanent failure for one or more recipients (a@example.com:blocked)",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/Blocked.pm",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="spf_fail",
        texts=("#5.7.1 spf unauthorized mail is prohibited",),
        codes="550 5.7.1",
        sample="550 #5.7.1 SPF unauthorized mail is prohibited.",
        unlike=(
            "550 #5.1.0 Address rejected",
            "550 #5.7.1 DMARC unauthenticated mail is prohibited.",
        ),
        source="Cisco AsyncOS 7.1 configuration guide, page 4-267",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="spf_temperror",
        texts=("#4.4.3 temporary error occurred during spf verification",),
        codes="451 4.4.3",
        sample="451 #4.4.3 Temporary error occurred during SPF verification.",
        unlike=(
            "451 #4.4.3 Temporary error",
            "550 #5.7.1 SPF unauthorized mail is prohibited.",
        ),
        source="Cisco AsyncOS 7.1 configuration guide, page 4-267",
        confidence=Confidence.DOCUMENTED,
    ),
)

_REGIONAL: Final = (
    Rule(
        cause="dmarc_fail",
        texts=("dmarc check failed", "email rejected per dmarc policy", "owner dmarc policy"),
        codes="550, 550 5.7.1",
        sample="550 5.7.1 This message was not accepted due to domain (example.com) owner DMARC policy (RFC 7489)",
        unlike=("550 DMARC check passed", "550 5.7.0 DMARC PermError"),
        source=f"{_SAMPLES} rhost-tencent-03.eml (Tencent), lhost-postfix-73.eml (Zoho), lhost-postfix-72.eml (Mail.Ru)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="spf_fail",
        texts=("is not allowed to send from {domain} per it's spf record",),
        codes="550 5.1.0",
        sample="550 5.1.0 192.0.2.222 is not allowed to send from <example.net> per it's SPF Record.",
        unlike=(
            "192.0.2.222 is allowed to send from <example.net>",
            "550 We do not accept mail from hosts with dynamic IP or generic DNS PTR-records.",
        ),
        source=f"{_SAMPLES} lhost-office365-03.eml (GoDaddy)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="ptr_missing",
        texts=("bad dns ptr resource record",),
        codes="554",
        sample="554 gmx.net (mxgmx101) Nemesis ESMTP Service not available No SMTP service Bad DNS PTR resource record.",
        unlike=(
            "554 No SMTP service IP address is black listed.",
            "554 gmx.net (mxgmx104) Nemesis ESMTP Service not available No SMTP service IP address is block listed.",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/RequirePTR.pm (GMX, Web.de)",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="ptr_generic",
        texts=("we do not accept mail from hosts with dynamic ip or generic dns ptr-records",),
        codes="550",
        sample="550 We do not accept mail from hosts with dynamic IP or generic DNS PTR-records.",
        unlike=(
            "we accept mail from hosts with static IP",
            "550 5.1.0 192.0.2.222 is not allowed to send from <example.net> per it's SPF Record.",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/RequirePTR.pm (Mail.Ru)",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="reputation_or_ptr",
        texts=("ip={address} - none/bad", "ip={address} - a problem occurred"),
        codes="554",
        sample="554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster for help or to contact tosa@rx.t-online.de",
        unlike=(
            "554 IP=192.0.2.1 accepted",
            "554 gmx.net (mxgmx101) Nemesis ESMTP Service not available No SMTP service Bad DNS PTR resource record.",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/BadReputation.pm (T-Online)",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="ptr_missing",
        texts=("requires that all mail servers must have a ptr record with a valid reverse dns entry",),
        codes="554",
        sample="554 mta1.example.net Comcast requires that all mail servers must have a PTR record with a valid Reverse "
        "DNS entry.",
        unlike=(
            "mail servers must have a valid certificate",
            "550 We do not accept mail from hosts with dynamic IP or generic DNS PTR-records.",
        ),
        source=f"{_SAMPLES} lhost-exim-33.eml (Comcast)",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (
    Chapter("yahoo", Side.RECEIVER, _YAHOO),
    Chapter("apple", Side.RECEIVER, _APPLE),
    Chapter("filter", Side.RECEIVER, _FILTERS),
    Chapter("regional", Side.RECEIVER, _REGIONAL),
)
