"""Passwords: what is kept is a slow hash of its own each time, and an account that nobody has is not told from one."""

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
