"""Advice taken at its word in worlds with faults at random: it stops no mail, and comes to what was said."""

from hashlib import sha256

from fuzz.target import Target
from support_advice import invented, objections

SEED_BYTES = 4


def advice(data: bytes) -> None:
    assert objections(invented(int.from_bytes(sha256(data).digest()[:SEED_BYTES]))) == []


TARGETS = (Target("advice", advice, (b"0",), examples=3),)
