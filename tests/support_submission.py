"""A server on loopback that takes mail from a user over TLS, as a provider does, and keeps what it took."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mxproof.lab.tls import server_context
from support_pem import authorities, issued

USER = "me"
PASSWORD = "let me in"
REFUSED = "nobody@provider.example"
LATER = "full@provider.example"
HOST = "localhost"


class Provider:
    """Takes mail with the right password; `taken` are the mails as (recipients, text)."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], str]] = []
        self.port = 0

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: object
    ) -> AuthResult:
        """Let the one user in."""
        wanted = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=data == wanted, handled=False)

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse one recipient for good and one for now."""
        if not session.authenticated:
            return "530 who are you?"
        if address == REFUSED:
            return "550 no such user"
        if address == LATER:
            return "452 the mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Keep the mail."""
        content = envelope.content
        self.taken.append((list(envelope.rcpt_tos), content.decode() if isinstance(content, bytes) else ""))
        return "250 OK"


@contextmanager
def provider(*, starttls: bool = False, name: str = HOST) -> Iterator[Provider]:
    """Run a provider whose certificate is for `name`."""
    handler = Provider()
    context: ssl.SSLContext = server_context(issued(name))
    loop = asyncio.new_event_loop()

    def served() -> SMTP:
        return SMTP(
            handler,
            hostname=HOST,
            authenticator=handler.authenticate,
            auth_require_tls=starttls,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            loop=loop,
        )

    listening = loop.run_until_complete(
        loop.create_server(served, "127.0.0.1", 0, ssl=None if starttls else context)
    )
    handler.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield handler
    finally:
        asyncio.run_coroutine_threadsafe(_ended(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(listening: asyncio.Server) -> None:
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def roots_file(folder: Path) -> Path:
    """Return a file with the authority that the provider's certificate is of."""
    path = folder / "provider-roots.pem"
    path.write_bytes(authorities()[0].root_pem())
    return path
