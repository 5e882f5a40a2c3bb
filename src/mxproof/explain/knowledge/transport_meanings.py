"""What sentences about TLS, MTA-STS and DANE mean, whichever program writes them; the first row that fits counts."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.meaning import FAILED, NOT_OFFERED, UNMATCHED, Meaning, Words
from mxproof.explain.knowledge.rule import Side

_STS: Final[Words] = "mta sts|mtasts|sts"
_DANE: Final[Words] = "dane|tlsa"
_CERTIFICATE: Final[Words] = "certificate*|cert|certs|x509|pkix|peercertificate*"
_TLS: Final[Words] = "starttls|tls|ssl|encryption|encrypted connection|secure connection"
_BOTH: Final = (suspects.SERVER_TLS, suspects.CLIENT_TLS)
_OF_CLIENT: Final[Words] = "client certificate*|your certificate|ssl accept|connector"
_NAME: Final[Words] = (
    f"{UNMATCHED}|"
    "altname*|alternative name*|valid for|wrong host*|different host*|subjectmismatch|"
    "for only|only for|issued for|issued to|not contain|not include|doesn t include|not cover|doesn t cover"
)
_LOOK_UP: Final[Words] = "lookup*|look up|quer*|resol*|fetch*|dns|servfail|nameserver*|name server*"

_STS_MEANINGS: Final = (
    Meaning(
        cause="sender_config",
        needs=(
            "socketmap|smtp tls policy maps|policy daemon|policy server|policy service",
            "lookup error|lookup fail*|refused|timed out|timeout|unavailable|no response",
        ),
        sample="warning: table socketmap:inet:127.0.0.1:8461:postfix lookup error: Connection refused",
        unlike=("socketmap query answered OK secure match=mx.example.com", "the user lookup failed"),
        suspects=(suspects.POLICY_DAEMON,),
    ),
    Meaning(
        cause="mtasts_fetch",
        needs=(
            _STS,
            "fetch*|retriev*|download*|http|https|url|obtain*|load*|policy host|policy lookup",
            (f"{FAILED}|403|404|500|502|503|forbidden|x509|unknown"),
        ),
        unless="no policy|no mta sts|not published|disabled|socketmap",
        sample="mta-sts policy fetch: http status 403 forbidden, expected 200",
        unlike=("MTA-STS policy fetched for example.com", "failed to fetch the message"),
    ),
    Meaning(
        cause="mtasts_mx_mismatch",
        needs=(
            _STS,
            "mx|mxs|mxes|host|hosts|hostname|server|exchanger*|authorized",
            (
                f"{UNMATCHED}|"
                "not allow*|not authori*|unauthori*|not listed|not in|not permitted|not part of|"
                "isn t listed|isn t in|not approved|not one of|isn t one of"
            ),
        ),
        unless=(f"{_CERTIFICATE}|testing"),
        sample="MX mx7.example.com not allowed by STS policy, skipping",
        unlike=("MTA-STS policy for example.com allows mx1", "host mx1 not listed in the table"),
    ),
    Meaning(
        cause="mtasts_mx_mismatch",
        needs=(
            _STS,
            "no mx|no available mx|no usable mx|no host|none of the mx*",
            "match*|listed|allowed|permitted|authori*|in the policy",
        ),
        unless="testing",
        sample="MTA-STS: no MX host of example.com matches the policy",
        unlike=("MTA-STS: the MX host of example.com matches the policy", "no MX record matches"),
    ),
    Meaning(
        cause="mtasts_cert_name",
        needs=(_STS, _CERTIFICATE, _NAME),
        sample="MTA-STS: certificate of mx.example.com does not match the host name",
        unlike=("MTA-STS: certificate verified", "the certificate does not match the host name"),
    ),
    Meaning(
        cause="mtasts_cert_invalid",
        needs=(_STS, _CERTIFICATE, (f"{FAILED}|untrusted|self signed|unknown authority")),
        sample="MTA-STS requires a valid certificate and mx.example.com presents a self-signed one",
        unlike=("MTA-STS: certificate verified", "certificate expired"),
    ),
)

_DANE_MEANINGS: Final = (
    Meaning(
        cause="dane_unusable",
        needs=("tlsa", "unusable|not usable|no usable"),
        sample="mx.example.com: all TLSA records are unusable",
        unlike=("TLSA records usable: 2", "no usable address"),
    ),
    Meaning(
        cause="dane_required_unsigned",
        needs=(
            _DANE,
            (
                "not dnssec|non dnssec|no dnssec|unsigned|not signed|insecure|not secure|"
                "lacks dnssec|without dnssec"
            ),
        ),
        unless="bogus|servfail|skipp*|falling back",
        sample="DANE error: mx.example.com lookup not DNSSEC",
        unlike=("DANE: mx.example.com is signed", "the message is not signed"),
    ),
    Meaning(
        cause="dane_required_no_tlsa",
        needs=(
            _DANE,
            "required|require|requires|mandatory|must|dane only|insist*",
            "no tlsa|no dane|not found|without tlsa|no record*|no usable tlsa|not published",
        ),
        sample="DANE is mandatory for example.com and no TLSA record exists",
        unlike=("DANE is mandatory for example.com", "TLSA record not found, going on without"),
    ),
    Meaning(
        cause="dane_dns",
        needs=(
            _DANE,
            _LOOK_UP,
            (
                "fail*|error|errors|servfail|timed out|timeout|no answer|try again|refused|temporar*|"
                "could not|couldn t|unable|can t|cannot"
            ),
        ),
        unless=(f"{_CERTIFICATE}|falling back"),
        sample="could not look up the TLSA records of mx.example.com: query timed out",
        unlike=("TLSA lookup of mx.example.com: 2 records", "could not look up the user"),
    ),
    Meaning(
        cause="dane_cert_expired",
        needs=(_DANE, "expired|not after"),
        sample="DANE: the certificate of mx.example.com is expired",
        unlike=("DANE: certificate in date", "password expired"),
    ),
    Meaning(
        cause="dane_cert_name",
        needs=(_DANE, "host mismatch|hostname mismatch|name mismatch|name not match*"),
        sample="DANE validation: certificate-host-mismatch",
        unlike=("DANE validation passed", "certificate-host-mismatch"),
    ),
    Meaning(
        cause="dane_tlsa_mismatch",
        needs=(
            _DANE,
            (f"{_CERTIFICATE}|key|public key|fingerprint|digest|chain|peer|verification"),
            UNMATCHED,
        ),
        sample="dane verification failed: no tlsa records matched the certificate",
        unlike=("dane verified: a tlsa record matched the certificate", "the key does not match"),
    ),
    Meaning(
        cause="dane_starttls",
        needs=(_DANE, "starttls|tls", NOT_OFFERED),
        sample="DANE: mx.example.com has TLSA records and STARTTLS is not offered",
        unlike=("DANE: STARTTLS offered", "IMAP STARTTLS is not offered by choice"),
    ),
    Meaning(
        cause="dane_generic",
        needs=(_DANE, "verif*|validat*|authent*|check*", FAILED),
        sample="DANE verification of mx.example.com failed",
        unlike=("DANE verification of mx.example.com complete", "verification failed"),
    ),
    Meaning(
        cause="dnssec_bogus",
        needs=(
            "dnssec|rrsig",
            "bogus|invalid|fail*|expired|broken|servfail|not valid*",
        ),
        sample="DNSSEC status of example.com: bogus",
        unlike=("DNSSEC status of example.com: secure", "an invalid address"),
    ),
)

_TLS_MEANINGS: Final = (
    Meaning(
        cause="sender_config",
        needs=(
            ("tlscertificatename|certificate file|private key|ca file|cafile|capath|trust store|key file"),
            (
                "could not be found|cannot load|can t load|no such file|permission denied|"
                "unable to load|cannot be read|can t read|unreadable"
            ),
        ),
        sample="The certificate specified in TlsCertificateName of the SendConnector could not be found",
        unlike=("the user could not be found", "private key loaded"),
        suspects=(suspects.CLIENT_TLS,),
    ),
    Meaning(
        cause="starttls_server_error",
        of_session=True,
        needs=(
            "starttls|tls",
            (
                "refused to start|currently unavailable|temporarily unavailable|not available due|"
                "unavailable due|tls not available|local problem"
            ),
        ),
        sample="host mx.example.com refused to start TLS: 454 TLS currently unavailable",
        unlike=("host mx.example.com does not offer STARTTLS", "the mailbox is currently unavailable"),
    ),
    Meaning(
        cause="starttls_missing",
        of_session=True,
        needs=(_TLS, NOT_OFFERED),
        unless=(f"{_CERTIFICATE}|version*|protocol*|cipher*|key exchange|sni|your server|client"),
        sample="tls policy is Required, but STARTTLS is not advertised",
        unlike=("STARTTLS is advertised", "8BITMIME is not advertised"),
    ),
    Meaning(
        cause="tls_version",
        of_session=True,
        needs=(
            (
                "protocol version|unsupported protocol|tls version|ssl version|version too low|"
                "no protocols available|tlsv1 0|tls 1 0|tlsv1 1|tls 1 1|sslv3"
            ),
            (
                "alert|fail*|not|no|unsupported|error|too low|too old|refused|rejected|minimum|"
                "require*|no longer"
            ),
        ),
        unless=(f"{_CERTIFICATE}|handshake failure|cipher*|illegal parameter|alert bad record"),
        sample="TLS alert, protocol version",
        unlike=("TLS version negotiated: 1.3", "the protocol of the meeting"),
        suspects=_BOTH,
    ),
    Meaning(
        cause="tls_cipher",
        of_session=True,
        needs=(
            "cipher*|dh key|key too small|md too weak|signature algorithm*|key size",
            "fail*|no|not|too small|too weak|too short|error|unsupported|mismatch|wrong|common",
        ),
        unless="verify fail",
        sample="state=error: dh key too small",
        unlike=("cipher TLS_AES_256_GCM_SHA384 (256/256 bits)", "the door key is too large"),
        suspects=_BOTH,
    ),
    Meaning(
        cause="cert_invalid",
        of_session=True,
        needs=(_CERTIFICATE, "expired|expir*|not yet valid|notafter|abgelaufen|out of date"),
        unless=_OF_CLIENT,
        sample="invalid peer certificate: Expired",
        unlike=("the certificate is in date", "your subscription expired"),
        suspects=(suspects.CERTIFICATE,),
    ),
    Meaning(
        cause="cert_invalid",
        of_session=True,
        needs=(_CERTIFICATE, _NAME),
        unless=_OF_CLIENT,
        sample="certificate is valid for web4.example.net, not mx.example.com",
        unlike=("certificate accepted for mx.example.com", "the two names do not match"),
        suspects=(suspects.CERTIFICATE,),
    ),
    Meaning(
        cause="cert_not_verified",
        of_session=True,
        needs=(
            _CERTIFICATE,
            (
                "self signed|selfsigned|unknown*|issuer*|untrusted|not trust*|chain|root|authority|"
                "verif*|unverified|validat*|check*|revoked|invalid|not valid|not accepted|rejected"
            ),
            (f"{FAILED}|self signed|selfsigned|untrusted|unverified|unknown*|revoked|incomplete|missing"),
        ),
        unless=(f"{_OF_CLIENT}|file|renew*|password"),
        sample="mta error reason=SSL certificate check failed",
        unlike=("the certificate was verified", "the health check failed"),
    ),
    Meaning(
        cause="tls_handshake",
        needs=(
            (
                "handshake*|tls negotiation|start tls|starttls|ssl connect|tls session|tls error|"
                "ssl error|tls connection|tls alert|ssl routines|gnutls*|openssl|tls startup"
            ),
            (
                "fail*|error|alert|timed out|timeout|eof|aborted|closed|reset|unexpected|could not|"
                "cannot|couldn t|unable|terminated|broken|interrupted"
            ),
        ),
        unless="ssl accept|smtpd|imap*|pop3*|before auth",
        sample="TLS negotiation with mx.example.com failed",
        unlike=("TLS negotiation with mx.example.com complete", "negotiation with the union failed"),
        of_session=True,
    ),
    Meaning(
        cause="tls_required",
        needs=(
            "starttls|tls|encryption|encrypted|secure connection|secure channel",
            "must|required|requires|require|mandatory|only|needed|obligatory",
        ),
        unless="dane|certificate*|session ticket|login|log in|logged in|submission|auth|authentication|password",
        sample="530 Encryption required, this account takes mail over TLS only",
        unlike=("the encrypted attachment", "a signature is required"),
        side=Side.RECEIVER,
    ),
)

_IN_CLEAR: Final = (
    Meaning(
        cause="tls_required",
        needs=(
            "unencrypted|plaintext|cleartext|clear text|without tls|without encryption",
            "not accept*|refused|rejected|not allowed|not permitted|forbidden|denied",
        ),
        unless="login|log in|auth|authentication|password|attachment*|credit card*|body",
        sample="554 5.7.0 unencrypted sessions are not accepted here",
        unlike=("554 5.7.0 unencrypted passwords", "554 sessions are not accepted here"),
        side=Side.RECEIVER,
    ),
)

TRANSPORT_MEANINGS: Final = (*_STS_MEANINGS, *_DANE_MEANINGS, *_TLS_MEANINGS, *_IN_CLEAR)
