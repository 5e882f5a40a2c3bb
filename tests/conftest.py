"""One profile for all property tests: the same examples in every run, and no limit of wall-clock time."""

import os
import signal
from pathlib import Path

from hypothesis import settings

# Programs that tests start find the same modules as the tests do.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
).rstrip(os.pathsep)

# A shell has what it runs in the background ignore Ctrl-C, and programs that tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("mxproof", deadline=None, derandomize=True, database=None)
settings.load_profile("mxproof")
