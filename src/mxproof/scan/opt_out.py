"""Domains that want not to be asked about: each name of a list, and all names below it."""

from collections.abc import Callable, Iterable

from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.scan.error import ScanError

OPTED_OUT_MAX = 1_000_000


def opted_out(lines: Iterable[bytes], name: str) -> Callable[[str], bool]:
    """Return what tells whether a domain has opted out; raises ScanError for a line that is no domain.

    A list of those who do not want to be asked is not read past a fault: somebody in it would be asked all the same.
    """
    names: set[str] = set()
    for number, line in enumerate(lines, 1):
        text = line.decode(errors="replace").partition("#")[0].strip()
        if not text:
            continue
        try:
            names.add(parse_domain(text).name)
        except FormatError as error:
            raise ScanError(f"{name}, line {number}: {error.objections[0].message}") from None
        if len(names) > OPTED_OUT_MAX:
            raise ScanError(f"{name}: more than {OPTED_OUT_MAX} domains; expected at most that many")

    def is_among(domain: str) -> bool:
        labels = domain.split(".")
        return any(".".join(labels[first:]) in names for first in range(len(labels)))

    return is_among
