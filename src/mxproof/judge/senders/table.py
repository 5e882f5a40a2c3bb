"""The senders, each with its sources: facts about the world, kept apart from the engine that uses them.

`OWNER/REPOSITORY path:lines` names a public repository. Facts are as found in November 2026; a model whose
behaviour has no source has confidence `guess`, is shown as a caution, and decides nothing.
"""

from typing import Final

from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders.traits import BounceText, ExchangeReading, JudgedName, Precedence, Refresh, Traits
from mxproof.judge.vocabulary import Confidence, Security
from mxproof.mail.domain import PolicyReading

_DAY_S: Final = 86_400
_PASSED_OVER: Final = (ExchangeReading.PASSED_OVER,)
_TAKEN: Final = (ExchangeReading.TAKEN,)
_FATAL: Final = (ExchangeReading.FATAL,)
_BOTH_READINGS: Final = (PolicyReading.STRICT, PolicyReading.LENIENT)
_ANY_CERTIFICATE_FAULT: Final = (
    ResultType.CERTIFICATE_EXPIRED,
    ResultType.CERTIFICATE_NOT_TRUSTED,
    ResultType.VALIDATION_FAILURE,
)

RFC8461: Final = Traits(
    id="rfc8461",
    name="A sender by RFC 8461",
    confidence=Confidence.DOCUMENTED,
    sources=(
        "RFC 8461 sections 3 to 5",
        "RFC 5321 section 4.5.4.1 (gives up after at least 4-5 days)",
        "RFC 5321 sections 2.3.5 and 5.1 (an MX record holds a host name)",
        "RFC 7505 section 3 (forbids a null MX beside others, and leaves open what a sender makes of it)",
    ),
    malformed_mx=_PASSED_OVER,
    literal_mx=_PASSED_OVER,
    retry_s=5 * _DAY_S,
    note="Compares the name in the MX record; section 4.1 does not say what to do with an alias.",
)

_MICROSOFT_SOURCES: Final = (
    "IETF ietf-smtp list, March 2021, message 00154: the MX answer is shown as the target of the CNAME, 4.4.8",
    "Exchange Team on Microsoft Tech Community blog post 3106386, quoted in 3930404: no CNAMEs with MTA-STS",
    "the founding incident: 4.4.8, then 4.7.5 with a certificate that named the alias only",
    "learn.microsoft.com: Email non-delivery reports in Exchange Online (4.4.8, 4.7.5, 5.4.8, 5.7.5, 4.7.32x)",
    "learn.microsoft.com: How SMTP DANE works (outbound DANE since 2022)",
    "Microsoft Tech Community 4501005 (2026-03): MTA-STS and DANE modes of outbound connectors",
)

_MICROSOFT_BOUNCES: Final = (
    BounceText(
        ResultType.MX_MISMATCH,
        "451 4.4.8 MX hosts of '{domain}' failed MTA-STS validation",
        "550 5.4.8 MX hosts of '{domain}' failed MTA-STS validation",
    ),
    BounceText(
        ResultType.CERTIFICATE_HOST_MISMATCH,
        "450 4.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative "
        "name matching the hostname (DANE)",
        "550 5.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative "
        "name matching the hostname (DANE)",
        insists=Security.DANE,
    ),
    BounceText(
        ResultType.STARTTLS_NOT_SUPPORTED,
        "450 4.7.321 starttls-not-supported: Destination mail server must support TLS",
        "550 5.7.321 starttls-not-supported: Destination mail server must support TLS",
        insists=Security.DANE,
    ),
    BounceText(
        ResultType.CERTIFICATE_HOST_MISMATCH,
        "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
        "550 5.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
    ),
    *(
        BounceText(
            fault,
            "451 4.7.5 Remote certificate failed MTA-STS validation",
            "550 5.7.5 Remote certificate failed MTA-STS validation",
        )
        for fault in _ANY_CERTIFICATE_FAULT
    ),
    BounceText(
        ResultType.TLSA_INVALID,
        "450 4.7.323 tlsa-invalid: The domain failed DANE validation",
        "550 5.7.323 tlsa-invalid: The domain failed DANE validation",
    ),
    BounceText(
        ResultType.DNSSEC_INVALID,
        "450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records",
        "550 5.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records",
    ),
    BounceText(
        ResultType.STARTTLS_NOT_SUPPORTED,
        "450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]",
        "550 5.4.317 Message expired, cannot connect to remote server",
    ),
)

