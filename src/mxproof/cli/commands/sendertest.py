"""`mxproof sendertest`: domains with one deliberate property each, for a mail server to send to, and what that shows of it."""

import asyncio
import os
import secrets
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mxproof import __version__
from mxproof.cli.exit import DONE, RunError, status_of_sender_test
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.sink import put_bytes, put_text
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.cli.whole_file import write_folder
from mxproof.formats.errors import ConfigError, FormatError

if TYPE_CHECKING:
    from mxproof.lab.sendertest.run import Run
    from mxproof.lab.sendertest.serving import Opened

SENDERTEST_FORMATS = ("text", "json", "html")
CA_FILE = "ca.pem"
RECIPIENTS_FILE = "recipients"
RESOLV_FILE = "resolv.conf"
OBSERVED_FILE = "observed.json"
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TOKEN = "test"  # noqa: S105 - the local part of an address

_EPILOG = """\b
Examples:
  mxproof sendertest cases
  sudo mxproof sendertest serve first-run
  mxproof sendertest report first-run/observed.json
"""


@click.group(epilog=_EPILOG, no_args_is_help=False)
def sendertest() -> None:
    """Find out what a mail server does with MTA-STS and DANE when it sends: serve it broken domains, and watch.

    Everything stays on this machine. The domains are below sendertest.example, at addresses that no other machine has.
    """


@sendertest.command("cases", epilog="Example: mxproof sendertest cases")
def list_cases() -> int:
    """Print every case: its name, what a sender that honours MTA-STS or DANE does there, and what is special about it."""
    from mxproof.judge.senders.inference.case import CASES  # noqa: PLC0415 - `report` and `serve` load more

    width = max(map(len, CASES))
    lines = (f"{case.id:{width}}  {case.topic:9}  {case.proper:7}  {case.title}\n" for case in CASES.values())
    write_stdout("".join(lines).encode())
    return DONE


@sendertest.command("serve", epilog="Example: sudo mxproof sendertest serve first-run")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--user",
    metavar="NAME",
    default="nobody",
    show_default=True,
    help="Whose rights are kept once the ports are open, where root opens them.",
)
def serve(folder: Path, user: str) -> int:
    """Serve the domains of a new run until Ctrl-C, and write what was seen to FOLDER/observed.json.

    FOLDER is made, with the certificate of the run's authority (ca.pem), the addresses to send one mail to each
    (recipients) and the address of its name server (resolv.conf). Mail is taken for these domains alone; its header is kept,
    its body is not, and nothing is sent anywhere. Ports 25, 53 and 443 of the addresses have to be free, and the addresses
    have to be those of this machine; where they are not, it is said how to make them so.
    """
    from mxproof.lab.sendertest.run import RUN_ALPHABET, RUN_CHARACTERS, run_of  # noqa: PLC0415 - see above

    name = "".join(secrets.choice(RUN_ALPHABET) for _ in range(RUN_CHARACTERS))
    try:
        return asyncio.run(_serve(run_of(name, datetime.now(UTC)), folder, user))
    except ConfigError as error:
        raise RunError(str(error)) from None


@sendertest.command("report", epilog="Example: mxproof sendertest report first-run/observed.json")
@click.argument("file", type=click.Path(path_type=Path))
@output_options(SENDERTEST_FORMATS)
def report(file: Path, output: OutputOptions) -> int:
    """Say what FILE, the observed.json of a run, shows of the mail server: whether it is safe, and which traits it has.

    Exit status: 0 MTA-STS and DANE are honoured; 1 one of them is not, or not always; 2 wrong usage; 3 too few cases were
    sent to.
    """
    from mxproof.judge.senders import SENDERS  # noqa: PLC0415 - `serve` needs none of it
    from mxproof.judge.senders.inference.conclusion import concluded  # noqa: PLC0415 - see above
    from mxproof.judge.senders.inference.observation import SENDERTEST_BYTES_MAX, read_test  # noqa: PLC0415 - see above

    try:
        with file.open("rb") as stream:
            test = read_test(stream.read(SENDERTEST_BYTES_MAX + 1))
    except OSError as error:
        raise RunError(f"{file}: {error.strerror or error}") from None
    except FormatError as error:
        raise RunError(f"{file}: {error.objections[0].message}") from None
    told = concluded(test, SENDERS, f"mxproof {__version__}")
    match output.format:
        case "json":
            from mxproof.render import json  # noqa: PLC0415 - one form of three

            put_bytes([json.encode(told)], output)
        case "html":
            from mxproof.render.html.sendertest import document  # noqa: PLC0415 - one form of three

            put_text(document(told), output)
        case _:
            from mxproof.render.text.sendertest import sendertest_text  # noqa: PLC0415 - one form of three

            put_text([sendertest_text(told, paper_of(output))], output)
    return status_of_sender_test(told)


