"""What a checker's message is among our findings, or why we do not say the like.

A row is a pattern that the whole message matches (`peers.said`), with the codes under which we say it, or else a reason. Where
codes are given, our report has one of them in every world where the checker says it; worlds where it has not are named in
APART, each with why. `tests/test_peers.py` holds all of this.
"""

import re
from typing import Final

import msgspec

from mxproof.judge.codes import Code
from peers.programs import CHECKDMARC, SSLYZE, TESTSSL, ZONEMASTER


class Explained(msgspec.Struct, frozen=True):
    """A kind of message of one checker."""

    checker: str
    pattern: str
    codes: tuple[Code, ...] = ()
    reason: str = ""

    def is_of(self, checker: str, message: str) -> bool:
        """Tell whether a message is of this kind."""
        return checker == self.checker and re.fullmatch(self.pattern, message, re.DOTALL) is not None


class Apart(msgspec.Struct, frozen=True):
    """Worlds in which a message stands for none of our findings, and why."""

    checker: str
    pattern: str
    worlds: tuple[str, ...]
    reason: str


_UNREACHED = (
    Code.PORT_25_BLOCKED,
    Code.SMTP_UNREACHABLE,
    Code.SMTP_UNANSWERED,
    Code.SMTP_TURNED_AWAY,
    Code.SMTP_BROKEN,
    Code.SMTP_TARPIT,
    Code.SMTP_RATE_LIMITED,
    Code.SMTP_EHLO_REJECTED,
    Code.MX_IPV6_BROKEN,
    Code.MX_HOST_UNANSWERED,
    Code.MX_ADDRESS_NOT_PUBLIC,
    Code.TLS_HANDSHAKE_FAILED,
    Code.STARTTLS_EARLY_DATA,
    Code.STARTTLS_MISSING,
    Code.STARTTLS_REJECTED,
    Code.STARTTLS_MASKED,
    Code.TLS_VERSION_OLD,
    Code.TLS_SUITES_OLD,
    Code.MX_DANGLING,
    Code.MX_LOCALHOST,
    Code.MX_NAME_INVALID,
    Code.MX_ADDRESS_LITERAL,
)
_NO_STARTTLS = (Code.STARTTLS_MISSING, Code.STARTTLS_REJECTED, Code.STARTTLS_MASKED)
_UNTRUSTED = (
    Code.CERT_EXPIRED,
    Code.CERT_NOT_YET_VALID,
    Code.CERT_SELF_SIGNED,
    Code.CERT_UNTRUSTED,
    Code.CERT_CHAIN_INCOMPLETE,
    Code.CERT_ISSUER_NO_AUTHORITY,
    Code.CERT_PURPOSE_WRONG,
    Code.CERT_NAME_LIMITED,
    Code.CERT_NAME_MISMATCH,
    Code.CERT_KEY_WEAK,
    Code.CERT_SIGNATURE_WEAK,
    Code.CERT_UNREADABLE,
)
_FETCH = tuple(code for code in Code if code.startswith("sts-policy-"))
_SPF = tuple(code for code in Code if code.startswith("spf-"))
_NS_FAULTS = (
    Code.NS_LAME,
    Code.NS_UDP_SILENT,
    Code.NS_TCP_FAILED,
    Code.NS_UNANSWERED,
    Code.NS_NO_ADDRESS,
    Code.NS_EDNS_SILENT,
    Code.NS_EDNS_REJECTED,
    Code.NS_ANSWER_LOST,
    Code.NS_LOOKUP_FAILED,
    Code.NS_SLOW,
)
_DIFFERS = (Code.NS_MAIL_DIFFERS, Code.NS_RECORDS_DIFFER, Code.NS_RECORD_MISSING, Code.NS_SERIALS_DIFFER)
_SSL = (
    r"mx warning: (?:NAME|ADDRESS): SSL error: \[SSL: CERTIFICATE_VERIFY_FAILED\] certificate verify failed: "
)
_FAILED = r"(?:All nameservers failed to answer|The resolution lifetime expired|The DNS operation timed out)"
_LAB = "It is so of every world of the lab, whose addresses are for documentation and whose network has no registry."
_NO_SENDER = "No sender of mail meets it: it is about who looks after the zone."