MICROSOFT: Final = Traits(
    id="microsoft",
    name="Microsoft (Exchange Online, outlook.com, hotmail.com)",
    confidence=Confidence.OBSERVED,
    sources=_MICROSOFT_SOURCES,
    policy_name=JudgedName.TARGET,
    certificate_name=JudgedName.TARGET,
    sni=(JudgedName.TARGET, JudgedName.MX),
    readings=_BOTH_READINGS,
    refresh=Refresh.UNDOCUMENTED,
    dane=True,
    precedences=(Precedence.DANE_FIRST, Precedence.BOTH),
    retry_s=_DAY_S,
    bounces=_MICROSOFT_BOUNCES,
    note="Judges the name that a CNAME points to, in the policy and in the certificate. Which name it puts in SNI, "
    "whether DANE or MTA-STS comes first, and when it fetches a changed policy are not documented. The bounce may be "
    "wrapped in 4.4.317, the final one in 5.4.317.",
)

MICROSOFT_PTR: Final = Traits(
    id="microsoft-ptr",
    name="Microsoft, if it judged by reverse DNS",
    confidence=Confidence.GUESS,
    sources=(
        "the founding incident: the reverse names were the targets of the CNAMEs, so it cannot tell the two apart",
    ),
    policy_name=JudgedName.PTR,
    certificate_name=JudgedName.PTR,
    sni=(JudgedName.MX, JudgedName.TARGET),
    readings=_BOTH_READINGS,
    refresh=Refresh.UNDOCUMENTED,
    retry_s=_DAY_S,
    bounces=_MICROSOFT_BOUNCES,
    note="A weak hypothesis, kept to be ruled out: no document says that reverse DNS plays a part.",
)

GOOGLE: Final = Traits(
    id="google",
    name="Google (Gmail, Workspace)",
    confidence=Confidence.OBSERVED,
    sources=(
        "Google security blog, April 2019: MTA-STS and TLS reporting for Gmail",
        "support.google.com/a/answer/9261504: About MTA-STS and TLS reporting",
        "the founding incident: Gmail kept delivering while the MX names were CNAMEs",
    ),
    readings=_BOTH_READINGS,
    refresh=Refresh.UNDOCUMENTED,
    note="That it compares the name in the MX record is inferred from the incident. It may fetch a policy after the "
    "first message, which then leaves unprotected. Its wording of a bounce is not known.",
)

# Each with the status code that stands before it in the log. Postfix gives up with the words, and the code, of the last
# attempt: a notice of failure that says 4.7.5.
_NOT_VERIFIED: Final = "4.7.5 Server certificate not verified"
_NO_HANDSHAKE: Final = "4.7.5 Cannot start TLS: handshake failure"
_NOT_OFFERED: Final = "4.7.4 TLS is required, but was not offered by host {mx}[{address}]"
_NOT_STARTED: Final = "{status} TLS is required, but host {mx}[{address}] refused to start TLS: {reply}"
_NO_TLSA: Final = "4.7.5 TLSA lookup error for {mx}:25"
_NO_HOST_LEFT: Final = "4.3.0 server unavailable or unable to receive mail"
_UNDECIDED: Final = "4.7.5 client TLS configuration problem"

_POSTFIX_BOUNCES: Final = tuple(
    BounceText(result_type, words, words, code=code)
    for result_type, code, words in (
        (ResultType.CERTIFICATE_HOST_MISMATCH, None, _NOT_VERIFIED),
        (ResultType.CERTIFICATE_EXPIRED, None, _NOT_VERIFIED),
        (ResultType.CERTIFICATE_NOT_TRUSTED, None, _NOT_VERIFIED),
        (ResultType.TLSA_INVALID, None, _NOT_VERIFIED),
        (ResultType.VALIDATION_FAILURE, Code.TLS_HANDSHAKE_FAILED, _NO_HANDSHAKE),
        (ResultType.VALIDATION_FAILURE, None, _NOT_VERIFIED),
        (ResultType.STARTTLS_NOT_SUPPORTED, Code.STARTTLS_REJECTED, _NOT_STARTED),
        (ResultType.STARTTLS_NOT_SUPPORTED, None, _NOT_OFFERED),
        (ResultType.DNSSEC_INVALID, Code.DANE_LOOKUP_FAILED, _NO_TLSA),
    )
)

