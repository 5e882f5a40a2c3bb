"""The DKIM keys of senders, asked for once while their answers stand."""

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mxproof.evidence.question import Question
from mxproof.mail.report_signature import Keys
from mxproof.net.asking import Asking

if TYPE_CHECKING:
    from mxproof.net.asker import Asker

KEYS_ASKED_AT_ONCE = 200
"""Of one batch; what is beyond stays unasked, and its reports of unknown origin."""


class KeyAsker:
    """Asks as `asking` says, nobody where it is None; as a context manager it closes its sockets at the end."""

    def __init__(self, asking: Asking | None) -> None:
        self._asking = asking
        self._asker: Asker | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close its sockets."""
        if self._asker is not None:
            self._asker.close()

    async def keys(self, questions: Iterable[Question]) -> Keys:
        """Return the answers."""
        wanted = list(dict.fromkeys(questions))[:KEYS_ASKED_AT_ONCE]
        if self._asking is None or not wanted:
            return {}
        asker = self._asker = self._asker or _asker(self._asking)
        share = asker.share()
        answers = await asyncio.gather(*(asker.ask(one, share) for one in wanted))
        return dict(zip(wanted, answers, strict=True))


def _asker(asking: Asking) -> "Asker":
    """Return what asks; most runs ask for no key, and load nothing that does."""
    from mxproof.net.asker import Asker  # noqa: PLC0415 - as just said
    from mxproof.net.shared_answers import SharedAnswers  # noqa: PLC0415 - as above

    return Asker(asking, SharedAnswers())
