"""Words for a certificate or a handshake that TLS libraries have, whoever runs them: OpenSSL, Go, rustls, GnuTLS, Ruby.

They tell more than the words around them, so that they come before the chapters of the systems.
"""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_GO: Final = "golang/go src/crypto/x509/verify.go"
_GO_TLS: Final = "golang/go src/crypto/tls/alert.go, src/crypto/tls/conn.go"
_RUSTLS: Final = "rustls/rustls rustls/src/error/mod.rs"
_GNUTLS: Final = "gnutls/gnutls lib/cert-session.c, gnutls_certificate_verification_status_print()"
_OPENSSL: Final = "openssl/openssl crypto/x509/x509_txt.c, X509_verify_cert_error_string()"
_REASONS: Final = "openssl/openssl ssl/ssl_err.c"
_POSTFIX: Final = "vdukhovni/postfix postfix/src/tls/tls_verify.c"
_OLD: Final = "postfix 2.x and 3.x src/tls/tls_verify.c ; Snawoot/postfix-mta-sts-resolver#99"

_CERTIFICATE: Final = (
    Rule(
        cause="dane_tlsa_mismatch",
        texts=(
            "certificate verification failed for {host}[{address}]:{number}: num=65:",
            "no matching dane tlsa records",
            "dane: no match between certificate and tlsa records",
            "no matching certificates found in tlsa records",
            "no matching tlsa records",
        ),
        sample="server certificate verification failed for mx.example.com[192.0.2.1]:25: num=65:no matching DANE TLSA records",
        unlike=(
            "certificate verification failed for mx.example.com[192.0.2.1]:25: num=62:hostname mismatch",
            "4.7.5 no TLSA records found",
        ),
        source=f"{_OPENSSL} (X509_V_ERR_DANE_NO_MATCH) ; mjl-/mox dane/dane.go:86 ; stalwartlabs/stalwart crates/smtp/src/outbound/dane/verify.rs:96 ; foxcpp/maddy internal/target/remote/dane.go:112",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "certificate verification failed for {host}[{address}]:{number}: untrusted issuer {gap}root",
            "certificate verification failed for {host}: untrusted issuer {gap}root",
        ),
        sample="certificate verification failed for mx.example.com[192.0.2.1]:25: untrusted issuer /C=US/O=Example Trust/CN=Example Root X1",
        unlike=(
            "certificate verification failed for mx.example.com[192.0.2.1]:25: untrusted issuer /C=US/O=Example Trust/CN=Example CA 3",
            "Trusted TLS connection established to mx.example.com[192.0.2.1]:25",
        ),
        source=_OLD,
        confidence=Confidence.SOURCE_CODE,
        check="The chain came whole, up to a root that the sender does not know: the bundle that it reads, and its age.",
        suspects=(suspects.TRUST_STORE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "certificate verification failed for {host}[{address}]:{number}: num=10:",
            "certificate verification failed for {host}[{address}]:{number}: num=18:",
            "certificate verification failed for {host}[{address}]:{number}: num=62:",
            "certificate verification failed for {host}[{address}]:{number}: num=64:",
            "num=10:certificate has expired",
            "num=18:self",
            "num=62:hostname mismatch",
            "num=64:ip address mismatch",
        ),
        sample="certificate verification failed for mx.example.com[192.0.2.1]:25: num=62:hostname mismatch",
        unlike=(
            "certificate verification failed for mx.example.com[192.0.2.1]:25: num=65:no matching DANE TLSA records",
            "Verified TLS connection established to mx.example.com[192.0.2.1]:25",
        ),
        source=f"{_OPENSSL} ; {_POSTFIX}",
        confidence=Confidence.SOURCE_CODE,
        check="num=10: expired; num=18: self-signed; num=62: another name; num=64: an address where the policy should name a host.",
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "certificate verification failed for {host}[{address}]:{number}: num=20:",
            "certificate verification failed for {host}[{address}]:{number}: num=19:",
            "certificate verification failed for {host}[{address}]:{number}: num=21:",
            "unable to get local issuer certificate",
            "unable to verify the first certificate",
            "self signed certificate in certificate chain",
            "self-signed certificate in certificate chain",
        ),
        sample="certificate verification failed for mx.example.com[192.0.2.1]:25: num=20:unable to get local issuer certificate",
        unlike=(
            "certificate verification failed for mx.example.com[192.0.2.1]:25: num=10:certificate has expired",
            "Trusted TLS connection established to mx.example.com[192.0.2.1]:25",
        ),
        source=f"{_OPENSSL} ; {_POSTFIX}",
        confidence=Confidence.SOURCE_CODE,
        check="Whether the server sends its intermediate certificates; if it does, the trust store of the sender.",
        suspects=(
            suspects.CHAIN,
            suspects.TRUST_STORE,
        ),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "x509: certificate is valid for {gap}, not {host}",
            "x509: certificate is not valid for any names",
            "x509: certificate has expired or is not yet valid",
            "x509: cannot validate certificate for {address} because it doesn't contain any ip sans",
            "x509: certificate relies on legacy common name field",
        ),
        sample="tls: failed to verify certificate: x509: certificate is valid for www.example.net, not mx.example.com",
        unlike=(
            "x509: certificate signed by unknown authority",
            "tls: handshake failure",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "x509: certificate signed by unknown authority",
            "x509: certificate is not trusted",
        ),
        sample="tls: failed to verify certificate: x509: certificate signed by unknown authority",
        unlike=(
            "x509: certificate is valid for www.example.net, not mx.example.com",
            "the certificate was signed by a known authority",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.CHAIN,
            suspects.TRUST_STORE,
        ),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "invalid peer certificate: certnotvalidforname",
            "invalid peer certificate: notvalidforname",
            "invalid peer certificate: certificate not valid for name",
            "invalid peer certificate: certificate expired",
            "invalid peer certificate: expired",
            "invalid peer certificate: certexpired",
            "invalid peer certificate: notvalidyet",
        ),
        sample='TLS handshake: invalid peer certificate: certificate not valid for name "mx.example.com"',
        unlike=(
            "invalid peer certificate: UnknownIssuer",
            "received fatal alert: HandshakeFailure",
        ),
        source=_RUSTLS,
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "invalid peer certificate: unknownissuer",
            "invalid peer certificate: unknown issuer",
            "invalid peer certificate: caused by",
        ),
        sample="invalid peer certificate: UnknownIssuer",
        unlike=(
            "invalid peer certificate: NotValidForName",
            "peer is incompatible: NoCertificateRequestSignatureSchemesInCommon",
        ),
        source=_RUSTLS,
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.CHAIN,
            suspects.TRUST_STORE,
        ),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "the name in the certificate does not match the expected",
            "the certificate chain uses expired certificate",
            "certificate verify failed (hostname mismatch",
            "certificate verify failed (certificate has expired",
            "certificate verify failed (self signed certificate)",
            "certificate verify failed (self-signed certificate)",
        ),
        sample="The certificate is NOT trusted. The name in the certificate does not match the expected.",
        unlike=(
            "The certificate is NOT trusted. The certificate issuer is unknown.",
            "certificate verify failed (unable to get issuer)",
        ),
        source=f"{_GNUTLS} ; ruby/openssl ext/openssl/ossl_ssl.c",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "the certificate issuer is unknown",
            "the certificate is not trusted",
        ),
        sample="The certificate is NOT trusted. The certificate issuer is unknown.",
        unlike=(
            "The name in the certificate matches the expected.",
            "certificate verify succeeded",
        ),
        source=f"{_GNUTLS} ; {_REASONS}",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.CHAIN,
            suspects.TRUST_STORE,
        ),
    ),
)

