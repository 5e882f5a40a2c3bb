"""Words about MX hosts that behave otherwise than those before them."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_FIND = "RFC 5321 section 5.1"
_TALK = (
    "dig +short MX example.com",
    "openssl s_client -starttls smtp -connect mx2.example.com:25 </dev/null",
)

ENTRIES = (
    FindingWords(
        code=Code.MX_IPV6_BROKEN,
        severity=Severity.WARNING,
        title="An MX host does not answer over IPv6",
        summary="MX host {host} answers over IPv4 and not over IPv6: {addresses:few}",
        detail="What came of it: {seen:each}. IPv6 works from here.",
        why="Many senders try IPv6 first. They wait until that fails before they go on to IPv4, and a sender that goes by the "
        "first address alone does not deliver.",
        fix=(
            "Let port 25 be reached at {addresses}: see what the mail server listens on, and what a firewall lets through over IPv6.",
        ),
        ways={"withdraw": ("Remove the AAAA records of {host} until it answers there: {addresses}.",)},
        rfc=("RFC 5321 section 5.2", _FIND),
        verify=("nc -6 -vz mx.example.com 25",),
    ),
    FindingWords(
        code=Code.MX_BACKUP_REFUSED,
        severity=Severity.WARNING,
        title="In an outage mail is refused at the backup",
        summary="While {first} cannot be reached, {outage:refusals} modelled senders would not deliver to {backups}",
        detail="They deliver to {first}. To {backups} alone would not deliver: {outage:each_refusal}.",
        why="Nobody notices a fault of a backup before the day when it is needed. Then mail is held back, or returned, that "
        "it was there to take.",
        fix=("Mend at {backups} what those senders refuse for: {outage:reasons}.",),
        otherwise=(
            (
                "Or remove the MX records of {backups}: without them mail waits at its senders for the days of an outage, "
                "which loses less than a backup that refuses."
            ),
        ),
        rfc=(_FIND, "RFC 8461 section 4.1"),
        verify=_TALK,
    ),
    FindingWords(
        code=Code.MX_BACKUP_PLAIN,
        severity=Severity.WARNING,
        title="The backup has no TLS",
        summary="{first} takes mail over TLS, and {backups} behind it in clear text alone",
        detail="Who keeps a sender from reaching {first} gets the mail to read, which then goes to {backups}.",
        why="A backup is part of the way that mail takes. An attacker chooses it by making the others fail.",
        fix=("Give {backups} STARTTLS and a certificate for its name, or remove its MX record.",),
        rfc=("RFC 3207 section 4", _FIND),
        verify=_TALK,
    ),
)
