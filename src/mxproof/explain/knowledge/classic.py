"""Texts of Sendmail and qmail."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SENDMAIL: Final = "sendmail 8.17.1.9 "
_QMAIL: Final = "notqmail/notqmail qmail-remote.c"
_QMAIL_TLS: Final = "sagredo-dev/qmail qmail-remote.c (the TLS patch), tls_init"
_SAMPLES: Final = "sisimai/set-of-emails"

_SENDMAIL_SENDER: Final = (
    Rule(
        cause="cert_not_verified",
        texts=("403 4.7.0 server not authenticated", "403 4.7.0 not authenticated"),
        codes="403 4.7.0",
        sample="Deferred: 403 4.7.0 server not authenticated by its certificate",
        unlike=("Deferred: 403 4.7.0 TLS handshake failed.", "530 5.7.0 client not authenticated"),
        source=f"{_SENDMAIL}sendmail/deliver.c:3510, cf/m4/proto.m4",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=("403 4.7.0 tls handshake failed",),
        codes="403 4.7.0",
        sample="Deferred: 403 4.7.0 TLS handshake failed.",
        unlike=(
            "450 4.7.0 TLS handshake succeeded",
            "stat=Deferred: Connection reset by mx.example.com.",
        ),
        source=f"{_SENDMAIL}sendmail/deliver.c:3510, cf/m4/proto.m4",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_cert_name",
        texts=("450 {domain} not listed in sans",),
        codes="450 4.7.0",
        sample="450 mx.example.com not listed in SANs",
        unlike=(
            "450 mx.example.com listed in SANs",
            "450 mx.example.com not found in mx1.example.com,mx2.example.com",
        ),
        source=f"{_SENDMAIL}cf/m4/proto.m4:2752",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_lookup",
        texts=("450 sts lookup temp fail",),
        codes="450 4.7.0",
        sample="450 STS lookup temp fail",
        unlike=(
            "450 lookup succeeded",
            "450 mx.example.com not listed in SANs",
        ),
        source=f"{_SENDMAIL}cf/m4/proto.m4:2765",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("450 {domain} not found in {word}",),
        codes="450 4.7.0",
        sample="450 mx.example.com not found in mx1.example.com,mx2.example.com",
        unlike=("450 mailbox not found in this directory of users", "550 mx.example.com not found in DNS"),
        source=f"{_SENDMAIL}cf/m4/proto.m4:2803",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_temp",
        texts=(
            "can not check mx records for recipient host",
            "deferred: name server: {domain}: host name lookup failure",
        ),
        codes="450 4.4.0, 4.4.3",
        sample="Deferred: Name server: example.com.: host name lookup failure",
        unlike=(
            "Deferred: Connection refused by example.com.",
            "550 5.1.2 <a@example.com>... Host unknown (Name server: example.com.: host not found)",
        ),
        source=f"{_SENDMAIL}cf/m4/proto.m4:1775 ; sisimai/p5-sisimai lib/Sisimai/Lhost/Sendmail.pm:132",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=(
            "host unknown (name server: {domain}: host not found)",
            "host unknown (authoritative answer from name server)",
            "host unknown (name server: {domain}: no data known)",
        ),
        codes="550 5.1.2",
        sample="550 5.1.2 <a@example.com>... Host unknown (Name server: example.com.: host not found)",
        unlike=(
            "550 5.1.1 <a@example.com>... User unknown",
            "Deferred: Name server: example.com.: host name lookup failure",
        ),
        source=f"{_SENDMAIL}sendmail/domain.c ; {_SAMPLES} lhost-sendmail-24.eml, lhost-v5sendmail-02.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "deferred: connection timed out",
            "deferred: operation timed out",
            "deferred: connection refused",
            "deferred: no route to host",
        ),
        codes="4.4.7, 4.4.1",
        sample="<a@example.com>... Deferred: Connection refused by mx.example.com.",
        unlike=(
            "Deferred: 421 4.3.2 try again later",
            "stat=Deferred: Connection reset by mx.example.com.",
        ),
        source=f"{_SAMPLES} lhost-v5sendmail-01.eml, lhost-sendmail-21.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connection_dropped",
        texts=("deferred: connection reset by",),
        codes="4.4.2",
        sample="stat=Deferred: Connection reset by mx.example.com.",
        unlike=(
            "Deferred: Connection refused by mx.example.com.",
            "<a@example.com>... Deferred: Connection refused by mx.example.com.",
        ),
        source=f"{_SENDMAIL}sendmail/err.c, sm_errstring(): ECONNRESET",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_SENDMAIL_RECEIVER: Final = (
    Rule(
        cause="ptr_missing",
        texts=(
            "relaying denied. ip name lookup failed",
            "relaying denied. ip name possibly forged",
            "access denied. ip name lookup failed",
        ),
        codes="550 5.7.1, 450 4.7.1",
        sample="550 5.7.1 <a@example.com>... Relaying denied. IP name lookup failed [192.0.2.1]",
        unlike=(
            "550 5.7.1 <a@example.com>... Relaying denied",
            "550 5.7.1 bogus HELO name used: localhost",
        ),
        source=f"{_SENDMAIL}cf/m4/proto.m4:2328 ; {_SAMPLES} lhost-sendmail-08.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="helo_bad",
        texts=("bogus helo name used",),
        codes="550 5.7.1",
        sample="550 5.7.1 bogus HELO name used: localhost",
        unlike=(
            "550 5.7.1 good HELO name used",
            "550 5.7.1 <a@example.com>... Relaying denied. IP name lookup failed [192.0.2.1]",
        ),
        source=f"{_SENDMAIL}cf/m4/proto.m4:2456",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_QMAIL_SENDER: Final = (
    Rule(
        cause="dns_temp",
        texts=("cname lookup failed temporarily. (#4.4.3)", "couldn't find any host by that name. (#4.1.2)"),
        codes="4.4.3, 4.1.2",
        sample="CNAME lookup failed temporarily. (#4.4.3)",
        unlike=(
            "CNAME lookup succeeded (#2.0.0)",
            "failed to lookup 'example.com': no MX record found.",
        ),
        source=_QMAIL,
        confidence=Confidence.SOURCE_CODE,
        check="qmail without patches fails on DNS answers of more than 512 bytes.",
    ),
    Rule(
        cause="dns_nxdomain",
        texts=(
            "sorry, i couldn't find any host named {domain} (#5.1.2)",
            "sorry, i couldn't find any host named",
        ),
        codes="5.1.2",
        sample="Sorry, I couldn't find any host named example.com. (#5.1.2)",
        unlike=(
            "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)",
            "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
        ),
        source=_QMAIL,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=("sorry, i couldn't find a mail exchanger or ip address",),
        codes="5.4.4",
        sample="Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)",
        unlike=(
            "Sorry, I couldn't find any host named example.com. (#5.1.2)",
            "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
        ),
        source=_QMAIL,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("sorry, i wasn't able to establish an smtp connection",),
        codes="4.4.1",
        sample="Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
        unlike=(
            "Sorry, I wasn't able to deliver your message",
            "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)",
        ),
        source=_QMAIL,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_loop",
        texts=("although i'm listed as a best-preference mx",),
        codes="5.4.6",
        sample="Sorry. Although I'm listed as a best-preference MX or A for that host, it isn't in my control/locals "
        "file, so I don't treat it as local. (#5.4.6)",
        unlike=(
            "Sorry. Message is looping within cluster, giving up. (#5.4.6)",
            "Sorry, I couldn't find any host named example.com. (#5.1.2)",
        ),
        source=_QMAIL,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connection_dropped",
        texts=("connected to {address} but connection died",),
        codes="4.4.2",
        sample="Connected to 192.0.2.1 but connection died. (#4.4.2)",
        unlike=(
            "Connected to 192.0.2.1 but my name was rejected.",
            "dial tcp 192.0.2.1:25: connect: connection refused",
        ),
        source=_QMAIL,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=("tls connect failed: ", "tls connect failed; connected to {address}"),
        codes="4.7.x",
        sample="TLS connect failed: no common version; connecting to 192.0.2.1.",
        unlike=(
            "TLS connect succeeded",
            "No TLS achieved while control/tlshosts/mx.example.com.pem exists; connecting to 192.0.2.1.",
        ),
        source=_QMAIL_TLS,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=("tls unable to verify server",),
        sample="TLS unable to verify server mx.example.com: certificate contains no matching dNSNnames; connected to "
        "192.0.2.1.",
        unlike=(
            "TLS connect failed: timed out",
            "TLS connect failed: error:0A000086:SSL routines::certificate verify failed; connecting to 192.0.2.1.",
        ),
        source=_QMAIL_TLS,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_missing",
        texts=("no tls achieved while", "starttls rejected while"),
        sample="No TLS achieved while control/tlshosts/mx.example.com.pem exists; connecting to 192.0.2.1.",
        unlike=(
            "TLS achieved with 192.0.2.1",
            "TLS connect failed: error:0A000086:SSL routines::certificate verify failed; connecting to 192.0.2.1.",
        ),
        source=_QMAIL_TLS,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="queue_expired",
        texts=("this message has been in the queue too long",),
        sample="I'm not going to try again; this message has been in the queue too long.",
        unlike=(
            "this message is in the queue",
            "421 4.7.29 Your email has been rate limited because this message wasn't sent over a TLS connection.",
        ),
        source="sisimai/p5-sisimai lib/Sisimai/Lhost/qmail.pm:69",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (
    Chapter("sendmail", Side.SENDER, _SENDMAIL_SENDER),
    Chapter("sendmail", Side.RECEIVER, _SENDMAIL_RECEIVER),
    Chapter("qmail", Side.SENDER, _QMAIL_SENDER),
)