_NODE: Final = (
    Rule(
        cause="cert_not_verified",
        texts=(
            "does not match certificate's altnames",
            "doesn't match certificate's altnames",
            "is not in the cert's altnames",
            "err_tls_cert_altname_invalid",
        ),
        sample="Hostname/IP does not match certificate's altnames: Host: mx.example.com. is not in the cert's altnames: DNS:web.example.com",
        unlike=(
            "Hostname/IP matches the certificate",
            "tls: first record does not look like a TLS handshake",
        ),
        source="nodejs/node lib/tls.js, checkServerIdentity() ; nodemailer/nodemailer#1646",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "code: 'cert_has_expired'",
            "[error: certificate has expired]",
            "unable_to_verify_leaf_signature",
            "self_signed_cert_in_chain",
            "depth_zero_self_signed_cert",
        ),
        sample="{ [Error: certificate has expired] code: 'CERT_HAS_EXPIRED' }",
        unlike=(
            "num=10:certificate has expired",
            "code: 'ECONNREFUSED'",
        ),
        source="nodejs/node src/crypto/crypto_common.cc, X509ErrorCode() ; nodemailer/nodemailer#530",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_HANDSHAKE: Final = (
    Rule(
        cause="tls_version",
        texts=(
            "unsupported protocol:{gap}statem_srvr.c",
            "ssl3_get_client_hello:unsupported protocol",
            "tls_process_client_hello:unsupported protocol",
            "tls_early_post_process_client_hello:unsupported protocol",
        ),
        sample="TLS library problem: error:0A000102:SSL routines::unsupported protocol:../ssl/statem/statem_srvr.c:1657:",
        unlike=(
            "SSL routines:ssl_choose_client_version:unsupported protocol:statem_lib.c",
            "unsupported protocol",
        ),
        source="openssl/openssl ssl/statem/statem_srvr.c ; openssl/openssl#22926",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "ssl routines:{gap}legacy sigalg disallowed",
            "ssl routines:{gap}dh key too small",
            "ssl routines:{gap}ee key too small",
            "ssl routines:{gap}ca md too weak",
            "ssl routines:{gap}unsupported protocol",
            "ssl routines:{gap}wrong signature type",
        ),
        sample="warning: TLS library problem: error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported",
        unlike=(
            "warning: TLS library problem: error:0A00010B:SSL routines::wrong version number",
            "SSL routines",
        ),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
        check="The server signs with SHA-1, offers a short key or an old version only, which current libraries refuse.",
        suspects=(suspects.SERVER_TLS,),
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "ssl routines:{gap}wrong version number",
            "ssl routines:{gap}unexpected eof while reading",
            "ssl routines:{gap}alert handshake failure",
            "ssl routines:{gap}alert protocol version",
            "ssl routines:{gap}alert illegal parameter",
            "ssl routines:{gap}alert internal error",
            "ssl routines:{gap}no protocols available",
            "ssl routines:{gap}unknown protocol",
            "ssl routines:{gap}http request",
            "ssl routines:{gap}packet length too long",
            "ssl routines:{gap}no suitable signature algorithm",
        ),
        sample="error:0A000410:SSL routines::sslv3 alert handshake failure:ssl/record/rec_layer_s3.c:1586:SSL alert number 40",
        unlike=(
            "error:0A000086:SSL routines::certificate verify failed",
            "TLSv1.3 handshake done",
        ),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
        check="'wrong version number': the peer spoke no TLS where TLS was expected, as on a port for STARTTLS.",
    ),
    Rule(
        cause="tls_cipher",
        texts=("ssl routines:{gap}no shared cipher",),
        sample="error:1417A0C1:SSL routines:tls_post_process_client_hello:no shared cipher:../ssl/statem/statem_srvr.c:1419:",
        unlike=(
            "error:0A00010B:SSL routines::wrong version number",
            "cipher TLS_AES_256_GCM_SHA384 is shared",
        ),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
        check="The server has no certificate of the kind that the client can use (RSA or ECDSA), or no common cipher.",
        suspects=(
            suspects.SERVER_TLS,
            suspects.CLIENT_TLS,
        ),
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "remote error: tls: handshake failure",
            "remote error: tls: protocol version not supported",
            "remote error: tls: internal error",
            "remote error: tls: unrecognized name",
            "tls: first record does not look like a tls handshake",
            "tls: no supported versions satisfy",
            "tls: server selected unsupported protocol version",
            "tls: handshake failure",
        ),
        sample="TLS error: remote error: tls: handshake failure",
        unlike=(
            "remote error: tls: bad certificate",
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        ),
        source=_GO_TLS,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "received fatal alert: handshakefailure",
            "received fatal alert: protocolversion",
            "received fatal alert: internalerror",
            "received fatal alert: illegalparameter",
            "received fatal alert: the peer",
            "peer is incompatible: ",
            "tls handshake eof",
            "ssl_connect syscall returned={number}",
        ),
        sample="failed: tls handshake eof",
        unlike=(
            "invalid peer certificate: UnknownIssuer",
            "SSL_connect returned=1 errno=0 state=error: certificate verify failed",
        ),
        source=f"{_RUSTLS} ; tokio-rs/tokio-rustls src/client.rs ; ruby/openssl ext/openssl/ossl_ssl.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "a tls fatal alert has been received",
            "the tls connection was non-properly terminated",
            "an unexpected tls packet was received",
            "gnutls_handshake: ",
        ),
        sample="TLS session: (gnutls_handshake): The TLS connection was non-properly terminated.",
        unlike=(
            "The certificate is NOT trusted. The certificate issuer is unknown.",
            "TLS session: succeeded",
        ),
        source="gnutls/gnutls lib/errors.c",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (
    Chapter(None, Side.SENDER, _CERTIFICATE),
    Chapter(None, Side.SENDER, _NODE),
    Chapter(None, Side.SENDER, _HANDSHAKE),
)
