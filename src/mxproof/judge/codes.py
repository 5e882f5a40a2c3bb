"""The code of every finding: kebab-case, noun first, never reused (a code that goes is gone for good)."""

from enum import StrEnum
from typing import Final


class Code(StrEnum):
    """A finding code; its words stand in `mxproof.judge.catalogue` and its page in docs/findings."""

    STS_ABSENT = "sts-absent"
    STS_OK = "sts-ok"
    STS_RECORD_MISSING = "sts-record-missing"
    STS_RECORD_MISPLACED = "sts-record-misplaced"
    STS_RECORD_DANGLING = "sts-record-dangling"
    """The name of the record is an alias of a name that has none."""
    STS_WILDCARD = "sts-wildcard"
    STS_RECORD_MULTIPLE = "sts-record-multiple"
    STS_RECORD_INVALID = "sts-record-invalid"
    STS_RECORD_AMBIGUOUS = "sts-record-ambiguous"
    STS_RECORD_UNANSWERED = "sts-record-unanswered"
    STS_POLICY_HOST_MISSING = "sts-policy-host-missing"
    STS_POLICY_HOST_UNANSWERED = "sts-policy-host-unanswered"
    STS_POLICY_ADDRESS_NOT_PUBLIC = "sts-policy-address-not-public"
    STS_POLICY_UNCONNECTED = "sts-policy-unconnected"
    STS_POLICY_TIMEOUT = "sts-policy-timeout"
    STS_POLICY_TLS_FAILED = "sts-policy-tls-failed"
    STS_POLICY_TLS_OLD = "sts-policy-tls-old"
    STS_POLICY_CERT_INVALID = "sts-policy-cert-invalid"
    STS_POLICY_CERT_WEAK = "sts-policy-cert-weak"
    STS_POLICY_STATUS = "sts-policy-status"
    STS_POLICY_REDIRECT = "sts-policy-redirect"
    STS_POLICY_INCOMPLETE = "sts-policy-incomplete"
    STS_POLICY_OVERSIZE = "sts-policy-oversize"
    STS_POLICY_ENCODED = "sts-policy-encoded"
    STS_POLICY_MEDIA_TYPE = "sts-policy-media-type"
    STS_POLICY_INVALID = "sts-policy-invalid"
    STS_POLICY_AMBIGUOUS = "sts-policy-ambiguous"
    STS_POLICY_DIFFERS = "sts-policy-differs"
    STS_MODE_TESTING = "sts-mode-testing"
    STS_MODE_NONE = "sts-mode-none"
    STS_ENFORCE_BREAKS = "sts-enforce-breaks"
    """Senders would refuse by the policy in testing if it were enforced."""
    STS_MAX_AGE_SHORT = "sts-max-age-short"
    STS_MX_UNLISTED = "sts-mx-unlisted"
    STS_MX_UNUSED = "sts-mx-unused"
    STS_MEMORY_OUTLIVES = "sts-memory-outlives"
    RESOLVER_UNANSWERED = "resolver-unanswered"
    """The resolver of the machine that asks answers nothing, so nothing is known of the domain."""
    DOMAIN_MISSING = "domain-missing"
    MX_UNANSWERED = "mx-unanswered"
    MX_NULL = "mx-null"
    MX_NULL_MIXED = "mx-null-mixed"
    MX_IMPLICIT = "mx-implicit"
    MX_NO_ADDRESS = "mx-no-address"
    MX_NAME_INVALID = "mx-name-invalid"
    MX_NAME_UNDERSCORE = "mx-name-underscore"
    MX_ADDRESS_LITERAL = "mx-address-literal"
    MX_LOCALHOST = "mx-localhost"
    MX_ADDRESS_NOT_PUBLIC = "mx-address-not-public"
    MX_DANGLING = "mx-dangling"
    MX_HOST_UNANSWERED = "mx-host-unanswered"
    MX_ALIAS = "mx-alias"
    MX_MANY = "mx-many"
    MX_OK = "mx-ok"
    PORT_25_BLOCKED = "port-25-blocked"
    SMTP_UNREACHABLE = "smtp-unreachable"
    SMTP_UNANSWERED = "smtp-unanswered"
    SMTP_TURNED_AWAY = "smtp-turned-away"
    SMTP_BROKEN = "smtp-broken"
    SMTP_EHLO_REJECTED = "smtp-ehlo-rejected"
    STARTTLS_MISSING = "starttls-missing"
    STARTTLS_REJECTED = "starttls-rejected"
    STARTTLS_EARLY_DATA = "starttls-early-data"
    STARTTLS_REPEATED = "starttls-repeated"
    TLS_HANDSHAKE_FAILED = "tls-handshake-failed"
    TLS_VERSION_OLD = "tls-version-old"
    TLS_LEVEL_FELL = "tls-level-fell"
    """A session is less secure than one that some sender remembers."""
    CERT_NAME_MISMATCH = "cert-name-mismatch"
    CERT_EXPIRED = "cert-expired"
    CERT_NOT_YET_VALID = "cert-not-yet-valid"
    CERT_SELF_SIGNED = "cert-self-signed"
    CERT_CHAIN_INCOMPLETE = "cert-chain-incomplete"
    CERT_ISSUER_NO_AUTHORITY = "cert-issuer-no-authority"
    CERT_PURPOSE_WRONG = "cert-purpose-wrong"
    CERT_NAME_LIMITED = "cert-name-limited"
    CERT_SIGNATURE_WEAK = "cert-signature-weak"
    CERT_UNTRUSTED = "cert-untrusted"
    CERT_UNREADABLE = "cert-unreadable"
    CERT_KEY_WEAK = "cert-key-weak"
    CERT_EXPIRES_SOON = "cert-expires-soon"
    CERT_VALIDITY_ENDLESS = "cert-validity-endless"
    CERT_UNCHECKED = "cert-unchecked"
    """Something is wrong with a certificate, and neither policy nor DANE has anybody look at it."""
    CERT_OK = "cert-ok"
    DNSSEC_BOGUS = "dnssec-bogus"
    DANE_OK = "dane-ok"
    DANE_MISMATCH = "dane-mismatch"
    DANE_CERT_RENEWED = "dane-cert-renewed"
    DANE_AUTHORITY_UNSENT = "dane-authority-unsent"
    DANE_AUTHORITY_OTHER = "dane-authority-other"
    DANE_USAGE_WRONG = "dane-usage-wrong"
    DANE_EMPTY_DIGEST = "dane-empty-digest"
    DANE_DIGEST_STALE = "dane-digest-stale"
    DANE_OTHER_NAME = "dane-other-name"
    DANE_OTHER_HOST = "dane-other-host"
    DANE_OTHER_PORT = "dane-other-port"
    DANE_ZONE_UNSIGNED = "dane-zone-unsigned"
    DANE_LEFTOVER = "dane-leftover"
    DANE_CERT_NAME = "dane-cert-name"
    DANE_UNUSABLE = "dane-unusable"
    DANE_INSECURE = "dane-insecure"
    DANE_LOOKUP_FAILED = "dane-lookup-failed"
    DANE_UNANSWERED = "dane-unanswered"
    DANE_PARTIAL = "dane-partial"
    DANE_UNJUDGED = "dane-unjudged"
    """TLSA records exist and the resolver is not known to validate, so nothing is said of them."""
    TLSRPT_OK = "tlsrpt-ok"
    TLSRPT_MISSING = "tlsrpt-missing"
    TLSRPT_MULTIPLE = "tlsrpt-multiple"
    TLSRPT_INVALID = "tlsrpt-invalid"
    TLSRPT_UNDELIVERABLE = "tlsrpt-undeliverable"
    """A destination of reports takes no mail."""
    TLSRPT_UNANSWERED = "tlsrpt-unanswered"
    PTR_MISSING = "ptr-missing"
    PTR_UNCONFIRMED = "ptr-unconfirmed"
    PTR_OTHER_NAME = "ptr-other-name"
    """The reverse name is in neither policy nor certificate: harmless but for a sender that judged by it."""
    NS_LOOKUP_FAILED = "ns-lookup-failed"
    NS_ANSWER_CUT = "ns-answer-cut"
    NS_UDP_SILENT = "ns-udp-silent"
    NS_LAME = "ns-lame"
    NS_RECORD_MISSING = "ns-record-missing"
    NS_RECORDS_DIFFER = "ns-records-differ"
    NS_MAIL_DIFFERS = "ns-mail-differs"
    """The name servers of a zone hold different records of mail: what a sender meets depends on the one it asks."""
    NS_ADDRESSES_DIFFER = "ns-addresses-differ"
    NS_UNANSWERED = "ns-unanswered"
    """The name servers could not be asked themselves, so that it is not known whether they agree."""
    NS_KEY_ABSENT = "ns-key-absent"
    NS_NO_ADDRESS = "ns-no-address"
    NS_TCP_FAILED = "ns-tcp-failed"
    NS_ANSWER_LARGE = "ns-answer-large"
    NS_SLOW = "ns-slow"
    NS_ONE_NETWORK = "ns-one-network"
    SPF_OK = "spf-ok"
    SPF_MISSING = "spf-missing"
    SPF_MULTIPLE = "spf-multiple"
    SPF_INVALID = "spf-invalid"
    SPF_INCLUDE_MISSING = "spf-include-missing"
    SPF_LOOKUPS_MANY = "spf-lookups-many"
    SPF_VOIDS_MANY = "spf-voids-many"
    SPF_HOSTS_MANY = "spf-hosts-many"
    SPF_LOOKUP_FAILED = "spf-lookup-failed"
    SPF_OPEN = "spf-open"
    """The record lets whoever sends pass."""
    SPF_NEUTRAL = "spf-neutral"
    SPF_PTR = "spf-ptr"
    SPF_ANSWER_LARGE = "spf-answer-large"
    SPF_MX_UNCOVERED = "spf-mx-uncovered"
    SPF_HELO_FAILED = "spf-helo-failed"
    DMARC_OK = "dmarc-ok"
    DMARC_MISSING = "dmarc-missing"
    DMARC_MULTIPLE = "dmarc-multiple"
    DMARC_INVALID = "dmarc-invalid"
    DMARC_UNANSWERED = "dmarc-unanswered"
    DMARC_POLICY_NONE = "dmarc-policy-none"
    DMARC_PARTIAL = "dmarc-partial"
    """The policy is in force for a part of the mail, or for nobody yet."""
    DMARC_SUBDOMAIN_OPEN = "dmarc-subdomain-open"
    DMARC_REPORTS_MISSING = "dmarc-reports-missing"
    DMARC_REPORT_UNAUTHORIZED = "dmarc-report-unauthorized"
    DMARC_REPORT_UNDELIVERABLE = "dmarc-report-undeliverable"
    DKIM_OK = "dkim-ok"
    DKIM_NOT_FOUND = "dkim-not-found"
    """No key stands under a name in common use, which need not mean that there is none."""
    DKIM_KEY_MISSING = "dkim-key-missing"
    DKIM_KEY_MULTIPLE = "dkim-key-multiple"
    DKIM_KEY_INVALID = "dkim-key-invalid"
    DKIM_KEY_REVOKED = "dkim-key-revoked"
    DKIM_KEY_SHORT = "dkim-key-short"
    DKIM_KEY_TESTING = "dkim-key-testing"
    DKIM_KEY_LARGE = "dkim-key-large"
    DKIM_UNANSWERED = "dkim-unanswered"


