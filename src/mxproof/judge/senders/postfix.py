"""Postfix as a sender, in the three ways that it is set up for secure transport, each with its sources (see `table`)."""

from typing import Final

from msgspec import structs

from mxproof.judge.senders import bounces, readings
from mxproof.judge.senders.traits import (
    EarlyText,
    ExchangeReading,
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

_POSTFIX_RUN: Final = "observed: posttls-finger of Postfix 3.7.11 with OpenSSL 3.0.19, level secure: no TLS before 1.2, a key of 1024 bits taken"
_EHLO_RUN: Final = (
    "observed: smtp(8) of Postfix 3.7.11 and 3.10.13 at the levels may, dane and encrypt: HELO where EHLO is refused inside TLS, with "
    "421 only nothing more; clear text in a later attempt, once a session was lost inside TLS, and not at encrypt; what follows the 220 to STARTTLS thrown away"
)
_OPENSSL_RUN: Final = (
    "observed: openssl s_client 3.0.19 with TLSA records: one over SHA-512 outweighs those over SHA-256, an anchor in a record "
    "needs no dates and need not be sent"
)

_POSTFIX: Final = Traits(
    id="postfix",
    name="Postfix",
    confidence=Confidence.OBSERVED,
    sources=(),
    dane=True,
    outdated_tls=(False,),
    common_name=True,
    addresses_known=Confidence.OBSERVED,
    malformed_mx=_PASSED_OVER,
    literal_mx=_TAKEN,
    null_mx_beside=_FATAL,
    library=Library.OPENSSL,
    refused_ehlo=RefusedEhlo.HELO_AT_ONCE,
    lost_inside=LostInside.CLEAR_TEXT,
    early_text=(EarlyText.THROWN_AWAY,),
    strongest_digest=True,
    bare_anchors=True,
    whole_anchors=True,
    whole_keys=True,
    retry_s=5 * _DAY_S,
    bounces=bounces.POSTFIX,
)
"""What Postfix does however it is set up: the client itself, and OpenSSL."""

POSTFIX_STS: Final = structs.replace(
    _POSTFIX,
    id="postfix-sts",
    name="Postfix with a classic MTA-STS policy daemon",
    sources=(
        _OPENSSL_RUN,
        "run with Postfix 3.7.11 and 3.10.13 and postfix-mta-sts-resolver 1.5.1",
        "Snawoot/postfix-mta-sts-resolver README.md:182-207, resolver.py, responder.py, utils.py",
        "vdukhovni/postfix postfix/src/dns/dns_lookup.c:700-735,800-815 (names in MX records)",
        "vdukhovni/postfix postfix/proto/postconf.proto (smtp_tls_policy_maps, secure, match)",
        _POSTFIX_RUN,
        _EHLO_RUN,
        "docs.python.org ssl.create_default_context: OpenSSL's security level 2, so keys of 112 bits of strength",
        "docs.python.org SSLContext.hostname_checks_common_name: true by default; run: the daemon takes such a policy host",
        "Snawoot/postfix-mta-sts-resolver defaults.py (TIMEOUT: 4 s), resolver.py, responder.py (NOTFOUND then)",
        "Zuplu/postfix-tlspol internal/server.go (REQUEST_TIMEOUT: 2 s, POLICY_ATTEMPTS: 3), internal/mta-sts.go (TEMP then)",
        "postconf(5): smtp_tls_dane_insecure_mx_policy, of the level dane where there is no policy",
    ),
    policy_name=JudgedName.NONE,
    certificate_name=JudgedName.POLICY,
    honours_testing=False,
    policy_wait_s=4,
    weak_key_at_policy_host=False,
    common_name_at_policy_host=True,
    dane_needs_secure_mx=False,
    readings=(readings.POSTFIX_MTA_STS_RESOLVER,),
    refresh=Refresh.BY_ID_ALONE,
    precedences=(Precedence.POLICY_FIRST, Precedence.POLICY_ALONE),
    note="Before Postfix 3.10.5 no MX name is compared: the certificate is held against the policy's patterns. Where "
    "there is a policy, DANE is not looked at (against RFC 8461 section 2). Without one Postfix goes by "
    "smtp_tls_security_level, which may be dane or may. Mx lines that hold no pattern are kept: mail waits where none "
    "of them fits a certificate, or where Postfix does not understand them. That is postfix-mta-sts-resolver; of a policy that is "
    "late postfix-tlspol says that it does not know, and the mail waits.",
)

POSTFIX_DANE: Final = structs.replace(
    _POSTFIX,
    id="postfix-dane",
    name="Postfix with DANE (smtp_tls_security_level = dane)",
    sources=(
        _OPENSSL_RUN,
        "run: Postfix 3.7.11 and 3.10.13",
        "vdukhovni/postfix postfix/src/dns/dns_lookup.c:700-735,800-815 (names in MX records)",
        "vdukhovni/postfix postfix/src/smtp/smtp_tls_policy.c:1065-1165",
        "postconf(5): smtp_tls_dane_insecure_mx_policy",
        _POSTFIX_RUN,
        _EHLO_RUN,
    ),
    mta_sts=False,
    dane_needs_secure_mx=False,
)

POSTFIX_MXPROOF: Final = structs.replace(
    _POSTFIX,
    id="postfix-mxproof",
    name="Postfix from 3.10.5 on with mxproof policyd",
    sources=(
        _OPENSSL_RUN,
        "run: Postfix 3.10.13",
        "vdukhovni/postfix postfix/src/dns/dns_lookup.c:700-735,800-815 (names in MX records)",
        "mxproof.judge.senders.protection, the function by which the daemon decides",
        "mxproof policyd: https.timeout_s, 10 s where it is not set otherwise; mail waits meanwhile",
        "vdukhovni/postfix postfix/src/smtp/smtp_tls_policy.c:168-205,300-600",
        _POSTFIX_RUN,
        _EHLO_RUN,
    ),
    precedences=(Precedence.DOMAIN_WIDE,),
    policy_wait_s=10,
    weak_key_at_policy_host=False,
    bounces=bounces.POSTFIX_MXPROOF,
    note="Where neither DANE nor a policy applies, Postfix goes by smtp_tls_security_level = dane.",
)
