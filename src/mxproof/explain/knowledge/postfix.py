"""Texts of Postfix as sender, in bounces, delay notices and its log."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SOURCE: Final = "vdukhovni/postfix postfix/src/"
_SAMPLES: Final = "sisimai/set-of-emails"

_SENDER: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("mx name {host} does not match sts mx pattern for {domain}",),
        codes="log",
        sample="warning: MX name 'mx1.example.com' does not match STS MX pattern for 'example.com'",
        unlike=(
            "MX name 'mx1.example.com' matches STS MX pattern for 'example.com'",
            "Host or domain name not found. Name service error for name=example.com type=AAAA: Host not found",
        ),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c:197",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_mx_mismatch_or_all_mx_skipped",
        texts=("server unavailable or unable to receive mail",),
        codes="4.3.0",
        sample="status=deferred (server unavailable or unable to receive mail)",
        unlike=(
            "server is able to receive mail",
            "4.7.0 unexpected server message",
        ),
        source=f"{_SOURCE}smtp/smtp_connect.c:1331 ; https://github.com/Zuplu/postfix-tlspol/issues/94",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "server certificate not verified",
            "server certificate not trusted",
            "certificate verification failed for {host}",
        ),
        codes="4.7.5",
        sample="4.7.5 Server certificate not verified",
        unlike=(
            "Verified TLS connection established to mx.example.com[192.0.2.1]:25",
            "5.7.30 Sender requested REQUIRETLS, but this server does not announce REQUIRETLS support",
        ),
        source=f"{_SOURCE}smtp/smtp_proto.c:1348 ; https://github.com/Zuplu/postfix-tlspol/issues/70",
        confidence=Confidence.SOURCE_CODE,
        check="The log line before gives OpenSSL's reason (num=...). With MTA-STS the certificate must match the policy's "
        "patterns (Postfix before 3.10.5) or the MX name.",
    ),
    Rule(
        cause="tls_handshake",
        texts=("cannot start tls: handshake failure",),
        codes="4.7.5",
        sample="4.7.5 Cannot start TLS: handshake failure",
        unlike=(
            "Cannot start TLS engine",
            "4.7.5 TLS is required, but our TLS engine is unavailable",
        ),
        source=f"{_SOURCE}smtp/smtp_proto.c:1276",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_missing",
        texts=("tls is required, but was not offered by host {host}", "tls is required, but unavailable"),
        codes="4.7.4, 4.7.0",
        sample="4.7.4 TLS is required, but was not offered by host mx.example.com[192.0.2.1]",
        unlike=(
            "TLS is required, but our TLS engine is unavailable",
            "4.7.5 TLS is required, but our TLS engine is unavailable",
        ),
        source=f"{_SOURCE}smtp/smtp_proto.c:942,953",
        confidence=Confidence.SOURCE_CODE,
        check="A server may hide STARTTLS from clients that it throttles (seen at hotmail.com in 2021).",
    ),
    Rule(
        cause="sender_config",
        texts=(
            "socketmap:{gap}lookup error for {domain}",
            "tcp:{gap}lookup error for {domain}",
            "policy table lookup error",
        ),
        codes="4.7.5",
        sample='warning: socketmap:inet:127.0.0.1:8461:postfix lookup error for "example.com"',
        unlike=(
            'warning: smtp_tls_policy_maps, next-hop destination "example.com": invalid security level "sekure"',
            "Name service error for name=example.com type=MX: Host not found",
        ),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c:324, global/dict_socketmap.c ; mailcow/mailcow-dockerized PR 6686",
        confidence=Confidence.SOURCE_CODE,
        check="The policy service did not answer Postfix: whether it runs, its log, and the way to it.",
        suspects=(suspects.POLICY_DAEMON,),
    ),
    Rule(
        cause="sender_config",
        texts=(
            "smtp_tls_policy_maps{gap}: invalid security level",
            "smtp_tls_policy_maps{gap}: invalid attribute name",
            "smtp_tls_policy_maps{gap}: malformed attribute/value pair",
            "smtp_tls_policy_maps{gap}: invalid empty policy",
            "smtp_tls_policy_maps{gap}has bad value",
        ),
        codes="4.7.5",
        sample='warning: smtp_tls_policy_maps, next-hop destination "example.com": invalid attribute name: "servernam"',
        unlike=(
            'warning: smtp_tls_policy_maps, next-hop destination "example.com": policy table lookup error',
            "smtp_tls_policy_maps = hash:/etc/postfix/tls_policy",
        ),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c:332-573",
        confidence=Confidence.SOURCE_CODE,
        check="The line names the attribute or the level that Postfix cannot read.",
    ),
    Rule(
        cause="sender_config",
        texts=("tls is required, but our tls engine is unavailable", "client tls configuration problem"),
        codes="4.7.5",
        sample="4.7.5 TLS is required, but our TLS engine is unavailable",
        unlike=(
            "TLS is required, but was not offered by host mx.example.com[192.0.2.1]",
            "TLS is required but unavailable or failed (MTA-STS)",
        ),
        source=f"{_SOURCE}smtp/smtp_proto.c:947, smtp/smtp_tls_policy.c:240",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_dns",
        texts=(
            "tls policy lookup for {domain}/{host}: tlsa lookup error for {host}",
            "tlsa lookup error for {host}",
        ),
        codes="4.7.5",
        sample="4.7.5 TLSA lookup error for mx.example.com:25",
        unlike=(
            "TLSA lookup for mx.example.com:25 succeeded",
            "4.7.5 no TLSA records found",
        ),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c:1100",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_required_unsigned",
        texts=("tls policy lookup for {domain}/{host}: non dnssec destination", "non dnssec destination"),
        codes="4.7.5",
        sample="4.7.5 non DNSSEC destination",
        unlike=(
            "Defer (non-DNSSEC destination)",
            "4.7.5 no TLSA records found",
        ),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c:1086",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_required_no_tlsa",
        texts=("tls policy lookup for {domain}/{host}: no tlsa records found", "no tlsa records found"),
        codes="4.7.5",
        sample="4.7.5 no TLSA records found",
        unlike=("TLSA records found", "4.7.5 TLSA records unusable"),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c:1104",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_unusable",
        texts=("tlsa records unusable",),
        codes="4.7.5",
        sample="4.7.5 TLSA records unusable",
        unlike=(
            "4.7.5 no TLSA records found",
            "4.7.5 TLSA lookup error for mx.example.com:25",
        ),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c:1122",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_temp",
        texts=(
            "name service error for name={host} type={word}: host not found, try again",
            "name service error for domain {host}: host not found, try again",
        ),
        codes="4.4.3",
        sample="Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again",
        unlike=(
            "Name service error for name=example.com type=AAAA: Host not found",
            "Host or domain name not found. Name service error for name=example.com type=AAAA: Host not found",
        ),
        source=f"{_SOURCE}dns/dns_lookup.c:583 ; {_SAMPLES} lhost-postfix-34.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_invalid",
        texts=("name service error for name={host} type={word}: malformed or unexpected name server reply",),
        codes="5.4.4",
        sample="Name service error for name=example.com type=MX: Malformed or unexpected name server reply",
        unlike=(
            "Name service error for name=example.com type=MX: Host not found",
            "Host or domain name not found. Name service error for name=example.com type=AAAA: Host not found",
        ),
        source=f"{_SOURCE}dns/dns_lookup.c:1139 ; {_SAMPLES} rhost-aol-06.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=(
            "name service error for name={host} type={word}: host not found",
            "name service error for domain {host}: host not found",
        ),
        codes="5.4.4",
        sample="Host or domain name not found. Name service error for name=example.com type=AAAA: Host not found",
        unlike=(
            "Host name found for name=example.com",
            "Name service error for name=example.com type=AAAA: Host found but no data record of requested type",
        ),
        source=f"{_SOURCE}dns/dns_lookup.c:583 ; {_SAMPLES} lhost-postfix-06.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=(
            "name service error for name={host} type={word}: host found but no data record",
            "name service error for name={host} type={word}: host found",
        ),
        codes="5.4.4",
        sample="Name service error for name=example.com type=AAAA: Host found but no data record of requested type",
        unlike=(
            "Name service error for name=example.com type=AAAA: Host not found",
            "Name service error for name=example.com type=MX: Host not found, try again",
        ),
        source=f"{_SOURCE}dns/dns_lookup.c:583 ; mailcow/mailcow-dockerized#1645",
        confidence=Confidence.SOURCE_CODE,
        check="The name exists and has no record of this type: with inet_protocols = ipv6 only AAAA counts, and a resolver "
        "may keep records back.",
        suspects=(suspects.MX, suspects.RESOLVER),
    ),
    Rule(
        cause="null_mx",
        texts=("domain {domain} does not accept mail (nullmx)",),
        codes="5.1.0",
        sample="5.1.0 Domain example.com does not accept mail (nullMX)",
        unlike=(
            "Domain example.com accepts mail",
            "a@example.com: Domain does not exist",
        ),
        source=f"{_SOURCE}dns/dns_lookup.c:1145",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=("unable to find primary relay for {domain}",),
        codes="4.4.4",
        sample="4.4.4 unable to find primary relay for example.com",
        unlike=(
            "found primary relay for example.com",
            "5.4.6 mail for example.com loops back to myself",
        ),
        source=f"{_SOURCE}smtp/smtp_addr.c:660",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=("ssl_connect error to {host}[{address}]:{number}:", "ssl_connect error to {host}"),
        codes="log",
        sample="SSL_connect error to mx.example.com[192.0.2.1]:25: -1",
        unlike=("SSL_accept error from mail.example.net[192.0.2.9]: -1", "SSL_connect to mx.example.com"),
        source=f"{_SOURCE}tls/tls_client.c",
        confidence=Confidence.SOURCE_CODE,
        lead=True,
    ),
    Rule(
        cause="mx_loop",
        texts=("mail for {domain} loops back to myself",),
        codes="5.4.6",
        sample="5.4.6 mail for example.com loops back to myself",
        unlike=(
            "554 5.4.6 Too many hops",
            "4.4.4 unable to find primary relay for example.com",
        ),
        source=f"{_SOURCE}smtp/smtp_addr.c:663",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "connect to {host}[{address}]:{number}: connection timed out",
            "connect to {host}[{address}]:{number}: connection refused",
            "connect to {host}[{address}]:{number}: no route to host",
            "connect to {host}[{address}]: connection timed out",
            "connect to {host}[{address}]: connection refused",
            "connect to {host}[{address}]: no route to host",
        ),
        codes="4.4.1",
        sample="connect to mx.example.com[2001:db8::1]:25: Connection timed out",
        unlike=(
            "connect to mx.example.com[192.0.2.1]:25: Permission denied",
            "Cannot connect to mx.example.com: Connection timed out",
        ),
        source=f"{_SOURCE}smtp/smtp_connect.c:335 ; {_SAMPLES} lhost-postfix-37.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="requiretls",
        texts=("sender requested requiretls, but",),
        codes="5.7.30, 5.7.10",
        sample="5.7.30 Sender requested REQUIRETLS, but this server does not announce REQUIRETLS support",
        unlike=(
            "550 5.7.30 This mail has been blocked because DKIM does not pass.",
            "4.7.5 Server certificate not verified",
        ),
        source=f"{_SOURCE}smtp/smtp_proto.c:694,882",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connection_dropped",
        texts=(
            "lost connection with {host}[{address}] while performing the",
            "lost connection with {host}[{address}] while receiving the initial server greeting",
            "lost connection with {host}[{address}] while sending",
        ),
        codes="4.4.2",
        sample="lost connection with mx.example.com[192.0.2.1] while performing the TLS handshake",
        unlike=(
            "lost connection after AUTH from unknown[192.0.2.1]",
            "conversation with mx.example.com[192.0.2.1] timed out while receiving the initial server greeting",
        ),
        source=f"{_SOURCE}smtp/smtp_trouble.c ; {_SAMPLES} lhost-postfix-56.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=("conversation with {host}[{address}] timed out while receiving the initial server greeting",),
        codes="4.4.2",
        sample="conversation with mx.example.com[192.0.2.1] timed out while receiving the initial server greeting",
        unlike=(
            "lost connection with mx.example.com[192.0.2.1] while receiving the initial server greeting",
            "conversation with mx.example.com[192.0.2.1] timed out while sending message body",
        ),
        source=f"{_SOURCE}smtp/smtp_trouble.c",
        confidence=Confidence.SOURCE_CODE,
        check="The connection came about and no greeting followed: a server without workers, or a filter before it.",
    ),
    Rule(
        cause="connection_dropped",
        texts=("conversation with {host}[{address}] timed out while",),
        codes="4.4.2",
        sample="conversation with mx.example.com[192.0.2.1] timed out while sending message body",
        unlike=(
            "conversation with mx.example.com[192.0.2.1] ended",
            "connect to mx.example.com[2001:db8::1]:25: Connection timed out",
        ),
        source=f"{_SOURCE}smtp/smtp_trouble.c",
        confidence=Confidence.SOURCE_CODE,
        check="Packets of full size may be lost on the way: path MTU discovery, with ICMP let through.",
    ),
    Rule(
        cause="smtp_smuggling_or_bdat",
        texts=("unexpected server message",),
        codes="4.7.0",
        sample="4.7.0 unexpected server message",
        unlike=(
            "Malformed or unexpected name server reply",
            "Name service error for name=example.com type=MX: Malformed or unexpected name server reply",
        ),
        source=f"{_SOURCE}smtp/smtp_proto.c:2286",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (Chapter("postfix", Side.SENDER, _SENDER),)
