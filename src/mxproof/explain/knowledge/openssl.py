"""The words of OpenSSL, which most mail systems hand on: why a certificate did not verify and why a handshake ended.

    num=65:no matching DANE TLSA records                                  Postfix, from X509_verify_cert_error_string()
    error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported  from ERR_error_string(), OpenSSL 3
    error:1417A0C1:SSL routines:tls_post_process_client_hello:no shared cipher   with the function, OpenSSL 1

The numbers are those of `X509_V_ERR_*`, the reasons those of `SSL_R_*`; they do not change between versions.
"""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_VERIFY: Final = "openssl/openssl crypto/x509/x509_txt.c, include/openssl/x509_vfy.h.in"
_REASONS: Final = "openssl/openssl crypto/err/openssl.txt, ssl/ssl_err.c"

_VERIFICATION: Final = (
    Rule(
        cause="dane_tlsa_mismatch",
        texts=("num=65:", "no matching dane tlsa records"),
        sample="num=65:no matching DANE TLSA records",
        unlike=(
            "certificate verification failed for mx.example.com[192.0.2.1]:25: num=20:unable to get local issuer",
        ),
        source=f"{_VERIFY} (X509_V_ERR_DANE_NO_MATCH)",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=("num=10:certificate has expired", "num=10:", "verify error: certificate has expired"),
        sample="server certificate verification failed for mx.example.com[192.0.2.1]:25: num=10:certificate has expired",
        unlike=("num=100:certificate has a flag",),
        source=f"{_VERIFY} (X509_V_ERR_CERT_HAS_EXPIRED)",
        confidence=Confidence.SOURCE_CODE,
        check="The certificate is out of date; a renewed one may not have been loaded by the server.",
    ),
    Rule(
        cause="cert_not_verified",
        texts=("num=62:", "num=62: hostname mismatch"),
        sample="certificate verification failed for mx.example.com[192.0.2.1]:25: num=62:hostname mismatch",
        unlike=("num=63:email address mismatch",),
        source=f"{_VERIFY} (X509_V_ERR_HOSTNAME_MISMATCH)",
        confidence=Confidence.SOURCE_CODE,
        check="The certificate does not name the host that was wanted.",
    ),
    Rule(
        cause="cert_not_verified",
        texts=("num=18:", "num=19:"),
        sample="certificate verification failed for mx.example.com[192.0.2.1]:25: num=18:self-signed certificate",
        unlike=("num=182:certificate",),
        source=f"{_VERIFY} (DEPTH_ZERO_SELF_SIGNED_CERT, SELF_SIGNED_CERT_IN_CHAIN)",
        confidence=Confidence.SOURCE_CODE,
        check="No public authority signed the certificate.",
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "num=20:",
            "num=21:",
            "num=2:unable",
            "unable to get local issuer certificate",
            ": untrusted issuer ",
        ),
        sample="certificate verification failed for mx.example.com[192.0.2.1]:25: num=20:unable to get local issuer "
        "certificate",
        unlike=("num=200:unable to send", "the issuer of the certificate is trusted"),
        source=f"{_VERIFY} (UNABLE_TO_GET_ISSUER_CERT_LOCALLY) ; postfix src/tls/tls_verify.c",
        confidence=Confidence.SOURCE_CODE,
        check="The issuer is not known to the sender: the server leaves out an intermediate certificate, or the sender's "
        "own list of authorities (smtp_tls_CAfile) is missing or old. If other destinations fail alike, it is the list.",
    ),
)

_HANDSHAKE: Final = (
    Rule(
        cause="tls_handshake",
        texts=(
            "ssl routines:{gap}unsupported protocol",
            "ssl routines:{gap}alert protocol version",
            "ssl routines:{gap}version too low",
            "ssl routines:{gap}wrong ssl version",
            "ssl routines:{gap}no protocols available",
        ),
        sample="TLS library problem: error:0A000102:SSL routines::unsupported protocol:../ssl/statem/statem_lib.c:1987:",
        unlike=("TLS library problem: error:0A0000C1:SSL routines::no shared cipher",),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
        check="The two sides have no TLS version in common.",
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "ssl routines:{gap}no shared cipher",
            "ssl routines:{gap}no ciphers available",
            "ssl routines:{gap}dh key too small",
            "ssl routines:{gap}ee key too small",
            "ssl routines:{gap}no suitable",
            "ssl routines:{gap}alert handshake failure",
            "ssl routines:{gap}alert insufficient security",
        ),
        sample="TLS library problem: error:0A0000C1:SSL routines::no shared cipher:../ssl/statem/statem_srvr.c:2220:",
        unlike=("TLS library problem: error:0A000102:SSL routines::unsupported protocol",),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
        check="The two sides have no cipher, group or key size in common; on the server's side also a missing or "
        "unreadable certificate.",
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "ssl routines:{gap}legacy sigalg disallowed",
            "ssl routines:{gap}wrong signature type",
            "ssl routines:{gap}ca md too weak",
            "ssl routines:{gap}unsafe legacy renegotiation disabled",
        ),
        sample="TLS library problem: error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported:../ssl/t1.c:22:",
        unlike=("TLS library problem: error:0A0000C1:SSL routines::no shared cipher",),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
        check="The other side insists on what OpenSSL no longer takes by default, a signature with SHA-1 or an old "
        "renegotiation: its software is old.",
    ),
    Rule(
        cause="tls_handshake",
        texts=("ssl routines:{gap}wrong version number", "ssl routines:{gap}packet length too long"),
        sample="TLS library problem: error:0A00010B:SSL routines::wrong version number:../ssl/record/ssl3_record.c:354:",
        unlike=("SSL routines::no shared cipher",),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
        check="What came back was no TLS: implicit TLS was spoken to a port for STARTTLS (smtp_tls_wrappermode with port "
        "25 or 587), or something in between answered.",
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "ssl routines:{gap}certificate verify failed",
            "ssl routines:{gap}alert unknown ca",
            "ssl routines:{gap}alert bad certificate",
            "ssl routines:{gap}alert certificate expired",
        ),
        sample="SSL_connect error: error:0A000086:SSL routines::certificate verify failed",
        unlike=("SSL routines::no shared cipher",),
        source=_REASONS,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=("ssl_connect error to {host}", "ssl routines:{gap}alert ", "ssl routines:{gap}unexpected eof"),
        sample="SSL_connect error to mx.example.com[192.0.2.1]:25: -1",
        unlike=("SSL_connect:SSLv3/TLS write client hello",),
        source=f"postfix src/tls/tls_client.c ; {_REASONS}",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (
    Chapter(None, Side.SENDER, _VERIFICATION),
    Chapter(None, Side.SENDER, _HANDSHAKE),
)
