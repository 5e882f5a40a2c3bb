"""Whose reports are taken in."""

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.serve.tlsrpt import wanted
from mxproof.serve.tlsrpt.wanted import wanted_domains


@pytest.mark.parametrize(
    ("texts", "served", "not_served"),
    [
        (("Example.com",), ("example.com",), ("a.example.com", "com", "example.net")),
        ((".example.com",), ("a.example.com", "b.a.example.com"), ("example.com", "badexample.com", "com")),
        (("example.net", ".example.com"), ("example.net", "a.example.com"), ("a.example.net",)),
        (("bücher.example",), ("xn--bcher-kva.example",), ("bucher.example",)),
        ((), (), ("example.com",)),
    ],
    ids=["a domain", "all below one", "both", "an IDN", "none"],
)
def test_a_domain_is_served_by_its_name_or_below_another(
    texts: tuple[str, ...], served: tuple[str, ...], not_served: tuple[str, ...]
) -> None:
    domains = wanted_domains(texts, any_domain=False)
    assert [one for one in (*served, *not_served) if domains.serves(one)] == list(served)


def test_with_any_all_there_are_are_served() -> None:
    assert wanted_domains((), any_domain=True).serves("whatever.example")


def test_what_is_no_domain_is_named() -> None:
    with pytest.raises(ConfigError, match="'exa mple'"):
        wanted_domains(("example.com", "exa mple"), any_domain=False)


def test_their_number_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "DOMAINS_WANTED_MAX", 2)
    assert wanted_domains(("a.example", "b.example"), any_domain=False).serves("b.example")
    with pytest.raises(ConfigError, match="3 domains where at most 2"):
        wanted_domains(("a.example", "b.example", "c.example"), any_domain=False)
