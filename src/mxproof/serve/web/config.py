"""The tables `[web]` and `[web.proxy]` of a configuration, as they stand there."""

from typing import Annotated

import msgspec


class ProxyOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A proxy in front of the pages, and whether it says who is logged in."""

    addresses: Annotated[
        tuple[str, ...],
        msgspec.Meta(
            description="Where the proxy connects from: addresses, networks, or `unix` for the socket file. Of it alone `X-Forwarded-For` is believed."
        ),
    ] = ()
    header: Annotated[
        str,
        msgspec.Meta(
            description="The header in which it names whoever is logged in; nobody else logs in then."
        ),
    ] = ""
    admins: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Who of those named by the header is an administrator; others are viewers."),
    ] = ()


class WebOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the pages are served; nowhere by default."""

    listen: Annotated[
        str, msgspec.Meta(description="Where the pages are served: `inet:ADDR:PORT` or `unix:/PATH`.")
    ] = ""
    certificate: Annotated[
        str, msgspec.Meta(description="The chain to show (PEM), where no proxy speaks TLS for the pages.")
    ] = ""
    key: Annotated[str, msgspec.Meta(description="The key of that certificate (PEM).")] = ""
    public_url: Annotated[
        str,
        msgspec.Meta(
            description="What people type to get here, such as `https://watch.example.com`; other names are refused then."
        ),
    ] = ""
    proxy: ProxyOptions = ProxyOptions()
