"""Words about port 25 and STARTTLS."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_POLICY = "RFC 8461 section 4.2"
_STARTTLS = "RFC 3207 section 4"
_CONNECT = (
    "openssl s_client -starttls smtp -connect mx.example.com:25 -servername mx.example.com </dev/null",
)
_NEXT = "Senders try the next address and the next host; where all are like this, mail waits in queues and comes back."
_PLAIN = (
    "A sender that enforces your policy, or that finds TLSA records, does not deliver without TLS. Others send the mail "
    "in the clear, readable to everyone on the way."
)

ENTRIES = (
    FindingWords(
        code=Code.PORT_25_BLOCKED,
        severity=Severity.WARNING,
        title="Port 25 is blocked from here",
        summary="None of {count} addresses could be reached on port 25, so it is most likely blocked from here",
        detail="Many networks let no one out to port 25. Nothing can be said of STARTTLS and certificates from this "
        "place.",
        why="This says something about the place where the check ran, not about your servers.",
        fix=(
            (
                "Run the check where port 25 is open, for instance on a mail server, and read the result here:"
                "\n    ssh SERVER mxproof collect {domain} | mxproof replay -"
            ),
        ),
        rfc=("RFC 5321 section 3.1",),
        verify=("nc -vz mx.example.com 25",),
    ),
    FindingWords(
        code=Code.SMTP_UNREACHABLE,
        severity=Severity.WARNING,
        title="An MX host refuses connections",
        summary="MX host {host} refuses connections to port 25 at {addresses}",
        detail="Seen: {seen}. Other connections from here came through.",
        why=_NEXT,
        fix=(("Let the mail server listen on port 25 of {addresses} and open the firewall for everyone."),),
        ways={
            "withdraw": (
                "If no mail server is meant to be there, remove these address records of {host}:{address_records:block}",
            )
        },
        rfc=("RFC 5321 section 3.1", "RFC 5321 section 5.1"),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.SMTP_UNANSWERED,
        severity=Severity.WARNING,
        title="An MX host does not answer",
        summary="MX host {host} does not answer on port 25 at {addresses}: {seen}",
        detail="So nothing is known of STARTTLS and the certificate there. It may be the server, a firewall, or the "
        "way from here.",
        why=_NEXT,
        fix=(
            (
                "See from another network whether port 25 of {addresses} answers, and whether the greeting comes within a "
                "few seconds. Remove address records that are not in use."
            ),
        ),
        rfc=("RFC 5321 section 3.1",),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.SMTP_TURNED_AWAY,
        severity=Severity.WARNING,
        title="An MX host turns the client away",
        summary="MX host {host} turns the client away at {addresses}",
        detail="Seen: {seen}. No session was possible, so nothing is known of STARTTLS and the certificate. "
        "The server may only dislike the place where this check ran.",
        why=_NEXT,
        fix=(
            (
                "If the server should take mail from everyone, look into its log for this moment: a block list, a limit "
                "of connections, a demand on the name in EHLO. If only this place is turned away, run the check elsewhere."
            ),
        ),
        rfc=("RFC 5321 section 3.1", "RFC 5321 section 4.2.1"),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.SMTP_BROKEN,
        severity=Severity.WARNING,
        title="The SMTP dialogue breaks off",
        summary="The SMTP dialogue with MX host {host} breaks off at {addresses}",
        detail="Seen: {seen}.",
        why=_NEXT,
        fix=(
            (
                "Look into the log of the mail server for this moment. A device between the networks that inspects or "
                "rewrites SMTP does this too; switch that off for port 25."
            ),
        ),
        rfc=("RFC 5321 section 3.1", "RFC 5321 section 4.2"),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.SMTP_EHLO_REJECTED,
        severity=Severity.WARNING,
        title="Inside TLS the server rejects EHLO",
        summary="MX host {host} answers EHLO inside TLS with an error at {addresses}",
        detail="Seen: {seen}. After the handshake a client begins anew with EHLO, and a server that takes it in the clear has to take it there.",
        why=_NEXT,
        fix=(
            "Look into the log of the mail server for this moment: a limit, a filter or a proxy that applies to sessions with TLS only.",
        ),
        rfc=(
            "RFC 3207 section 4.2",
            "RFC 5321 section 4.1.1.1",
        ),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.STARTTLS_MISSING,
        severity=Severity.WARNING,
        title="An MX host does not offer STARTTLS",
        summary="MX host {host} does not offer STARTTLS at {addresses}",
        detail="The answer to EHLO does not list STARTTLS, so mail can reach this host in the clear only.",
        why=_PLAIN,
        fix=(
            (
                "Give the mail server a certificate and switch TLS on; in Postfix:"
                "\n    postconf -e smtpd_tls_security_level=may smtpd_tls_chain_files=/etc/ssl/{host}.pem"
                "\n    postfix reload\nIf it is on already, a firewall in front may be hiding the line."
            ),
        ),
        rfc=(_STARTTLS, _POLICY),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.STARTTLS_REJECTED,
        severity=Severity.WARNING,
        title="STARTTLS is offered and then refused",
        summary="MX host {host} offers STARTTLS at {addresses} and then refuses it",
        detail="The answer to STARTTLS is: {seen}.",
        why=_PLAIN,
        fix=(
            (
                "Look into the log of the mail server: most often it cannot read its key or certificate, or has run out "
                "of memory or TLS processes."
            ),
        ),
        rfc=(_STARTTLS, _POLICY),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.STARTTLS_EARLY_DATA,
        severity=Severity.WARNING,
        title="The server speaks in the clear after agreeing to STARTTLS",
        summary="MX host {host} sends bytes in the clear behind its answer to STARTTLS at {addresses}",
        detail="Whatever follows the 220 before the handshake must not be trusted: someone on the way can put commands "
        "or answers there. It was thrown away.",
        why="It is the trace of a known way to smuggle text into a protected session, or of a server that would let "
        "it happen. Most senders throw it away and go on. Some put the mail off, and to some it spoils the handshake.",
        fix=(
            "Bring the mail server up to date, and see whether a proxy or load balancer in front of it adds the bytes.",
        ),
        rfc=("RFC 3207 section 4.2",),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.STARTTLS_REPEATED,
        severity=Severity.NOTICE,
        title="The server offers STARTTLS inside TLS",
        summary="MX host {host} offers STARTTLS inside TLS again at {addresses}",
        detail="A server must not offer what is done already. A client that goes by the list may try, and fail.",
        why="Common senders ignore it. It shows that the part that speaks SMTP does not know that there is TLS, as behind a proxy.",
        fix=(
            "Let the mail server do TLS itself, or tell it that the proxy does, so that EHLO no longer lists STARTTLS then.",
        ),
        rfc=("RFC 3207 section 4.2",),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.TLS_HANDSHAKE_FAILED,
        severity=Severity.WARNING,
        title="The TLS handshake fails",
        summary="The TLS handshake with MX host {host} fails at {addresses}",
        detail="Seen: {seen}.",
        why=_PLAIN,
        fix=(
            (
                "See that the server offers TLS 1.2 or 1.3 with common ciphers, that key and certificate belong together, "
                "and that it answers for an unknown or missing server name too. Its log names the cause."
            ),
        ),
        rfc=(_POLICY, "RFC 8461 section 7.1", "RFC 8461 section 7.2"),
        verify=_CONNECT,
    ),
    FindingWords(
        code=Code.TLS_VERSION_OLD,
        severity=Severity.WARNING,
        title="The server speaks old TLS only",
        summary="MX host {host} agrees on no better than {seen} at {addresses}",
        detail="Everything before TLS 1.2 is withdrawn, and senders that honour MTA-STS need not speak it.",
        why="Senders drop old versions one after the other. For them the host is then as one without TLS.",
        fix=(
            (
                "Enable TLS 1.2 and 1.3; in Postfix:"
                "\n    postconf -e 'smtpd_tls_protocols = >=TLSv1.2'\n    postfix reload\n"
                "If the server cannot, its TLS library is too old."
            ),
        ),
        rfc=("RFC 8461 section 7.2", "RFC 8996 section 4"),
        verify=("openssl s_client -starttls smtp -connect mx.example.com:25 -tls1_2 </dev/null",),
    ),
    FindingWords(
        code=Code.TLS_LEVEL_FELL,
        severity=Severity.WARNING,
        title="Sessions are less secure than they were",
        summary="Sessions with MX host {host} are less secure than a sender remembers them from the domain",
        detail="Seen at {addresses}: {seen}. A sender that once had a session with {domain} over TLS with a valid "
        "certificate, and remembers it, takes no lesser one from then on, also without a policy.",
        why="It cannot tell a server that lost its certificate from an attack on the way, and lets the mail wait.",
        fix=(
            "Offer STARTTLS at every address of {host}, with a certificate that is valid, trusted and names {host}.",
        ),
        rfc=(_POLICY,),
        verify=("mxproof check example.com --remembered-tls",),
    ),
)
