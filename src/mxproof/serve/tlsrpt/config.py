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


class ReportConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file. Reports are taken in for `domains` alone, `.example.com` standing for all below it."""

    domains: tuple[str, ...] = ()
    any_domain: bool = False
    listen: ListenOptions = ListenOptions()
    unix: UnixOptions = UnixOptions()
    store: JournalOptions = JournalOptions()
    dns: KeyOptions = KeyOptions()
    admin: AdminOptions = AdminOptions()
    log: LogLevel = "info"
