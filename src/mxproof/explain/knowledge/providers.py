"""Texts of providers and filters as receivers, beside those in `receivers`: Google, GMX, Orange, Apple and others."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_GOOGLE: Final = (
    "sisimai/p5-sisimai lib/Sisimai/Rhost/Google.pm (from https://support.google.com/a/answer/3726730)"
)
_GMX: Final = "https://postmaster.gmx.net/en/error-messages"
_FRANCE: Final = "sisimai/p5-sisimai lib/Sisimai/Rhost/FrancePTT.pm"
_APPLE: Final = "https://smtp.codes/icloud ; sisimai/p5-sisimai lib/Sisimai/Rhost/Apple.pm"
_ASYNCOS: Final = "Cisco AsyncOS 8.5.5 and 9.8 user guide, email authentication"
_COX: Final = "sisimai/p5-sisimai lib/Sisimai/Rhost/Cox.pm"

_GOOGLE_TEXTS: Final = (
    Rule(
        cause="auth_none",
        texts=(
            "spf and dkim both do not pass",
            "spf and dkim both do {gap}not pass",
        ),
        codes="421 4.7.0, 550 5.7.1",
        sample="421 4.7.0 This message does not pass authentication checks (SPF and DKIM both do not pass).",
        unlike=(
            "SPF and DKIM both pass",
            "421 4.7.0 This message does not pass",
        ),
        source="docker-mailserver/docker-mailserver#2996 (2023)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="reputation",
        texts=(
            "our system has detected an unusual rate of",
            "an unusual rate of unsolicited mail",
            "detected an unusual rate of mail",
            "unusual rate of unsolicited mail originating from your",
            "very low reputation of the sending ip",
            "very low reputation of the sending domain",
        ),
        codes="421 4.7.28, 550 5.7.1, 550 5.7.28, 421 4.7.0",
        sample="550 5.7.1 [192.0.2.25] Our system has detected an unusual rate of unsolicited mail originating from your IP address.",
        unlike=(
            "the rate of mail is usual",
            "550 5.7.1 Our system has detected that this message is likely unsolicited mail.",
        ),
        source=f"{_GOOGLE} ; maxking/docker-mailman#303",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="tls_required",
        texts=(
            "tls für rcpt-domain erforderlich",
            "tls requis pour le domaine rcpt",
            "tls es necesario para el dominio rcpt",
            "rcpt ドメインには tls が必要",
        ),
        sample="421, „4.7.0“ – TLS für RCPT-Domain erforderlich, Verbindung wird beendet.",
        unlike=(
            "TLS required for the domain",
            "TLS für Anfänger",
        ),
        source="the page of Google's SMTP errors in German, French, Spanish and Japanese: https://support.google.com/a/answer/3726730",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dmarc_alignment",
        texts=(".7.32 {gap}aligned with",),
        codes="421 4.7.32, 550 5.7.32",
        sample="550 5.7.32 The From: header isn't aligned with either of them.",
        unlike=(
            "450 4.7.320 Certificate validation failed",
            "the From header is missing",
        ),
        source=_GOOGLE,
        confidence=Confidence.CLAIMED,
    ),
)

_GMX_TEXTS: Final = (
    Rule(
        cause="blocklist",
        texts=(
            "ip address is block listed",
            "ip address is black listed",
            "no smtp service {gap}ip address is listed",
        ),
        codes="554",
        sample="554 gmx.net (mxgmx104) Nemesis ESMTP Service not available No SMTP service IP address is block listed.",
        unlike=(
            "554 No SMTP service Bad DNS PTR resource record.",
            "the IP address is listed in the directory",
        ),
        source=_GMX,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="ptr_generic",
        texts=("no smtp service {gap}dynamic ip",),
        codes="554",
        sample="554 web.de (mxweb012) Nemesis ESMTP Service not available No SMTP service Dynamic IP address.",
        unlike=(
            "554 No SMTP service IP address is block listed.",
            "dynamic ip",
        ),
        source=_GMX,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="reputation",
        texts=("nemesis esmtp service not available {gap}reputation",),
        codes="421",
        sample="421 gmx.net (mxgmx004) Nemesis ESMTP Service not available Reputation too low.",
        unlike=(
            "554 gmx.net (mxgmx101) Nemesis ESMTP Service not available",
            "your reputation",
        ),
        source=_GMX,
        confidence=Confidence.CLAIMED,
    ),
)

_ORANGE: Final = (
    Rule(
        cause="blocklist",
        texts=(
            "adresse ip source bloquee pour incident de spam",
            "client host blocked for spamming issues",
        ),
        codes="550",
        sample="550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. Client host blocked for spamming issues. OFR006_102",
        unlike=(
            "550 5.1.1 Adresse d au moins un destinataire invalide. OFR_416",
            "blocked for maintenance",
        ),
        source=_FRANCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="spf_fail",
        texts=(
            "spf: {word} is not allowed to send mail",
            "is not allowed to send mail. lpn",
        ),
        codes="550 5.5.0",
        sample="550 5.5.0 SPF: example.com is not allowed to send mail. LPN004_401",
        unlike=(
            "550 5.5.0 Authentification requise. Authentication Required. LPN105_402",
            "is allowed to send mail",
        ),
        source=_FRANCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="throttle",
        texts=(
            "trop de connexions, veuillez verifier",
            "too many connections, slow down",
        ),
        codes="421",
        sample="421 mwinf5c79 ME Trop de connexions, veuillez verifier votre configuration. OFR005_104",
        unlike=(
            "550 mwinf5c10 ME Service refuse.",
            "connexions",
        ),
        source=_FRANCE,
        confidence=Confidence.CLAIMED,
        lead=True,
        suspects=(suspects.SENDING_ADDRESS,),
    ),
)

_APPLE_TEXTS: Final = (
    Rule(
        cause="dmarc_fail",
        texts=("rejected due to {domain} dmarc policy",),
        codes="550 5.7.1",
        sample="550 5.7.1 Your message was rejected due to example.com DMARC policy.",
        unlike=(
            "rejected due to local policy",
            "550 5.7.1 Message rejected due to senders DMARC policy",
        ),
        source=_APPLE,
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="blocklist",
        texts=("rejected due to listing in spamhaus",),
        codes="550 5.7.1",
        sample="550 5.7.1 Mail from IP 192.0.2.1 was rejected due to listing in Spamhaus SBL.",
        unlike=(
            "Your email was rejected due to having a domain present in the Spamhaus DBL",
            "listing in the directory",
        ),
        source=_APPLE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="reputation",
        texts=("smtpin{gap}esmtp not accepting connections",),
        codes="554",
        sample="554 p00-smtpin001.me.com ESMTP not accepting connections",
        unlike=(
            "554 p00-smtpin001.me.com ESMTP ready",
            "not accepting connections",
        ),
        source=_APPLE,
        confidence=Confidence.CLAIMED,
    ),
)

_CISCO: Final = (
    Rule(
        cause="dmarc_fail",
        texts=(
            "#5.7.1 dmarc unauthenticated mail is prohibited",
            "dmarc unauthenticated mail is prohibited",
        ),
        codes="550 5.7.1",
        sample="550 #5.7.1 DMARC unauthenticated mail is prohibited.",
        unlike=(
            "550 #5.7.1 SPF unauthorized mail is prohibited.",
            "DMARC mail",
        ),
        source=_ASYNCOS,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dkim_fail",
        texts=(
            "#5.7.1 dkim unauthenticated mail is prohibited",
            "dkim unauthenticated mail is prohibited",
        ),
        codes="550 5.7.1",
        sample="550 #5.7.1 DKIM unauthenticated mail is prohibited.",
        unlike=(
            "550 #5.7.1 DMARC unauthenticated mail is prohibited.",
            "DKIM mail",
        ),
        source=_ASYNCOS,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dmarc_dns_temp",
        texts=(
            "#4.7.1 unable to perform dmarc verification",
            "unable to perform dmarc verification",
        ),
        codes="451 4.7.1",
        sample="451 #4.7.1 Unable to perform DMARC verification.",
        unlike=(
            "550 #5.7.1 DMARC unauthenticated mail is prohibited.",
            "DMARC verification",
        ),
        source=_ASYNCOS,
        confidence=Confidence.DOCUMENTED,
    ),
)

_COX_TEXTS: Final = (
    Rule(
        cause="ptr_missing",
        texts=(
            "dns check failure - try again later",
            "rejected - no rdns",
        ),
        sample="554 cox rejected - no rDNS",
        unlike=(
            "DNS check passed",
            "rejected - no user",
        ),
        source=_COX,
        confidence=Confidence.CLAIMED,
    ),
)

_DEMANDS: Final = (
    Rule(
        cause="starttls_missing",
        texts=(
            "mail server would not accept a tls connection",
            "mail server would not accept a secure connection",
        ),
        sample="messages could not be sent, because the domain's mail server would not accept a TLS connection",
        unlike=(
            "the mail server accepted a TLS connection",
            "TLS required for RCPT domain",
        ),
        source="Google Message Security administration guide, page 319",
        confidence=Confidence.DOCUMENTED,
        suspects=(
            suspects.STARTTLS,
            suspects.SERVER_TLS,
        ),
    ),
)

CHAPTERS: Final = (
    Chapter("google", Side.RECEIVER, _GOOGLE_TEXTS),
    Chapter("gmx", Side.RECEIVER, _GMX_TEXTS),
    Chapter("orange", Side.RECEIVER, _ORANGE),
    Chapter("apple", Side.RECEIVER, _APPLE_TEXTS),
    Chapter("cisco", Side.RECEIVER, _CISCO),
    Chapter("cox", Side.RECEIVER, _COX_TEXTS),
    Chapter(None, Side.SENDER, _DEMANDS),
)
