"""What senders are assumed to remember of an earlier policy: the options, and the file that says it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import click
import msgspec

from mxproof.cli.options.groups import option_group
from mxproof.cli.streams import print_stderr
from mxproof.evidence import LATEST, NEVER, YEAR_MAX
from mxproof.formats.mtasts import LENIENT, examine_policy
from mxproof.formats.names import Domain
from mxproof.mail.memory import LevelMemory, Memory, SenderMemory, SessionLevel

MEMORY_BYTES_MAX = 1024 * 1024
MEMORIES_MAX = 16
_TIME = "%Y-%m-%d %H:%M:%S UTC"

ZonedTime = Annotated[datetime, msgspec.Meta(tz=True)]


class MemoryOptions(msgspec.Struct, frozen=True):
    """The options of memory as given."""

    memory: tuple[Memory, ...] = ()
    cached_policy: bytes | None = None
    cached_at: datetime | None = None
    cached_id: str | None = None
    remembered_tls: bool = False

    def memories(self) -> tuple[SenderMemory, ...]:
        """Return all that senders are assumed to remember."""
        return (*self._policies(), *([LevelMemory(SessionLevel.VERIFIED)] if self.remembered_tls else []))

    def refuse_many(self) -> None:
        """Raise UsageError where a policy is given that is of one domain, and there are several."""
        if self._policies():
            raise click.UsageError(
                "--memory and --cached-policy are about the policy of one domain; expected one DOMAIN"
            )

    def _policies(self) -> tuple[Memory, ...]:
        if self.cached_policy is None:
            if self.cached_at is not None or self.cached_id is not None:
                raise click.UsageError(
                    "--cached-at and --cached-id say more about --cached-policy; give that too"
                )
            return self.memory
        if self.cached_at is None:
            raise click.UsageError("--cached-policy needs --cached-at, the time when senders last fetched it")
        return (*self.memory, Memory(self.cached_policy, self.cached_at, self.cached_id))


class Remembered(msgspec.Struct, frozen=True):
    """One policy in a memory file."""

    body: str
    fetched_at: ZonedTime
    id: str | None = None


def time_typed(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """Return the time written as in RFC 3339 or as a date alone; without a zone it is UTC."""
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
        return _in_reach((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{value!r} is not a time such as 2026-11-03T12:00Z or 2026-11-03, between 1970 and {YEAR_MAX}"
        ) from None


since_option = click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with earlier evidence: was the policy changed without its id? Judge also for senders that hold it.",
)


def memories_since(domain: Domain, file: Path | None) -> tuple[SenderMemory, ...]:
    """Return what senders hold that asked when the evidence in `file` was observed; nothing without a file."""
    if file is None:
        return ()
    from mxproof.cli.evidence_file import evidence_about  # noqa: PLC0415 - few checks look back
    from mxproof.judge.remembering import memories_of  # noqa: PLC0415 - as above
    from mxproof.mail.assemble import assemble  # noqa: PLC0415 - as above

    earlier = evidence_about(domain, file)
    held = memories_of(assemble(earlier, earlier.observed_at()))
    if not held:
        print_stderr(f"{file}: no policy was read then, so there is nothing to compare with")
    return held


def memory_warnings(memories: Iterable[SenderMemory], now: datetime) -> Iterator[str]:
    """Say of each policy that no sender goes by at `now` why that is so."""
    for one in memories:
        if isinstance(one, LevelMemory):
            continue
        ends_at = one.ends_at(LENIENT)
        if one.fetched_at > now:
            yield f"the policy fetched at {one.fetched_at:{_TIME}} counts for nothing at {now:{_TIME}}, before that"
        elif one.policy(LENIENT) is not None and ends_at <= now:
            yield f"the policy fetched at {one.fetched_at:{_TIME}} ended at {ends_at:{_TIME}} (max_age)"


def _in_reach(at: datetime) -> datetime:
    """Return a time that the age of a policy can be added to; raises ValueError for any other."""
    if not NEVER <= at <= LATEST:
        raise ValueError(f"the time is not between 1970 and {YEAR_MAX}")
    return at


def _remembered(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> tuple[Memory, ...]:
    if value is None:
        return ()
    try:
        read = msgspec.json.decode(_read(value), type=Remembered | list[Remembered])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise click.BadParameter(
            f'{value}: {error}; expected {{"body": POLICY, "fetched_at": TIME, "id": ID}} or a list of such'
        ) from None
    every = read if isinstance(read, list) else [read]
    if len(every) > MEMORIES_MAX:
        raise click.BadParameter(f"{value}: {len(every)} policies; at most {MEMORIES_MAX} are taken")
    try:
        return tuple(
            Memory(_policy_text(one.body.encode(), value), _in_reach(one.fetched_at), one.id) for one in every
        )
    except ValueError as error:
        raise click.BadParameter(f"{value}: {error}") from None


def _policy(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> bytes | None:
    return None if value is None else _policy_text(_read(value), value)


def _policy_text(body: bytes, path: Path) -> bytes:
    """Return the text of a policy that some sender may hold; another one would be judged as if it were not there."""
    examined = examine_policy(body)
    if examined.lenient is None:
        grave = next(one.message for one in examined.objections if not one.ambiguous)
        raise click.BadParameter(f"{path}: not a policy that a sender could hold: {grave}")
    return body


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MEMORY_BYTES_MAX + 1)
    except OSError as error:
        raise click.BadParameter(f"{path}: cannot be read ({error.strerror})") from None
    if len(data) > MEMORY_BYTES_MAX:
        raise click.BadParameter(f"{path}: more than {MEMORY_BYTES_MAX} bytes")
    return data


memory_options = option_group(
    "memory",
    MemoryOptions,
    (
        click.option(
            "--memory",
            type=click.Path(path_type=Path),
            callback=_remembered,
            metavar="FILE",
            help="Judge also for senders that still hold the policies in this JSON file.",
        ),
        click.option(
            "--cached-policy",
            type=click.Path(path_type=Path),
            callback=_policy,
            metavar="FILE",
            help="Judge also for senders that still hold the policy text in this file.",
        ),
        click.option("--cached-at", callback=time_typed, metavar="TIME", help="When they last fetched it."),
        click.option("--cached-id", metavar="ID", help="The id of the TXT record then."),
        click.option(
            "--remembered-tls",
            is_flag=True,
            help="Judge also for senders that remember sessions over TLS with a valid certificate.",
        ),
    ),
)
