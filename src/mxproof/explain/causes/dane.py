"""Causes around DANE and DNSSEC (RFC 7672): TLSA records that do not match, or that cannot be looked up securely."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.causes.cause import Cause, CauseKind
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import DANE_MISMATCHES, Code
from mxproof.judge.vocabulary import Security

_KIND: Final = CauseKind.TRANSPORT_SECURITY
_CHECK_DOMAIN: Final = "mxproof check {domain}"

CAUSES: Final = (
    Cause(
        id="dane_starttls",
        kind=_KIND,
        suspects=(suspects.STARTTLS,),
        title="TLSA records promise TLS and the server does not offer it",
        words="The domain publishes TLSA records for this server, so a sender that does DANE may only deliver over TLS. "
        "The server did not offer STARTTLS, or the handshake did not succeed.",
        check="STARTTLS on every address of the host; a host that cannot do TLS must have no TLSA records.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.STARTTLS_NOT_SUPPORTED,
        findings=(Code.STARTTLS_MISSING, Code.STARTTLS_REJECTED, Code.TLS_HANDSHAKE_FAILED),
    ),
    Cause(
        id="dane_cert_expired",
        kind=_KIND,
        suspects=(suspects.CERTIFICATE,),
        title="the certificate is expired and the sender judges it with DANE",
        words="The domain publishes TLSA records, and the certificate that they lead to is expired. RFC 7672 section "
        "3.1.1 has expiry ignored for certificate usage 3; this sender documents the error regardless.",
        check="The certificate's dates on every address; renew it and keep the key, so that the TLSA record still fits.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.CERTIFICATE_EXPIRED,
        findings=(Code.CERT_EXPIRED,),
    ),
    Cause(
        id="dane_tlsa_mismatch",
        kind=_KIND,
        suspects=(suspects.TLSA,),
        title="the certificate does not match the TLSA records",
        words="The domain publishes TLSA records for this server, and none fits the certificate or key that it shows. "
        "The usual reason is a renewed key with the old record still in DNS.",
        check="Every TLSA record of the host against the live certificate on every address.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.TLSA_INVALID,
        findings=(*DANE_MISMATCHES, Code.NS_MAIL_DIFFERS, Code.DANE_PARTIAL),
    ),
    Cause(
        id="dane_cert_name",
        kind=_KIND,
        suspects=(suspects.CERTIFICATE,),
        title="the certificate does not name the host (DANE)",
        words="The TLSA records name an issuer (certificate usage 2), so the certificate must also name the host "
        "(RFC 7672 section 3.2.2), and it does not.",
        check="The certificate's names against the TLSA base domain and the recipient's domain.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.CERTIFICATE_HOST_MISMATCH,
        findings=(Code.DANE_CERT_NAME, Code.CERT_NAME_MISMATCH),
    ),
    Cause(
        id="dnssec_bogus",
        kind=_KIND,
        suspects=(suspects.ZONE, suspects.RESOLVER),
        title="DNSSEC validation failed for the recipient's domain or its MX host",
        words="The domain is signed, and its signatures do not lead up to the root: expired, or with a DS record that no "
        "longer fits the key. A validating sender then trusts no answer at all and does not deliver.",
        check="The DS, DNSKEY and RRSIG chain of the domain, of the MX host and of its _25._tcp name.",
        next=_CHECK_DOMAIN,
        result_type=ResultType.DNSSEC_INVALID,
        findings=(Code.DANE_LOOKUP_FAILED, Code.MX_UNANSWERED),
    ),
    Cause(
        id="dane_dns",
        kind=_KIND,
        suspects=(suspects.ZONE, suspects.RESOLVER),
        title="the TLSA records could not be looked up",
        words="The sender must know whether there are TLSA records before it may deliver, and the lookup failed: a server "
        "failure, a bogus signature, or name servers that mishandle this type of record.",
        check="The answer of each name server of the MX host's zone to a TLSA query for _25._tcp.HOST.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.DNSSEC_INVALID,
        findings=(Code.DANE_LOOKUP_FAILED, Code.DANE_UNANSWERED),
    ),
    Cause(
        id="dane_required_unsigned",
        kind=_KIND,
        suspects=(suspects.POLICY_TABLE, suspects.ZONE, suspects.RESOLVER),
        title="the sender insists on DANE and the destination is not signed with DNSSEC",
        words="The sending server is configured to deliver here with DANE only, and DANE needs DNSSEC, which the "
        "destination does not have.",
        check="Whether the sender's dane-only rule is meant; whether the domain and its MX host are signed.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.DANE_REQUIRED,
        findings=(Code.DANE_INSECURE,),
    ),
    Cause(
        id="dane_required_no_tlsa",
        kind=_KIND,
        suspects=(suspects.POLICY_TABLE, suspects.TLSA, suspects.RESOLVER),
        title="the sender insists on DANE and there are no TLSA records",
        words="The sending server is configured to deliver here with DANE only, and the MX host has no TLSA records.",
        check="Whether the sender's dane-only rule is meant; the TLSA records of _25._tcp.HOST.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.DANE_REQUIRED,
        findings=(Code.DANE_INSECURE,),
    ),
    Cause(
        id="dane_unusable",
        kind=_KIND,
        suspects=(suspects.TLSA,),
        title="no TLSA record is usable for SMTP",
        words="TLSA records exist, and each has a certificate usage, selector or matching type that SMTP does not use "
        "(RFC 7672 section 3.1.3: usages 0 and 1 are not for SMTP).",
        check="The parameters of every TLSA record; 3 1 1 is the common choice.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.TLSA_INVALID,
        findings=(Code.DANE_UNUSABLE,),
    ),
    Cause(
        id="dane_generic",
        kind=_KIND,
        suspects=(suspects.TLSA, suspects.ZONE, suspects.RESOLVER),
        title="DANE validation failed",
        words="The sender could not satisfy DANE for this server. The words in parentheses name the step that failed.",
        check="DNSSEC of domain and MX host, its TLSA records, and its certificate.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.DANE,
        result_type=ResultType.TLSA_INVALID,
        findings=(*DANE_MISMATCHES, Code.NS_MAIL_DIFFERS, Code.DANE_LOOKUP_FAILED),
    ),
)
