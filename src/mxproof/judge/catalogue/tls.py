"""Words about the versions and cipher suites of TLS that MX hosts take."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_ASKED_BY = "mxproof check example.com --only tls"
_VERSIONS = "RFC 9325 section 3.1.1"
_SUITES = "RFC 9325 section 4.1"
_RECOMMENDED = "RFC 9325 section 4.2"
_TRIED = "openssl s_client -starttls smtp -connect mx.example.com:25"

ENTRIES = (
    FindingWords(
        code=Code.TLS_SUITES_OLD,
        severity=Severity.WARNING,
        title="The server has none of the cipher suites that are recommended",
        summary="MX host {host} refuses the cipher suites recommended for TLS 1.2, and has no TLS 1.3, at {addresses}",
        detail="Whoever offers everything gets {seen}. Offered alone, ECDHE with AES-GCM or ChaCha20-Poly1305 was refused.",
        why="Libraries drop what is older. rustls offers these suites and nothing else, and Go since 1.22 nothing without ECDHE: "
        "a sender that is built with them cannot set up TLS here. It delivers in clear text, or not at all where it must not.",
        fix=(
            (
                "Bring the mail server and its TLS library up to date, and let it take the suites that are theirs by default; in Postfix:"
                "\n    postconf -e 'smtpd_tls_protocols = >=TLSv1.2' 'smtpd_tls_ciphers = medium'\n    postfix reload"
            ),
        ),
        rfc=(_RECOMMENDED,),
        verify=(f"{_TRIED} -tls1_2 -cipher ECDHE+AESGCM </dev/null",),
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.TLS_NEWEST_MISSING,
        severity=Severity.NOTICE,
        title="The server has no TLS 1.3",
        summary="MX host {host} agrees on {seen} and has no TLS 1.3 at {addresses}",
        detail="TLS 1.3 was on offer and would have been chosen by a server that has it.",
        why="Nobody refuses for it today. Such a server is likely to be old in other ways, and will be the one left behind.",
        fix=("When the mail server is next brought up to date, see that its TLS library has TLS 1.3.",),
        rfc=(_VERSIONS,),
        verify=(f"{_TRIED} -tls1_3 </dev/null",),
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.TLS_NEWEST_ONLY,
        severity=Severity.WARNING,
        title="The server has no TLS 1.2",
        summary="MX host {host} agrees on {seen} and on nothing that was offered of TLS 1.2 at {addresses}",
        detail="Refused were ECDHE with an AEAD, ECDHE with AES-CBC, and RSA key transport.",
        why="Senders with a library of before 2018 have no TLS 1.3. They deliver in clear text, or not at all where a policy or "
        "DANE demands TLS. TLS 1.2 with ECDHE and an AEAD is as safe to have.",
        fix=(
            "Let the server take TLS 1.2 beside 1.3; in Postfix:\n    postconf -e 'smtpd_tls_protocols = >=TLSv1.2'\n    postfix reload",
        ),
        rfc=(_VERSIONS,),
        verify=(f"{_TRIED} -tls1_2 </dev/null",),
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.TLS_RETIRED_TAKEN,
        severity=Severity.NOTICE,
        title="The server still takes TLS 1.0 or 1.1",
        summary="MX host {host} still takes {seen} at {addresses}",
        detail="That is what it agreed to where nothing newer was on offer.",
        why="Both versions are withdrawn, and scanners count them as a fault. No sender that has better uses them. One that has "
        "not would deliver in clear text without them, so they keep some old mail encrypted after all.",
        fix=(
            (
                "If no sender of yours is that old, which the log of the mail server shows, switch them off; in Postfix:"
                "\n    postconf -e 'smtpd_tls_protocols = >=TLSv1.2'\n    postfix reload"
            ),
        ),
        rfc=("RFC 8996 section 4", "RFC 8996 section 5"),
        verify=(f"{_TRIED} -tls1_1 -cipher DEFAULT:@SECLEVEL=0 </dev/null",),
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.TLS_CIPHER_WEAK,
        severity=Severity.WARNING,
        title="The server takes cipher suites that are broken",
        summary="MX host {host} takes a cipher suite that protects little or nothing at {addresses}",
        detail="It agreed to {seen}. On offer were suites without encryption, with keys of 40 and 56 bits, with RC4 and with 3DES.",
        why="Whoever can read what passes by can read mail that is sent so, and where a sender is talked into it, he may have "
        "it so too. No sender of today offers these.",
        fix=(
            "Leave the suites to the TLS library of today, and name none yourself; in Postfix:\n    postconf -X smtpd_tls_exclude_ciphers\n    postconf -e 'smtpd_tls_ciphers = medium'\n    postfix reload",
        ),
        rfc=(_SUITES,),
        verify=("nmap --script ssl-enum-ciphers -p 25 mx.example.com",),
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.TLS_CIPHER_ANONYMOUS,
        severity=Severity.NOTICE,
        title="The server makes sessions without a certificate",
        summary="MX host {host} makes sessions without a certificate for who asks for them at {addresses}",
        detail="It agreed to {seen}, where nothing else was on offer. Postfix does so as it comes, for senders that look at no "
        "certificate anyway.",
        why="A sender that honours MTA-STS or DANE never offers these, so it loses nothing. Scanners count them as a fault.",
        fix=(
            "Nothing has to be done. To be rid of them; in Postfix:\n    postconf -e 'smtpd_tls_exclude_ciphers = aNULL'\n    postfix reload",
        ),
        rfc=(_SUITES,),
        verify=(f"{_TRIED} -tls1_2 -cipher aNULL:@SECLEVEL=0 </dev/null",),
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.TLS_KEY_TRANSPORT,
        severity=Severity.NOTICE,
        title="The server takes suites without forward secrecy",
        summary="MX host {host} takes cipher suites without forward secrecy at {addresses}",
        detail="It agreed to {seen}, where nothing else was on offer.",
        why="Who records such a session can read it once he has the key of the certificate. Senders that have better use better.",
        fix=(
            "Nothing has to be done. To be rid of them; in Postfix:\n    postconf -e 'smtpd_tls_exclude_ciphers = kRSA'\n    postfix reload",
        ),
        rfc=(_SUITES,),
        verify=(f"{_TRIED} -tls1_2 -cipher kRSA </dev/null",),
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.TLS_OK,
        severity=Severity.OK,
        title="Versions and cipher suites are as they should be",
        summary="MX host {host} takes {seen} with suites of today, and no others, at {addresses}",
        detail="Refused were TLS 1.0 and 1.1, RSA key transport, anonymous sessions, and suites that are broken.",
        why="Every sender of today finds what it offers.",
        fix=(),
        rfc=(_VERSIONS, _RECOMMENDED),
        verify=(f"{_TRIED} </dev/null",),
        checked_by=_ASKED_BY,
    ),
)
