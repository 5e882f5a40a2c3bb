"""Texts of Postfix as receiver, in its replies and in its log."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SOURCE: Final = "vdukhovni/postfix postfix/src/"

_RECEIVER: Final = (
    Rule(
        cause="tls_handshake",
        texts=(
            "ssl_accept error from {host}[{address}]",
            "lost connection after starttls from {host}[{address}]",
        ),
        codes="log",
        sample="SSL_accept error from mail.example.net[192.0.2.9]: -1",
        unlike=(
            "SSL_connect error to mx.example.com[192.0.2.1]:25: lost",
            "lost connection after RCPT from mail.example.net[192.0.2.9]",
        ),
        source=f"{_SOURCE}tls/tls_server.c, smtpd/smtpd.c ; docker-mailserver/docker-mailserver#1369",
        confidence=Confidence.OBSERVED,
        check="This server's own certificate, key, versions and ciphers: the client did not finish TLS with it.",
        suspects=(suspects.SERVER_TLS, suspects.CLIENT_TLS),
        lead=True,
    ),
    Rule(
        cause="ptr_missing",
        texts=(
            "client host rejected: cannot find your reverse hostname",
            "client host rejected: cannot find your hostname",
        ),
        codes="450 4.7.25, 450 4.7.1",
        sample="450 4.7.25 Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
        unlike=(
            "554 5.7.1 Client host rejected: Access denied",
            "450 4.1.8 <a@example.com>: Sender address rejected: Domain not found",
        ),
        source=f"{_SOURCE}smtpd/smtpd_check.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="helo_bad",
        texts=(
            "helo command rejected: host not found",
            "helo command rejected: need fully-qualified hostname",
        ),
        codes="450 4.7.1, 504 5.5.2",
        sample="504 5.5.2 <mail>: Helo command rejected: need fully-qualified hostname",
        unlike=(
            "504 5.5.2 <mail>: Sender address rejected: need fully-qualified address",
            "450 4.7.25 Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
        ),
        source=f"{_SOURCE}smtpd/smtpd_check.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="sender_domain_dns",
        texts=(
            "sender address rejected: domain not found",
            "sender address rejected: domain {gap}does not exist",
        ),
        codes="450 4.1.8, 550 5.1.8",
        sample="450 4.1.8 <a@example.com>: Sender address rejected: Domain not found",
        unlike=(
            "450 4.1.2 <a@example.com>: Recipient address rejected: Domain not found",
            "a@example.com: No MX found for domain",
        ),
        source=f"{_SOURCE}smtpd/smtpd_check.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_required",
        texts=("must issue a starttls command first",),
        codes="530 5.7.0",
        sample="530 5.7.0 Must issue a STARTTLS command first",
        unlike=(
            "530 5.7.0 Must authenticate first",
            "504 5.5.2 <mail>: Helo command rejected: need fully-qualified hostname",
        ),
        source=f"{_SOURCE}smtpd/smtpd_check.c ; RFC 3207 section 4",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_server_error",
        texts=("tls not available due to local problem", "tls not available due to temporary reason"),
        codes="454 4.7.0",
        sample="454 4.7.0 TLS not available due to local problem",
        unlike=(
            "502 5.5.1 Error: command not implemented",
            "TLS it not available or unauthenticated but required",
        ),
        source=f"{_SOURCE}smtpd/smtpd.c ; RFC 3207 section 4",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (Chapter("postfix", Side.RECEIVER, _RECEIVER),)