EXPLAINED: Final = (
    # checkdmarc
    Explained(CHECKDMARC, "mx warning: .*null MX.*", (Code.MX_NULL, Code.MX_NULL_MIXED)),
    Explained(ZONEMASTER, "ERROR CAN_NOT_BE_RESOLVED", (Code.NS_NO_ADDRESS,)),
    Explained(
        TESTSSL,
        "HIGH cert_keyUsage: .*",
        reason="The lab's RSA certificates are for signatures alone, which is what TLS 1.3 and ECDHE want; only the exchange of "
        "keys without forward secrecy would need more.",
    ),
    Explained(
        CHECKDMARC,
        "mta_sts error: Found an SPF record where an MTA-STS record.*",
        (Code.STS_WILDCARD, Code.STS_ABSENT),
    ),
    Explained(
        CHECKDMARC,
        f"mta_sts error: .*{_FAILED}.*",
        (
            Code.STS_RECORD_UNANSWERED,
            Code.STS_POLICY_HOST_UNANSWERED,
            Code.STS_RECORD_DANGLING,
            Code.DNSSEC_BOGUS,
            Code.NS_LOOKUP_FAILED,
        ),
    ),
    Explained(
        CHECKDMARC,
        f"smtp_tls_reporting error: .*{_FAILED}.*",
        (Code.TLSRPT_UNANSWERED, Code.DNSSEC_BOGUS, Code.NS_LOOKUP_FAILED),
    ),
    Explained(TESTSSL, "MEDIUM pre_128cipher.*", (Code.STARTTLS_EARLY_DATA,)),
    Explained(
        TESTSSL,
        ".* TLS1_3: .*",
        (
            Code.TLS_NEWEST_MISSING,
            Code.TLS_VERSION_OLD,
            Code.TLS_SUITES_OLD,
            Code.STARTTLS_EARLY_DATA,
            Code.TLS_HANDSHAKE_FAILED,
        ),
    ),
    Explained(
        CHECKDMARC, "mta_sts error: The MTA-STS record must be located at.*", (Code.STS_RECORD_MISPLACED,)
    ),
    Explained(
        CHECKDMARC,
        "mx warning: The reverse DNS of .*",
        (Code.PTR_UNCONFIRMED, Code.PTR_OTHER_NAME, Code.MX_ADDRESS_NOT_PUBLIC),
    ),
    Explained(CHECKDMARC, "mx error: The domain NAME does not exist.*", (Code.DOMAIN_MISSING,)),
    Explained(CHECKDMARC, "mta_sts error: The domain does not exist.*", (Code.DOMAIN_MISSING,)),
    Explained(CHECKDMARC, "mx warning: .*has no MX records.*", (Code.MX_IMPLICIT, Code.MX_NO_ADDRESS)),
    Explained(
        CHECKDMARC,
        "mx warning: .*not valid hostname syntax.*",
        (Code.MX_NAME_INVALID, Code.MX_NAME_UNDERSCORE),
    ),
    Explained(CHECKDMARC, "mx warning: .*Network is unreachable.*", (Code.MX_ADDRESS_NOT_PUBLIC,)),
    Explained(ZONEMASTER, "ERROR BREAKS_ON_EDNS", (Code.NS_EDNS_SILENT, Code.NS_EDNS_REJECTED)),
    Explained(
        TESTSSL,
        "MEDIUM cert_(?:expirationStatus|notAfter): .*",
        reason="The certificates of the lab are for 60 days, and testssl.sh warns below that. We do so when less than a quarter of "
        "the life of a certificate is left.",
    ),
    Explained(
        CHECKDMARC,
        "bimi .*",
        reason="A logo beside a mail that was sent; it decides about no mail, sent or received.",
    ),
    Explained(CHECKDMARC, "dmarc error: A DMARC record does not exist.*", (Code.DMARC_MISSING,)),
    Explained(CHECKDMARC, f"dmarc error: .*{_FAILED}.*", (Code.DMARC_UNANSWERED, Code.DOMAIN_MISSING)),
    Explained(
        CHECKDMARC, "dmarc (?:error|warning): .*does not exist.*", (Code.DMARC_MISSING, Code.DOMAIN_MISSING)
    ),
    Explained(
        CHECKDMARC, "dmarc (?:error|warning): .*", tuple(code for code in Code if code.startswith("dmarc-"))
    ),
    Explained(CHECKDMARC, "spf error: An SPF record does not exist.*", (Code.SPF_MISSING,)),
    Explained(CHECKDMARC, f"spf error: .*{_FAILED}.*", (Code.SPF_LOOKUP_FAILED, Code.DOMAIN_MISSING)),
    Explained(CHECKDMARC, "spf (?:error|warning): .*", (*_SPF, Code.DOMAIN_MISSING)),
    Explained(
        CHECKDMARC,
        "mta_sts error: An MTA-STS DNS record does not exist.*",
        (
            Code.STS_ABSENT,
            Code.STS_RECORD_MISSING,
            Code.STS_RECORD_MISPLACED,
            Code.STS_RECORD_DANGLING,
            Code.STS_RECORD_INVALID,
            Code.STS_WILDCARD,
            Code.MX_NULL,
            Code.DOMAIN_MISSING,
        ),
    ),
    Explained(
        CHECKDMARC,
        "mta_sts error: .*(?:record|id value|id tag|tag).*",
        (Code.STS_RECORD_INVALID, Code.STS_RECORD_AMBIGUOUS, Code.STS_RECORD_MULTIPLE),
    ),
    Explained(
        CHECKDMARC,
        "mta_sts (?:error|warning): .*",
        (*_FETCH, Code.STS_MAX_AGE_SHORT, Code.STS_MODE_NONE, Code.STS_MODE_TESTING),
    ),
    Explained(
        CHECKDMARC,
        "smtp_tls_reporting error: .*does not exist.*",
        (Code.TLSRPT_MISSING, Code.DOMAIN_MISSING, Code.MX_NULL),
    ),
    Explained(
        CHECKDMARC,
        "smtp_tls_reporting (?:error|warning): .*",
        (Code.TLSRPT_INVALID, Code.TLSRPT_MULTIPLE, Code.TLSRPT_UNDELIVERABLE),
    ),
    Explained(CHECKDMARC, "mx host: starttls false", (*_UNREACHED, *_UNTRUSTED, Code.DNSSEC_BOGUS)),
    Explained(CHECKDMARC, "mx host: tls false", (*_UNREACHED, *_UNTRUSTED)),
    Explained(
        CHECKDMARC,
        _SSL + "(?:Hostname mismatch|IP address mismatch).*",
        (Code.CERT_NAME_MISMATCH, Code.CERT_DIFFERS, Code.MX_ALIAS, Code.MX_ADDRESS_LITERAL),
    ),
    Explained(CHECKDMARC, _SSL + "certificate has expired.*", (Code.CERT_EXPIRED,)),
    Explained(CHECKDMARC, _SSL + "certificate is not yet valid.*", (Code.CERT_NOT_YET_VALID,)),
    Explained(
        CHECKDMARC,
        _SSL + "self-signed certificate.*",
        (Code.CERT_SELF_SIGNED, Code.CERT_UNTRUSTED, Code.CERT_UNCHECKED),
    ),
    Explained(
        CHECKDMARC,
        _SSL + "unable to get local issuer certificate.*",
        (Code.CERT_CHAIN_INCOMPLETE, Code.CERT_UNTRUSTED),
    ),
    Explained(CHECKDMARC, _SSL + ".*too weak.*", (Code.CERT_KEY_WEAK, Code.CERT_SIGNATURE_WEAK)),
    Explained(CHECKDMARC, _SSL + "invalid CA certificate.*", (Code.CERT_ISSUER_NO_AUTHORITY,)),
    Explained(CHECKDMARC, _SSL + "permitted subtree violation.*", (Code.CERT_NAME_LIMITED,)),
    Explained(CHECKDMARC, _SSL + "unsuitable certificate purpose.*", (Code.CERT_PURPOSE_WRONG,)),
    Explained(CHECKDMARC, "mx warning: .*(?:SSL error|SSL:).*", (*_UNTRUSTED, *_UNREACHED)),
    Explained(CHECKDMARC, "mx warning: STARTTLS is not supported on .*", _NO_STARTTLS),
    Explained(CHECKDMARC, "mx warning: .*implicit TLS on port N failed.*", _UNREACHED),
    Explained(
        CHECKDMARC,
        "mx warning: .*(?:SMTP error code|Connection|timed out|Could not connect|SMTP).*",
        _UNREACHED,
    ),
    Explained(
        CHECKDMARC,
        "mx warning: .*not included in the MTA-STS policy.*",
        (
            Code.STS_MX_UNLISTED,
            Code.STS_POLICY_INVALID,
            Code.STS_ENFORCE_BREAKS,
            Code.MX_ADDRESS_LITERAL,
            Code.MX_LOCALHOST,
            Code.MX_NAME_INVALID,
            Code.MX_DANGLING,
        ),
    ),
    Explained(
        CHECKDMARC, "mx warning: .*CNAME alias.*", (Code.MX_ALIAS, Code.MX_DANGLING, Code.MX_HOST_UNANSWERED)
    ),
    Explained(CHECKDMARC, "mx warning: .*points at the IP address.*", (Code.MX_ADDRESS_LITERAL,)),
    Explained(
        CHECKDMARC,
        "mx warning: (?:.*does not exist.*|.*DNS resolution failed.*|.*have any A or AAAA.*|.*not resolve.*)",
        (
            Code.MX_DANGLING,
            Code.MX_ADDRESS_LITERAL,
            Code.MX_LOCALHOST,
            Code.MX_NAME_INVALID,
            Code.MX_HOST_UNANSWERED,
            Code.DNSSEC_BOGUS,
            Code.MX_ADDRESS_NOT_PUBLIC,
        ),
    ),
    Explained(
        CHECKDMARC,
        f"mx warning: .*{_FAILED}.*",
        (Code.MX_HOST_UNANSWERED, Code.DNSSEC_BOGUS, Code.NS_LOOKUP_FAILED, Code.MX_UNANSWERED),
    ),
    Explained(
        CHECKDMARC,
        "mx warning: .*(?:PTR|reverse).*",
        (Code.PTR_MISSING, Code.PTR_UNCONFIRMED, Code.PTR_OTHER_NAME, Code.MX_ADDRESS_NOT_PUBLIC),
    ),
    Explained(CHECKDMARC, f"mx error: .*{_FAILED}.*", (Code.MX_UNANSWERED, Code.DNSSEC_BOGUS)),
    Explained(
        CHECKDMARC,
        "mx warning: No MX records found.*",
        (Code.MX_IMPLICIT, Code.MX_NO_ADDRESS, Code.DOMAIN_MISSING),
    ),
    Explained(
        CHECKDMARC,
        "(?:soa|ns) (?:error|warning): .*",
        (
            Code.NS_NO_ADDRESS,
            Code.NS_LOOKUP_FAILED,
            Code.DOMAIN_MISSING,
            Code.DNSSEC_BOGUS,
            Code.MX_UNANSWERED,
            Code.NS_LAME,
        ),
    ),
    # Zonemaster
    Explained(ZONEMASTER, "ERROR NAMESERVER_IP_PRIVATE_NETWORK", reason=_LAB),
    Explained(
        ZONEMASTER,
        ".* (?:ERROR_ASN_DATABASE|CN04_ERROR_PREFIX_DATABASE|.*_EMPTY_ASN_SET|EMPTY_ASN_SET)",
        reason=_LAB,
    ),
    Explained(
        ZONEMASTER,
        ".* (?:NEITHER_DNSKEY_NOR_DS|NOT_SIGNED|DS\\w*|Z?DNSSEC\\w*|\\w*_NO_DNSSEC\\w*)",
        reason="An unsigned zone is no fault. Where TLSA records want signatures, we say so of them; the lab signs nothing for real.",
    ),
    Explained(
        ZONEMASTER,
        ".* (?:NO_IPV6_NS_CHILD|NO_IPV6_NS_DEL|NOT_ENOUGH_IPV[46]_NS_CHILD|NOT_ENOUGH_IPV[46]_NS_DEL)",
        reason="Resolvers of mail servers that have no IPv4 are hardly known; how many servers of a zone have an address of a family is no matter of mail.",
    ),
    Explained(
        ZONEMASTER,
        ".* (?:NOT_ENOUGH_NS_CHILD|NOT_ENOUGH_NS_DEL|NOT_ENOUGH_NS)",
        reason="One server that answers is enough for mail to arrive; that all are in one network is said by ns-one-network.",
    ),
    Explained(
        ZONEMASTER,
        ".* (?:REFRESH_\\w+|RETRY_\\w+|EXPIRE_\\w+|SOA_DEFAULT_TTL_\\w+|MNAME_\\w+|Z01_\\w+|RNAME_\\w+|MNAME_\\w+)",
        reason=_NO_SENDER,
    ),
    Explained(ZONEMASTER, ".* NAMESERVER_IP_WITHOUT_REVERSE", reason=_NO_SENDER),
    Explained(ZONEMASTER, ".* Z11_NO_SPF_FOUND", (Code.SPF_MISSING,)),
    Explained(ZONEMASTER, ".* Z11_\\w+", _SPF),
    Explained(ZONEMASTER, ".* (?:SOA_SERIAL_VARIATION|MULTIPLE_SOA_SERIALS)", _DIFFERS),
    Explained(ZONEMASTER, ".* Z09_INCONSISTENT_MX\\w*", (Code.NS_MAIL_DIFFERS,)),
    Explained(
        ZONEMASTER,
        ".* (?:Z09_MISSING_MAIL_TARGET|Z09_NO_MX_FOUND|NO_MX\\w*)",
        (Code.MX_IMPLICIT, Code.MX_NO_ADDRESS, Code.MX_UNANSWERED),
    ),
    Explained(ZONEMASTER, ".* Z09_NULL_MX\\w*", (Code.MX_NULL, Code.MX_NULL_MIXED)),
    Explained(
        ZONEMASTER,
        ".* (?:ONLY_DIFFERENT\\w*|CN04_\\w*SAME\\w*|CN04_IPV[46]_SINGLE_PREFIX|CN04_IPV[46]_SAME_PREFIX|NAMESERVERS_\\w*SAME\\w*)",
        (Code.NS_ONE_NETWORK,),
    ),
    Explained(
        ZONEMASTER,
        ".* (?:DELEGATION_\\w+|EXTRA_NAME_\\w+|TOTAL_NAME_MISMATCH|NS_MISMATCH|SAME_\\w+|DEL_\\w+|B0\\d_\\w+|NO_RESPONSE_NS_QUERY|NS_ERROR|IS_NOT_AUTHORITATIVE|CHILD_ZONE_LAME|CHILD_NS_\\w+|PARENT_\\w+)",
        (*_NS_FAULTS, Code.NS_DELEGATION_DIFFERS, Code.NS_GLUE_DIFFERS),
    ),
    Explained(
        ZONEMASTER,
        ".* (?:IN_BAILIWICK_ADDR_MISMATCH|OUT_OF_BAILIWICK_ADDR_MISMATCH|EXTRA_ADDRESS_\\w+|ADDRESS\\w*)",
        (Code.NS_GLUE_DIFFERS, Code.NS_ADDRESSES_DIFFER, Code.NS_MAIL_DIFFERS, Code.NS_NO_ADDRESS),
    ),
    Explained(
        ZONEMASTER,
        ".* (?:EDNS\\w*|N10_\\w+|NO_EDNS\\w*|UNSUPPORTED_EDNS\\w*|N11_\\w+|MISSING_OPT\\w*)",
        (Code.NS_EDNS_SILENT, Code.NS_EDNS_REJECTED, Code.NS_EDNS_VERSION, *_NS_FAULTS),
    ),
    Explained(
        ZONEMASTER,
        ".* (?:CN0[12]_\\w+|NAMESERVER_NO_TCP_53|NAMESERVER_NO_UDP_53|NO_RESPONSE\\w*|N\\w*_NO_RESPONSE\\w*|CANNOT_CONTINUE|Z0\\d_NO_RESPONSE\\w*|UNEXPECTED_RCODE\\w*|NO_UDP\\w*|NO_TCP\\w*|\\w*UNEXPECTED\\w*|MULTIPLE_NS_SET|MULTIPLE_\\w+|Z09_\\w+|\\w*NO_RESP\\w*|NO_RESOLUTION|CANT_CONTINUE|NS_\\w+|NO_NS_\\w+)",
        (
            *_NS_FAULTS,
            *_DIFFERS,
            Code.NS_DELEGATION_DIFFERS,
            Code.NS_GLUE_DIFFERS,
            Code.NS_ANSWER_LARGE,
            Code.NS_ANSWER_CUT,
        ),
    ),
    # sslyze
    Explained(SSLYZE, "not reached: .*does not support STARTTLS.*", _NO_STARTTLS + _UNREACHED),
    Explained(SSLYZE, "not reached: .*", _UNREACHED),
    Explained(
        SSLYZE,
        "certificate not trusted: .*cert is not valid at validation time.*",
        (Code.CERT_EXPIRED, Code.CERT_NOT_YET_VALID),
    ),
    Explained(
        SSLYZE,
        "certificate not trusted: .*no matching subjectAltName.*",
        (Code.CERT_NAME_MISMATCH, Code.CERT_DIFFERS, Code.MX_ALIAS),
    ),
    Explained(SSLYZE, "certificate not trusted: .*", (*_UNTRUSTED, Code.CERT_VALIDITY_ENDLESS)),
    Explained(
        SSLYZE,
        "chain order invalid",
        (Code.CERT_CHAIN_DISORDERED, Code.CERT_CHAIN_INCOMPLETE, Code.CERT_ISSUER_NO_AUTHORITY),
    ),
    Explained(
        SSLYZE,
        "chain has a SHA-1 signature|key of less than N bits",
        (Code.CERT_SIGNATURE_WEAK, Code.CERT_KEY_WEAK),
    ),
    Explained(SSLYZE, "another certificate without SNI", (Code.CERT_NAME_DEPENDENT,)),
    Explained(SSLYZE, "(?:SSL|TLS) N accepted", (Code.TLS_VERSION_OLD, Code.TLS_RETIRED_TAKEN)),
    Explained(
        SSLYZE,
        "TLS N not accepted",
        (Code.TLS_NEWEST_MISSING, Code.TLS_NEWEST_ONLY, Code.TLS_VERSION_OLD, Code.TLS_SUITES_OLD),
    ),
    Explained(
        SSLYZE,
        "weak or anonymous suites accepted.*",
        (Code.TLS_CIPHER_WEAK, Code.TLS_CIPHER_ANONYMOUS, Code.TLS_VERSION_OLD),
    ),
    Explained(SSLYZE, "suites without forward secrecy accepted.*", (Code.TLS_KEY_TRANSPORT,)),
    Explained(
        SSLYZE,
        "client renegotiation accepted",
        reason="A way to tire a server of the time before TLS 1.3; it decides about no mail.",
    ),
    # testssl.sh
    Explained(
        TESTSSL,
        "LOW cert_trust_wildcard: .*",
        reason="A certificate with a wildcard is as good as another for a host one label below (RFC 9525 section 6.3).",
    ),
    Explained(
        TESTSSL,
        "FATAL scanProblem: Only IPv6 address.*",
        reason="A server of the world has IPv6 alone, and testssl.sh was not told to go there over it.",
    ),
    Explained(
        TESTSSL,
        "HIGH cert_revocation.*",
        reason="No sender of mail is known to ask whether a certificate was revoked, and the lab's authority names no list.",
    ),
    Explained(TESTSSL, "(?:CRITICAL|HIGH) cert_chain_of_trust: .*expired.*", (Code.CERT_EXPIRED,)),
    Explained(
        TESTSSL, "(?:CRITICAL|HIGH) cert_chain_of_trust: .*", (*_UNTRUSTED, Code.CERT_VALIDITY_ENDLESS)
    ),
    Explained(TESTSSL, "CRITICAL cert_(?:expirationStatus|notAfter): .*", (Code.CERT_EXPIRED,)),
    Explained(TESTSSL, "CRITICAL cert_notBefore: .*|.* cert_notBefore.*", (Code.CERT_NOT_YET_VALID,)),
    Explained(
        TESTSSL,
        "(?:HIGH|MEDIUM) cert_(?:expirationStatus|notAfter): .*",
        (Code.CERT_EXPIRES_SOON, Code.CERT_LAST_DAYS, Code.CERT_RENEWAL_DUE),
    ),
    Explained(
        TESTSSL,
        ".* cert_(?:trust|commonName|subjectAltName)\\w*: .*",
        (
            Code.CERT_NAME_MISMATCH,
            Code.CERT_NAME_DEPENDENT,
            Code.MX_ALIAS,
            Code.CERT_SELF_SIGNED,
            *_UNTRUSTED,
        ),
    ),
    Explained(
        TESTSSL, ".* cert_(?:keySize|signatureAlgorithm).*", (Code.CERT_KEY_WEAK, Code.CERT_SIGNATURE_WEAK)
    ),
    Explained(TESTSSL, ".* cert_(?:extlifeSpan|validityPeriod).*", (Code.CERT_VALIDITY_ENDLESS,)),
    Explained(
        TESTSSL, ".* cert_(?:extKeyUsage|keyUsage|eTLS).*", (Code.CERT_PURPOSE_WRONG, Code.CERT_UNREADABLE)
    ),
    Explained(TESTSSL, ".* (?:SSLv2|SSLv3|TLS1|TLS1_1): .*", (Code.TLS_VERSION_OLD, Code.TLS_RETIRED_TAKEN)),
    Explained(
        TESTSSL, ".* TLS1_2: .*", (Code.TLS_NEWEST_ONLY, Code.TLS_VERSION_OLD, Code.TLS_HANDSHAKE_FAILED)
    ),
    Explained(TESTSSL, "FATAL scanProblem: .*|.* scanProblem.*", (*_UNREACHED, *_NO_STARTTLS)),
    Explained(
        TESTSSL,
        "WARN .*|.* sessionresumption\\w*: .*",
        reason="It tells that a test of testssl.sh itself could not be made, not that something is wrong.",
    ),
    Explained(
        TESTSSL, "LOW .*", reason="What testssl.sh calls low is of web browsers: mail hangs on none of it."
    ),
)
"""In order: the first that a message matches counts."""

