"""The configuration of what takes TLS reports in, as it stands in its file; every value has a default."""

from typing import Annotated

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, UnixOptions

Days = Annotated[int, msgspec.Meta(ge=1, le=36_600)]


class JournalOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where reports are kept, `sqlite:/PATH` or `postgresql://...`, and for how many days each kind is.

    Raw reports are what came, packed; reports have all their rows; counts are sessions by day.
    """

    url: str = ""
    raw_days: Days = 90
    report_days: Days = 1830
    count_days: Days = 3660


class KeyOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is asked for the DKIM keys of senders; nobody named means the resolvers of this machine."""

    resolvers: tuple[str, ...] = ()
    timeout_s: Annotated[float, msgspec.Meta(ge=0.1, le=60.0)] = 5.0


class ListenOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where reports are listened for: `lmtp` for a mail server on this machine, `https` for what senders post.

    Where `certificate` and `key` name files (PEM), `https` speaks TLS itself; without them a proxy in front does.
    """

    lmtp: tuple[str, ...] = ()
    https: tuple[str, ...] = ()
    certificate: str = ""
    key: str = ""


class FolderOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A folder of IMAP that reports are read from, `imaps://USER@HOST/FOLDER`, or `imap://...` for STARTTLS.

    The password is the first line of `password_file`, or of what `password_command` prints. Where `move_to` names a folder,
    messages with reports are moved there once they are safe; else the folder is only read. `ca_file` has the authority (PEM)
    of a server that the roots of this machine do not know.
    """

    url: str = ""
    password_file: str = ""
    password_command: tuple[str, ...] = ()
    move_to: str = ""
    ca_file: str = ""
    every_s: Annotated[float, msgspec.Meta(ge=10.0, le=86_400.0)] = 300.0


class ReportConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file. Reports are taken in for `domains` alone, `.example.com` standing for all below it."""

    domains: tuple[str, ...] = ()
    any_domain: bool = False
    listen: ListenOptions = ListenOptions()
    imap: FolderOptions = FolderOptions()
    unix: UnixOptions = UnixOptions()
    store: JournalOptions = JournalOptions()
    dns: KeyOptions = KeyOptions()
    admin: AdminOptions = AdminOptions()
    log: LogLevel = "info"
