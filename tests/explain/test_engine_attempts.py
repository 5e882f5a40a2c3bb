"""Of several attempts the last one that states anything is the answer, by its causes or by the kind that it names."""

import pytest

from mxproof.explain.engine import explain
from mxproof.explain.explanation import Explanation

A, B = "a@example.com", "b@example.com"
REFUSED = "H=mx.example.com [192.0.2.1] defer (111): Connection refused"
NO_TLS = "defer (-38): H=mx.example.com [192.0.2.1]: a TLS session is required, but the server did not offer TLS support"
QUOTA = (
    "H=mx.example.com [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<a>: 552 5.2.2 over quota"
)
NOBODY = QUOTA.replace("552 5.2.2 over quota", "550 5.1.1 User unknown")
GAVE_UP = ": retry timeout exceeded"
NEW = "defer (0): words that nobody knows"


def tried(*attempts: tuple[str, str]) -> Explanation:
    """Return what the log of Exim says of a message, hour by hour: of whom, and what came of it."""
    lines = (
        f"2026-11-20 {hour:02}:02:44 1tDabc-0005xY-Qz == {address} R=smart T=remote_smtp {said}"
        for hour, (address, said) in enumerate(attempts)
    )
    return explain("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("said", "causes", "other"),
    [
        ((REFUSED, NO_TLS), ["starttls_missing"], None),
        ((NO_TLS, REFUSED), ["connect_refused"], None),
        ((NO_TLS, REFUSED, NEW), ["connect_refused"], None),
        # That the time is over waits for what was said before it, whatever that was.
        ((NO_TLS, REFUSED, GAVE_UP), ["connect_refused"], None),
        ((REFUSED, QUOTA, GAVE_UP), [], "mailbox-full"),
        ((NEW, GAVE_UP), ["queue_expired"], None),
        ((GAVE_UP, GAVE_UP), ["queue_expired"], None),
        # A reason of another kind is one, too.
        ((REFUSED, QUOTA), [], "mailbox-full"),
        ((QUOTA, REFUSED), ["connect_refused"], None),
        ((QUOTA, NOBODY), [], "user-unknown"),
        ((NOBODY, QUOTA), [], "mailbox-full"),
        ((NOBODY, QUOTA, NEW), [], "mailbox-full"),
    ],
)
def test_the_last_attempt_that_states_anything_is_the_answer(
    said: tuple[str, ...], causes: list[str], other: str | None
) -> None:
    got = tried(*((A, one) for one in said))
    assert ([one.code for one in got.causes], got.other) == (causes, other)
    assert [one.causes for one in got.recipients] == [tuple(causes)]


def test_the_attempts_of_each_recipient_are_its_own() -> None:
    got = tried((A, REFUSED), (B, NO_TLS), (A, QUOTA), (B, REFUSED))
    assert [(one.address, one.causes, one.other) for one in got.recipients] == [
        (A, (), "mailbox-full"),
        (B, ("connect_refused",), None),
    ]
    both = tried((A, QUOTA), (B, REFUSED), (A, NOBODY), (B, QUOTA))
    assert [(one.address, one.causes, one.other) for one in both.recipients] == [
        (A, (), "user-unknown"),
        (B, (), "mailbox-full"),
    ]
    assert (both.causes, both.other) == ((), "user-unknown")