APART: Final[tuple[Apart, ...]] = (
    Apart(
        ZONEMASTER,
        "CRITICAL CANNOT_CONTINUE|ERROR B01_NO_CHILD|WARNING B01_PARENT_NOT_FOUND",
        (
            "dnssec-denial-unproven",
            "dnssec-island",
            "dnssec-iterations",
            "dnssec-iterations-many",
            "dnssec-old",
            "dnssec-server-stale",
            "dnssec-signature-ending",
            "dnssec-signature-missing",
            "dnssec-unanswered",
            "dnssec-unsigned",
            "dnssec-whole",
        ),
        "From the root server of this comparison Zonemaster finds no way down to a world with signed zones, and looks at none of it.",
    ),
    Apart(
        SSLYZE,
        "suites without forward secrecy accepted.*",
        ("cert-weak-key",),
        "A check over sockets says tls-key-transport: a server of the lab with a key of RSA takes it, which the world, from which "
        "our report here is made, does not say.",
    ),
    Apart(
        CHECKDMARC,
        "mx warning: .*not included in the MTA-STS policy.*",
        ("mx-name-underscore",),
        "The policy has a wildcard, and checkdmarc lets it stand for no label with an underscore; RFC 8461 section 4.1 has none of that.",
    ),
)


def explained(checker: str, message: str) -> Explained | None:
    """Return what a message is, None where nobody has said so."""
    return next((one for one in EXPLAINED if one.is_of(checker, message)), None)


def apart(checker: str, message: str, world: str) -> Apart | None:
    """Return why a message stands for none of our findings in this world."""
    found = (one for one in APART if one.checker == checker and world in one.worlds)
    return next((one for one in found if re.fullmatch(one.pattern, message, re.DOTALL)), None)
