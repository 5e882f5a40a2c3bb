"""Datagrams as Postfix sends them, and as nobody does."""

import json
from pathlib import Path
from random import Random

DATAGRAMS = tuple(
    (Path(__file__).parent / "data/tlsrpt/postfix-3.10.13-datagrams-a.ndjson").read_bytes().splitlines()
)
_ODD_TEXTS = (
    "",
    " ",
    ".",
    "a" * 5000,
    "\u202e\u2066",
    "\x00\x1f\x7f\x85",
    '["a", "b"]',
    "[a",
    "mx: mx.example",
    "a,b;c d",
    "version: STSv1; mode: enforce",
    "version: STSv1\\nmode: enforce",
    "a\r\nb",
    "10 mx.example",
    "mx.example:25",
    "user@mx.example",
    "[192.0.2.1]",
    "::ffff:192.0.2.1",
    "250-",
    "250 ",
    "250-a\r\n250 b",
    "https://example.com/ x",
    "\udcff",
    "İ",
    "*.example.com",
    "*",
)
_ODD_VALUES = ("null", "true", "-1", str(2**70), "1.5", "[]", "{}", "[[]]", '{"a": 1}')


def mutated(random: Random) -> bytes:
    """Return a datagram with something else in it: bytes, texts or values, sometimes several."""
    data = random.choice(DATAGRAMS)
    if random.random() < 0.6:
        found = json.loads(data)
        for _ in range(random.randint(1, 4)):
            _alter(found, random)
        data = json.dumps(found, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    if random.random() < 0.5:
        damaged = bytearray(data)
        for _ in range(random.randint(1, 5)):
            _damage(damaged, random)
        data = bytes(damaged)
    return data


def _alter(value: object, random: Random) -> None:
    """Put something else in place of one value, however deep it stands."""
    while isinstance(value, dict | list) and value:
        key = random.choice(list(value)) if isinstance(value, dict) else random.randrange(len(value))
        inner = value[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.1:
            odd: object = (
                random.choice(_ODD_TEXTS) if random.random() < 0.8 else json.loads(random.choice(_ODD_VALUES))
            )
            value[key] = odd
            return
        value = inner


def _damage(data: bytearray, random: Random) -> None:
    if not data:
        return
    place = random.randrange(len(data))
    match random.randrange(4):
        case 0:
            data[place] = random.randrange(256)
        case 1:
            del data[place : place + random.randint(1, 8)]
        case 2:
            data[place:place] = random.randbytes(random.randint(1, 8))
        case _:
            data[place:place] = data[max(0, place - random.randint(1, 40)) : place]
