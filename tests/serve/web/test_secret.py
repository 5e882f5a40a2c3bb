"""Secrets, what is kept of them, and what a form has to hold."""

from mxproof.serve.web.secret import digest_of, form_token, is_form_token, new_secret


def test_a_secret_is_new_each_time_and_its_digest_does_not_hold_it() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(one) >= 43
    assert digest_of(one) == digest_of(one) != digest_of(other)
    assert one.encode() not in digest_of(one)


def test_a_form_belongs_to_one_cookie() -> None:
    assert is_form_token("cookie", form_token("cookie"))
    assert not is_form_token("other", form_token("cookie"))
    assert not is_form_token("cookie", "")
    assert not is_form_token("cookie", "\u00e9")
    assert not is_form_token("", form_token(""))