async def _serve(run: "Run", folder: Path, user: str) -> int:
    """Serve the run until a signal ends it, and write what was seen."""
    from mxproof.judge.senders.inference.observation import write_test  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.serving import serving  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.watching import Watching  # noqa: PLC0415 - see above

    account = _account(user)
    sockets = _opened(run)
    try:
        kept = run.without(sockets.missing)
        for address in sockets.missing:
            print_stderr(
                f"{address}: not an address of this machine (ip -6 addr add {address}/128 dev lo); its case is left out"
            )
        write_folder(folder, _files(kept))
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        _leave_root(folder, account)
        ended: asyncio.Queue[int] = asyncio.Queue()
        for number in ENDINGS:
            asyncio.get_running_loop().add_signal_handler(number, ended.put_nowait, number)
        watching = Watching(lambda: datetime.now(UTC), print_stderr)
        async with serving(run.lab, sockets, watching):
            write_stdout(_directions(kept, folder).encode())
            await ended.get()
    finally:
        sockets.close()
    _write_into(held, OBSERVED_FILE, write_test(kept.seen(watching)))
    seen = f"{len(watching.connections)} connections, {len(watching.fetches)} fetches of policies"
    print_stderr(f"{folder / OBSERVED_FILE}: {seen}")
    return DONE


def _write_into(folder: int, name: str, data: bytes) -> None:
    """Write a file into a folder that is open already, whole or not at all: whoever lost root may not find the way there."""
    part = f"{name}.part"
    try:
        with open(part, "wb", opener=lambda path, flags: os.open(path, flags, 0o644, dir_fd=folder)) as file:
            file.write(data)
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        raise RunError(f"{name}: was not written ({error.strerror or error})") from None
    finally:
        os.close(folder)


def _opened(run: "Run") -> "Opened":
    import errno  # noqa: PLC0415 - see above

    from mxproof.lab.sendertest.serving import opened  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.setup import NETWORK  # noqa: PLC0415 - see above

    try:
        return opened(run.lab.world)
    except OSError as error:
        hints = {
            errno.EADDRNOTAVAIL: f"they are not addresses of this machine. As root: ip route add local {NETWORK} dev lo",
            errno.EACCES: "ports below 1024 are opened by root: run it with sudo",
            errno.EADDRINUSE: "another program listens on port 25, 53 or 443 of every address",
        }
        hint = hints.get(error.errno or 0, error.strerror or str(error))
        raise RunError(f"the addresses of the set cannot be opened: {hint}") from None


def _account(user: str) -> tuple[int, int] | None:
    """Return the user and group to go on as, None where there is nothing to give up."""
    import pwd  # noqa: PLC0415 - see above

    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam(user)
    except KeyError:
        raise RunError(f"user {user!r}: there is none of this name on this machine") from None
    return account.pw_uid, account.pw_gid


def _leave_root(folder: Path, account: tuple[int, int] | None) -> None:
    """Give up the rights of root, and the folder with them to whoever goes on."""
    if account is None:
        return
    for path in (folder, *folder.iterdir()):
        os.chown(path, *account)
    os.setgroups([])
    os.setgid(account[1])
    os.setuid(account[0])


def _files(run: "Run") -> dict[str, bytes]:
    from mxproof.lab.sendertest.setup import NAME_SERVER  # noqa: PLC0415 - see above

    return {
        CA_FILE: run.lab.authority.root_pem(),
        RECIPIENTS_FILE: "".join(f"{one}\n" for one in run.recipients(TOKEN)).encode(),
        RESOLV_FILE: f"nameserver {NAME_SERVER}\noptions trust-ad edns0\n".encode(),
    }


def _directions(run: "Run", folder: Path) -> str:
    from mxproof.lab.sendertest.setup import BASE, NAME_SERVER  # noqa: PLC0415 - see above

    return (
        f"Run {run.name}: {len(run.cases)} domains below {BASE}, served until Ctrl-C.\n\n"
        f"1. Have the mail server ask {NAME_SERVER} about {BASE}: {folder}/{RESOLV_FILE} as its resolv.conf.\n"
        f"2. Have it trust {folder}/{CA_FILE}, for mail and for policies.\n"
        f"3. Send one mail to each address in {folder}/{RECIPIENTS_FILE}:\n\n"
        "     while read -r to; do\n"
        f"       printf 'From: {run.sender}\\nSubject: test\\n\\n.\\n' | sendmail -f {run.sender} \"$to\"\n"
        f"     done < {folder}/{RECIPIENTS_FILE}\n\n"
        "4. Wait until every mail was tried, and once more, since some senders go over to clear text only then.\n"
        f"5. Ctrl-C, and read what that shows:\n\n"
        f"     mxproof sendertest report {folder}/{OBSERVED_FILE}\n"
    )
