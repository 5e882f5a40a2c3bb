"""`mxproof sendertest`: domains with one deliberate property each, for a mail server to send to, and what that shows of it."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mxproof import __version__
from mxproof.cli.exit import DONE, RunError, status_of_sender_test
from mxproof.cli.left_root import ENDINGS, Account, account_of, given_up, written_into
from mxproof.cli.options.output import OutputOptions, output_options, paper_of
from mxproof.cli.sink import put_bytes, put_text
from mxproof.cli.streams import print_stderr, write_stdout
from mxproof.cli.whole_file import write_folder
from mxproof.formats.errors import ConfigError, FormatError

if TYPE_CHECKING:
    from mxproof.cli.serving_public import PublicSetup
    from mxproof.judge.senders.inference.observation import SenderTest
    from mxproof.lab.sendertest.run import Run
    from mxproof.lab.sendertest.serving import Opened

SENDERTEST_FORMATS = ("text", "json", "html")
CA_FILE = "ca.pem"
RECIPIENTS_FILE = "recipients"
RECIPIENTS_AGAIN_FILE = "recipients-again"
RESOLV_FILE = "resolv.conf"
OBSERVED_FILE = "observed.json"
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
@click.option("--zone", metavar="NAME", help="On a public host: the zone that is delegated to it.")
@click.option(
    "--address",
    "addresses",
    metavar="ADDRESS",
    multiple=True,
    help="With --zone: an address of this machine, or a network of them; 16 are enough for every case.",
)
@click.option(
    "--certificates",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --zone: a folder of certificates with their keys, as the guide says; else all are of an authority of the set's own.",
)
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --certificates: the authorities that these end at, where they are not those that this machine trusts.",
)
@click.option(
    "--challenges",
    metavar="NAME",
    default="",
    help="With --zone: every _acme-challenge is an alias of this name, where whoever issues certificates looks.",
)
@click.option(
    "--runs",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="With --zone: how many runs to serve at once, each with names and a token of its own.",
)
@click.option(
    "--http",
    metavar="inet:ADDRESS:PORT",
    default="",
    help="With --zone: where monitoring finds /metrics and /health; nowhere by default.",
)
def serve(
    folder: Path,
    user: str,
    zone: str | None,
    addresses: tuple[str, ...],
    certificates: Path | None,
    ca_file: Path | None,
    challenges: str,
    runs: int,
    http: str,
) -> int:
    """Serve the domains of a new run until Ctrl-C, and write what was seen to FOLDER/observed.json.

    FOLDER is made, with the certificate of the run's authority (ca.pem), the addresses to send one mail to each
    (recipients), those to send a second one to (recipients-again) and the address of its name server (resolv.conf). Mail is taken for these domains alone; its header is kept,
    its body is not, and nothing is sent anywhere. Ports 25, 53 and 443 of the addresses have to be free, and the addresses
    have to be those of this machine; where they are not, it is said how to make them so.

    With --zone the set stands on a public host, for everybody: FOLDER keeps the key of the zone (zone.key) and a folder for each
    run, with its recipients and its observed.json, which is written every minute.
    """
    try:
        if zone is not None:
            setup = _public_setup(folder, zone, addresses, certificates, ca_file, challenges, runs, http)
            from mxproof.cli.serving_public import serve_public  # noqa: PLC0415 - see above

            return asyncio.run(serve_public(setup, account_of(user)))
        if addresses or certificates or ca_file or challenges or runs != 1 or http:
            raise click.UsageError(
                "--address, --certificates, --ca-file, --challenges, --runs and --http go with --zone."
            )
        from mxproof.lab.sendertest.public_folder import new_name  # noqa: PLC0415 - see above
        from mxproof.lab.sendertest.run import run_of  # noqa: PLC0415 - see above

        return asyncio.run(_serve(run_of(new_name(), datetime.now(UTC)), folder, user))
    except ConfigError as error:
        raise RunError(str(error)) from None


def _public_setup(
    folder: Path,
    zone: str,
    addresses: tuple[str, ...],
    certificates: Path | None,
    ca_file: Path | None,
    challenges: str,
    runs: int,
    http: str,
) -> "PublicSetup":
    from mxproof.cli.options.asking import domain_meant  # noqa: PLC0415 - see above
    from mxproof.cli.serving_public import PublicSetup, addresses_of, monitoring_at  # noqa: PLC0415 - see above

    if not addresses:
        raise click.UsageError(
            "--zone needs --address: the addresses of this machine where the set is to stand."
        )
    return PublicSetup(
        folder,
        domain_meant(zone).name,
        addresses_of(addresses),
        certificates,
        ca_file,
        challenges.rstrip("."),
        runs,
        monitoring_at(http) if http else None,
    )


@sendertest.command("names", epilog="Example: mxproof sendertest names probe.example.org")
@click.argument("zone")
def names(zone: str) -> int:
    """Print the names that certificates for a set on a public host are for, one file a line, and those of a new run last.

    ZONE is the zone that is delegated to it. Each line has the name of a file and the names of its certificate.
    """
    from mxproof.cli.options.asking import domain_meant  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.cases import SETUPS  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.public_folder import new_name  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.public_run import wildcards  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.public_setup import policy_hosts, public_setups  # noqa: PLC0415 - see above

    at, run = domain_meant(zone).name, new_name()
    files = {**wildcards(at), run: policy_hosts(at, run, public_setups(SETUPS, certified=True))}
    write_stdout("".join(f"{file}.pem {' '.join(each)}\n" for file, each in files.items()).encode())
    return DONE


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

    told = concluded(_read(file), SENDERS, f"mxproof {__version__}")
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


@sendertest.command(
    "redact", epilog="Example: mxproof sendertest redact first-run/observed.json --output passed-on.json"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file, not to stdout."
)
@click.option("--keep-hosts", is_flag=True, help="Leave the host names of the mail server as they are.")
def redact(file: Path, output: Path | None, keep_hosts: bool) -> int:
    """Make of FILE, the observed.json of a run, one that can be passed on, and say what was taken out.

    Addresses are shortened to their network, host names of the mail server to their last two labels; local parts and what stands in
    headers are taken out. What it shows of the mail server stays the same.
    """
    from mxproof.cli.whole_file import write_whole  # noqa: PLC0415 - see above
    from mxproof.judge.senders.inference.observation import write_test  # noqa: PLC0415 - see above
    from mxproof.judge.senders.inference.redaction import passed_on  # noqa: PLC0415 - see above

    after, removed = passed_on(_read(file), hosts_kept=keep_hosts)
    if output is None:
        write_stdout(write_test(after))
    else:
        write_whole(output, [write_test(after)])
    print_stderr(
        f"{removed.addresses} addresses shortened to their network, {removed.hosts} host names to two labels, the content of "
        f"{removed.headers} headers and all local parts taken out"
    )
    return DONE


def _read(file: Path) -> "SenderTest":
    """Return the run that a file holds; raises RunError where it holds none."""
    from mxproof.judge.senders.inference.observation import SENDERTEST_BYTES_MAX, read_test  # noqa: PLC0415 - see above

    try:
        with file.open("rb") as stream:
            return read_test(stream.read(SENDERTEST_BYTES_MAX + 1))
    except OSError as error:
        raise RunError(f"{file}: {error.strerror or error}") from None
    except FormatError as error:
        raise RunError(f"{file}: {error.objections[0].message}") from None


async def _serve(run: "Run", folder: Path, user: str) -> int:
    """Serve the run until a signal ends it, and write what was seen."""
    from mxproof.judge.senders.inference.observation import write_test  # noqa: PLC0415 - see above
    from mxproof.lab.sendertest.serving import serving  # noqa: PLC0415 - see above

    account = account_of(user)
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
        watching = kept.watching(lambda: datetime.now(UTC), print_stderr)
        async with serving(kept, sockets, watching):
            write_stdout(_directions(kept, folder).encode())
            await ended.get()
    finally:
        sockets.close()
    try:
        written_into(held, OBSERVED_FILE, write_test(kept.seen(watching)))
    finally:
        os.close(held)
    seen = f"{len(watching.connections)} connections, {len(watching.fetches)} fetches of policies"
    print_stderr(f"{folder / OBSERVED_FILE}: {seen}")
    return DONE


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


def _leave_root(folder: Path, account: Account | None) -> None:
    """Give up the rights of root, and the folder with them to whoever goes on."""
    if account is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, *account)
    given_up(account)


def _files(run: "Run") -> dict[str, bytes]:
    from mxproof.lab.sendertest.setup import NAME_SERVER  # noqa: PLC0415 - see above

    return {
        CA_FILE: run.lab.authority.root_pem(),
        RECIPIENTS_FILE: "".join(f"{one}\n" for one in run.recipients(TOKEN)).encode(),
        RECIPIENTS_AGAIN_FILE: "".join(f"{one}\n" for one in run.recipients_again(TOKEN)).encode(),
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
        f"5. Eleven minutes after the first mail, send a second one to each address in {folder}/{RECIPIENTS_AGAIN_FILE}: these\n"
        "   domains became others once the first was taken, and it shows what the mail server remembers.\n"
        f"6. Ctrl-C, and read what that shows:\n\n"
        f"     mxproof sendertest report {folder}/{OBSERVED_FILE}\n"
    )
