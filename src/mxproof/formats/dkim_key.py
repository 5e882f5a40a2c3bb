"""A DKIM key as its TXT record has it (RFC 6376 section 3.6.1)."""

import base64
import binascii
import re
from typing import Final

import msgspec

REPORT_SERVICE: Final = "tlsrpt"
"""The service of keys that sign TLS reports (RFC 8460 section 3)."""

_SPACE: Final = re.compile(r"\s+")


class DkimKey(msgspec.Struct, frozen=True):
    """A key: its kind, `rsa` or `ed25519`, and its bytes, none where it was withdrawn.

    `testing` has what it signs taken for unsigned; `services` and `hashes` are those it is for, empty for all.
    """

    kind: str
    public: bytes
    services: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    testing: bool = False

    @property
    def is_for_reports(self) -> bool:
        """Tell whether it may sign TLS reports, which RFC 8460 section 3 has a key say by `s=tlsrpt` or by nothing."""
        return not self.services or bool({"*", REPORT_SERVICE} & {*self.services})


def parse_key(text: bytes) -> DkimKey | None:
    """Return the key in a TXT record, None where it holds none."""
    tags: dict[str, str] = {}
    for part in text.decode("ascii", "replace").split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip(), value.strip())
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return None
    try:
        public = base64.b64decode(_SPACE.sub("", tags["p"]), validate=True)
    except (binascii.Error, ValueError):
        return None
    return DkimKey(
        tags.get("k", "rsa").lower(),
        public,
        _listed(tags.get("s", "")),
        _listed(tags.get("h", "")),
        "y" in _listed(tags.get("t", "")),
    )


def _listed(value: str) -> tuple[str, ...]:
    return tuple(one.strip().lower() for one in value.split(":") if one.strip())
