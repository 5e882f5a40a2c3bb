"""Records and policies as they are published, broken ones above all.

None of the policies lists the MX host, so that mail shows who goes by them.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from real.bed.town import PARENT
from real.bed.worlds import Flaw
from real.models.case import Host, PolicyHost, World

ID = "v=STSv1; id=20261101;"
_ELSEWHERE = "mx: mail.example.com"
_TOO_MUCH = 31_557_601
"""One second more than RFC 8461 section 3.2 allows."""


def policy(*mx: str, mode: str = "enforce", max_age: int = 86_400) -> bytes:
    """Return a policy by the letter of RFC 8461 section 3.2."""
    return _lines("version: STSv1", f"mode: {mode}", *(f"mx: {one}" for one in mx), f"max_age: {max_age}")


def with_policy(world: World, body: bytes, *records: str) -> World:
    return replace(world, records=records or (ID,), policy=body)


def enforced(world: World, *labels: str) -> World:
    """Return `world` with a policy that lists its MX hosts, or `labels` below the domain."""
    listed = [f"{one}.{world.domain}" for one in labels] or [host.name for host in world.hosts]
    return with_policy(world, policy(*listed))


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def _unlisting(
    label: str, body: bytes, records: Sequence[str] = (ID,), served: PolicyHost | None = None
) -> World:
    host = Host(f"mx1.{label}.{PARENT}")
    return World(
        label,
        (f"10 {host.name}.",),
        (host,),
        records=tuple(records),
        policy=body,
        policy_host=served or PolicyHost(),
    )


_USUAL = ("version: STSv1", "mode: enforce", _ELSEWHERE, "max_age: 86400")
_BODY = _lines(*_USUAL)


def _record(label: str, *records: str) -> World:
    return _unlisting(f"record-{label}", _BODY, records)


def _text(label: str, *lines: str) -> World:
    return _unlisting(f"text-{label}", _lines(*lines))


def _replaced(label: str, old: str, *new: str) -> World:
    """Return a policy in which other lines stand in the place of `old`."""
    place = _USUAL.index(old)
    return _text(label, *_USUAL[:place], *new, *_USUAL[place + 1 :])


def _served(label: str, **how: object) -> World:
    return _unlisting(f"served-{label}", _BODY, served=replace(PolicyHost(), **how))


_MAX_AGE = _USUAL[3]

POLICIES = (
    _record("none"),
    _record("two", ID, "v=STSv1; id=2;"),
    _record("beside-others", "site-verification=1", ID),
    _record("no-id", "v=STSv1;"),
    _record("empty-id", "v=STSv1; id=;"),
    _record("bad-id", "v=STSv1; id=2026-11-01;"),
    _record("long-id", f"v=STSv1; id={'1' * 33};"),
    _record("two-ids", "v=STSv1; id=1; id=2;"),
    _record("junk", "v=STSv1; id=1; nonsense"),
    _record("space-before", "v=STSv1 ; id=1;"),
    _record("open-end", "v=STSv1; id=1"),
    _record("version", "v=STSv2; id=1;"),
    _record("case", "V=STSv1; id=1;"),
    _text("blank-line", *_USUAL[:2], "", *_USUAL[2:]),
    _text("blank-end", *_USUAL, ""),
    _replaced("mode-space", _USUAL[1], "mode : enforce"),
    _replaced("mode-case", _USUAL[1], "mode: Enforce"),
    _replaced("mode-unknown", _USUAL[1], "mode: strict"),
    _replaced("no-mode", _USUAL[1]),
    _replaced("mode-last", _USUAL[1], "mode: testing", "mode: enforce"),
    _replaced("mode-first", _USUAL[1], "mode: enforce", "mode: testing"),
    _replaced("no-mx", _USUAL[2]),
    _replaced("mx-empty", _USUAL[2], "mx:"),
    _replaced("mx-url", _USUAL[2], "mx: https://mail.example.com"),
    _replaced("mx-any", _USUAL[2], "mx: *"),
    _replaced("mx-dot", _USUAL[2], "mx: mx1.text-mx-dot.example.com."),
    _replaced("mx-case", _USUAL[2], "mx: MX1.TEXT-MX-CASE.EXAMPLE.COM"),
    _replaced("mx-spaces", _USUAL[2], "mx:    mx1.text-mx-spaces.example.com  "),
    _replaced("age-zero", _MAX_AGE, "max_age: 0"),
    _replaced("age-over", _MAX_AGE, f"max_age: {_TOO_MUCH}"),
    _replaced("age-missing", _MAX_AGE),
    _replaced("age-words", _MAX_AGE, "max_age: one day"),
    _replaced("age-plus", _MAX_AGE, "max_age: +86400"),
    _replaced("age-underscore", _MAX_AGE, "max_age: 86_400"),
    _text("junk-line", *_USUAL, "nonsense"),
    _text("unknown-key", *_USUAL, "comment: none"),
    _text("no-version", *_USUAL[1:]),
    _text("version-last", *_USUAL[1:], _USUAL[0]),
    _text("version-other", "version: STSv2", *_USUAL[1:]),
    _unlisting("text-lf", _BODY.replace(b"\r\n", b"\n")),
    _unlisting("text-no-end", _BODY.rstrip()),
    _unlisting("text-mark", b"\xef\xbb\xbf" + _BODY),
    _unlisting("text-empty", b""),
    _unlisting("text-long", _lines(*(f"x{number}: {'y' * 100}" for number in range(120)), *_USUAL)),
    _unlisting("text-huge", _lines(*_USUAL, *(f"x{number}: {'y' * 100}" for number in range(700)))),
    _served("html", media="text/html"),
    _served("charset", media="text/plain; charset=utf-8"),
    _served("untyped", media=""),
    _served("missing", status=404),
    _served("broken", status=500),
    _served("elsewhere", status=301),
    _served("misnamed", names=("www.example.com",)),
    _served("expired", flaw=Flaw.EXPIRED),
    _served("self-signed", flaw=Flaw.SELF_SIGNED),
    _served("common-name", flaw=Flaw.COMMON_NAME),
)
