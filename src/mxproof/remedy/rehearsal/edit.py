"""An edit: changes that are made in one act, and when; a way out taken apart into them.

| rank | edit | made at once because |
|---|---|---|
| 0 | a server is set up or shows another certificate | it is one host; hosts follow one another |
| 1 | records at names where nothing goes: addresses of a new name, TLSA records of a new key | one version of the zone |
| 2 | the policy text | one file |
| 3 | the MTA-STS record | one version of the zone; after the text (RFC 8461 section 8.1) |
| 4 | addresses and aliases in place of others | an alias has no records beside it (RFC 1034 section 3.6.2) |
| 5 | MX records | one version of the zone |
| 6 | records that only go: TLSA records of a key that is no longer shown | one version of the zone; last (RFC 7671 section 8.1) |

The ranks are an order to begin with. Whether it is a safe one is found out.
"""

from collections.abc import Iterable

import msgspec

from mxproof.mail.change import (
    Change,
    Configure,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Wait,
    Withdraw,
)
from mxproof.survey.reading import STS_LABEL

SERVER_RANK, NEW_RANK, POLICY_RANK, RECORD_RANK, OWNER_RANK, MX_RANK, GONE_RANK = range(7)
NAIVE_RANKS = (MX_RANK, OWNER_RANK, NEW_RANK, GONE_RANK, SERVER_RANK, POLICY_RANK, RECORD_RANK)
"""The order in which people do it who do not think of caches: what they came for first, the policy when all is done."""


class Edit(msgspec.Struct, frozen=True):
    """Changes made in one act; `rank` as the table of the module has it."""

    rank: int
    changes: tuple[Change, ...]


class TimedEdit(msgspec.Struct, frozen=True):
    """An edit and when it is made, in seconds from the first one."""

    at_s: int
    edit: Edit


def edits(changes: Iterable[Change]) -> tuple[Edit, ...]:
    """Take changes apart into edits, in the order of their ranks; waiting is left to whoever orders them."""
    every = [change for change in changes if not isinstance(change, Wait)]
    gone = {change.name for change in every if isinstance(change, Withdraw)}
    new = {change.name for change in every if isinstance(change, Publish)}
    parts: dict[tuple[int, str], list[Change]] = {}
    for change in every:
        rank = _rank(change, gone, new)
        parts.setdefault((rank, _server(change)), []).append(change)
    return tuple(Edit(rank, tuple(parts[rank, key])) for rank, key in sorted(parts))


def _server(change: Change) -> str:
    """Return the first address of the server that a change is about, by which servers are told apart."""
    if isinstance(change, PresentCertificate | Configure) and change.addresses:
        return change.addresses[0]
    return ""


def _rank(change: Change, gone: set[str], new: set[str]) -> int:
    match change:
        case Publish(_, MxValue()) | Withdraw(_, MxValue()):
            return MX_RANK
        case Publish(name) | Withdraw(name) if name.startswith(f"{STS_LABEL}."):
            return RECORD_RANK
        case ServePolicy():
            return POLICY_RANK
        case Publish(name):
            return OWNER_RANK if name in gone and not _is_key(change) else NEW_RANK
        case Withdraw(name):
            return OWNER_RANK if name in new and not _is_key(change) else GONE_RANK
        case _:
            return SERVER_RANK


def _is_key(change: Publish | Withdraw) -> bool:
    """Tell whether it is about a TLSA record, of which old and new stand side by side for a while."""
    return change.name.startswith("_25._tcp.")
