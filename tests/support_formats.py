"""Strategies for the texts and values of `mxproof.formats`, the RFCs' examples, and a measure of work done."""

import string
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from hypothesis import strategies as st

VECTORS = Path(__file__).parent / "vectors"

_ALNUM = string.ascii_letters + string.digits
_LOWER = string.ascii_lowercase + string.digits

labels = st.from_regex(r"[a-z][a-z0-9-]{0,20}[a-z0-9]", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=5).map(".".join)
patterns = st.builds(str.__add__, st.sampled_from(["", "*."]), hosts)
extension_names = st.builds(
    str.__add__, st.sampled_from(_ALNUM), st.text(alphabet=_ALNUM + "_-.", max_size=31)
)
tag_values = st.text(
    alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="=;"), min_size=1
)


def extensions(
    values: st.SearchStrategy[str], without: frozenset[str]
) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Return a strategy for extension fields whose names are unlike those of the format."""
    pair = st.tuples(extension_names.filter(lambda name: name not in without), values)
    return st.lists(pair, max_size=3, unique_by=lambda pair: pair[0]).map(tuple)


def vector(path: str) -> bytes:
    """Return an example of an RFC, such as `rfc8461/record-section-3.1.txt`."""
    return (VECTORS / path).read_bytes()


def work(act: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, `act` calls: a measure of time that no clock disturbs."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls
