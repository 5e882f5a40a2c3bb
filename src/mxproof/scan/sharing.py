"""Which questions belong to one domain and which many domains share, and who asks the shared ones.

| question | asked |
|---|---|
| MX and TXT records of the domain, addresses of its policy host | with the domain |
| anything else of DNS | once a scan, by the task of the bucket that its name falls into |
| a connection | once a scan, by the task of the bucket that its address falls into |

A name or an address falls into one bucket all through a scan and one task at a time asks for a bucket, so that what is
asked of one server never comes from two workers at once.
"""

from collections.abc import Iterable, Mapping
from zlib import crc32

from mxproof.evidence import CONNECTION_KINDS, Kind, Question
from mxproof.survey.reading import FAMILY_KINDS, POLICY_LABEL

DOMAINS_PER_CHUNK = 500
BUCKETS_MIN = 4
BUCKETS_MAX = 64
_OF_DOMAIN = frozenset({Kind.MX, Kind.TXT})
_ADDRESSES = frozenset(FAMILY_KINDS.values())


def is_own(question: Question, domain: str) -> bool:
    """Tell whether a question is asked with the domain, since hardly another one leads to it."""
    if question.server or question.kind in CONNECTION_KINDS:
        return False
    if question.kind in _ADDRESSES:
        return question.name == f"{POLICY_LABEL}.{domain}"
    within = question.name == domain or question.name.endswith(f".{domain}")
    return question.kind in _OF_DOMAIN and within


def buckets_for(chunks: int) -> int:
    """Return how many buckets the names of a scan of so many chunks are spread over, and as many again its addresses."""
    return min(BUCKETS_MAX, max(BUCKETS_MIN, chunks))


def bucket_of(question: Question, buckets: int) -> int:
    """Return the bucket of a shared question: below `buckets` for a name, from there on for an address."""
    if question.kind in CONNECTION_KINDS:
        return buckets + crc32(question.at.encode()) % buckets
    return crc32((question.server or question.name).encode()) % buckets


def spread(questions: Iterable[Question], buckets: int) -> Mapping[int, tuple[Question, ...]]:
    """Return shared questions by bucket, each once, in order."""
    found: dict[int, list[Question]] = {}
    for question in sorted(frozenset(questions)):
        found.setdefault(bucket_of(question, buckets), []).append(question)
    return {bucket: tuple(ones) for bucket, ones in found.items()}
