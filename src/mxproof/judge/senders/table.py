"""The senders, each with its sources: facts about the world, kept apart from the engine that uses them.

`OWNER/REPOSITORY path:lines` names a public repository. Facts are as found in November 2026; a model whose
behaviour has no source has confidence `guess`, is shown as a caution, and decides nothing.
"""

from typing import Final

from mxproof.formats.result_type import ResultType
from mxproof.judge.senders import bounces, readings
from mxproof.judge.senders.postfix import POSTFIX_DANE, POSTFIX_MXPROOF, POSTFIX_STS
from mxproof.judge.senders.providers import GOOGLE, MICROSOFT, MICROSOFT_PTR
from mxproof.judge.senders.traits import (
    Addresses,
    BounceText,
    EarlyText,
    ExchangeReading,
    FallBack,
    JudgedName,
    Library,
    LostInside,
    Precedence,
    Refresh,
    RefusedEhlo,
    Traits,
)
from mxproof.judge.vocabulary import Confidence

_DAY_S: Final = 86_400
_PASSED_OVER: Final = (ExchangeReading.PASSED_OVER,)
_TAKEN: Final = (ExchangeReading.TAKEN,)
_FATAL: Final = (ExchangeReading.FATAL,)

_THROWN_AWAY: Final = (EarlyText.THROWN_AWAY,)

_GO: Final = (
    "golang/go src/crypto/tls/common.go: a client speaks TLS 1.2 or later; issues 68762 (RSA keys of 1024 bits and more), "
    "41682 (no SHA-1), 24151 (no common name)"
)
_RUSTLS: Final = (
    "rustls/rustls: TLS 1.2 or later; issue 234 (RSA keys of 2048 bits or more, also where nothing is verified); rustls/webpki: "
    "no SHA-1, no common name, serverAuth where there is an extended key usage"
)

RFC8461: Final = Traits(
    id="rfc8461",
    name="A sender by RFC 8461",
    confidence=Confidence.DOCUMENTED,
    sources=(
        "RFC 8461 sections 3 to 5",
        "RFC 8461 section 7.2 and RFC 8996 (nothing before TLS 1.2)",
        "RFC 3207 section 4.2 (what was said before the handshake is discarded)",
        "RFC 5321 section 4.5.4.1 (gives up after at least 4-5 days)",
        "RFC 5321 sections 2.3.5 and 5.1 (an MX record holds a host name)",
        "RFC 7505 section 3 (forbids a null MX beside others, and leaves open what a sender makes of it)",
        "RFC 8461 section 3.3 (suggests a timeout of one minute for the fetch of a policy)",
    ),
    policy_wait_s=60,
    outdated_tls=(False,),
    malformed_mx=_PASSED_OVER,
    literal_mx=_PASSED_OVER,
    early_text=_THROWN_AWAY,
    retry_s=5 * _DAY_S,
    note="Compares the name in the MX record; section 4.1 does not say what to do with an alias.",
)

EXIM_DANE: Final = Traits(
    id="exim-dane",
    name="Exim with DANE (its default)",
    confidence=Confidence.OBSERVED,
    sources=(
        "run: Exim 4.96 and 4.98 with GnuTLS; 4.98.2 (Debian) in 130 worlds, November 2026, with and without trust-ad",
        "Exim/exim src/src/routers/dnslookup.c (allow_mx_to_ip), globals.c (dns_check_names_pattern)",
        "run: Exim 4.98.2 where more comes behind the 220 to STARTTLS: a synch error, clear text, and a deferral with DANE",
        "Exim/exim src/src/host.c:1912,2237",
        "Exim/exim doc spec.xfpt:30990",
        "internetstandards/Internet.nl#385",
    ),
    mta_sts=False,
    dane=True,
    tlsa_at=(JudgedName.TARGET,),
    anchored_names=False,
    refused_ehlo=RefusedEhlo.PASSED_OVER,
    addresses_known=Confidence.OBSERVED,
    malformed_mx=_PASSED_OVER,
    literal_mx=_PASSED_OVER,
    null_mx_beside=_PASSED_OVER,
    library=Library.GNUTLS,
    lost_inside=LostInside.CLEAR_TEXT,
    early_text=(EarlyText.HANDSHAKE,),
    retry_s=4 * _DAY_S,
    bounces=(BounceText(ResultType.TLSA_INVALID, "DANE attempt failed; TLS connection to {mx}"),),
    note="Looks for TLSA at the end of the alias chain only, so that records at the alias are not used. With GnuTLS, as "
    "in Debian, a certificate that usage 2 anchors (2 1 1) passes whatever it names, and the session is then no more than "
    "opportunistic to it. It uses DANE only where its resolv.conf says `options trust-ad`: without that the C library "
    "takes the AD bit out of answers, and TLSA records are not looked at.",
)

