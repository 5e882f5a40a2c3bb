"""What Java's TLS says, whichever program runs on it: James, Zimbra's and Domino's tools, gateways, applications."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_JDK: Final = "openjdk/jdk src/java.base/share/classes/sun/security/"

_SENDER: Final = (
    Rule(
        cause="cert_not_verified",
        texts=("unable to find valid certification path to requested target", "pkix path validation failed"),
        sample="PKIX path building failed: unable to find valid certification path to requested target",
        unlike=("PKIX path built", "unable to find a valid path to the file"),
        source=f"{_JDK}validator/PKIXValidator.java, provider/certpath/SunCertPathBuilder.java",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CHAIN, suspects.TRUST_STORE),
    ),
    Rule(
        cause="cert_invalid",
        texts=("no subject alternative dns name matching {host} found", "no name matching {host} found"),
        sample="CertificateException: No subject alternative DNS name matching mx.example.com found.",
        unlike=(
            "no user matching a@example.com found",
            "subject alternative DNS name matching mx.example.com",
        ),
        source=f"{_JDK}util/HostnameChecker.java",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="tls_version",
        texts=("no appropriate protocol (protocol is disabled or cipher suites are inappropriate)",),
        sample="SSLHandshakeException: No appropriate protocol (protocol is disabled or cipher suites are inappropriate)",
        unlike=("no appropriate protocol of the meeting", "SSLHandshakeException: Received fatal alert"),
        source=f"{_JDK}ssl/HandshakeContext.java",
        confidence=Confidence.SOURCE_CODE,
        check="The versions that this Java has switched off (jdk.tls.disabledAlgorithms) and those that it is told to use.",
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "received fatal alert: handshake_failure",
            "received fatal alert: protocol_version",
            "unrecognized ssl message, plaintext connection",
            "unsupported or unrecognized ssl message",
            "remote host terminated the handshake",
            "remote host closed connection during handshake",
        ),
        sample="SSLHandshakeException: Received fatal alert: handshake_failure",
        unlike=("received fatal alert: HandshakeFailure", "SSLHandshakeException: No appropriate protocol"),
        source=f"{_JDK}ssl/Alert.java, SSLSocketInputRecord.java, SSLSocketImpl.java",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (Chapter(None, Side.SENDER, _SENDER),)
