"""The exit statuses that are not a verdict; those that are stand in `mxproof.judge.report`.

| status | meaning |
|---|---|
| 0 | every modelled sender delivers and nothing is wrong |
| 1 | a problem was found |
| 2 | wrong usage, or input that is not what it should be |
| 3 | nothing wrong was seen, and something needed could not be found out |
| 130 | interrupted (Ctrl-C), as a shell reports it: 128 + SIGINT |
| 141 | whoever read the output has gone, as a shell reports it: 128 + SIGPIPE |
"""

DONE = 0
USAGE = 2
UNKNOWN = 3
INTERRUPTED = 130
READER_GONE = 141


class RunError(Exception):
    """What ends the program with one line on stderr: the subject, what was seen, what was expected."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status