POSTFIX_STS: Final = Traits(
    id="postfix-sts",
    name="Postfix with a classic MTA-STS policy daemon",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "vdukhovni/postfix postfix/src/dns/dns_lookup.c:700-735,800-815 (names in MX records)",
        "Snawoot/postfix-mta-sts-resolver README.md:182-207",
        "vdukhovni/postfix postfix/proto/postconf.proto (smtp_tls_policy_maps, secure, match)",
    ),
    policy_name=JudgedName.NONE,
    certificate_name=JudgedName.POLICY,
    honours_testing=False,
    readings=(PolicyReading.LENIENT,),
    malformed_mx=_PASSED_OVER,
    literal_mx=_TAKEN,
    null_mx_beside=_FATAL,
    retry_s=5 * _DAY_S,
    bounces=_POSTFIX_BOUNCES,
    note="Before Postfix 3.10.5 no MX name is compared: the certificate is held against the policy's patterns. Where "
    "there is a policy, DANE is not looked at (against RFC 8461 section 2).",
)

POSTFIX_DANE: Final = Traits(
    id="postfix-dane",
    name="Postfix with DANE (smtp_tls_security_level = dane)",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "vdukhovni/postfix postfix/src/dns/dns_lookup.c:700-735,800-815 (names in MX records)",
        "vdukhovni/postfix postfix/src/smtp/smtp_tls_policy.c:1065-1165",
        "postconf(5): smtp_tls_dane_insecure_mx_policy",
    ),
    mta_sts=False,
    dane=True,
    dane_needs_secure_mx=False,
    malformed_mx=_PASSED_OVER,
    literal_mx=_TAKEN,
    null_mx_beside=_FATAL,
    retry_s=5 * _DAY_S,
    bounces=_POSTFIX_BOUNCES,
)

# observed: Postfix 3.10.13. It passes over an MX host that no pattern covers without a session and says why in its log
# only; where the daemon cannot decide, its reason stays in the log as well.
_MXPROOF_BOUNCES: Final = (
    BounceText(ResultType.MX_MISMATCH, _NO_HOST_LEFT, _NO_HOST_LEFT),
    BounceText(ResultType.DNSSEC_INVALID, _UNDECIDED, _UNDECIDED, code=Code.DANE_LOOKUP_FAILED),
    *_POSTFIX_BOUNCES,
)

POSTFIX_MXPROOF: Final = Traits(
    id="postfix-mxproof",
    name="Postfix from 3.10.5 on with mxproof policyd",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "vdukhovni/postfix postfix/src/dns/dns_lookup.c:700-735,800-815 (names in MX records)",
        "mxproof.judge.senders.protection, the function by which the daemon decides",
        "vdukhovni/postfix postfix/src/smtp/smtp_tls_policy.c:168-205,300-600",
    ),
    dane=True,
    precedences=(Precedence.DOMAIN_WIDE,),
    malformed_mx=_PASSED_OVER,
    literal_mx=_TAKEN,
    null_mx_beside=_FATAL,
    retry_s=5 * _DAY_S,
    bounces=_MXPROOF_BOUNCES,
    note="Where neither DANE nor a policy applies, Postfix goes by smtp_tls_security_level = dane.",
)

EXIM_DANE: Final = Traits(
    id="exim-dane",
    name="Exim with DANE (its default)",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "Exim/exim src/src/routers/dnslookup.c (allow_mx_to_ip), globals.c (dns_check_names_pattern)",
        "Exim/exim src/src/host.c:1912,2237",
        "Exim/exim doc spec.xfpt:30990",
        "internetstandards/Internet.nl#385",
    ),
    mta_sts=False,
    dane=True,
    dane_at_alias=False,
    malformed_mx=_PASSED_OVER,
    literal_mx=_PASSED_OVER,
    null_mx_beside=_PASSED_OVER,
    retry_s=4 * _DAY_S,
    bounces=(BounceText(ResultType.TLSA_INVALID, "DANE attempt failed; TLS connection to {mx}"),),
    note="Looks for TLSA at the end of the alias chain only, so that records at the alias are not used.",
)