MOX: Final = Traits(
    id="mox",
    name="mox",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "mjl-/mox dane/dane.go verifySingle (any record counts; an anchor need not be sent that the record holds as a certificate)",
        "mjl-/mox dane/dane.go verifySingle (a certificate may be its own anchor; what is sent behind the anchor is left out)",
        "mjl-/mox smtpclient/gather.go:131-172 (names in MX records)",
        "mjl-/mox queue/direct.go:165-245",
        "mjl-/mox smtpclient/client.go:813-822 (bytes behind the 220 are read as those of the handshake)",
        "mjl-/mox mtastsdb/db.go",
        _GO,
        "mjl-/mox mtasts/parse.go, mtasts/mtasts.go:299 (the media type is not looked at)",
        "mjl-/mox mtasts/mtasts.go FetchPolicy, mtastsdb/db.go Get (a minute for a policy that it holds none of, 30 s for another id)",
    ),
    policy_wait_s=60,
    readings=(readings.MOX,),
    waits_for_record=True,
    dane=True,
    precedences=(Precedence.BOTH,),
    outdated_tls=(False,),
    malformed_mx=_PASSED_OVER,
    literal_mx=_PASSED_OVER,
    null_mx_beside=_FATAL,
    library=Library.GO,
    whole_anchors=True,
    leaf_anchors=True,
    anchors_last=True,
    early_text=(EarlyText.HANDSHAKE,),
    retry_s=16 * 3600,
    bounces=(BounceText(ResultType.MX_MISMATCH, "mx host {mx} does not match enforced mta-sts policy"),),
    note="Asks for both: a policy mismatch stops the mail although DANE is satisfied.",
)

STALWART: Final = Traits(
    id="stalwart",
    name="Stalwart",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        "stalwartlabs/stalwart crates/smtp/src/outbound/dane/verify.rs (anchors are taken as they stand)",
        "stalwartlabs/stalwart crates/smtp/src/outbound/lookup.rs:228-236 (null MX)",
        "stalwartlabs/stalwart crates/smtp/src/outbound/client.rs (each reply is read into a buffer of its own)",
        "stalwartlabs/stalwart crates/smtp/src/outbound/delivery.rs:595-625",
        "stalwartlabs/stalwart crates/smtp/src/outbound/mta_sts/lookup.rs, parse.rs",
        "stalwartlabs/stalwart crates/common/src/config/smtp/queue.rs (timeouts.mta-sts: ten minutes; its web pages say two)",
        _RUSTLS,
    ),
    policy_wait_s=120,
    readings=(readings.STALWART,),
    dane=True,
    precedences=(Precedence.BOTH,),
    outdated_tls=(False,),
    weak_key_at_mx=False,
    weak_key_at_policy_host=False,
    null_mx_beside=_FATAL,
    library=Library.RUSTLS,
    bare_anchors=True,
    whole_anchors=True,
    whole_keys=True,
    early_text=_THROWN_AWAY,
    retry_s=5 * _DAY_S,
    bounces=(BounceText(ResultType.MX_MISMATCH, transient=None, final="MX {mx} not authorized by policy."),),
    note="Treats an MX outside the policy as a permanent failure (RFC 8461 section 5 asks for a transient one).",
)

KUMOMTA: Final = Traits(
    id="kumomta",
    name="KumoMTA (2026)",
    confidence=Confidence.SOURCE_CODE,
    sources=(
        _RUSTLS,
        "KumoCorp/kumomta crates/rfc5321/src/tls.rs (rustls; that OpenSSL takes over where there are TLSA records is not verified)",
        "KumoCorp/kumomta crates/mailexchanger/src/lib.rs:570-595 (null MX, addresses)",
        "KumoCorp/kumomta crates/mailexchanger/src/lib.rs:317-405",
        "KumoCorp/kumomta crates/rfc5321/src/client.rs (read_line, starttls: one buffer for replies before and inside TLS)",
        "KumoCorp/kumomta crates/kumod/src/smtp_dispatcher.rs:636-800",
        "KumoCorp/kumomta crates/mta-sts/src/policy.rs, dns.rs, lib.rs (a fetch has 20 s)",
    ),
    policy_wait_s=20,
    readings=(readings.KUMOMTA,),
    dane=True,
    precedences=(Precedence.PRUNE_FIRST,),
    null_mx_beside=_FATAL,
    library=Library.RUSTLS,
    outdated_tls=(False,),
    weak_key_at_mx=False,
    strongest_digest=True,
    bare_anchors=True,
    whole_anchors=True,
    whole_keys=True,
    early_text=(EarlyText.DEFERRED,),
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
    confidence=Confidence.OBSERVED,
    sources=(
        "run: chasquid 1.11 and 1.15; 1.15 (Debian) in 130 worlds, November 2026",
        "albertito/chasquid internal/courier/smtp.go, internal/sts/sts.go, internal/domaininfo/domaininfo.go",
        "albertito/chasquid internal/queue/queue.go:128",
        "albertito/chasquid internal/courier/smtp.go fetchSTSPolicy (one minute, and no policy after that)",
        "Go net.LookupMX: an invalid name is an error, an address is one before Go 1.25",
        _GO,
    ),
    honours_testing=False,
    policy_wait_s=60,
    outdated_tls=(False,),
    readings=(readings.CHASQUID,),
    refresh=Refresh.OFTEN,
    remembers_level=True,
    refused_ehlo=RefusedEhlo.FATAL,
    clear_text_again=True,
    lost_inside=LostInside.CLEAR_TEXT,
    early_text=_THROWN_AWAY,
    malformed_mx=_FATAL,
    literal_mx=(ExchangeReading.FATAL, ExchangeReading.TAKEN),
    null_mx_beside=_PASSED_OVER,
    addresses=Addresses.UNCONNECTED,
    addresses_known=Confidence.OBSERVED,
    library=Library.GO,
    retry_s=20 * 3600,
    bounces=bounces.CHASQUID,
    note="Remembers how well sessions with a domain were secured: after one with a valid certificate a lesser one "
    "fails, also without a policy. Fetches every policy that it holds again about every ten minutes, whatever the id. "
    "Of a host with several addresses the first one that takes the connection decides, usually that over IPv6. Where TLS cannot be set up it comes again at once in clear text.",
)

