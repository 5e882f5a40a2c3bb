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

from mxproof.render.text.silence_news import silence_title
from mxproof.rhythm.alarm import Alarm

COMMAND_TIMEOUT_S = 60.0

_log = logging.getLogger("mxproof.silence")


def told_by(command: Path, alarm: Alarm, notice: str) -> bool:
    """Run the command; return whether it ended well within COMMAND_TIMEOUT_S."""
    facts = {
        "MXPROOF_KIND": str(alarm.kind),
        "MXPROOF_SENDER": alarm.sender,
        "MXPROOF_SILENT_SINCE": alarm.silent_since.isoformat(),
        "MXPROOF_SUBJECT": silence_title(alarm),
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
