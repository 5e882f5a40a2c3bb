"""The configuration of what takes TLS reports in, as it stands in its file; every value has a default and its words."""

from typing import Annotated

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, ResolverOptions, UnixOptions, told


def _days(words: str) -> msgspec.Meta:
    return msgspec.Meta(ge=1, le=36_600, description=words)


class JournalOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where reports are kept, and for how many days each kind is."""

    url: Annotated[
        str,
        told("`sqlite:/PATH` or `postgresql://...`; empty for a file of the user who runs the command line."),
    ] = ""
    raw_days: Annotated[int, _days("How long what came is kept as it was, packed, and what was refused.")] = (
        90
    )
    report_days: Annotated[
        int, _days("How long reports are kept with all their rows; what ended before is not taken in.")
    ] = 1830
    count_days: Annotated[int, _days("How long sessions by day are kept.")] = 3660


class KeyOptions(ResolverOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is asked for the DKIM keys of senders."""


class ListenOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where reports are listened for."""

    lmtp: Annotated[
        tuple[str, ...],
        told(
            "For the mail server of this machine: `unix:/PATH` or `inet:ADDR:PORT`. What comes here is mail."
        ),
    ] = ()
    https: Annotated[
        tuple[str, ...],
        told("For what senders post, written alike; without a certificate a proxy speaks TLS."),
    ] = ()
    certificate: Annotated[
        str, told("The file of the chain (PEM) that `https` shows; read again on reload.")
    ] = ""
    key: Annotated[str, told("The file of its key (PEM).")] = ""


class FolderOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A folder of IMAP that reports are read from."""

    url: Annotated[
        str,
        told(
            "`imaps://USER@HOST/FOLDER`, or `imap://` for STARTTLS; empty for none. An @ in the user may stand as it is."
        ),
    ] = ""
    password_file: Annotated[str, told("The password is the first line of this file.")] = ""
    password_command: Annotated[
        tuple[str, ...],
        told("Or it is the first line that this command prints: its words, no shell is asked."),
    ] = ()
    move_to: Annotated[
        str,
        told(
            "Messages with reports are moved to this folder once they are safe; empty to leave all as it is."
        ),
    ] = ""
    ca_file: Annotated[str, told("Authorities (PEM) that are trusted in place of those of the machine.")] = ""
    every_s: Annotated[
        float,
        msgspec.Meta(ge=10.0, le=86_400.0, description="How long the daemon waits before it looks again."),
    ] = 300.0


class ReportConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    domains: Annotated[
        tuple[str, ...],
        told(
            "Reports are taken in for these alone; a dot in front, `.example.com`, stands for all below it."
        ),
    ] = ()
    any_domain: Annotated[bool, told("Take in reports about whatever domain.")] = False
    listen: ListenOptions = ListenOptions()
    imap: FolderOptions = FolderOptions()
    unix: UnixOptions = UnixOptions()
    store: JournalOptions = JournalOptions()
    dns: KeyOptions = KeyOptions()
    admin: AdminOptions = AdminOptions()
    log: Annotated[LogLevel, told("How much is logged.")] = "info"
