"""An alarm told by a command of the operator's: the notice on its stdin, the facts in its environment.

| variable | is |
|---|---|
| `MXPROOF_KIND` | `sender`, `everything`, `reporter` or `reports` |
| `MXPROOF_SENDER` | who is silent, empty for everything and for all reports |
| `MXPROOF_SILENT_SINCE` | when the last mail came, RFC 3339 |
| `MXPROOF_SUBJECT` | one line for the subject of a mail |
"""

import logging
import os
import subprocess
from pathlib import Path

from mxproof.rhythm.alarm import Alarm, AlarmKind

COMMAND_TIMEOUT_S = 60.0

_log = logging.getLogger("mxproof.silence")


def subject_of(alarm: Alarm) -> str:
    """Return what a mail about an alarm is headed with."""
    match alarm.kind:
        case AlarmKind.EVERYTHING:
            return "no mail comes in"
        case AlarmKind.REPORTS:
            return "no TLS reports come in"
        case AlarmKind.REPORTER:
            return f"{alarm.sender} sends no TLS reports"
        case AlarmKind.SENDER:
            return f"{alarm.sender} is silent"


def told_by(command: Path, alarm: Alarm, notice: str) -> bool:
    """Run the command; return whether it ended well within COMMAND_TIMEOUT_S."""
    facts = {
        "MXPROOF_KIND": str(alarm.kind),
        "MXPROOF_SENDER": alarm.sender,
        "MXPROOF_SILENT_SINCE": alarm.silent_since.isoformat(),
        "MXPROOF_SUBJECT": subject_of(alarm),
    }
    try:
        subprocess.run(  # noqa: S603 - the operator's own command, and no shell
            [command],
            input=notice.encode(),
            env={**os.environ, **facts},
            timeout=COMMAND_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.error("%s: %s; told again later", command, error)
        return False
    return True
