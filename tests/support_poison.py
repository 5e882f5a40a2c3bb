"""Worlds and reports in which every word from outside tries to be more than a word."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar, cast

import msgspec

from mxproof.evidence import Evidence, SmtpStage
from mxproof.mail.change import TxtValue
from support_world import Https, Smtp, ZoneWorld, collect

POISONS = (
    "<script>alert(1)</script>",
    "</style></title></textarea>--><img src=x onerror=alert(1)>",
    "\" onmouseover='alert(1)' x=\"",
    "]]><![CDATA[ &lt; &#60; &amp; <!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "=cmd|' /C calc'!A0",
    '+1;=HYPERLINK("http://attacker.example/","click")',
    "-2+3 ;@SUM(1)",
    "@everyone #1 !2 GH-3 ABC-123 user/repo#4 :tada: 0123456789abcdef0123456789abcdef01234567",
    "[click](javascript:alert(1)) ![x](http://attacker.example/x.png) <http://attacker.example/>",
    "http://attacker.example/ www.attacker.example a@attacker.example",
    "| a | b |\\| `code` ``` ~~~ \\",
    "# heading",
    "1. one",
    "- item",
    "> quote",
    "| 'label'=99;;;0 $(id) `id` $USER1$ ${IFS}",
    "\x1b]0;owned\x07\x9b31m\x00\x08\r\n\x85",
    "\u202eevil\u2066\u2069\u200b\u200d\ufeff\u2028\u2029\ue000\ufffe\U000e0041",
    "\t=1+1",
    "\uff1d1+1",
    "*bold* _em_ ~~gone~~ $math$ <b>b</b> &nbsp;",
    "a" * 1100,
)

T = TypeVar("T")


def poisoned(value: T, poison: str) -> T:
    """Return a value in which every text is followed by `poison`, enumerated words and data of records aside."""
    result: Any = value
    if isinstance(value, Enum | bool | int | float) or value is None:
        return value
    if isinstance(value, str):
        result = f"{poison} {value} {poison}"
    elif isinstance(value, TxtValue):
        result = TxtValue.of(poison.encode()[:200])
    elif isinstance(value, msgspec.Struct):
        fields = {name: poisoned(getattr(value, name), poison) for name in value.__struct_fields__}
        result = msgspec.structs.replace(value, **fields)
    elif isinstance(value, tuple):
        result = tuple(poisoned(one, poison) for one in value)
    elif isinstance(value, Mapping):
        result = MappingProxyType({name: poisoned(one, poison) for name, one in value.items()})
    return cast("T", result)


def poisoned_world(poison: str) -> Evidence:
    """Return evidence of a world whose banner, certificates, TXT records, policy and headers carry `poison`."""
    word = poison.encode("ascii", "replace").decode().replace(" ", "").replace("\n", "")[:60] or "x"
    text = " ".join(poison.replace("\n", " ").split()) or "x"
    body = f"version: STSv1\nmode: enforce\nmx: {text}\nmx: *.{text}\nmax_age: 1209600\nnote: {poison}\n"
    world = (
        ZoneWorld()
        .zone_with(
            f"_mta-sts.example.com TXT v=STSv1; id={text};",
            f"_smtp._tls.example.com TXT v=TLSRPTv1; rua=mailto:{text}",
        )
        .but(
            policy=body.encode("utf-8", "backslashreplace"),
            https={"192.0.2.80": Https(headers=(("x-note", text), ("location", text)))},
            smtp={
                "192.0.2.1": Smtp(names=(f"{word}.example.com",)),
                "2001:db8::1": Smtp(
                    stage=SmtpStage.GREETING, reply=b"554 " + poison.encode("utf-8", "replace")
                ),
                "192.0.2.2": Smtp(stage=SmtpStage.EHLO, reply=b"550 " + poison.encode("utf-8", "replace")),
            },
        )
    )
    evidence = collect(world)
    vantage = msgspec.structs.replace(
        evidence.vantage,
        host=poison,
        software=poison,
        resolvers=(poison,),
        validating_because=poison,
        roots=poison,
    )
    return msgspec.structs.replace(evidence, vantage=vantage)
