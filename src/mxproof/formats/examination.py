"""What comes out of reading one text twice: strictly, as its RFC says, and as leniently as real senders do.

An examination never fails. Its law: `strict` is present exactly where there is no objection, and is then equal to
`lenient`; `lenient` is present exactly where every objection is ambiguous.
"""

from typing import Generic, TypeVar

import msgspec

from mxproof.formats.errors import FormatError, Objection

OBJECTIONS_MAX = 50

T = TypeVar("T")


class Examination(msgspec.Struct, Generic[T], frozen=True):
    """Both readings of one text and all that was found wrong with it, in order of position.

    Past `OBJECTIONS_MAX` the ambiguous objections are left out but for the first to each rule; other objections never
    are, and no format has more than a handful of them.
    """

    strict: T | None
    lenient: T | None
    objections: tuple[Objection, ...] = ()

    def strict_or_raise(self, subject: str) -> T:
        """Return the strict reading; raises FormatError with every objection where there is none."""
        if self.strict is None:
            raise FormatError(subject, *self.objections)
        return self.strict


class Notes:
    """Objections collected while one text is read."""

    def __init__(self) -> None:
        self._grave: list[Objection] = []
        self._ambiguous: list[Objection] = []
        self._rules: set[str] = set()

    def object(self, objection: Objection) -> None:
        """Keep an objection; an ambiguous one only below `OBJECTIONS_MAX`, or where its rule was not met yet."""
        if not objection.ambiguous:
            self._grave.append(objection)
        elif len(self._ambiguous) < OBJECTIONS_MAX or objection.rule not in self._rules:
            self._ambiguous.append(objection)
        self._rules.add(objection.rule)

    def objections(self) -> tuple[Objection, ...]:
        """Return everything kept, in order of position."""
        return _in_order(self._grave + self._ambiguous)

    def examination(self, reading: T | None) -> Examination[T]:
        """Return the outcome, given what a lenient reader could make of the text at best."""
        assert reading is not None or self._grave, "what cannot be read has a reason"
        lenient = None if self._grave else reading
        objections = self.objections()
        return Examination(
            strict=None if objections else lenient,
            lenient=lenient,
            objections=objections,
        )


def _in_order(objections: list[Objection]) -> tuple[Objection, ...]:
    return tuple(sorted(objections, key=lambda objection: objection.position))
