"""Policies as files for a web server that is there already, and the sites that serve them."""

from collections.abc import Sequence
from pathlib import Path

from mxproof.cli.exit import RunError
from mxproof.cli.whole_file import write_whole
from mxproof.formats.mtasts import Policy, print_policy
from mxproof.render.action.web_server import SITES, WELL_KNOWN_POLICY, PolicySite


def write_static(domains: Sequence[str], policy: Policy, folder: Path, site: PolicySite) -> list[Path]:
    """Write policies first and sites last, each file whole or not at all, and return their paths; raises RunError.

    What else is in the folder stays, so that a web server may serve from it meanwhile.
    """
    hosts = [f"mta-sts.{domain}" for domain in domains]
    body = print_policy(policy)
    files = {folder / host / WELL_KNOWN_POLICY: body for host in hosts}
    files |= {folder / name: sites(hosts, site).encode() for name, sites in SITES.items()}
    for path, data in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"{path.parent}: the folder cannot be made ({error.strerror})") from None
        write_whole(path, [data])
    return list(files)
