"""The section `[send]` of the configuration, as it stands in its file; every value has a default and its words."""

from typing import Annotated

import msgspec

from mxproof.serve.daemon.config import told


def _number(least: float, most: float, words: str) -> msgspec.Meta:
    return msgspec.Meta(ge=least, le=most, description=words)


class SendOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """TLS reports sent: from whom, which way, signed with which keys, and to whom not."""

    contact: Annotated[
        str,
        told(
            "The mail address that reports are from, where questions and bounces go; its domain is the submitter. Empty: none is sent."
        ),
    ] = ""
    bounce_address: Annotated[
        str,
        told(
            "The envelope sender of reports, where bounces go; empty for `contact`, where you read them. One of its own, which the mail "
            "server hands over at `bounces`, has mailboxes that are not there avoided."
        ),
    ] = ""
    bounces: Annotated[
        str,
        told(
            "Where the mail server hands over by LMTP what comes to `bounce_address`: `inet:127.0.0.1:8468` or `unix:/PATH`; empty: nobody "
            "listens."
        ),
    ] = ""
    organization: Annotated[
        str, told("Who reports, as receivers show it; empty for the domain of `contact`.")
    ] = ""
    through: Annotated[
        str,
        told(
            "How mail goes out: `smtp://127.0.0.1:25` for the mail server of this machine, `smtps://USER@HOST`, or `smtp://` "
            "for STARTTLS, or the whole path of a `sendmail`; empty to send to https alone."
        ),
    ] = "smtp://127.0.0.1:25"
    password_file: Annotated[str, told("The password for that is the first line of this file.")] = ""
    password_command: Annotated[
        tuple[str, ...],
        told("Or it is the first line that this command prints: its words, no shell is asked."),
    ] = ()
    ca_file: Annotated[str, told("Authorities (PEM) that are trusted in place of those of the machine.")] = ""
    dkim: Annotated[
        tuple[str, ...],
        told("`SELECTOR=/PATH` of each private key (PEM, RSA or Ed25519) that mail is signed with."),
    ] = ()
    signed_elsewhere: Annotated[
        bool, told("No key is needed: the mail server signs what is handed in to it.")
    ] = False
    https: Annotated[bool, told("Whether reports are posted where a domain asks for that.")] = True
    allow: Annotated[
        tuple[str, ...],
        told(
            "Reports go to these policy domains alone; a dot in front, `.example.com`, stands for all below it; none for all."
        ),
    ] = ()
    deny: Annotated[
        tuple[str, ...],
        told(
            "Policy domains, mail addresses, and domains of addresses or hosts of URLs, written alike, that get no report."
        ),
    ] = ()
    day_max: Annotated[
        int, _number(1, 10_000_000, "How many reports go out on one UTC day; what is beyond is withheld.")
    ] = 50_000
    destination_day_max: Annotated[int, _number(1, 10_000_000, "How many of them to one address or URL.")] = (
        5_000
    )
    spread_hours: Annotated[
        float, _number(0.0, 12.0, "First attempts are spread over these hours after the day is closed.")
    ] = 4.0
    give_up_hours: Annotated[
        float, _number(0.0, 72.0, "How long after the first attempt a report is tried again.")
    ] = 24.0
    keep_days: Annotated[
        int, _number(2, 3660, "How long reports that went out are kept, with what became of them.")
    ] = 60
