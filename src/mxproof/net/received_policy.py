"""What has come so far of the response to a GET of a policy, within its limits."""

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import POLICY_BYTES_MAX
from mxproof.net.stream import StreamError

HEADER_BYTES_MAX = 64 * 1024
"""More than some clients take of a response, and less than others: aiohttp 8 KiB a field, Go 10 MiB in all."""
PIECES_MAX = 16384
"""Of a body: as many pieces of 4 bytes as a policy of the largest size has."""

Headers = tuple[tuple[str, str], ...]


class ReceivedPolicy:
    """A response as it comes in; `status` 0 means that its head has not come yet."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = ()
        self.body = bytearray()
        self._pieces = 0

    def take(self, data: bytes) -> None:
        """Take the next piece of the body; raises StreamError beyond what is read of a policy."""
        room = POLICY_BYTES_MAX - len(self.body)
        self.body += data[:room]
        self._pieces += 1
        if self._pieces > PIECES_MAX:
            raise StreamError(Outcome.OVERSIZE, f"a body in more than {PIECES_MAX} pieces")
        if len(data) > room:
            raise StreamError(Outcome.OVERSIZE, f"a body of more than {POLICY_BYTES_MAX} bytes")
