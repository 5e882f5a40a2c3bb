"""Texts that several systems share, and texts of TLS reports and headers that reach the reader as plain text."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SAMPLES: Final = "sisimai/set-of-emails"
_REPORT_2025: Final = "https://redlib.homelabber.dev/r/email/comments/1pnf2vk/ (report of 2025-12-13)"

_RECEIVERS: Final = (
    Rule(
        cause="ptr_mismatch",
        texts=(
            "service permits {number} unverifyable sending ips",
            "forbidden by invalid rdns record of your mail server",
            "domain {domain} mismatches client ip",
        ),
        codes="450, 550, 551",
        sample="550 domain [example.com] mismatches client ip 192.0.2.225.",
        unlike=(
            "domain [example.com] matches client ip 192.0.2.225.",
            "550 5.7.26 <a@example.com>: Recipient address rejected: Multiple authentication checks failed",
        ),
        source=f"{_SAMPLES} lhost-exim-38.eml, lhost-exim-40.eml, lhost-outlook-09.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="ptr_missing",
        texts=(
            "will not accept messages from servers/devices with no reverse dns",
            "5.7.25 {gap}reverse dns validation failed",
        ),
        codes="550, 550 5.7.25",
        sample="550 Reason: This system will not accept messages from servers/devices with no reverse DNS. "
        "IP=[203.0.113.2]",
        unlike=(
            "This system accepts messages from servers with reverse DNS",
            "550 Host does not accept mail",
        ),
        source=f"{_SAMPLES} lhost-exim-39.eml, lhost-dragonfly-06.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="ptr_missing",
        texts=(
            "host {address} has no reverse dns",
            "address {address} has no reverse dns",
            "ip {address} has no reverse dns",
            "does not have a reverse dns",
            "host {address} has no ptr",
            "ip {address} has no ptr",
        ),
        codes="550, 554",
        sample="550 Rejected: your host 192.0.2.1 has no reverse DNS (PTR) entry",
        unlike=("550 your host has no reverse gear", "our new host has no reverse DNS yet"),
        source="general wording of access lists; RFC 7372 section 3.3 gives it a code",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="auth_multiple",
        texts=("multiple authentication checks failed",),
        codes="550 5.7.26",
        sample="550 5.7.26 <a@example.com>: Recipient address rejected: Multiple authentication checks failed",
        unlike=(
            "multiple checks passed",
            "550 5.7.23 <a@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized.",
        ),
        source=f"{_SAMPLES} lhost-dragonfly-05.eml ; RFC 7372 section 3.3",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="sender_domain_dns",
        texts=("553 {domain} does not exist",),
        codes="553",
        sample="553 mail.example.com does not exist",
        unlike=("553 user does not exist", "550 5.1.1 a@example.com does not exist"),
        source=f"{_SAMPLES} lhost-exim-37.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="sender_domain_dns",
        texts=("domain of sender address {word} does not exist",),
        codes="553 5.1.8",
        sample="553 5.1.8 <a@example.com>... Domain of sender address a@example.com does not exist",
        unlike=(
            "553 5.1.3 <a@example.com>... Recipient address a@example.com does not exist",
            "a@example.com: Domain does not exist",
        ),
        source=f"{_SAMPLES} lhost-postfix-11.eml ; sendmail 8.17.1.9 cf/m4/proto.m4",
        confidence=Confidence.OBSERVED,
        lead=True,
    ),
    Rule(
        cause="null_mx_or_refuses",
        texts=("550 host does not accept mail",),
        codes="550",
        sample="550 Host does not accept mail",
        unlike=("550 Host does accept mail", "550 5.1.1 user does not accept mail"),
        source=f"{_SAMPLES} lhost-sendmail-57.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dmarc_fail",
        texts=(
            "rejected due to dmarc policy",
            "rejected due to sender dmarc policy",
            "rejected due to senders dmarc policy",
            "rejected due to sender's dmarc policy",
            "violates the dmarc policy",
            "rejected per dmarc policy",
            "does not comply with the dmarc policy",
        ),
        codes="550",
        sample="550 Message rejected due to senders DMARC policy",
        unlike=(
            "550 Message rejected due to content policy",
            "550 5.7.1 Email rejected per SPF policy",
        ),
        source="https://emailkarma.net/microsoft-to-start-honouring-dmarc-reject",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="spf_fail",
        texts=(
            "rejected per spf policy",
            "rejected per sender's spf policy",
            "rejected per senders spf policy",
        ),
        codes="550 5.7.0, 550 5.7.1",
        sample="550 5.7.1 Email rejected per SPF policy",
        unlike=(
            "550 5.7.1 Email rejected per DMARC policy",
            "550 Message rejected due to senders DMARC policy",
        ),
        source="https://autospf.com/blog/how-to-fix-550-5-7-0-email-rejected-per-spf-policy ; "
        "https://www.404andmore.com/proofpoint-essentials-fixing-the-550-5-7-1-spf-rejected-error/",
        confidence=Confidence.CLAIMED,
    ),
)

_HEADERS: Final = (
    Rule(
        cause="spf_temperror",
        texts=(
            "time-out on dns txt lookup of {domain}",
            "unknown error on dns txt lookup of {domain}",
            "time-out on dns 'txt' lookup of {domain}",
            "unknown error on dns 'txt' lookup of {domain}",
        ),
        codes="Received-SPF",
        sample="Received-SPF: temperror (mx.example.org: Time-out on DNS 'TXT' lookup of '_spf.example.com')",
        unlike=(
            "DNS 'TXT' lookup of '_spf.example.com' succeeded",
            "550 5.7.1 Email rejected per SPF policy",
        ),
        source="https://github.com/fastmail/authentication_milter/issues/169",
        confidence=Confidence.OBSERVED,
        check="A TXT record set too large for UDP needs TCP port 53 open at every name server.",
    ),
)

_REPORTS: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=('"failure-reason-code": "mx_hosts_mismatch"', '"failure-reason-code":"mx_hosts_mismatch"'),
        codes="TLS report",
        sample='"failure-reason-code": "MX_HOSTS_MISMATCH"',
        unlike=(
            '"failure-reason-code": "VALIDATION_FAILURE"',
            '"result-type": "validation-failure"',
        ),
        source=_REPORT_2025,
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="mtasts_cert_or_validation",
        texts=('"failure-reason-code": "validation_failure"', '"failure-reason-code":"validation_failure"'),
        codes="TLS report",
        sample='"failure-reason-code": "VALIDATION_FAILURE"',
        unlike=(
            '"failure-reason-code": "MX_HOSTS_MISMATCH"',
            '"result-type": "validation-failure"',
        ),
        source=_REPORT_2025,
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="mtasts_validation",
        texts=('"result-type": "validation-failure"', '"result-type":"validation-failure"'),
        codes="TLS report",
        sample='"result-type": "validation-failure"',
        unlike=(
            '"result-type": "certificate-expired"',
            '"failure-reason-code": "VALIDATION_FAILURE"',
        ),
        source="https://github.com/jklotzsche-msft/PS.MTA-STS/pull/33 (Google, 2024-08-02)",
        confidence=Confidence.OBSERVED,
        check="A wildcard of the policy stands for one label, not for two.",
        lead=True,
    ),
)

_OPENSSL: Final = "the words of X509_verify_cert_error_string() in OpenSSL, which most mail systems hand on"

_SENDERS: Final = (
    Rule(
        cause="cert_not_verified",
        texts=(
            "certificate verification failed: certificate has expired",
            "certificate verification failed: hostname mismatch",
            "certificate verification failed: self-signed certificate",
        ),
        sample="451 4.7.5 Certificate verification failed: hostname mismatch",
        unlike=(
            "Certificate verification failed: unable to get issuer certificate",
            "Certificate verification succeeded",
        ),
        source=_OPENSSL,
        confidence=Confidence.DOCUMENTED,
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=("certificate verification failed",),
        sample="451 4.7.5 Certificate verification failed",
        unlike=("Certificate verification succeeded", "Certificate validation failed"),
        source=_OPENSSL,
        confidence=Confidence.DOCUMENTED,
    ),
)

_GENERAL: Final = (
    Rule(
        cause="mtasts_validation",
        texts=(
            "failed mta-sts validation",
            "mta-sts validation failed",
            "mta-sts policy violation",
            "mta-sts check failed",
        ),
        sample="451 delivery deferred: MTA-STS validation failed",
        unlike=("MTA-STS validation succeeded", "MTA-STS policy fetched"),
        source="general wording; no system known",
        confidence=Confidence.GUESS,
        lead=True,
    ),
    Rule(
        cause="connect_timeout",
        texts=("connection timed out",),
        sample="Cannot connect to mx.example.com: Connection timed out",
        unlike=(
            "Connection closed",
            "Cannot connect to mx.example.com: Connection refused",
        ),
        source="the words of ETIMEDOUT in POSIX strerror(), which most mail systems hand on",
        confidence=Confidence.DOCUMENTED,
        lead=True,
    ),
    Rule(
        cause="connect_refused",
        texts=("connection refused",),
        sample="Cannot connect to mx.example.com: Connection refused",
        unlike=(
            "Connection closed",
            "Cannot connect to mx.example.com: Connection timed out",
        ),
        source="the words of ECONNREFUSED in POSIX strerror(), which most mail systems hand on",
        confidence=Confidence.DOCUMENTED,
        lead=True,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "unable to connect to remote server",
            "unable to connect to remote host",
            "could not connect to host",
        ),
        sample="unable to connect to remote server [192.0.2.222:25]",
        unlike=(
            "connected to remote server",
            "unable to reach the server: Operation timed out",
        ),
        source=f"{_SAMPLES} lhost-x2-03.eml",
        confidence=Confidence.OBSERVED,
        lead=True,
    ),
)

TLS_REPORTS: Final = Chapter(None, Side.SENDER, _REPORTS)
"""Only for TLS reports: their words stand in JSON and mean something else in prose."""

CHAPTERS: Final = (
    Chapter(None, Side.RECEIVER, _RECEIVERS),
    Chapter(None, Side.RECEIVER, _HEADERS),
    Chapter(None, Side.SENDER, _SENDERS),
    Chapter(None, Side.UNKNOWN, _GENERAL),
)