MOX: Final = Traits(
    id="mox",
    name="mox",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "mjl-/mox smtpclient/gather.go:131-172 (names in MX records)",
        "mjl-/mox queue/direct.go:165-245",
        "mjl-/mox mtastsdb/db.go",
    ),
    waits_for_record=True,
    dane=True,
    precedences=(Precedence.BOTH,),
    malformed_mx=_PASSED_OVER,
    literal_mx=_PASSED_OVER,
    null_mx_beside=_FATAL,
    retry_s=16 * 3600,
    bounces=(BounceText(ResultType.MX_MISMATCH, "mx host {mx} does not match enforced mta-sts policy"),),
    note="Asks for both: a policy mismatch stops the mail although DANE is satisfied.",
)

STALWART: Final = Traits(
    id="stalwart",
    name="Stalwart",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "stalwartlabs/stalwart crates/smtp/src/outbound/lookup.rs:228-236 (null MX)",
        "stalwartlabs/stalwart crates/smtp/src/outbound/delivery.rs:595-625",
        "stalwartlabs/stalwart crates/smtp/src/outbound/mta_sts/lookup.rs",
    ),
    readings=_BOTH_READINGS,
    dane=True,
    precedences=(Precedence.BOTH,),
    null_mx_beside=_FATAL,
    retry_s=5 * _DAY_S,
    bounces=(BounceText(ResultType.MX_MISMATCH, transient=None, final="MX {mx} not authorized by policy."),),
    note="Treats an MX outside the policy as a permanent failure (RFC 8461 section 5 asks for a transient one).",
)

KUMOMTA: Final = Traits(
    id="kumomta",
    name="KumoMTA (2026)",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "KumoCorp/kumomta crates/mailexchanger/src/lib.rs:570-595 (null MX, addresses)",
        "KumoCorp/kumomta crates/mailexchanger/src/lib.rs:317-405",
        "KumoCorp/kumomta crates/kumod/src/smtp_dispatcher.rs:636-800",
    ),
    dane=True,
    precedences=(Precedence.PRUNE_FIRST,),
    null_mx_beside=_FATAL,
    retry_s=7 * _DAY_S,
    bounces=(
        BounceText(
            ResultType.MX_MISMATCH,
            "451 4.4.4 MTA-STS enforce policy for {domain} permits none of its MX hosts",
        ),
    ),
    note="Drops MX hosts outside the policy before it looks at DANE; among the rest DANE decides.",
)

CHASQUID: Final = Traits(
    id="chasquid",
    name="chasquid",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "Go net.LookupMX: an invalid name is an error, an address is one before Go 1.25",
        "albertito/chasquid internal/courier/smtp.go",
        "albertito/chasquid internal/queue/queue.go:128",
    ),
    honours_testing=False,
    malformed_mx=_FATAL,
    literal_mx=(ExchangeReading.FATAL, ExchangeReading.TAKEN),
    null_mx_beside=_PASSED_OVER,
    retry_s=20 * 3600,
    bounces=tuple(
        BounceText(fault, "invalid security level for STS policy")
        for fault in (
            ResultType.CERTIFICATE_HOST_MISMATCH,
            ResultType.CERTIFICATE_EXPIRED,
            ResultType.CERTIFICATE_NOT_TRUSTED,
            ResultType.STARTTLS_NOT_SUPPORTED,
        )
    ),
)

OPPORTUNISTIC: Final = Traits(
    id="opportunistic",
    name="A sender without MTA-STS and DANE",
    confidence=Confidence.DOCUMENTED,
    sources=("RFC 7435 section 3 (opportunistic security)", "RFC 3207 section 4"),
    mta_sts=False,
    retry_s=5 * _DAY_S,
    note="Uses TLS where it is offered, with any certificate, and falls back to clear text.",
)

SENDERS: Final[tuple[Traits, ...]] = (
    RFC8461,
    MICROSOFT,
    MICROSOFT_PTR,
    GOOGLE,
    POSTFIX_STS,
    POSTFIX_MXPROOF,
    POSTFIX_DANE,
    EXIM_DANE,
    MOX,
    STALWART,
    KUMOMTA,
    CHASQUID,
    OPPORTUNISTIC,
)
