"""How one program reads an MTA-STS record and policy: what it reads past, and what it then makes of the text.

Real readers differ from the grammar of RFC 8461 section 3 in few ways, and each way is a field of `PolicyReading`:
whether a fault has the whole text refused or is read past, which of a field given again counts, what a number is, and
whether an `mx` line that holds no pattern is dropped or kept. So a program is one value, and `read_policy` is the one
reader of them all. The rules are those of the objections that `examine_record` and `examine_policy` raise.

Numbers, modes and versions are not forgiven by rule: each reader takes those that its own fields allow.
"""

import re
import zlib
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from mxproof.formats.mtasts_policy import (
    MAX_AGE_S_MAX,
    POLICY_BYTES_MAX,
    Mode,
    Policy,
    examine_policy,
)
from mxproof.formats.mtasts_record import StsFields, near_sts_records, read_record, sts_records
from mxproof.formats.names import folded, is_host

READINGS_CACHED_MAX: Final = 1024
_NUMBER_CHARACTERS_MAX: Final = 64
_SPACE: Final = b" \t\r\v\f"
_MARK: Final = b"\xef\xbb\xbf"
_ID: Final = re.compile(rb"[; ]id=")
_VERSION: Final = re.compile(rb"(?:^|;)\s*v=([^;]*)")

RECORD_FAULTS: Final = frozenset(
    {"version-space", "field-malformed", "field-empty", "field-space", "trailing-space", "id-value"}
)
"""Faults of a record that lenient readers read past; an empty or missing id is none of them."""
LINE_FAULTS: Final = frozenset(
    {"stray-cr", "blank-line", "line-malformed", "name-malformed", "value-malformed"}
)
"""Faults of a line of the policy that leave its other lines readable."""
_JUDGED_BY_VALUE: Final = frozenset(
    {
        "version-missing",
        "version-value",
        "mode-missing",
        "mode-value",
        "max-age-missing",
        "max-age-value",
        "max-age-range",
        "mx-missing",
    }
)


class Repeated(StrEnum):
    """What counts where a field that should stand once stands again."""

    FIRST = "first"
    """As RFC 8461 section 3.2 has it."""
    LAST = "last"
    REFUSED = "refused"


class PolicyReading(msgspec.Struct, frozen=True, kw_only=True):
    """One program as a reader of record and policy.

    `record_forgiven` and `policy_forgiven`: objections to these rules do not stop it. `any_record`: of several records
    it takes one, where the RFC has none count; `one_id`: a record with several ids is none. `plain_only`: the media type has to be text/plain. `number` is what it
    takes for a max_age, as a regular expression over the whole value; a value outside `max_age_s` refuses the policy, or
    is cut to it where `clamps`. `trims_names`: space around a name does not count; without it such a line names nothing.
    `keeps_patterns`: an mx line stays in the policy whatever it holds. `cuts_final_dot`: a final dot of a pattern
    does not count. `unicode`: the ends of lines, the space around values and digits are all those of Unicode. `last_version`:
    of several v= in a record the last counts. `ends_at_blank`: what stands after a
    blank line is not read. `assumed`: values of fields that are missing or cannot be read. `mx_always`: an mx line is
    needed in mode none too. `mx_needless`: none is needed in any mode. `max_age_unmet`: with a max_age over the limit
    the policy is in force and no host meets it. `inflates`: it takes a body in gzip. `ascii_unless_said`: bytes that are
    not ASCII refuse the policy where the media type names no other charset. `bytes_read` are all it reads of the body, and
    with a name or a value in the head of more than `field_bytes_max` it takes none.
    """

    record_forgiven: frozenset[str] = frozenset()
    any_record: bool = False
    one_id: bool = False
    policy_forgiven: frozenset[str] = frozenset()
    plain_only: bool = True
    repeated: Repeated = Repeated.FIRST
    number: str = r"[0-9]{1,10}"
    max_age_s: tuple[int, int] = (0, MAX_AGE_S_MAX)
    clamps: bool = False
    trims_names: bool = False
    keeps_patterns: bool = False
    cuts_final_dot: bool = False
    unicode: bool = False
    last_version: bool = False
    ends_at_blank: bool = False
    assumed: tuple[tuple[str, str], ...] = ()
    mx_always: bool = False
    mx_needless: bool = False
    max_age_unmet: bool = False
    inflates: bool = False
    ascii_unless_said: bool = False
    bytes_read: int = POLICY_BYTES_MAX
    field_bytes_max: int | None = None


STRICT: Final = PolicyReading()
"""By the grammar, to the letter."""
LENIENT: Final = PolicyReading(
    record_forgiven=RECORD_FAULTS,
    policy_forgiven=LINE_FAULTS | {"mx-value", "byte-order-mark"},
    plain_only=False,
    clamps=True,
    trims_names=True,
)
"""Everything read past that some reader reads past although the grammar does not allow it."""


def read_records(texts: Iterable[bytes], reading: PolicyReading) -> StsFields | None:
    """Return the record that a program finds among the TXT records at _mta-sts.D, None where it finds none."""
    return _read_records(tuple(texts), reading)


