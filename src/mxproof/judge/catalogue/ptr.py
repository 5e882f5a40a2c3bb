"""Words about the reverse names of MX hosts."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_AGREE = "RFC 1912 section 2.1"
_LOOK_UP = ("dig +short -x 192.0.2.25", "dig +short A mx.example.com")
_SENDING = (
    "No RFC has a sender look at the reverse name of the server it delivers to. Receivers do look at it when the same "
    "address sends mail."
)

ENTRIES = (
    FindingWords(
        code=Code.PTR_MISSING,
        severity=Severity.NOTICE,
        title="An address of an MX host has no reverse name",
        summary="The address of MX host {host} has no reverse name: {addresses}",
        detail="There is no PTR record. Mail is received all the same; mail sent from there may be refused.",
        why=_SENDING,
        fix=(
            "Have whoever gave you the address set its PTR record to {host}; hosting providers have a page for it.",
        ),
        rfc=(_AGREE,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.PTR_UNCONFIRMED,
        severity=Severity.NOTICE,
        title="A reverse name does not lead back to its address",
        summary="The reverse name of MX host {host} at {addresses} does not lead back: {names}",
        detail="None of these names has the address. Mail is received all the same; mail sent from there may be "
        "refused.",
        why=_SENDING,
        fix=(
            (
                "Have the PTR record changed to a name that has the address, as {host} has, or give {names} an address record "
                "with {addresses}."
            ),
        ),
        rfc=(_AGREE, "RFC 8601 section 3"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.PTR_OTHER_NAME,
        severity=Severity.NOTICE,
        title="A reverse name is not in the policy or not in the certificate",
        summary="The reverse name of MX host {host} at {addresses} is not in policy and certificate both: {names}",
        detail="RFC 8461 does not look at reverse names. That some large sender does is a guess from one incident; "
        "this finding is for those who search for a refusal that nothing else explains.",
        why="If a sender judged by the reverse name, it would refuse here. No source says that one does.",
        fix=(
            "Nothing has to be done. To be safe in this case too, have the PTR record of {addresses} say {host}.",
        ),
        rfc=("RFC 8461 section 4.1",),
        verify=_LOOK_UP,
    ),
)
