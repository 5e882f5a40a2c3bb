"""A certificate that was refused: by this side, in OpenSSL's one error, or by the other, in an alert (RFC 8446 section 6.2).

Whoever logs the alert was told; so in the log of a server it is the server's own certificate that a client did not take, in
that of a client the certificate with which it showed itself.
"""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_OPENSSL: Final = "openssl/openssl ssl/ssl_stat.c, SSL_alert_desc_string_long()"
_GO: Final = "golang/go src/crypto/tls/alert.go"

_OF_CLIENT: Final = (
    Rule(
        cause="connector_cert",
        texts=(
            "ssl routines:{gap}alert certificate required",
            "ssl_connect{gap}alert bad certificate",
            "ssl_connect{gap}alert unknown ca",
            "remote error: tls: certificate required",
            "received fatal alert: certificaterequired",
        ),
        sample="SSL_connect: error:0A00045C:SSL routines::tlsv13 alert certificate required",
        unlike=(
            "SSL_accept: error:0A000418:SSL routines::tlsv1 alert unknown ca",
            "error:0A000410:SSL routines::sslv3 alert handshake failure",
        ),
        source=f"{_OPENSSL} ; {_GO}",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_OF_SERVER: Final = (
    Rule(
        cause="cert_not_verified",
        texts=(
            "ssl routines:{gap}alert unknown ca",
            "ssl routines:{gap}alert bad certificate",
            "ssl routines:{gap}alert certificate unknown",
            "ssl routines:{gap}alert certificate expired",
            "ssl routines:{gap}alert certificate revoked",
            "ssl routines:{gap}alert unsupported certificate",
            "remote error: tls: bad certificate",
            "remote error: tls: unknown certificate authority",
            "remote error: tls: unknown certificate",
            "remote error: tls: expired certificate",
            "received fatal alert: unknownca",
            "received fatal alert: badcertificate",
            "received fatal alert: certificateunknown",
            "received fatal alert: certificateexpired",
        ),
        sample="SSL_accept: error:0A000418:SSL routines::tlsv1 alert unknown ca:ssl/record/rec_layer_s3.c:1605:SSL alert number 48",
        unlike=(
            "error:0A000410:SSL routines::sslv3 alert handshake failure",
            "error:0A000086:SSL routines::certificate verify failed",
        ),
        source=f"{_OPENSSL} ; {_GO} ; rustls/rustls rustls/src/enums.rs",
        confidence=Confidence.SOURCE_CODE,
        check="In the log of a server: the client refused this server's certificate; its name, dates and chain. In that of a "
        "client: the server refused the certificate that the client showed.",
        suspects=(suspects.CHAIN, suspects.TRUST_STORE),
    ),
)

_HERE: Final = (
    Rule(
        cause="cert_not_verified",
        texts=(
            "ssl routines::certificate verify failed",
            "tls_process_server_certificate:certificate verify failed",
            "ssl3_get_server_certificate:certificate verify failed",
        ),
        sample="error:0A000086:SSL routines::certificate verify failed:ssl/statem/statem_clnt.c:1890:",
        unlike=(
            "error:0A000410:SSL routines::sslv3 alert handshake failure",
            "SSL routines: certificate verified",
        ),
        source="openssl/openssl ssl/ssl_err.c (SSL_R_CERTIFICATE_VERIFY_FAILED)",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (
    Chapter(None, Side.SENDER, _OF_CLIENT),
    Chapter(None, Side.SENDER, _OF_SERVER),
    Chapter(None, Side.SENDER, _HERE),
)
