"""Words about the hosts that send a domain's mail."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_AGREE = "RFC 1912 section 2.1"
_REVERSE = ("dig +short -x 192.0.2.25", "dig +short A mail.example.com")
_SPF = ("dig +short TXT example.com",)
_CHECKED_BY = "mxproof check example.com --as-sender"
_WHY = (
    "Receivers look at the reverse name of whoever connects before they look at the mail. Many of the large ones take no mail "
    "from an address without one, or put it with the spam."
)
_SET_PTR = (
    "Have whoever gave you {subject} set its PTR record to the name that the mail server gives in EHLO."
)

ENTRIES = (
    FindingWords(
        code=Code.SENDER_UNKNOWN,
        severity=Severity.NOTICE,
        title="It is not known from which addresses the domain sends",
        summary="The SPF record of {subject} names no single address from which mail is sent",
        detail="It has networks and other people's records alone, or there is none. So no sending host could be looked at.",
        why="Reverse and HELO names are those of single hosts.",
        fix=(
            "Name the addresses that send mail of {subject}:\n    mxproof check {subject} --as-sender --address 192.0.2.25=mail.{subject}",
        ),
        rfc=("RFC 7208 section 5.6",),
        verify=_SPF,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SENDER_PTR_MISSING,
        severity=Severity.WARNING,
        title="A sending address has no reverse name",
        summary="{subject}, which sends mail of {domain}, has no reverse name",
        detail="There is no PTR record.",
        why=_WHY,
        fix=(_SET_PTR,),
        rfc=(_AGREE,),
        verify=_REVERSE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SENDER_PTR_UNCONFIRMED,
        severity=Severity.WARNING,
        title="The reverse name of a sending address does not lead back",
        summary="The reverse name of {subject}, which sends mail of {domain}, does not lead back: {names}",
        detail="None of these names has the address.",
        why=_WHY,
        fix=(
            "Give one of {names} an address record with {subject}, or have the PTR record changed to a name that has one.",
        ),
        rfc=(_AGREE, "RFC 8601 section 3"),
        verify=_REVERSE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SENDER_HELO_OTHER,
        severity=Severity.WARNING,
        title="The HELO name of a sending host is not its own",
        summary="{subject} gives the name {helo} in EHLO, which does not lead to it",
        detail="The name has no address record with {subject}.",
        why="Anybody may give any name. Receivers that compare it take one that does not fit for that of a machine that was "
        "taken over.",
        fix=(
            "Have the mail server give the name that its address has, or give {helo} an address record with {subject}.",
        ),
        rfc=("RFC 5321 section 4.1.4", "RFC 5321 section 2.3.5"),
        verify=("dig +short A mail.example.com", "dig +short AAAA mail.example.com"),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SENDER_SPF_FAILED,
        severity=Severity.WARNING,
        title="Mail from a sending address does not pass SPF",
        summary="Mail of {domain} from {subject} does not pass SPF: {result}",
        detail="That is what a receiver comes to that takes a mail from there.",
        why="Without a DKIM signature of the domain such a mail fails DMARC too, and is refused or put with the spam.",
        fix=(
            "If {subject} sends mail of {domain}, let the SPF record say so: a term with its address, before the all.",
        ),
        rfc=("RFC 7208 section 2.6", "RFC 7208 section 5.6"),
        verify=_SPF,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SENDER_HELO_REJECTED,
        severity=Severity.WARNING,
        title="The SPF record of a HELO name turns its own host away",
        summary="The SPF record of {helo} does not let its own host {subject} pass: {result}",
        detail="Receivers check that name where a mail has no sender, as bounces have, and some check it always.",
        why="Bounces and other mail with an empty sender from there fail SPF.",
        fix=("At {helo} publish a TXT record that lets its own addresses pass:\n    v=spf1 a -all",),
        rfc=("RFC 7208 section 2.3", "RFC 7208 section 2.4"),
        verify=("dig +short TXT mail.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.SENDER_OK,
        severity=Severity.OK,
        title="A sending address is in order",
        summary="{subject} may send mail of {domain}, with the name {helo}",
        detail="Its reverse names lead back: {names}.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_AGREE, "RFC 7208 section 2.6"),
        verify=_REVERSE,
        checked_by=_CHECKED_BY,
    ),
)
