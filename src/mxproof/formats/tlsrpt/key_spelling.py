"""Keys of a report in whatever spelling: from what was written to the key of RFC 8460 section 4.4 that is meant.

Both are cut into words. Endings, and words that tell nothing apart (`total`, `count`, `date`), are left out, and words of one
meaning are one. What remains must be the same, whatever its order.
"""

import re
from functools import lru_cache
from typing import Final

SPELLING_CHARACTERS_MAX: Final = 64
SPELLINGS_CACHED_MAX: Final = 1024

_CUT: Final = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_EMPTY_WORDS: Final = frozenset(
    {
        *("total", "session", "count", "number", "of", "policy"),
        *("date", "time", "datetime", "timestamp", "range"),
        *("name", "host", "hostname", "pattern", "address", "code", "info", "information", "uri"),
    }
)
_ONE_MEANING: Final = {
    **dict.fromkeys(("successful", "succesful", "succeeded", "passed"), "success"),
    **dict.fromkeys(("failed", "failing", "fail"), "failure"),
    **dict.fromkeys(("org", "organisation"), "organization"),
    **dict.fromkeys(("begin", "from"), "start"),
    **dict.fromkeys(("until", "to"), "end"),
}
_OTHER_KEYS: Final = {
    "count": "failed-session-count",
    "details": "failure-details",
    "failures": "failure-details",
    "id": "report-id",
    "ip": "receiving-ip",
    "mx": "receiving-mx-hostname",
    "reason": "failure-reason-code",
    "result": "result-type",
    "sessions": "failed-session-count",
}
"""Keys that are too short to be taken for others by their words."""
_PLURAL_CHARACTERS_MIN: Final = 4


@lru_cache(maxsize=SPELLINGS_CACHED_MAX)
def meant_key(name: str, known: frozenset[str]) -> str | None:
    """Return the one of `known` that a key is meant to be, None for none."""
    if len(name) > SPELLING_CHARACTERS_MAX:
        return None
    words = _words(name)
    found = [one for one in sorted(known) if _words(one) == words]
    if len(found) == 1:
        return found[0]
    other = _OTHER_KEYS.get(name.strip().lower())
    return other if other in known else None


def _words(name: str) -> frozenset[str]:
    every = [_one(word) for word in _CUT.split(name.strip()) if word]
    return frozenset(word for word in every if word not in _EMPTY_WORDS) or frozenset(every)


def _one(word: str) -> str:
    word = word.lower()
    if len(word) >= _PLURAL_CHARACTERS_MIN and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return _ONE_MEANING.get(word, word)
