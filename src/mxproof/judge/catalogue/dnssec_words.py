"""The words of what breaks a chain of signatures."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from mxproof.formats.text import listed
from mxproof.mail.broken_link import BrokenLink, ChainFault


def broken_link(link: BrokenLink) -> str:
    """Say in one clause where a chain breaks."""
    from mxproof.formats.dnssec import TYPE_WORDS  # noqa: PLC0415 - few reports tell of one

    what = f"{TYPE_WORDS[link.type]} {link.name}"
    served = f"serves {_keys(link.served)}" if link.served else "serves no key"
    at = f"{link.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if link.at is not None else ""
    match link.fault:
        case ChainFault.DS_UNMATCHED:
            return f"the DS records of {link.name} name {_keys(link.key_tags)}, and {link.name} {served}"
        case ChainFault.EXPIRED:
            return f"the signature over {what} ended on {at}"
        case ChainFault.EARLY:
            return f"the signature over {what} begins on {at}"
        case ChainFault.WRONG:
            return f"the signature over {what} does not verify with {_keys(link.key_tags)}"
        case ChainFault.KEY_MISSING:
            return f"the signature over {what} is made with {_keys(link.key_tags)}, and the zone {served}"
        case ChainFault.MISSING:
            return f"there is no signature over {what}"
        case ChainFault.UNPROVEN:
            return f"nothing proves that there is no {what}"


def _keys(tags: tuple[int, ...]) -> str:
    return f"key{'s' * (len(tags) > 1)} {listed(map(str, tags))}"


BY_TYPE: Mapping[type, Callable[[Any], str]] = {BrokenLink: broken_link}
