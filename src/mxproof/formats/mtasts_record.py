"""The TXT record at `_mta-sts.D` (RFC 8461 section 3.1): that there is a policy, and which one.

Its form is that of `tags`; its own are the version and the id:

    sts-version = %s"v=STSv1"
    sts-id      = %s"id=" 1*32(ALPHA / DIGIT)    _ID

Ids have no order: any difference means that the policy is new.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from mxproof.formats import tags
from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.examination import Examination, Notes

EXAMINED_CACHED_MAX: Final = 16
"""Records read last: a survey, the nouns above it and each planned state look at the same one."""

_SOURCE = "RFC 8461 section 3.1"
_GRAMMAR = tags.TagGrammar(version=b"v=STSv1", key=b"id", source=_SOURCE)
_ID = re.compile(rb"[A-Za-z0-9]{1,32}")


class StsFields(msgspec.Struct, frozen=True):
    """The fields of a valid record; `extensions` are the fields this version of MTA-STS does not know, in order."""

    id: str
    extensions: tuple[tuple[str, str], ...] = ()


StsRecordExamination = Examination[StsFields]


def sts_records(texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the texts that a sender counts: those that begin with `v=STSv1;` (RFC 8461 section 3.1)."""
    return tags.records(texts, _GRAMMAR)


def near_sts_records(texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the texts that a sender drops although they were meant to be records: `V=STSv1;`, `v=STSv1 ;`."""
    return tags.near_records(texts, _GRAMMAR)


def parse_record(data: bytes) -> StsFields:
    """Return the record whose character strings, joined without space, are `data`.

    Raises FormatError unless the whole is valid by the grammar and the prose of RFC 8461 section 3.1.
    """
    return examine_record(data).strict_or_raise("MTA-STS record")


def print_record(record: StsFields) -> bytes:
    """Return the text of `record`; raises FormatError where it would not read back as the same value."""
    fields = [("id", record.id), *record.extensions]
    text = "v=STSv1;" + "".join(f" {name}={value};" for name, value in fields)
    data = text.encode("ascii", "replace")
    if parse_record(data) != record:
        raise FormatError(
            "MTA-STS record", Objection("not-printable", "no text reads as this", 0, _SOURCE, text)
        )
    return data


@lru_cache(maxsize=EXAMINED_CACHED_MAX)
def examine_record(data: bytes) -> StsRecordExamination:
    """Read a record strictly and leniently, and say all that is wrong with it."""
    notes = Notes()
    return notes.examination(_read(data, notes))


def read_record(data: bytes, forgiven: frozenset[str]) -> StsFields | None:
    """Return the record as a reader has it that reads past objections to the rules `forgiven`, None where it cannot.

    The id of a record without one is empty.
    """
    notes = Notes()
    found = _read(data, notes)
    return found if all(one.rule in forgiven for one in notes.objections()) else None


def _read(data: bytes, notes: Notes) -> StsFields | None:
    """Return the fields as far as they can be made out, None where the text is no record to anyone."""
    found = tags.read_tags(data, _GRAMMAR, notes)
    if found is None:
        return None
    if not found.keyed:
        notes.object(Objection("id-missing", "no id field", len(data), _SOURCE))
        return StsFields("", found.extensions)
    for repeated in found.keyed[1:]:
        _check_repeated(repeated, notes)
    return StsFields(_id(found.keyed[0], notes), found.extensions)


def _id(tag: tags.Tag, notes: Notes) -> str:
    """Return the id as a lenient sender takes it: any text that is not empty.

    observed: postfix-mta-sts-resolver compares whatever stands behind the `=` (its utils.py, parse_mta_sts_record).
    """
    if not _ID.fullmatch(tag.value):
        message = "an id is 1 to 32 letters and digits"
        readable = tag.value != b""
        seen = shown(tag.value)
        notes.object(Objection("id-value", message, tag.position, _SOURCE, seen, ambiguous=readable))
    return tag.value.decode("ascii", "backslashreplace")


def _check_repeated(tag: tags.Tag, notes: Notes) -> None:
    """Check an id given again: it is ignored (RFC 8461 section 3.2), but still has to fit the grammar."""
    if not tags.is_extension_value(tag.value):
        message = "not a field of the form name=value"
        seen = shown(tag.value)
        notes.object(Objection("field-malformed", message, tag.position, _SOURCE, seen, ambiguous=True))
