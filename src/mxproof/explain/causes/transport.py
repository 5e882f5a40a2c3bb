"""Causes around TLS and MTA-STS: a session that could not be secured as the recipient's domain or the sender demands."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.causes.cause import Cause, CauseKind
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Security

_KIND: Final = CauseKind.TRANSPORT_SECURITY
_CHECK_DOMAIN: Final = "mxproof check {domain}"

CAUSES: Final = (
    Cause(
        id="mtasts_mx_mismatch",
        kind=_KIND,
        suspects=(suspects.POLICY,),
        title="the MX hosts are not those that the MTA-STS policy lists",
        words="The recipient's domain publishes an MTA-STS policy in mode enforce, and the sender found that no MX host "
        "it could use is listed there. It never connected, so the receiving server's log is empty. Some senders compare "
        "the name that a CNAME points to rather than the MX name, and all keep an old policy until its max_age is over.",
        check="Each MX name and, where it is a CNAME, its target against the mx lines of the policy: the live one and "
        "those published within the last max_age.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.MX_MISMATCH,
        findings=(Code.STS_POLICY_DIFFERS, Code.STS_MX_UNLISTED, Code.MX_ALIAS, Code.STS_MEMORY_OUTLIVES),
    ),
    Cause(
        id="mtasts_mx_mismatch_or_all_mx_skipped",
        kind=_KIND,
        suspects=(suspects.POLICY, suspects.POLICY_TABLE),
        title="every MX host was skipped, perhaps because none is in the MTA-STS policy",
        words="The sender had MX hosts to choose from and used none. With an MTA-STS policy in force this is what "
        "Postfix says when no MX name matches the policy; the line before it in its log names the host and the policy.",
        check="The log for 'does not match STS MX pattern', then the MX names against the policy.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.MX_MISMATCH,
        findings=(Code.STS_POLICY_DIFFERS, Code.STS_MX_UNLISTED, Code.MX_ALIAS, Code.STS_MEMORY_OUTLIVES),
    ),
    Cause(
        id="mtasts_cert_name",
        kind=_KIND,
        suspects=(suspects.CERTIFICATE,),
        title="the certificate does not name the MX host (MTA-STS)",
        words="The MX host is in the MTA-STS policy and offers TLS, but its certificate has no subject alternative name "
        "for it. A sender that resolves the MX name's CNAME first wants the target's name in the certificate, one that "
        "follows the RFC wants the MX name; a certificate with both satisfies everyone.",
        check="The subject alternative names of the certificate sent for the MX name and for its CNAME target, at every "
        "address.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.CERTIFICATE_HOST_MISMATCH,
        findings=(Code.CERT_NAME_MISMATCH, Code.MX_ALIAS),
    ),
    Cause(
        id="mtasts_cert_invalid",
        kind=_KIND,
        suspects=(suspects.CERTIFICATE, suspects.TRUST_STORE),
        title="the certificate of the MX host does not pass validation (MTA-STS)",
        words="The MTA-STS policy demands a certificate that a public authority issued, that is in date and that names "
        "the host. The sender found it wanting and did not hand the message over.",
        check="Expiry, names and the chain with its intermediate certificates, at every address of every MX host.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
        findings=(
            Code.CERT_UNTRUSTED,
            Code.CERT_EXPIRED,
            Code.CERT_CHAIN_INCOMPLETE,
            Code.CERT_NAME_MISMATCH,
        ),
    ),
    Cause(
        id="mtasts_cert_or_validation",
        kind=_KIND,
        suspects=(suspects.CERTIFICATE,),
        title="MTA-STS validation failed at an MX host",
        words="The sender reached an MX host and the session did not satisfy the MTA-STS policy: certificate, name or "
        "STARTTLS. The report does not say which.",
        check="STARTTLS and the certificate at the address that the report names.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.VALIDATION_FAILURE,
        findings=(Code.CERT_NAME_MISMATCH, Code.CERT_UNTRUSTED, Code.STARTTLS_MISSING),
    ),
    Cause(
        id="mtasts_validation",
        kind=_KIND,
        suspects=(suspects.POLICY, suspects.POLICY_TABLE),
        title="MTA-STS validation failed, for a reason that is not given",
        words="The sender could not satisfy the MTA-STS policy and says no more than that. A wildcard in the policy that "
        "would have to stand for two labels is one known reason.",
        check="MX names against the policy, then certificate and STARTTLS of each MX host.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.VALIDATION_FAILURE,
        findings=(Code.STS_MX_UNLISTED, Code.CERT_NAME_MISMATCH),
    ),
    Cause(
        id="mtasts_lookup",
        kind=_KIND,
        suspects=(suspects.POLICY_DAEMON,),
        title="the sender could not look the MTA-STS policy up",
        words="The sending server's own policy lookup failed for the moment, so it keeps the message. The cause is "
        "usually on the sender's side: its lookup service is down or cannot reach the policy host.",
        check="The sender's MTA-STS lookup service; then whether the policy host answers from outside.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.STS_POLICY_FETCH_ERROR,
        findings=(Code.STS_POLICY_TIMEOUT, Code.STS_POLICY_UNCONNECTED),
    ),
    Cause(
        id="mtasts_fetch",
        kind=_KIND,
        suspects=(suspects.POLICY_HOST, suspects.NETWORK),
        title="the MTA-STS policy could not be fetched or read",
        words="The DNS record says that there is a policy, and https://mta-sts.DOMAIN/.well-known/mta-sts.txt did not "
        "give one: no connection, no valid certificate, no answer in time or no valid file. A sender without a policy "
        "in its cache delivers without MTA-STS unless it is told to insist.",
        check="Address, certificate, status and content of the policy host.",
        next=_CHECK_DOMAIN,
        demanded_by=Security.MTA_STS,
        result_type=ResultType.STS_POLICY_FETCH_ERROR,
        findings=(
            Code.STS_POLICY_TLS_FAILED,
            Code.STS_POLICY_STATUS,
            Code.STS_POLICY_INVALID,
            Code.STS_POLICY_TIMEOUT,
        ),
    ),
    Cause(
        id="cert_not_verified",
        kind=_KIND,
        suspects=(suspects.CHAIN, suspects.TRUST_STORE, suspects.POLICY_TABLE),
        title="the server's certificate could not be verified",
        words="The sender demands a verified certificate for this destination, by MTA-STS, by DANE or by its own "
        "configuration, and the certificate did not pass: wrong name, expired, self-signed or an incomplete chain.",
        check="Name, expiry and chain of the certificate, and the line in the sender's log that gives the reason.",
        next=_CHECK_DOMAIN,
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
        findings=(
            Code.CERT_NAME_MISMATCH,
            Code.CERT_UNTRUSTED,
            Code.CERT_EXPIRED,
            Code.CERT_CHAIN_INCOMPLETE,
        ),
    ),
    Cause(
        id="cert_invalid",
        kind=_KIND,
        suspects=(suspects.CERTIFICATE, suspects.CONNECTOR),
        title="the certificate does not satisfy a connector that checks it",
        words="A connector of the sending organisation demands a certain certificate from this server, and the one it "
        "was shown has another name, is expired or comes from an issuer it does not trust.",
        check="The certificate on every address behind the host name, and what the connector expects.",
        next=_CHECK_DOMAIN,
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
        findings=(Code.CERT_NAME_MISMATCH, Code.CERT_UNTRUSTED, Code.CERT_EXPIRED),
    ),
    Cause(
        id="starttls_missing",
        kind=_KIND,
        suspects=(suspects.STARTTLS,),
        title="the server did not offer STARTTLS, and the sender insists on it",
        words="The sender must not send in the clear to this destination, and the server's EHLO answer had no STARTTLS. "
        "Either it is switched off, or something on the way removes it, or it is hidden from clients that are throttled.",
        check="EHLO on every address of every MX host, from outside the network.",
        next=_CHECK_DOMAIN,
        result_type=ResultType.STARTTLS_NOT_SUPPORTED,
        findings=(Code.STARTTLS_MISSING, Code.STARTTLS_REJECTED),
    ),
    Cause(
        id="starttls_server_error",
        kind=_KIND,
        suspects=(suspects.STARTTLS,),
        title="the server offers STARTTLS and then cannot start it",
        words="The server answered STARTTLS with an error of its own, as it does when it cannot read its key or its "
        "certificate.",
        check="The server's TLS key and certificate files and their permissions, and its log at that minute.",
        next=_CHECK_DOMAIN,
        result_type=ResultType.STARTTLS_NOT_SUPPORTED,
        findings=(Code.STARTTLS_REJECTED,),
    ),
    Cause(
        id="tls_handshake",
        kind=_KIND,
        suspects=(suspects.SERVER_TLS, suspects.CLIENT_TLS, suspects.DEVICE),
        title="the TLS handshake failed",
        words="Client and server began TLS and did not come to an agreement: no common version or cipher, a certificate "
        "that the client refuses, or a connection that broke off. The words behind the error name the reason.",
        check="TLS versions, ciphers and certificate of the named host.",
        next=_CHECK_DOMAIN,
        result_type=ResultType.VALIDATION_FAILURE,
        findings=(Code.TLS_HANDSHAKE_FAILED, Code.CERT_NAME_MISMATCH),
    ),
    Cause(
        id="tls_version",
        kind=_KIND,
        suspects=(suspects.CLIENT_TLS,),
        title="the sender's TLS version is too old for the receiver",
        words="The receiver takes mail over TLS 1.2 or newer only, and the sender offered an older version.",
        check="The TLS versions that the sending server has enabled.",
        next="openssl s_client -starttls smtp -connect {host}:25 -tls1_2",
    ),
    Cause(
        id="tls_cipher",
        kind=_KIND,
        suspects=(suspects.CLIENT_TLS,),
        title="the sender's ciphers are too weak for the receiver",
        words="The receiver accepts strong ciphers only, and the sender offered none of them.",
        check="The cipher list of the sending server.",
        next="openssl s_client -starttls smtp -connect {host}:25",
    ),
    Cause(
        id="tls_required",
        kind=_KIND,
        suspects=(suspects.CLIENT_TLS,),
        title="the receiver takes mail over TLS only",
        words="The receiving server or a rule of the recipient demands TLS, and the message was offered in the clear.",
        check="Whether the sending server is allowed to use STARTTLS towards this destination.",
        next="openssl s_client -starttls smtp -connect {host}:25",
    ),
    Cause(
        id="tls_required_bulk",
        kind=_KIND,
        suspects=(suspects.CLIENT_TLS,),
        title="the receiver demands TLS from senders of bulk mail",
        words="The receiver limits or refuses mail that does not come over TLS. It says nothing of the recipient.",
        check="Whether the sending server uses STARTTLS for outgoing mail.",
        next="openssl s_client -starttls smtp -connect {host}:25",
    ),
    Cause(
        id="requiretls",
        kind=_KIND,
        suspects=(suspects.SERVER_TLS, suspects.MESSAGE),
        title="the author asked for REQUIRETLS and the next server cannot give it",
        words="The message carries REQUIRETLS (RFC 8689): it may only pass servers that promise verified TLS and pass "
        "the demand on. The next server does not announce REQUIRETLS, or its certificate was not verified.",
        check="REQUIRETLS in the receiver's EHLO answer; whether the author meant to ask for it.",
        next=_CHECK_DOMAIN,
        findings=(Code.STARTTLS_MISSING, Code.CERT_NAME_MISMATCH),
    ),
    Cause(
        id="connector_cert",
        kind=_KIND,
        suspects=(suspects.CLIENT_CERTIFICATE, suspects.RECEIVING_CONNECTOR),
        title="the receiver's connector expects another client certificate or address",
        words="The receiving organisation accepts mail for this route only from known certificates or addresses, and "
        "the sender showed neither. The usual trigger is a certificate or address that changed on the sending side.",
        check="The connector's list against the certificate and address that the sender uses now.",
        next="openssl s_client -starttls smtp -connect {host}:25",
    ),
    Cause(
        id="sender_config",
        kind=_KIND,
        suspects=(suspects.POLICY_TABLE,),
        title="the sending server's own TLS configuration is at fault",
        words="The sender is told to use TLS and cannot: a policy table it cannot read, or a TLS engine that did not "
        "start. The recipient's servers play no part.",
        check="The sending server's TLS policy table and its log.",
        next="postconf smtp_tls_policy_maps",
    ),
    Cause(
        id="crypto_failure",
        kind=_KIND,
        suspects=(suspects.SERVER_TLS, suspects.CLIENT_TLS),
        title="a cryptographic failure, not further described",
        words="The status code says that something in the encryption of the session failed (RFC 3463, X.7.5). The text "
        "beside it says nothing that is known here.",
        check="STARTTLS and certificate of the named host.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=(Code.TLS_HANDSHAKE_FAILED, Code.CERT_NAME_MISMATCH),
    ),
    Cause(
        id="security_features",
        kind=_KIND,
        suspects=(suspects.STARTTLS, suspects.CLIENT_TLS),
        title="a security feature is missing on one side",
        words="The status code says that a security feature which one side demands is not there on the other (RFC 3463, "
        "X.7.4); with Postfix this is STARTTLS.",
        check="STARTTLS on the named host.",
        next=_CHECK_DOMAIN,
        wrapper=True,
        findings=(Code.STARTTLS_MISSING,),
    ),
)
