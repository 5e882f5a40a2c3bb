"""Texts of Haraka and ZoneMTA (with WildDuck and mx-connect) as senders."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_HARAKA: Final = "haraka/Haraka outbound/hmail.js"
_CONNECT: Final = "zone-eu/mx-connect lib/get-connection.js"
_RESOLVE: Final = "zone-eu/mx-connect lib/resolve-ip.js, lib/resolve-mx.js"
_ZONE: Final = "zone-eu/zone-mta lib/sender.js"

_NODE_TEXTS: Final = (
    Rule(
        cause="tls_handshake",
        texts=("client network socket disconnected before secure tls connection was established",),
        sample="Error: Client network socket disconnected before secure TLS connection was established",
        unlike=("Error: socket hang up", "a secure TLS connection was established"),
        source="nodejs/node lib/internal/tls/wrap.js",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_HARAKA_TEXTS: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("no such domain: {domain}",),
        sample="bouncing mail: No Such Domain: example.com",
        unlike=(
            "Domain: example.com",
            "No such domain.",
        ),
        source=f"{_HARAKA}:258",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=("nowhere to deliver mail to for domain: {domain}",),
        sample="Nowhere to deliver mail to for domain: example.com",
        unlike=(
            "Delivered mail for domain: example.com",
            "Nowhere to deliver",
        ),
        source=f"{_HARAKA}:244",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_temp",
        texts=("temporary mx lookup error for {domain}",),
        sample="Temporary MX lookup error for example.com",
        unlike=(
            "No MX for example.com",
            "MX lookup for example.com",
        ),
        source=f"{_HARAKA}:228",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="null_mx",
        texts=("sends and receives no email (null mx)",),
        sample="Domain example.com sends and receives no email (NULL MX)",
        unlike=(
            "Domain example.com sends email",
            "No Such Domain: example.com",
        ),
        source=f"{_HARAKA}:277",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=("outbound connection timed out to",),
        sample="Failed to get pool entry: Outbound connection timed out to 192.0.2.1:25",
        unlike=(
            "Ongoing connection failed to 192.0.2.1:25 : ECONNREFUSED",
            "Outbound connection established",
        ),
        source="https://github.com/haraka/Haraka/issues/1897 (outbound/client_pool.js)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_refused",
        texts=("connect econnrefused {gap}:{number}",),
        sample="Ongoing connection failed to 192.0.2.1:25 : Error: connect ECONNREFUSED 192.0.2.1:25",
        unlike=(
            "connect ETIMEDOUT 192.0.2.1:25",
            "econnrefused",
        ),
        source=f"{_HARAKA}:367 ; nodejs/node lib/net.js",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=("connect etimedout {gap}:{number}",),
        sample="Error: connect ETIMEDOUT 192.0.2.1:25",
        unlike=(
            "connect ECONNREFUSED 192.0.2.1:25",
            "etimedout",
        ),
        source=f"{_HARAKA}:367 ; nodejs/node lib/net.js",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("connect ehostunreach {gap}:{number}",),
        sample="Error: connect EHOSTUNREACH 192.0.2.1:25",
        unlike=(
            "connect ETIMEDOUT 192.0.2.1:25",
            "ehostunreach",
        ),
        source=f"{_HARAKA}:367 ; nodejs/node lib/net.js",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("connect enetunreach {address}",),
        sample="Error: connect ENETUNREACH 2001:db8::1:25",
        unlike=(
            "connect EHOSTUNREACH 192.0.2.1:25",
            "enetunreach",
        ),
        source=f"{_HARAKA}:367 ; nodejs/node lib/net.js",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.NETWORK,),
    ),
    Rule(
        cause="starttls_missing",
        texts=("no tls available but required by configuration",),
        sample="No TLS available but required by configuration.",
        unlike=(
            "TLS available",
            "Host failed TLS verification required by configuration.",
        ),
        source=f"{_HARAKA}:563",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=("host failed tls verification required by configuration",),
        sample="Host failed TLS verification required by configuration.",
        unlike=(
            "No TLS available but required by configuration.",
            "Host passed TLS verification",
        ),
        source=f"{_HARAKA}:857",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connection_dropped",
        texts=("closed connection while we were processing mail",),
        sample="Remote end 192.0.2.1:25 closed connection while we were processing mail. Trying next MX.",
        unlike=(
            "Remote end 192.0.2.1:25 accepted the mail.",
            "closed connection after QUIT",
        ),
        source=f"{_HARAKA} ; haraka/Haraka#2520",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("tried all mxs",),
        sample="temp fail for the mail: Tried all MXs",
        unlike=(
            "Tried one MX",
            "Connection to all MXs",
        ),
        source=f"{_HARAKA}:307",
        confidence=Confidence.SOURCE_CODE,
        lead=True,
    ),
)

_ZONEMTA: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("mta-sts policy check failed for {host}[{address}] for {domain}",),
        sample="MTA-STS policy check failed for mx1.example.com[192.0.2.1] for example.com",
        unlike=(
            "MTA-STS policy check passed for mx1.example.com[192.0.2.1] for example.com",
            "DANE verification failed for mx1.example.com",
        ),
        source=f"{_CONNECT}:233 ; https://github.com/zone-eu/zone-mta/issues/431",
        confidence=Confidence.SOURCE_CODE,
        check="Whether the host named is an MX host of the domain, or a relay of the sender, to which the policy does not apply.",
        suspects=(
            suspects.POLICY,
            suspects.ROUTES,
        ),
    ),
    Rule(
        cause="dane_tlsa_mismatch",
        texts=(
            "dane verification failed for {host}",
            "dane verification error for {host}",
        ),
        sample="DANE verification failed for mx.example.com: no record matches",
        unlike=(
            "DANE verification passed for mx.example.com",
            "DANE TLSA lookup failed for mx.example.com",
        ),
        source="zone-eu/mx-connect lib/dane.js:506,527",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_dns",
        texts=("dane tlsa lookup failed for {host}",),
        sample="DANE error: DANE TLSA lookup failed for mx.example.com: queryTlsa",
        unlike=(
            "DANE TLSA lookup for mx.example.com",
            "DANE verification failed for mx.example.com",
        ),
        source=f"{_CONNECT}:315",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "connecting to mx server {host}[{address}] for {domain}: connection timed out",
            "connection timed out when connecting to mx server",
        ),
        sample="Network error when connecting to MX server mx.example.com[192.0.2.1] for example.com: Connection timed out",
        unlike=(
            "Network error when connecting to MX server mx.example.com[192.0.2.1] for example.com: Connection refused",
            "Connection timed out",
        ),
        source=f"{_CONNECT}:91,374",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_refused",
        texts=("connecting to mx server {host}[{address}] for {domain}: connection refused",),
        sample="Network error when connecting to MX server mx.example.com[192.0.2.1] for example.com: Connection refused",
        unlike=(
            "Network error when connecting to MX server mx.example.com[192.0.2.1] for example.com: Connection timed out",
            "Connection refused",
        ),
        source=f"{_CONNECT}:374",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "unable to establish a connection with any of the mail exchange",
            "connecting to mx server {host}[{address}] for {domain}: ",
            "to the mail exchange (mx) server of {domain} failed",
        ),
        sample='Unable to establish a connection with any of the Mail Exchange (MX) servers listed for "example.com"',
        unlike=(
            'No Mail Exchange (MX) servers were found for "example.com"',
            "connected to MX server",
        ),
        source=f"{_CONNECT}:420,473",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=(
            "no mail exchange (mx) servers were found for {domain}",
            "failed to resolve any ip addresses for the mail exchange",
        ),
        sample='No Mail Exchange (MX) servers were found for "example.com"',
        unlike=(
            'Mail Exchange (MX) servers were found for "example.com"',
            "Failed to resolve IP address for mx.example.com of the MX server",
        ),
        source=f"{_CONNECT}:479 ; {_RESOLVE}",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.MX,
            suspects.RESOLVER,
        ),
    ),
    Rule(
        cause="null_mx",
        texts=("it publishes a null mx record",),
        sample="The recipient domain (example.com) does not accept email; it publishes a null MX record (RFC 7505).",
        unlike=(
            "it publishes an MX record",
            "The sender domain is fine",
        ),
        source=f"{_RESOLVE}:73",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=("failed to establish a tls connection to the mx server as requested by policy",),
        sample="Policy error: Failed to establish a TLS connection to the MX server as requested by policy",
        unlike=(
            "Policy error: MTA-STS policy check failed",
            "TLS connection established",
        ),
        source=f"{_ZONE}:51",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (
    Chapter(None, Side.SENDER, _NODE_TEXTS),
    Chapter("haraka", Side.SENDER, _HARAKA_TEXTS),
    Chapter("zonemta", Side.SENDER, _ZONEMTA),
)