OF_SILENCE = frozenset(
    {
        Code.RESOLVER_UNANSWERED,
        Code.STS_RECORD_UNANSWERED,
        Code.STS_POLICY_HOST_UNANSWERED,
        Code.STS_POLICY_TIMEOUT,
        Code.MX_UNANSWERED,
        Code.MX_HOST_UNANSWERED,
        Code.PORT_25_BLOCKED,
        Code.SMTP_UNANSWERED,
        Code.DANE_LOOKUP_FAILED,
        Code.DANE_UNANSWERED,
        Code.TLSRPT_UNANSWERED,
        Code.NS_UNANSWERED,
        Code.NS_LOOKUP_FAILED,
        Code.NS_ANSWER_CUT,
        Code.NS_UDP_SILENT,
        Code.NS_TCP_FAILED,
        Code.NS_LAME,
        Code.SPF_LOOKUP_FAILED,
        Code.DMARC_UNANSWERED,
        Code.DKIM_UNANSWERED,
    }
)
"""The findings that say that something could not be found out, or how a server fails to answer; all others rest on answers."""

DANE_MISMATCHES: Final = (
    Code.DANE_MISMATCH,
    Code.DANE_CERT_RENEWED,
    Code.DANE_AUTHORITY_UNSENT,
    Code.DANE_AUTHORITY_OTHER,
    Code.DANE_USAGE_WRONG,
    Code.DANE_EMPTY_DIGEST,
    Code.DANE_DIGEST_STALE,
    Code.DANE_OTHER_NAME,
    Code.DANE_OTHER_HOST,
)
"""Every code for a certificate that no TLSA record matches."""
