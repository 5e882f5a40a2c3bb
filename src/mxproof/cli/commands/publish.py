"""`mxproof publish`: serve MTA-STS policies to the senders of the world, and alter what announces them in the safe order."""

from pathlib import Path

import click

from mxproof.cli.commands.publish_certificates import certificates, deploy, tlsa
from mxproof.cli.commands.publish_customers import customers
from mxproof.cli.commands.publish_follow import follow
from mxproof.cli.commands.publish_mail_records import records
from mxproof.cli.commands.publish_records import adopt, apply, resume, status, undo
from mxproof.cli.commands.publish_rollout import remove, rollout
from mxproof.cli.configured import configured
from mxproof.cli.exit import DONE, PROBLEM
from mxproof.cli.options.asking import domain_meant
from mxproof.cli.options.planned import policy_typed
from mxproof.cli.options.publish import PublishUse, publish_options
from mxproof.cli.streams import print_stderr, print_stdout, write_stdout
from mxproof.formats.mtasts import Policy
from mxproof.render.action.web_server import PATH_WRITABLE, PolicySite

_EPILOG = """\b
Examples:
  mxproof publish serve --config publish.toml
  mxproof publish apply yourdomain.example --policy mta-sts.txt --dry-run
  mxproof publish rollout yourdomain.example --policy mta-sts.txt
  mxproof publish static yourdomain.example --policy mta-sts.txt --folder /var/www/mta-sts
"""
_SERVE_EPILOG = """\b
Examples:
  mxproof publish serve --config publish.toml
  mxproof publish serve --config publish.toml --check-config
  mxproof publish serve --config publish.toml --print-config
"""

_STATIC_EPILOG = """\b
Examples:
  mxproof publish static yourdomain.example --policy mta-sts.txt --folder /var/www/mta-sts
  mxproof publish static a.example b.example --policy mta-sts.txt --folder out --root /var/www/mta-sts
"""


@click.group(epilog=_EPILOG, no_args_is_help=False)
def publish() -> None:
    """Publish the MTA-STS policies of your domains (RFC 8461): alter what announces them in the safe order, and serve them."""


@publish.command(epilog=_SERVE_EPILOG)
@click.option("--print-config", "printing", is_flag=True, help="Print the whole configuration and exit.")
@click.option(
    "--check-config",
    "checking",
    is_flag=True,
    help="Say whether configuration, policies and certificates are right, and exit.",
)
@publish_options
def serve(printing: bool, checking: bool, publish: PublishUse) -> int:
    """Host the policies of many domains: HTTPS for `mta-sts.DOMAIN`, for good.

    Certificates are read again when their files change. A policy or certificate that is broken changes nothing for senders: what
    was served before is served on, and the log says so. It serves until SIGTERM; SIGHUP reads configuration and policies again.

    Exit status of --check-config: 0 all is right; 1 a policy or a certificate is not; 2 wrong usage.
    """
    if printing:
        from mxproof.serve.daemon.config import print_config  # noqa: PLC0415 - only where asked for

        write_stdout(print_config(publish.config_given()))
        return DONE
    found = publish.settings()
    if checking:
        from mxproof.cli.hosting_check import hosting_cautions, hosting_faults  # noqa: PLC0415 - as above

        faults = hosting_faults(found)
        for line in (*faults, *hosting_cautions(found)):
            print_stderr(line)
        domains = len(found.policies.bodies)
        print_stderr(
            f"{domains} domains, {len(faults)} faults" if faults else f"all is right: {domains} domains"
        )
        return PROBLEM if faults else DONE
    from mxproof.serve.publish.daemon import serve_publish  # noqa: PLC0415 - loads what serving needs

    with configured():
        serve_publish(found, publish.renewed, publish.ordering())
    return DONE


def _path_written(_: click.Context, __: click.Parameter, path: Path | None) -> str | None:
    """Return the path as it can stand in the configuration of any web server."""
    return None if path is None else _writable(path)


def _writable(path: Path) -> str:
    text = str(path).rstrip("/")
    if not PATH_WRITABLE.fullmatch(text):
        raise click.BadParameter(
            f"{text!r}; a whole path of letters, digits and ._@+- was expected, for it needs no quotes"
        )
    return text


@publish.command(epilog=_STATIC_EPILOG)
@click.argument("domain", nargs=-1, required=True, metavar="DOMAIN...")
@click.option(
    "--policy",
    required=True,
    type=click.Path(path_type=Path),
    callback=policy_typed,
    metavar="FILE",
    help="The policy of these domains, as senders are to read it.",
)
@click.option(
    "--folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write to this folder; what else is in it stays.",
)
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    callback=_path_written,
    metavar="DIR",
    help="Where the web server has that folder  [default: the folder itself]",
)
@click.option(
    "--certificates",
    type=click.Path(path_type=Path),
    callback=_path_written,
    default="/etc/letsencrypt/live",
    show_default=True,
    metavar="DIR",
    help="Where it has fullchain.pem and privkey.pem of each host, in a folder with the name of the host.",
)
def static(
    domain: tuple[str, ...],
    policy: Policy,
    folder: Path,
    root: str | None,
    certificates: str,
) -> int:
    """Write the policy of each DOMAIN as a file, and the sites that serve them: for nginx, Caddy and Apache.

    Each file is swapped whole, so a web server may serve from the folder meanwhile. The paths that were written are printed. Nothing is
    judged here: `mxproof preflight --policy FILE` says what a policy would do to mail.
    """
    from mxproof.cli.static_hosting import write_static  # noqa: PLC0415 - only where asked for

    domains = list(dict.fromkeys(domain_meant(one).name for one in domain))
    for path in write_static(
        domains, policy, folder, PolicySite(root or _writable(folder.resolve()), certificates)
    ):
        print_stdout(f"{path}\n")
    return DONE


publish.add_command(apply)
publish.add_command(adopt)
publish.add_command(undo)
publish.add_command(resume)
publish.add_command(status)
publish.add_command(records)
publish.add_command(tlsa)
publish.add_command(deploy)
publish.add_command(certificates)
publish.add_command(rollout)
publish.add_command(remove)
publish.add_command(customers)
publish.add_command(follow)
