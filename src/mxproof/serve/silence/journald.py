"""The journal of systemd followed: what was written behind a cursor, as `journalctl` tells it."""

import subprocess

import msgspec

UNITS = ("postfix*", "exim4*", "exim*")
_COMMAND = ("journalctl", "--quiet", "--output=json", "--output-fields=MESSAGE,SYSLOG_IDENTIFIER", "--all")
_ENTRIES_MAX = 20_000
_TIMEOUT_S = 60.0


class JournaldPlace(msgspec.Struct, frozen=True):
    """The cursor of the last entry that was read."""

    cursor: str


class _Cursor(msgspec.Struct):
    cursor: str = msgspec.field(name="__CURSOR")


class Journald:
    """The entries of mail servers in the journal of this machine."""

    def since(self, place: JournaldPlace | None) -> tuple[bytes, JournaldPlace | None, bool]:
        """Return entries behind `place` as JSON lines, the place behind them, and whether there may be more.

        Raises OSError where journalctl cannot be run or fails.
        """
        behind = (f"--after-cursor={place.cursor}",) if place is not None else ()
        units = tuple(f"--unit={unit}" for unit in UNITS)
        lines = bytearray()
        number = 0
        last = b""
        with subprocess.Popen([*_COMMAND, *units, *behind], stdout=subprocess.PIPE) as running:  # noqa: S603 - no word from outside but the cursor
            assert running.stdout is not None
            for last in running.stdout:
                lines += last
                number += 1
                if number == _ENTRIES_MAX:
                    running.terminate()
                    break
            status = running.wait(_TIMEOUT_S)
        if status > 0:
            raise OSError(f"journalctl ended with status {status}")
        if not last:
            return b"", place, False
        cursor = msgspec.json.decode(last, type=_Cursor).cursor
        return bytes(lines), JournaldPlace(cursor), number == _ENTRIES_MAX
