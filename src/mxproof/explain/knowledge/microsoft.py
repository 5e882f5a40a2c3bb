"""Texts of Microsoft as sender: Exchange Online, Outlook.com and Hotmail.

As a sender it wraps the reason: `450 4.4.317 Cannot connect to remote server [Message=451 4.4.8 ...]` while it
tries, `550 5.4.317 Message expired, cannot connect to remote server(451 4.4.8 ...)` when it gives up after 24 hours.
The inner text is the same in bare lines, wrapped, deferred and final, so the rules name it without its code.
"""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_NDR: Final = "https://learn.microsoft.com/en-us/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online"
_DANE: Final = "https://learn.microsoft.com/en-us/purview/how-smtp-dane-works"
_IETF: Final = "https://www.mhonarc.org/archive/html/ietf-smtp/2021-03/msg00154.html"
_INTELLIGENCE: Final = "MicrosoftDocs mail-flow-intelligence-in-office-365.md (2023-06-14)"
_RHOST: Final = "sisimai/p5-sisimai lib/Sisimai/Rhost/Microsoft.pm"
_EXCHANGE: Final = "sisimai/p5-sisimai lib/Sisimai/Lhost/Exchange2007.pm"
_SAMPLES: Final = "sisimai/set-of-emails"

_SENDER: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("mx hosts of {domain} failed mta-sts",),
        codes="451 4.4.8, 550 5.4.8",
        sample="451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation.",
        unlike=("MX hosts of example.com passed MTA-STS validation", "MX hosts failed MTA-STS validation"),
        source=f"{_IETF} ; {_NDR}",
        confidence=Confidence.OBSERVED,
        check="Microsoft compares the name that a CNAME points to; it learns of a new policy when the old one's max_age "
        "ends, or earlier.",
    ),
    Rule(
        cause="mtasts_cert_name",
        texts=("remote certificate must have a subject alternative name",),
        codes="451 4.7.5, 550 5.7.5",
        sample="451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
        unlike=(
            "Remote certificate MUST have a common name or subject alternative name matching the hostname (DANE)",
            "451 4.7.5 Remote certificate failed MTA-STS validation. Reason: UntrustedRoot",
        ),
        source="the founding incident: a bounce of Outlook.com",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="mtasts_cert_invalid",
        texts=("remote certificate failed mta-sts validation",),
        codes="451 4.7.5, 550 5.7.5",
        sample="451 4.7.5 Remote certificate failed MTA-STS validation. Reason: UntrustedRoot",
        unlike=(
            "Remote certificate passed MTA-STS validation",
            "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation.",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
        check="The word after 'Reason:' is the status of the certificate as Windows names it: UntrustedRoot, Expired, "
        "SubjectMismatch.",
    ),
    Rule(
        cause="dane_starttls",
        texts=("starttls-not-supported", ".7.321 {gap}must support tls"),
        codes="450 4.7.321, 550 5.7.321",
        sample="450 4.7.321 starttls-not-supported: Destination mail server must support TLS to receive mail.",
        unlike=("450 4.7.320 Certificate validation failed", "starttls not supported by this client"),
        source=f"{_NDR} ; {_DANE}",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dane_cert_expired",
        texts=("certificate-expired: destination mail server", ".7.322 certificate-expired"),
        codes="450 4.7.322, 550 5.7.322",
        sample="450 4.7.322 certificate-expired: Destination mail server's certificate is expired.",
        unlike=(
            "450 4.7.320 Certificate validation failed [Message=Expired]",
            "450 4.7.321 starttls-not-supported: Destination mail server must support TLS to receive mail.",
        ),
        source=f"{_NDR} ; {_DANE}",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dane_tlsa_mismatch",
        texts=("tlsa-invalid: the domain failed dane validation", ".7.323 tlsa-invalid"),
        codes="450 4.7.323, 550 5.7.323",
        sample="450 4.7.323 tlsa-invalid: The domain failed DANE validation.",
        unlike=(
            "450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records",
            "450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records.",
        ),
        source=f"{_NDR} ; {_DANE}",
        confidence=Confidence.DOCUMENTED,
        check="A certificate whose validity begins in the future gives this, too.",
    ),
    Rule(
        cause="dnssec_bogus",
        texts=("dnssec-invalid: destination domain returned invalid dnssec", ".7.324 dnssec-invalid"),
        codes="450 4.7.324, 550 5.7.324",
        sample="450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records.",
        unlike=(
            "450 4.7.323 tlsa-invalid: The domain failed DANE validation.",
            "450 4.7.322 certificate-expired: Destination mail server's certificate is expired.",
        ),
        source=f"{_NDR} ; {_DANE}",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dane_cert_name",
        texts=(
            "certificate-host-mismatch: remote certificate",
            "remote certificate must have a common name or subject alternative name matching the hostname (dane",
            ".7.325 certificate-host-mismatch",
        ),
        codes="450 4.7.325, 550 5.7.325",
        sample="450 4.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative "
        "name matching the hostname (DANE)",
        unlike=(
            "Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
            "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
        ),
        source=f"{_NDR} ; {_DANE}",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="starttls_missing",
        texts=("451 5.7.3 starttls is required", "5.7.3 starttls is required to send mail"),
        codes="450 4.4.317, 451 5.7.3",
        sample="450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]",
        unlike=(
            "530 5.7.0 Must issue a STARTTLS command first",
            "450 4.4.317 Cannot connect to remote server [LastAttemptedServerName=example.com]",
        ),
        source=_INTELLIGENCE,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="cert_invalid",
        texts=(
            ".7.320 certificate validation failed",
            "remote server [message=subjectmismatch",
            "remote server [message=untrustedroot",
        ),
        codes="450 4.7.320, 450 4.4.317",
        sample="450 4.7.320 Certificate validation failed [Message=SubjectMismatch] "
        "[LastAttemptedServerName=mail.example.com]",
        unlike=(
            "450 4.7.321 starttls-not-supported",
            "450 4.4.312 DNS query failed [Message=InfoDomainNonexistent] [LastAttemptedServerName=example.com]",
        ),
        source=f"https://xostmoen.wordpress.com/2017/11/08/450-4-7-320-certificate-validation-failed/ ; {_INTELLIGENCE}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_failure",
        texts=(".4.312 dns query failed",),
        codes="450 4.4.312",
        sample="450 4.4.312 DNS query failed [Message=InfoDomainNonexistent] [LastAttemptedServerName=example.com]",
        unlike=(
            "550 5.4.312 Message expired, DNS query failed",
            "450 4.7.320 Certificate validation failed [Message=SubjectMismatch] [LastAttemptedServerName=mail.example.com]",
        ),
        source=f"{_SAMPLES} lhost-office365-06.eml",
        confidence=Confidence.OBSERVED,
        check="InfoNoRecords: no such record; InfoDomainNonexistent: no such name; ErrorRetry, ErrorTimeout: no answer.",
    ),
    Rule(
        cause="dns_failure_expired",
        texts=(".4.312 message expired, dns query failed", ".4.312 message expired {gap}dns query failed"),
        codes="550 5.4.312",
        sample="550 5.4.312 Message expired, DNS query failed",
        unlike=(
            "450 4.4.312 DNS query failed",
            "450 4.4.312 DNS query failed [Message=InfoDomainNonexistent] [LastAttemptedServerName=example.com]",
        ),
        source=f"{_SAMPLES} lhost-office365-06.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=(".4.310 dns domain {domain} does not exist",),
        codes="550 5.4.310",
        sample="550 5.4.310 DNS domain example.com does not exist [Message=InfoDomainNonexistent]",
        unlike=(
            "550 5.4.310 DNS domain of the recipient exists",
            "450 4.4.312 DNS query failed [Message=InfoDomainNonexistent] [LastAttemptedServerName=example.com]",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="connect_or_tls",
        texts=(
            ".4.317 cannot connect to remote server",
            ".4.317 cannot establish session with remote server",
        ),
        codes="450 4.4.317",
        sample="450 4.4.317 Cannot connect to remote server [LastAttemptedServerName=example.com]",
        unlike=(
            "550 5.4.317 Message expired, cannot connect to remote server",
            "450 4.4.312 DNS query failed [Message=InfoDomainNonexistent] [LastAttemptedServerName=example.com]",
        ),
        source=_INTELLIGENCE,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="expired_connect_or_tls",
        texts=(".4.317 message expired, cannot connect to remote server",),
        codes="550 5.4.317",
        sample="550 5.4.317 Message expired, cannot connect to remote server",
        unlike=(
            "450 4.4.317 Cannot connect to remote server",
            "450 4.4.317 Cannot connect to remote server [LastAttemptedServerName=example.com]",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/Expired.pm",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="connection_dropped",
        texts=(".4.318 connection was closed abruptly", "suspiciousremoteservererror"),
        codes="450 4.4.318, 451 4.4.0",
        sample="450 4.4.318 Connection was closed abruptly (SuspiciousRemoteServerError)",
        unlike=(
            "450 4.4.316 Connection refused",
            "450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=example.com]",
        ),
        source=f"{_INTELLIGENCE} ; "
        "https://kjctech.net/having-trouble-receiving-emails-from-office-365-to-exchange-server-2003",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="queue_expired",
        texts=(
            "4.4.7 message expired",
            "4.4.7 message delayed",
            "4.4.7 queue.expired; message expired",
            "4.4.7 queue.expired; message delayed",
            ".4.300 message expired",
        ),
        codes="550 4.4.7, 550 5.4.300",
        sample="550 4.4.7 QUEUE.Expired; message expired",
        unlike=("550 5.4.316 Message expired, connection refused", "450 4.4.7 mailbox busy"),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=(
            "smtpsend.dns.nonexistentdomain",
            "could not be delivered to the recipient because the domain is not reachable",
        ),
        codes="554 5.4.4",
        sample="#554 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain ##",
        unlike=(
            "#554 5.4.4 SMTPSEND.DNS.MxLoopback; DNS records for this domain are configured in a loop ##",
            "450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records.",
        ),
        source=f"{_EXCHANGE} ; {_SAMPLES} lhost-outlook-03.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="mx_loopback",
        texts=("smtpsend.dns.mxloopback",),
        codes="554 5.4.4",
        sample="#554 5.4.4 SMTPSEND.DNS.MxLoopback; DNS records for this domain are configured in a loop ##",
        unlike=(
            "#554 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain ##",
            "No MX records are being returned for the domain",
        ),
        source=_EXCHANGE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="mx_wrong",
        texts=("mail sent to the wrong office 365 region",),
        codes="451 4.4.62",
        sample="451 4.4.62 Mail sent to the wrong Office 365 region. ATTR35",
        unlike=(
            "451 4.4.4 Mail received as unauthenticated",
            "450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]",
        ),
        source="https://www.vermasandeep.in/2018/05/avoid-email-delivery-delays-update-your.html",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_failure",
        texts=("due to being unable to connect successfully to the destination mail server",),
        sample="Unable to deliver message to the following recipients, due to being unable to connect successfully to the "
        "destination mail server.",
        unlike=(
            "Unable to deliver message to the following recipients.",
            "450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]",
        ),
        source=f"{_SAMPLES} lhost-outlook-07.eml",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (Chapter("microsoft", Side.SENDER, _SENDER),)
