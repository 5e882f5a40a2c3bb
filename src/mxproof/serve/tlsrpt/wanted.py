"""Whose reports are taken in: those of the domains that are served here, for anybody may point a record at us."""

import msgspec

from mxproof.formats.errors import ConfigError, FormatError
from mxproof.formats.names import canonical, parse_domain

DOMAINS_WANTED_MAX = 1_000_000


class WantedDomains(msgspec.Struct, frozen=True):
    """Domains by name, and those with everything below them; `any` takes in all there are."""

    names: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()
    any: bool = False

    def serves(self, domain: str) -> bool:
        """Tell whether reports about `domain` are wanted."""
        if self.any or domain in self.names:
            return True
        labels = domain.split(".") if self.below else []
        return any(".".join(labels[place:]) in self.below for place in range(1, len(labels)))


def wanted_domains(texts: tuple[str, ...], *, any_domain: bool) -> WantedDomains:
    """Return the domains that are written so; raises ConfigError for what is none."""
    if len(texts) > DOMAINS_WANTED_MAX:
        raise ConfigError(f"{len(texts)} domains where at most {DOMAINS_WANTED_MAX} are looked for")
    names: set[str] = set()
    below: set[str] = set()
    for text in texts:
        kind = below if text.startswith(".") else names
        try:
            kind.add(canonical(parse_domain(text.removeprefix(".")).name))
        except FormatError as error:
            raise ConfigError(f"{text!r}: {error.objections[0].message}; a domain was expected") from None
    return WantedDomains(frozenset(names), frozenset(below), any_domain)
