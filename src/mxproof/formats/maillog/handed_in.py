"""Which host handed in a mail, from a line of Postfix or Exim.

Only mail from outside counts: not what was submitted with a password, nor what a filter on this machine hands back.
"""

import re

from mxproof.formats.maillog.sender import is_loopback

POSTFIX_SIGN = b": client="
EXIM_SIGN = b" <= "
_POSTFIX = re.compile(
    rb": client=(?P<host>[^\[\s,]{1,255})\[(?:IPv6:)?(?P<address>[0-9A-Fa-f:.]{2,45})(?:%[^\]]{1,20})?\](?P<rest>.{0,400})"
)
_QUEUE_ID = re.compile(rb"(?:^|[^0-9A-Za-z])([0-9A-Za-z]{5,30})$")
_QUEUE_ID_BYTES = 31
_NO_QUEUE = b"NOQUEUE"
_EXIM = re.compile(
    rb" <= (?:<>|\S{1,500}) (?:.{0,400}? )?H=(?:(?P<host>[^\s(\[]{1,255}) )?(?:\([^)]{0,255}\) )?"
    rb"\[(?:IPv6:)?(?P<address>[0-9A-Fa-f:.]{2,45})(?:%[^\]]{1,20})?\](?P<rest>.{0,2000})"
)
_SUBMISSION, _SMTPS = b"/submission", b"/smtps/"
"""Services to which users hand in their mail, as Postfix's master.cf calls them."""
NAMELESS = "unknown"


def host_of(line: bytes) -> str | None:
    """Return the client host of a line that tells of accepted mail, `NAMELESS` where it has no name in DNS; else None."""
    place = line.find(POSTFIX_SIGN)
    if place >= 0:
        found = _POSTFIX.match(line, place)
        if found is None or b"sasl_" in found["rest"]:
            return None
        before = line[:place]
        if _SUBMISSION in before or _SMTPS in before or not _ends_in_queue_id(before):
            return None
    elif EXIM_SIGN in line:
        found = _EXIM.search(line)
        if found is None or b" A=" in found["rest"] or _is_authenticated(found["rest"]):
            return None
    else:
        return None
    if is_loopback(found["address"].decode("ascii")):
        return None
    return found["host"].decode("ascii", "replace").lower() if found["host"] else NAMELESS


def _ends_in_queue_id(before: bytes) -> bool:
    found = _QUEUE_ID.search(before[-_QUEUE_ID_BYTES:])
    return found is not None and found[1] != _NO_QUEUE


def _is_authenticated(rest: bytes) -> bool:
    """Tell whether Exim's protocol ends in the `a` of authentication (RFC 3848, RFC 6531), as `P=esmtpsa` and `P=utf8esmtpsa`."""
    found = re.search(rb" P=(\S{1,40})", rest)
    return found is not None and (found[1].endswith((b"mtpa", b"mtpsa")) or found[1] == b"local")
