"""Passwords: what is kept is a slow hash of its own each time, and an account that nobody has is not told from one."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from mxproof.serve.web import password_hash
from mxproof.serve.web.password_hash import hashed, is_password


def test_a_password_is_known_by_its_hash_and_no_other_is() -> None:
    kept = hashed("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert is_password(kept, "correct horse battery")
    assert not is_password(kept, "Correct horse battery")
    assert hashed("correct horse battery") != kept


def test_nobody_has_no_password_and_a_hash_that_is_none_fits_none() -> None:
    assert not is_password(None, "the password of nobody")
    assert not is_password("what is no hash", "password")


def test_for_nobody_as_slow_a_hash_is_reckoned_as_for_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time that it takes would tell who has an account."""
    verified: list[tuple[str, str]] = []
    hasher = PasswordHasher()

    class Noting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append((kept, password))
            return True

    monkeypatch.setattr(password_hash, "_HASHER", Noting())
    assert not is_password(None, "correct horse battery")
    assert is_password("kept", "correct horse battery")
    (nobodys, tried), of_account = verified
    assert (tried, of_account) == ("correct horse battery", ("kept", "correct horse battery"))
    slowness = extract_parameters(nobodys)
    assert (slowness.type, slowness.time_cost, slowness.memory_cost, slowness.parallelism) == (
        hasher.type,
        hasher.time_cost,
        hasher.memory_cost,
        hasher.parallelism,
    )
