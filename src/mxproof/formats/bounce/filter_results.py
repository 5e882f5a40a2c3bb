"""What mail filters write of SPF, DKIM and DMARC into fields of their own, read as authentication results.

    X-KSE-AntiSpam-Info: Auth:dmarc=fail header.from=example.com policy=none;spf=none smtp.mailfrom=example.com
    X-KLMS-AntiSpam-Auth: dmarc=none header.from=example.com;spf=softfail smtp.mailfrom=example.com;dkim=none
    X-Spamd-Result: default: False [2.50 / 15.00]; R_SPF_FAIL(1.00)[-all]; DMARC_POLICY_SOFTFAIL(0.10)[example.com : none]

Kaspersky's products (observed: Secure Mail Gateway, Linux Mail Security, for Exchange) use the grammar of RFC 8601
behind `Auth:`. rspamd names one symbol for each result (rspamd rules/, conf/scores.d): the options in brackets name
the domain, or the mechanism that matched.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mxproof.formats.bounce.authres import (
    RESULTS_MAX,
    VALUE_CHARACTERS_MAX,
    AuthResult,
    AuthResults,
    parse_auth_results,
)

_KASPERSKY = re.compile(r"x-k[a-z]{2,4}-anti-?spam-(?:info|auth)")
_KASPERSKY_PREFIX = "auth:"
_RSPAMD = "x-spamd-result"
_SYMBOL = re.compile(r"\b([A-Z][A-Z0-9_]{3,40})\(-?[\d.]{1,10}\)(?:\[([^\]]{0,500})\])?")
_DOMAIN = re.compile(r"(?:^|@)([A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,10})\b")

_SYMBOLS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "R_SPF_ALLOW": ("spf", "pass", ""),
        "R_SPF_FAIL": ("spf", "fail", ""),
        "R_SPF_SOFTFAIL": ("spf", "softfail", ""),
        "R_SPF_NEUTRAL": ("spf", "neutral", ""),
        "R_SPF_NA": ("spf", "none", ""),
        "R_SPF_DNSFAIL": ("spf", "temperror", ""),
        "R_SPF_PERMFAIL": ("spf", "permerror", ""),
        "R_DKIM_ALLOW": ("dkim", "pass", ""),
        "R_DKIM_REJECT": ("dkim", "fail", ""),
        "R_DKIM_NA": ("dkim", "none", ""),
        "R_DKIM_TEMPFAIL": ("dkim", "temperror", ""),
        "R_DKIM_PERMFAIL": ("dkim", "permerror", ""),
        "DMARC_POLICY_ALLOW": ("dmarc", "pass", ""),
        "DMARC_POLICY_REJECT": ("dmarc", "fail", "reject"),
        "DMARC_POLICY_QUARANTINE": ("dmarc", "fail", "quarantine"),
        "DMARC_POLICY_SOFTFAIL": ("dmarc", "fail", "none"),
        "DMARC_DNSFAIL": ("dmarc", "temperror", ""),
        "DMARC_BAD_POLICY": ("dmarc", "permerror", ""),
        "DMARC_NA": ("dmarc", "none", ""),
    }
)
"""Method, result and the policy that goes with it."""
_DOMAIN_PROPERTIES = MappingProxyType({"spf": "smtp.mailfrom", "dkim": "header.d", "dmarc": "header.from"})


def is_filter_header(name: str) -> bool:
    """Tell whether a field of this name, in lower case, is a filter's own; whether it has results is for its value."""
    return name == _RSPAMD or _KASPERSKY.fullmatch(name) is not None


def parse_filter_header(name: str, value: str) -> AuthResults:
    """Return the results that a filter's field has; most fields of Kaspersky's have none."""
    value = value[:VALUE_CHARACTERS_MAX].strip()
    if name.lower() == _RSPAMD:
        return AuthResults("", tuple(_symbols(value))[:RESULTS_MAX])
    bare = (
        value[len(_KASPERSKY_PREFIX) :]
        if value[: len(_KASPERSKY_PREFIX)].lower() == _KASPERSKY_PREFIX
        else value
    )
    return parse_auth_results(bare)


def _symbols(value: str) -> list[AuthResult]:
    found: list[AuthResult] = []
    for symbol, options in _SYMBOL.findall(value):
        if symbol not in _SYMBOLS:
            continue
        method, result, policy = _SYMBOLS[symbol]
        named = _DOMAIN.search(options)
        properties = (
            ((_DOMAIN_PROPERTIES[method], named.group(1)),)
            if named and not options.startswith(("-", "+", "~", "?"))
            else ()
        )
        if policy:
            properties = (*properties, ("policy", policy))
        found.append(AuthResult(method, result, "", (options,) if options else (), properties))
    return found
