"""What the operating system says of a connection and what resolvers say of a name, in the words of BSD, Linux and Go."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_BSD: Final = "freebsd/freebsd-src lib/libc/gen/errlst.c (ETIMEDOUT, EHOSTDOWN)"
_GO: Final = "golang/go src/net/net.go, src/net/dnsclient_unix.go"
_CARES: Final = "zone-eu/mx-connect lib/dns-errors.js (the words of c-ares)"
_POSIX: Final = "the words of POSIX strerror(), which most mail systems hand on"

_GO_NETWORK: Final = (
    Rule(
        cause="mtasts_fetch",
        texts=(
            "https://mta-sts.{gap}i/o timeout",
            "https://mta-sts.{gap}connection refused",
            "https://mta-sts.{gap}dial tcp",
            "https://mta-sts.{gap}x509: ",
            "https://mta-sts.{gap}no such host",
            "https://mta-sts.{gap}context deadline exceeded",
        ),
        sample='Get "https://mta-sts.example.com/.well-known/mta-sts.txt": dial tcp 192.0.2.1:443: i/o timeout',
        unlike=(
            'Get "https://www.example.com/": dial tcp 192.0.2.1:443: i/o timeout',
            "https://mta-sts.example.com/.well-known/mta-sts.txt: 200 OK",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "dial tcp {gap}i/o timeout",
            "dial tcp {gap}connection timed out",
            "dial tcp {gap}context deadline exceeded",
            "error dialing remote address: {gap}timeout",
        ),
        sample="dial tcp 192.0.2.1:25: i/o timeout",
        unlike=(
            "dial tcp 192.0.2.1:25: connect: connection refused",
            "read tcp 192.0.2.2:41000->192.0.2.1:25: i/o timeout",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_refused",
        texts=("dial tcp {gap}connection refused",),
        sample="dial tcp 192.0.2.1:25: connect: connection refused",
        unlike=(
            "dial tcp 192.0.2.1:25: i/o timeout",
            "dial tcp: missing address",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "dial tcp {gap}network is unreachable",
            "dial tcp {gap}cannot assign requested address",
        ),
        sample="dial tcp [2001:db8::1]:25: connect: network is unreachable",
        unlike=(
            "dial tcp [2001:db8::1]:25: connect: no route to host",
            "dial tcp 192.0.2.1:25: i/o timeout",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.NETWORK,),
    ),
    Rule(
        cause="connect_failure",
        texts=("dial tcp {gap}no route to host",),
        sample="dial tcp 192.0.2.1:25: connect: no route to host",
        unlike=(
            "dial tcp [2001:db8::1]:25: connect: network is unreachable",
            "dial tcp 192.0.2.1:25: i/o timeout",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=(
            "lookup {host} on {gap}no such host",
            "lookup {host}: no such host",
        ),
        sample="lookup example.com on 192.0.2.53:53: no such host",
        unlike=(
            "lookup example.com on 192.0.2.53:53: server misbehaving",
            "no such host in the table",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_temp",
        texts=(
            "lookup {host} on {gap}server misbehaving",
            "lookup {host}: server misbehaving",
            "lookup {host} on {gap}read udp",
            "lookup {host}: i/o timeout",
            "lookup {host} on {gap}dial udp",
        ),
        sample="lookup example.com on 192.0.2.53:53: server misbehaving",
        unlike=(
            "lookup example.com on 192.0.2.53:53: no such host",
            "lookup of the user failed",
        ),
        source=_GO,
        confidence=Confidence.SOURCE_CODE,
    ),
)

_RESOLVERS: Final = (
    Rule(
        cause="dns_temp",
        texts=(
            "dns server returned general failure",
            "dns server refused query",
            "timeout while contacting dns servers",
            "querymx eservfail",
            "querymx etimeout",
            "querymx erefused",
            "queryn eservfail",
            "rcode servfail when looking up {host}",
        ),
        sample="DNS server returned general failure",
        unlike=(
            "DNS server returned answer with no data",
            "queryMx ENOTFOUND example.com",
        ),
        source=f"{_CARES} ; nodejs/node lib/internal/dns/utils.js ; foxcpp/maddy framework/dns/resolver.go",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_temp",
        texts=(
            "could not contact dns servers",
            "querymx econnrefused",
        ),
        sample="DNS Error: Could not contact DNS servers",
        unlike=(
            "DNS server refused query",
            "Could not contact the mail server",
        ),
        source=_CARES,
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.RESOLVER,),
    ),
    Rule(
        cause="mx_no_address",
        texts=(
            "dns server returned answer with no data",
            "querymx enodata",
            "domain not found: noerror",
        ),
        sample="DNS server returned answer with no data",
        unlike=(
            "DNS server returned general failure",
            "queryMx ENOTFOUND example.com",
        ),
        source=_CARES,
        confidence=Confidence.SOURCE_CODE,
        check="The name exists and has no record of the type that was asked for: this is not a name that does not exist.",
        suspects=(
            suspects.MX,
            suspects.RESOLVER,
        ),
    ),
    Rule(
        cause="dns_nxdomain",
        texts=(
            "querymx enotfound",
            "rcode nxdomain when looking up {host}",
            "domain not found: nxdomain",
        ),
        sample="MX Lookup for example.com failed: Error: queryMx ENOTFOUND example.com",
        unlike=(
            "queryMx ENODATA example.com",
            "user not found: nobody",
        ),
        source=f"{_CARES} ; stalwartlabs/stalwart crates/smtp/src/outbound/mod.rs",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_ERRORS: Final = (
    Rule(
        cause="connect_failure",
        texts=(
            "connect to {host}[{address}]:{number}: network is unreachable",
            "connect to {host}[{address}]: network is unreachable",
            "defer ({number}): network is unreachable",
            "defer ({number}) h={host} [{address}]: network is unreachable",
            "deferred: network is unreachable",
        ),
        sample="connect to mx.example.com[2001:db8::1]:25: Network is unreachable",
        unlike=(
            "connect to mx.example.com[192.0.2.1]:25: Connection timed out",
            "the network is unreachable for us",
        ),
        source="vdukhovni/postfix postfix/src/smtp/smtp_connect.c:335 ; Exim/exim src/src/transports/smtp.c",
        confidence=Confidence.SOURCE_CODE,
        check="The machine has no route to this address at all, as without IPv6: other addresses decide.",
        suspects=(suspects.NETWORK,),
    ),
    Rule(
        cause="connect_refused",
        texts=(
            "connect to 127.0.0.1[127.0.0.1]:{number}: connection refused",
            "connect to localhost[127.0.0.1]:{number}: connection refused",
            "connect to localhost[::1]:{number}: connection refused",
            "connect to ::1[::1]:{number}: connection refused",
        ),
        sample="connect to 127.0.0.1[127.0.0.1]:10024: Connection refused",
        unlike=(
            "connect to mx.example.com[192.0.2.1]:25: Connection refused",
            "connect to 127.0.0.1[127.0.0.1]:10024: Permission denied",
        ),
        source="vdukhovni/postfix postfix/src/smtp/smtp_connect.c:335",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CONTENT_FILTER,),
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "connect to {host}[{address}]:{number}: operation timed out",
            "defer ({number}): operation timed out",
            "defer ({number}) h={host} [{address}]: operation timed out",
            "operation timed out: retry timeout exceeded",
        ),
        sample="== a@example.com R=dnslookup T=remote_smtp defer (60): Operation timed out",
        unlike=(
            "== a@example.com R=dnslookup T=remote_smtp defer (61): Connection refused",
            "operation timed out",
        ),
        source=_BSD,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "connect to {host}[{address}]:{number}: host is down",
            "defer ({number}): host is down",
            "deferred: host is down",
            "defer ({number}) h={host} [{address}]: host is down",
        ),
        sample="connect to mx.example.com[192.0.2.1]:25: Host is down",
        unlike=(
            "connect to mx.example.com[192.0.2.1]:25: Connection refused",
            "the host is down for maintenance",
        ),
        source=_BSD,
        confidence=Confidence.SOURCE_CODE,
    ),
)

_GENERAL: Final = (
    Rule(
        cause="connect_timeout",
        texts=(
            "operation timed out",
            "i/o timeout",
            "context deadline exceeded",
        ),
        sample="unable to reach the server: Operation timed out",
        unlike=(
            "Operation not permitted",
            "no time-out at all",
        ),
        source=_BSD,
        confidence=Confidence.DOCUMENTED,
        lead=True,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "host is down",
            "no route to host",
            "network is unreachable",
        ),
        sample="unable to reach it: No route to host",
        unlike=(
            "the host is up",
            "route to host found",
        ),
        source=_POSIX,
        confidence=Confidence.DOCUMENTED,
        lead=True,
    ),
    Rule(
        cause="connection_dropped",
        texts=(
            "connection reset by peer",
            "connection closed unexpectedly",
        ),
        sample="Connection reset by peer",
        unlike=(
            "Connection closed",
            "peer connected",
        ),
        source=_POSIX,
        confidence=Confidence.DOCUMENTED,
        lead=True,
    ),
    Rule(
        cause="cert_not_verified",
        texts=("starttls={number} quit={number} commands={number}",),
        sample="disconnect from mail.example.net[192.0.2.9] ehlo=1 starttls=1 quit=1 commands=3",
        unlike=(
            "disconnect from mail.example.net[192.0.2.9] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7",
            "disconnect from mail.example.net[192.0.2.9] ehlo=1 quit=1 commands=2",
        ),
        source="vdukhovni/postfix postfix/src/smtpd/smtpd.c, the counts of commands ; https://iter.ca/post/dropped-email",
        confidence=Confidence.OBSERVED,
        check="A client that began TLS and left at once did not like the certificate: compare TLSA records, names and chain.",
        lead=True,
        suspects=(
            suspects.TLSA,
            suspects.CHAIN,
        ),
    ),
)

CHAPTERS: Final = (
    Chapter(None, Side.SENDER, _GO_NETWORK),
    Chapter(None, Side.SENDER, _RESOLVERS),
    Chapter(None, Side.SENDER, _ERRORS),
    Chapter(None, Side.UNKNOWN, _GENERAL),
)
