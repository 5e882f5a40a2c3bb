"""A report as mail: written, signed, and handed to the mail server of this machine or another."""

import asyncio
import contextlib
import os
import signal
from datetime import datetime
from typing import Final

from mxproof.formats.errors import ConfigError
from mxproof.formats.tlsrpt.destination import MailDestination
from mxproof.formats.tlsrpt.report import TlsReport
from mxproof.formats.tlsrpt.report_mail import SIGNED_REPORT_FIELDS, report_mail
from mxproof.net.roots import roots_from, system_roots
from mxproof.net.submission import SubmissionError, SubmissionServer, submit_as_it_is
from mxproof.serve.daemon.password import password_from
from mxproof.serve.sending.settings import MailWay, SendSettings
from mxproof.store.journal.outgoing import AttemptOutcome

SENDMAIL_TIMEOUT_S: Final = 60.0

_SAID_BYTES_MAX: Final = 2000
_NOBODY: Final = frozenset({os.EX_NOUSER, os.EX_NOHOST})

Said = tuple[AttemptOutcome, str]


def signed_mail(
    report: TlsReport, domain: str, recipient: str, packed: bytes, settings: SendSettings, now: datetime
) -> bytes:
    """Return the mail of a report with a signature of each key before it."""
    mail = report_mail(report, domain, recipient, packed, now)
    fields = [one.signed(mail, SIGNED_REPORT_FIELDS, now) for one in settings.signers]
    return b"".join(fields) + mail


async def hand_in(way: MailWay, mail: bytes, sender: str, to: MailDestination) -> Said:
    """Hand a mail in, and tell how that went."""
    if way.server is None:
        return await _by_sendmail(way.sendmail, mail, sender, to.address)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, _by_submission, way, way.server, mail, sender, to.address)


def _by_submission(way: MailWay, server: SubmissionServer, mail: bytes, sender: str, recipient: str) -> Said:
    try:
        password = password_from(way.password_file, way.password_command) if server.user else ""
        roots = roots_from(way.roots) if way.roots is not None else system_roots()
        submit_as_it_is(server, password, roots, mail, sender, recipient)
    except ConfigError as error:
        return AttemptOutcome.FAILED, str(error)
    except SubmissionError as error:
        return AttemptOutcome.REFUSED if error.is_final else AttemptOutcome.FAILED, str(error)
    return AttemptOutcome.DELIVERED, f"{server.host}:{server.port} took it"


async def _by_sendmail(program: str, mail: bytes, sender: str, recipient: str) -> Said:
    """Hand in as sendmail(1) takes it: lines that end in LF, and no dot that ends the mail."""
    command = (program, "-i", "-f", sender, "--", recipient)
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return AttemptOutcome.FAILED, f"{program}: {error.strerror or error}"
    try:
        async with asyncio.timeout(SENDMAIL_TIMEOUT_S):
            _, said = await process.communicate(mail.replace(b"\r\n", b"\n"))
    except TimeoutError:
        return AttemptOutcome.FAILED, f"{program}: not done within {SENDMAIL_TIMEOUT_S:g} s"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode == os.EX_OK:
        return AttemptOutcome.DELIVERED, f"{program} took it"
    words = " ".join(said[-_SAID_BYTES_MAX:].decode("utf-8", "replace").split())
    outcome = AttemptOutcome.REFUSED if process.returncode in _NOBODY else AttemptOutcome.FAILED
    return outcome, f"{program}: exit status {process.returncode}" + (f": {words}" if words else "")
