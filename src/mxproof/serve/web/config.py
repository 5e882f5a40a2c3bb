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


class GuestOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether guests, who have no account, may have a domain checked, at `/check`; and how much of that there is at most."""

    check: Annotated[
        bool,
        msgspec.Meta(
            description="Whether anybody may have a domain checked without an account. What the resolvers of `[ask]` answer is shown then: they must know no names that are nobody else's business."
        ),
    ] = False
    checks_an_hour: Annotated[
        int,
        msgspec.Meta(
            ge=1,
            le=10_000,
            description="How many checks a guest may ask for in an hour: an address, or a network of 64 bits of IPv6. Each process that serves the pages counts for itself, since nothing is kept of who asked.",
        ),
    ] = 10
    checks_an_hour_in_all: Annotated[
        int, msgspec.Meta(ge=1, le=100_000, description="How many all guests may ask for in an hour.")
    ] = 100
    waiting_max: Annotated[
        int, msgspec.Meta(ge=1, le=10_000, description="How many of their checks may wait or be under way.")
    ] = 20
    kept_days: Annotated[
        int, msgspec.Meta(ge=1, le=3_660, description="For how many days a result is kept under its link.")
    ] = 90


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
    guests: GuestOptions = GuestOptions()
