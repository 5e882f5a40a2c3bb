"""Which host a failure is about: the name or address that the text of the cause has, or that stands near it.

Where the sender decided, it is the receiving host it tried; where the receiver decided, the address or the domain
that it found wanting.
"""

import re

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import Failing
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.read.material import Material
from mxproof.formats.names import is_address, is_host

# Exchange Online names the server it tried in brackets behind each [Message=...].
_LAST_NAME = re.compile(r"\[LastAttemptedServerName=([A-Za-z0-9._-]{1,255})\]")
_LAST_ADDRESS = re.compile(r"\[LastAttemptedIP=([0-9A-Fa-f.]{7,15}|\[?[0-9A-Fa-f:]{2,45}\]?)(?::\d{1,5})?\]")
_SERVER_AT = re.compile(r"\bServer at ([A-Za-z0-9._-]{1,255}) \(([0-9A-Fa-f.:]{2,45})\) returned")
# Postfix: host mx.example.com[192.0.2.1] said; Exim: host mx.example.com [192.0.2.1].
_SAID = re.compile(r"\bhost ([A-Za-z0-9._-]{1,255}) ?\[([0-9A-Fa-f.:]{2,45})\]")
# Gmail: [mx.example.com 192.0.2.1: timed out], [(0) mx.example.com. [192.0.2.1]:25: socket error].
_TRIED = re.compile(r"\[(?:\(\d{1,3}\) )?([A-Za-z0-9._-]{1,255}) \[?([0-9A-Fa-f.:]{2,45}?)\]?(?::25)?: ")
# Stalwart: TLS error from 'mx.example.com'; logs of Stalwart and maddy: hostname = "mx.example.com", "remote_server":"mx.example.com."
_QUOTED = re.compile(
    r"(?:TLS error from|failed to authenticate|connection to) '([A-Za-z0-9._-]{1,255})'", re.IGNORECASE
)
_FIELD = re.compile(r"\b(?:hostname|mx|remote_server\")(?: = |=|:)\"([A-Za-z0-9._-]{1,255})\"")
_TALKING_TO = re.compile(r"talking to ([A-Za-z0-9._-]{1,255}?)\.?:", re.IGNORECASE)
_PLACES = (
    ("[lastattemptedservername=", _LAST_NAME),
    ("server at ", _SERVER_AT),
    ("host ", _SAID),
    ("[", _TRIED),
    (" '", _QUOTED),
    ('"', _FIELD),
    ("talking to ", _TALKING_TO),
    ("[lastattemptedip=", _LAST_ADDRESS),
)
"""How a text names the host that it speaks of, each behind a sign in lower case that is soon looked for."""

_ADDRESS = re.compile(
    r"(?<![\w.:-])((?:\d{1,3}\.){3}\d{1,3}|(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f:]{0,20})(?![\w:-])"
)


def failing_host(one: StatedCause, material: Material) -> str | None:
    """Return the host, address or domain that failed, or None where nothing names one."""
    if one.side is Side.RECEIVER:
        address = one.address or _address_in(one.because) or _address_beside(one, material)
        by_address = CATALOGUE[one.cause].failing is Failing.SENDING_ADDRESS
        named = (one.host, address, one.domain) if by_address else (one.host, one.domain, address)
        return _first(*named)
    return _first(one.host, _near(material), _remote(material), one.address, one.domain)


def _first(*names: str) -> str | None:
    for name in names:
        bare = name.rstrip(".").strip("[]")
        if bare and (is_host(bare) or is_address(bare)):
            return bare.lower()
    return None


def _address_in(text: str) -> str:
    found = _ADDRESS.search(text)
    return found.group(1) if found else ""


def _address_beside(one: StatedCause, material: Material) -> str:
    """Return the first address behind the words of the cause in the statement that has them."""
    for statement in material.statements:
        _, words, behind = statement.text.partition(one.because)
        if words:
            return _address_in(behind)
    return ""


def _near(material: Material) -> str:
    for statement in material.statements:
        lowered = statement.text.lower()
        for sign, place in _PLACES:
            if sign in lowered and (found := place.search(statement.text)):
                return found.group(1)
    return ""


def _remote(material: Material) -> str:
    return next((one.remote_mta for one in material.recipients if one.remote_mta), "")