COURIER: Final = Traits(
    id="courier",
    name="Courier",
    confidence=Confidence.OBSERVED,
    sources=(
        "run: Courier 1.4.1 (Debian) in 130 worlds, November 2026, MX names that are none among them",
        "run: a sender test with Courier 1.4.1, November 2026: a name with a space is looked up, and its address connected to",
        "run: a second mail to a domain whose policy changed under the same id, past its max_age, November 2026: the old one counts",
        "svarshavchik/courier courier/courier/libs/comsts.c (get_new_policy: the same id, the same policy), courier/module.esmtp/libesmtp.C",
        "run: Courier 1.4.1 has wget (GnuTLS) fetch policies, which takes the common name of a policy host",
        "svarshavchik/courier courier/courier/libs/comsts.c (sts_download2: wget --timeout 60); wget(1): --tries, 20 of them",
    ),
    policy_wait_s=60,
    deep_wildcards=True,
    common_name=True,
    common_name_at_policy_host=True,
    honours_testing=False,
    fall_back=FallBack.NEVER,
    lost_inside=LostInside.DEFERRED,
    early_text=_THROWN_AWAY,
    readings=(readings.COURIER,),
    refresh=Refresh.FROM_HALF_LIFE,
    malformed_mx=_TAKEN,
    literal_mx=_FATAL,
    null_mx_beside=_FATAL,
    addresses_known=Confidence.OBSERVED,
    library=Library.GNUTLS,
    retry_s=7 * _DAY_S,
    bounces=(
        BounceText(
            ResultType.MX_MISMATCH, transient=None, final="Did not find a suitable MX for a connection"
        ),
    ),
    note="Bounces at once where no MX host is in the policy, and holds mail to a policy that it stumbles over: one with "
    "a blank line, a max_age over the limit or no mx line. Looks at the id from half of max_age on, and keeps a policy past "
    "max_age as long as that is the same. A policy that does not come within a minute has wget ask anew, up to 20 times, and the mail "
    "waits for so long. "
    "It tries one host in each attempt, and does not fall back to clear text where STARTTLS is offered and fails.",
)

SENDMAIL_DANE: Final = Traits(
    id="sendmail-dane",
    name="Sendmail with DANE",
    confidence=Confidence.OBSERVED,
    sources=(
        "run: Sendmail 8.18.1 (Debian) with DANE=true in 130 worlds, November 2026, MX names that are none among them",
        "run: a sender test with Sendmail 8.18.1, November 2026: a name with a space is passed over, though it has an address",
    ),
    mta_sts=False,
    dane=True,
    tlsa_at=(JudgedName.MX,),
    outdated_tls=(False,),
    fall_back=FallBack.REFUSED,
    lost_inside=LostInside.DEFERRED,
    early_text=_THROWN_AWAY,
    malformed_mx=_PASSED_OVER,
    literal_mx=_TAKEN,
    null_mx_beside=_PASSED_OVER,
    addresses_known=Confidence.OBSERVED,
    library=Library.OPENSSL,
    strongest_digest=True,
    bare_anchors=True,
    whole_anchors=True,
    whole_keys=True,
    retry_s=5 * _DAY_S,
    note="Looks for TLSA records at the MX name only, not at the target of its CNAME, and only with a secure MX answer. "
    "It does not fall back to clear text where a handshake fails.",
)

OPPORTUNISTIC: Final = Traits(
    id="opportunistic",
    name="A sender without MTA-STS and DANE",
    confidence=Confidence.DOCUMENTED,
    sources=(
        "RFC 7435 section 3 (opportunistic security)",
        "RFC 3207 section 4",
        "run: Haraka 3.3.4, and Postfix 3.7.11 and 3.10.13 at smtp_tls_security_level = may, in 151 worlds, November 2026",
        "run: where EHLO inside TLS is put off with 450, Postfix 3.7.11 says HELO and Haraka 3.3.4 defers",
    ),
    mta_sts=False,
    refused_ehlo=RefusedEhlo.NOT_KNOWN,
    addresses_known=Confidence.OBSERVED,
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
    SENDMAIL_DANE,
    MOX,
    STALWART,
    KUMOMTA,
    CHASQUID,
    COURIER,
    OPPORTUNISTIC,
)
