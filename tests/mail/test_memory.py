"""What a remembered policy is to whoever reads it, and when it ends for them."""

from datetime import UTC, datetime, timedelta

from mxproof.mail.domain import PolicyReading
from mxproof.mail.memory import Memory

AT = datetime(2026, 6, 1, tzinfo=UTC)
STRICT = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n"
FORGIVEN = STRICT.replace(b"mode: enforce", b"mode: enforce ; for now")


def held(body: bytes, reading: PolicyReading) -> tuple[bool, datetime]:
    memory = Memory(body, AT)
    return memory.policy(reading) is not None, memory.ends_at(reading)


def test_a_policy_by_the_grammar_ends_for_everybody_when_its_life_is_over() -> None:
    for reading in PolicyReading:
        assert held(STRICT, reading) == (True, AT + timedelta(days=1))


def test_what_is_no_policy_never_began() -> None:
    for reading in PolicyReading:
        assert held(b"nonsense", reading) == (False, AT)