@lru_cache(maxsize=READINGS_CACHED_MAX)
def _read_records(texts: tuple[bytes, ...], reading: PolicyReading) -> StsFields | None:
    near = near_sts_records(texts) if "version-space" in reading.record_forgiven else ()
    counted = (*sts_records(texts), *(text for text in near if read_record(text, RECORD_FAULTS) is not None))
    if len(counted) > 1 and not reading.any_record:
        return None
    taken = (text for text in counted if not (reading.one_id and len(_ID.findall(text)) > 1))
    if reading.last_version:
        taken = (text for text in taken if _VERSION.findall(text)[-1].strip() == b"STSv1")
    read = (read_record(text, reading.record_forgiven) for text in taken)
    return next((fields for fields in read if fields is not None), None)


@lru_cache(maxsize=READINGS_CACHED_MAX)
def read_policy(body: bytes, reading: PolicyReading) -> Policy | None:
    """Return the policy that a program makes of the text, None where it is no policy to it."""
    if len(body) > reading.bytes_read:
        body = body[: reading.bytes_read]
    examined = examine_policy(body)
    if reading in (STRICT, LENIENT):
        return examined.strict if reading == STRICT else examined.lenient
    rules = {one.rule for one in examined.objections}
    return None if rules - reading.policy_forgiven - _JUDGED_BY_VALUE else _made(body, reading)


def inflated(body: bytes) -> bytes | None:
    """Return the first `POLICY_BYTES_MAX` bytes of what a gzip or zlib stream holds, None where it is none."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, POLICY_BYTES_MAX)
    except zlib.error:
        return None


def _made(body: bytes, reading: PolicyReading) -> Policy | None:
    """Return the policy of a text that is not refused as a whole."""
    values: dict[bytes, bytes] = {}
    patterns: list[bytes] = []
    for name, value in _lines(body, reading):
        if name == b"mx":
            patterns.append(value)
        elif name not in values or reading.repeated is Repeated.LAST:
            values[name] = value
        elif reading.repeated is Repeated.REFUSED:
            return None
    assumed = dict(reading.assumed)
    version, mode = values.get(b"version", assumed.get("version", "").encode()), _mode(values, assumed)
    max_age_s = _max_age_s(values, reading, assumed)
    if version != b"STSv1" or mode is None or max_age_s is None:
        return None
    unmet = reading.max_age_unmet and max_age_s > MAX_AGE_S_MAX
    mx = () if unmet else tuple(kept for one in patterns if (kept := _pattern(one, reading)) is not None)
    needed = (mode is not Mode.NONE or reading.mx_always) and not reading.mx_needless and not unmet
    return Policy(mode, max_age_s, mx) if mx or not needed else None


def _lines(body: bytes, reading: PolicyReading) -> Iterable[tuple[bytes, bytes]]:
    """Yield name and value of each line that has both."""
    text = body.removeprefix(_MARK) if "byte-order-mark" in reading.policy_forgiven else body
    for line in _unicode_lines(text) if reading.unicode else text.split(b"\n"):
        if reading.ends_at_blank and not line.strip(_SPACE):
            return
        name, colon, value = line.partition(b":")
        if colon:
            yield name.strip(_SPACE) if reading.trims_names else name, value.strip(_SPACE)


def _unicode_lines(text: bytes) -> Iterable[bytes]:
    """Yield the lines of a text in UTF-8 as Python has them, without the space that it sees around values."""
    for line in text.decode("utf-8", "replace").splitlines():
        name, colon, value = line.rstrip().partition(":")
        yield f"{name}{colon}{value.lstrip()}".encode()


def _mode(values: dict[bytes, bytes], assumed: dict[str, str]) -> Mode | None:
    found = values.get(b"mode", b"").decode("ascii", "replace")
    return next(
        (mode for mode in Mode if found == mode), Mode(assumed["mode"]) if "mode" in assumed else None
    )


def _max_age_s(values: dict[bytes, bytes], reading: PolicyReading, assumed: dict[str, str]) -> int | None:
    text = values.get(b"max_age", b"").decode("utf-8", "replace")
    if len(text) > _NUMBER_CHARACTERS_MAX or not re.fullmatch(
        reading.number, text, re.NOFLAG if reading.unicode else re.ASCII
    ):
        return int(assumed["max_age"]) if "max_age" in assumed else None
    seconds, (least, most) = int(text), reading.max_age_s
    if reading.clamps:
        return min(max(seconds, least), most)
    return seconds if least <= seconds <= most else None


def _pattern(value: bytes, reading: PolicyReading) -> str | None:
    """Return an mx line as it stands in the policy, None where it is dropped from it."""
    pattern = folded(value.decode("utf-8", "backslashreplace"))
    if reading.cuts_final_dot:
        pattern = pattern.removesuffix(".")
    return pattern if reading.keeps_patterns or is_host(pattern.removeprefix("*.")) else None
