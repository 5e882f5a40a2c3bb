"""Words about how the servers behind port 25 behave."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_TALK = ("openssl s_client -starttls smtp -connect mx.example.com:25 </dev/null",)
_GREETING = ("nc -w 30 mx.example.com 25 </dev/null",)

ENTRIES = (
    FindingWords(
        code=Code.SMTP_RATE_LIMITED,
        severity=Severity.NOTICE,
        title="The server limits this client",
        summary="MX host {host} turned this client away for its number of connections: {seen:each}",
        detail="Seen at {addresses}. Its words are about a limit, and not about a fault of the server.",
        why="A check opens several connections, and more of them where it is repeated. What other clients get is not known "
        "from here. A sender that meets the limit tries again later.",
        fix=(
            "Wait some minutes and check again. If senders in your log meet the limit as well, raise it, or leave those out of it that send much.",
        ),
        rfc=("RFC 5321 section 4.5.4.1", "RFC 5321 section 3.8"),
        verify=_GREETING,
    ),
    FindingWords(
        code=Code.SMTP_TARPIT,
        severity=Severity.NOTICE,
        title="The server begins to greet and does not come to an end",
        summary="MX host {host} has begun to greet, and its greeting did not end in time",
        detail="Seen at {addresses}: something listens and speaks, so the line is not what is wrong.",
        why="Some servers greet byte by byte to hold on to clients that they take for spammers. Senders wait up to five "
        "minutes for a greeting, and some for less than one.",
        fix=(
            "See why this client is held up: a tarpit for addresses on a list, or a server that is out of processes.",
        ),
        rfc=("RFC 5321 section 4.5.3.2.1",),
        verify=_GREETING,
    ),
    FindingWords(
        code=Code.SMTP_GREETING_SLOW,
        severity=Severity.NOTICE,
        title="The server greets late",
        summary="MX host {host} takes {slowest_ms} ms to greet",
        detail="Seen at {addresses}, from the connection to the end of the greeting.",
        why="A pause before the greeting may be meant, to find out clients that speak too early. More often the server looks "
        "up the name of the client, or a list, and waits for an answer that never comes. Senders hold a connection open for "
        "as long, and some give up.",
        fix=(
            "Where the pause is not meant, see which look-up the server waits for: on the server, ask for the reverse name of a client and time it.",
        ),
        rfc=("RFC 5321 section 4.5.3.2.1",),
        verify=_GREETING,
    ),
    FindingWords(
        code=Code.STARTTLS_MASKED,
        severity=Severity.WARNING,
        title="A firewall makes extensions of the server illegible",
        summary="MX host {host} offers {seen} in place of extensions, and no STARTTLS",
        detail="Seen at {addresses}. No server calls an extension so: a firewall that inspects mail writes it over what it does not "
        "know or does not let pass.",
        why="The server itself may offer STARTTLS, and nobody can use it. Its own log and its configuration show nothing wrong.",
        fix=(
            (
                "Turn the inspection of SMTP off at the firewall before the host, or let TLS pass; on a Cisco ASA:\n"
                "    policy-map global_policy\n     class inspection_default\n      no inspect esmtp"
            ),
        ),
        rfc=("RFC 3207 section 6",),
        verify=_TALK,
    ),
    FindingWords(
        code=Code.SMTP_NAME_OTHER,
        severity=Severity.NOTICE,
        title="The server calls itself by another name",
        summary="MX host {host} calls itself {names}",
        detail="Seen at {addresses}. That is neither the MX name nor a reverse name of the address, and the certificate does "
        "not have it; or it is no full host name.",
        why="Mail to the server arrives all the same. Where it sends mail under that name, receivers compare it with the "
        "reverse name and hold it against the mail.",
        fix=("Set the name of the mail server to {host}, in Postfix:\n    postconf -e myhostname={host}",),
        rfc=("RFC 5321 section 4.1.1.1", "RFC 5321 section 4.3.1"),
        verify=_TALK,
    ),
    FindingWords(
        code=Code.SMTP_EXTENSIONS_DIFFER,
        severity=Severity.NOTICE,
        title="The servers do not take the same mail",
        summary="The mail servers of {domain} differ in what mail they take",
        detail="What not all of them offer: {seen:each}.",
        why="Mail with addresses or content of its own kind, or of a certain size, arrives by one server and comes back from "
        "another. Whoever tries to understand it finds no pattern.",
        fix=(
            "Set the limits and extensions of all servers alike; a backup should take whatever the others take.",
        ),
        rfc=("RFC 1870 section 6", "RFC 6531 section 3.5", "RFC 8689 section 4.2.1"),
        verify=_TALK,
    ),
    FindingWords(
        code=Code.SMTP_OK,
        severity=Severity.OK,
        title="The mail server takes mail over TLS",
        summary="MX host {host} takes mail over {versions}",
        detail="Seen at {addresses}. It offers {offered}.",
        why="This is how it should be. The finding exists so that you can see what was examined, and which extensions a "
        "sender may use: SIZE is the largest message in bytes, SMTPUTF8 stands for addresses beyond ASCII, REQUIRETLS for "
        "mail that must not go on in clear text.",
        rfc=("RFC 5321 section 4.1.1.1", "RFC 3207 section 4"),
        verify=_TALK,
    ),
)
