"""The configuration of what collects from Postfix, as it stands in its file; every value has a default and its words."""

from typing import Annotated

import msgspec

from mxproof.serve.daemon.config import AdminOptions, LogLevel, ResolverOptions, UnixOptions, told
from mxproof.serve.sending.config import SendOptions

SOCKET = "unix:/run/mxproof-collect/tlsrpt"


class CollectOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is collected, and within which bounds."""

    listen: Annotated[
        str,
        told(
            "The socket that `smtp_tlsrpt_socket_name` of Postfix names, `unix:/PATH`; within its queue folder for one in a chroot."
        ),
    ] = SOCKET
    domains_max: Annotated[
        int,
        msgspec.Meta(
            ge=1,
            le=1_000_000,
            description="Policy domains of one day; sessions to further ones are counted and not kept.",
        ),
    ] = 100_000
    keep_days: Annotated[
        int,
        msgspec.Meta(ge=2, le=3660, description="How long what was met is kept, the day of today included."),
    ] = 30
    testing: Annotated[
        bool,
        told(
            "Probe the MX hosts of domains in mode testing out of band, once a day; sessions after a probe that failed count as failed."
        ),
    ] = False


class ProbeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What probes go by."""

    resolvers: Annotated[
        tuple[str, ...],
        told("Resolvers that probes alone ask, in place of `dns.resolvers`, which is the key to use."),
    ] = ()
    ca_file: Annotated[str, told("Authorities (PEM) that are trusted in place of those of the machine.")] = ""


class CollectStoreOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where it is kept."""

    url: Annotated[
        str,
        told(
            "`sqlite:/PATH` or `postgresql://...`; empty for a file of the user who runs the command line. It may be the one of TLS reports taken in."
        ),
    ] = ""


class CollectDnsOptions(ResolverOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is asked where reports go, and for what probes need."""

    timeout_s: Annotated[
        float, msgspec.Meta(ge=0.1, le=60.0, description="How long one question may take in all.")
    ] = 10.0


class CollectConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    collect: CollectOptions = CollectOptions()
    unix: UnixOptions = UnixOptions()
    probe: ProbeOptions = ProbeOptions()
    store: CollectStoreOptions = CollectStoreOptions()
    send: SendOptions = SendOptions()
    dns: CollectDnsOptions = CollectDnsOptions()
    admin: AdminOptions = AdminOptions()
    log: Annotated[LogLevel, told("How much is logged.")] = "info"
