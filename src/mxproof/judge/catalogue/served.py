"""Words about name servers that hold different records of mail."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_VERSIONS = "RFC 1034 section 4.3.5"
_SERIAL = "RFC 1982 section 3.2"
_COMPARED = (
    "dig +norecurse TLSA _25._tcp.mx.example.com @ns1.example.com",
    "dig +norecurse TLSA _25._tcp.mx.example.com @ns2.example.com",
    "dig +nssearch example.com",
)

ENTRIES = (
    FindingWords(
        code=Code.NS_MAIL_DIFFERS,
        severity=Severity.WARNING,
        title="The name servers hold different records of mail",
        summary="The name servers of {zone} hold different records; look at {servers}{serial:behind}",
        detail="{held:by_server}Which of them a sender meets is a matter of which server is asked.",
        why="Each resolver chooses a server by itself and keeps the answer for its time to live. What is wrong at one of "
        "two servers fails every other time, and whoever looks may see nothing.",
        fix=(
            (
                "Bring {servers} to the version of the others: see that it gets the zone from the primary (its log, NOTIFY, "
                "TSIG keys), and raise the serial number."
            ),
            "Until it is repaired, take it out of the NS records of {zone}, at the registrar too.",
        ),
        ways={
            "undecided": (
                (
                    "The servers do not agree, and neither their number nor a serial number tells which are right. Decide it by "
                    "the records, and have the same ones at every server."
                ),
                (
                    "Where one server takes the zone from another, see that the transfer works; where the zone is kept at several "
                    "DNS hosts, enter the records at each of them."
                ),
            )
        },
        rfc=(_VERSIONS, _SERIAL),
        verify=_COMPARED,
    ),
    FindingWords(
        code=Code.NS_ADDRESSES_DIFFER,
        severity=Severity.NOTICE,
        title="The name servers give different addresses",
        summary="The name servers of {zone} give different addresses; look at {servers}{serial:behind}",
        detail="{held:by_server}That is meant where each client is led to what is near to it, and a fault where one server is "
        "behind the others.",
        why="A resolver that asks a server with old addresses leads mail to machines that may be gone.",
        fix=(
            (
                "If it is not meant, see that the transfer from the primary to {servers} works, and raise the serial "
                "number."
            ),
        ),
        rfc=(_VERSIONS, _SERIAL),
        verify=_COMPARED,
    ),
    FindingWords(
        code=Code.NS_UNANSWERED,
        severity=Severity.NOTICE,
        title="Name servers could not be asked",
        summary="{who} could not be asked, so it is not known whether all of them serve the same records ({why})",
        detail="What is said of {domain} rests on the answers of the resolver, which come from whichever server it asked. "
        "Many networks let no client but their own resolver speak to port 53 outside.",
        why="A server that serves an old version of the zone stays unseen.",
        fix=(
            "Check from a machine that may speak to port 53 anywhere, or look at each server:\n    dig +nssearch {domain}",
        ),
        otherwise=(
            "Or leave them out, and this notice with them:\n    mxproof check {domain} --no-name-servers",
        ),
        rfc=(_VERSIONS,),
        verify=("dig +nssearch example.com",),
    ),
)
