"""The policies that are hosted: from a folder of files and from the configuration, as the bytes that are served.

What is served is the policy printed anew, with CRLF line ends (RFC 8461 section 3.2), so that a file may have those of
its editor. A file that is no policy serves nothing by itself; where its domain had a policy, that one is served on.
"""

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from mxproof.formats import ConfigError
from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import POLICY_BYTES_MAX, Policy, parse_policy, print_policy
from mxproof.formats.names import folded, parse_host
from mxproof.serve.daemon.config import about
from mxproof.serve.publish.config import PolicyGroup

HOSTED_DOMAINS_MAX = 100_000
POLICY_SUFFIX = ".txt"
_HOST_LABEL = "mta-sts."


class HostedPolicies(msgspec.Struct, frozen=True):
    """What is served, by domain, and what is wrong with the files of domains that cannot be served from them."""

    bodies: Mapping[str, bytes]
    faults: Mapping[str, str] = msgspec.field(default_factory=dict)

    def after(self, before: "HostedPolicies") -> "HostedPolicies":
        """Return these with what was served before for each domain whose file is at fault."""
        kept = {domain: before.bodies[domain] for domain in self.faults if domain in before.bodies}
        return HostedPolicies({**self.bodies, **kept}, self.faults)


def policy_host(domain: str) -> str:
    """Return the name of the host of a domain's policy (RFC 8461 section 3.3)."""
    return _HOST_LABEL + domain


def hosted_policies(folder: str, groups: Iterable[PolicyGroup]) -> HostedPolicies:
    """Read the folder, if one is named, and add the policies of the configuration; raises ConfigError."""
    found = _in_folder(Path(folder)) if folder else HostedPolicies({})
    bodies = dict(found.bodies)
    for group in groups:
        body = _printed(group)
        for name in group.names:
            domain = _domain(name)
            if domain in bodies or domain in found.faults:
                raise ConfigError(f"policy.names: {domain} has a policy already; each domain has one")
            bodies[domain] = body
    if len(bodies) > HOSTED_DOMAINS_MAX:
        raise ConfigError(f"{len(bodies)} domains where at most {HOSTED_DOMAINS_MAX} are hosted")
    return HostedPolicies(bodies, found.faults)


def _in_folder(folder: Path) -> HostedPolicies:
    """Read each `DOMAIN.txt`; names that begin with a dot are of editors and of files on their way."""
    bodies, faults = {}, {}
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise ConfigError(f"folder: {folder}: cannot be read ({error.strerror})") from None
    for entry in entries:
        name = entry.name.removesuffix(POLICY_SUFFIX)
        if name == entry.name or name.startswith("."):
            continue
        try:
            domain = parse_host(name, labels_min=2)
            one = entry.stat()
            bodies[domain] = _read(entry.path, (one.st_ino, one.st_size, one.st_mtime_ns))
        except FormatError as error:
            faults[folded(name)] = f"{entry.path}: {error}"
        except OSError as error:
            faults[folded(name)] = f"{entry.path}: cannot be read ({error.strerror})"
    return HostedPolicies(bodies, faults)


@lru_cache(maxsize=HOSTED_DOMAINS_MAX)
def _read(path: str, stamp: tuple[int, int, int]) -> bytes:
    """Return what is served of a file; the same `stamp` means the same file as the last time, which is not read again."""
    with open(path, "rb") as opened:  # noqa: PTH123 - a path of the system's own words, ten thousand times a reload
        return print_policy(parse_policy(opened.read(POLICY_BYTES_MAX + 1)))


def _printed(group: PolicyGroup) -> bytes:
    """Return the policy of a group as it is served; raises ConfigError where it is none."""
    with about(f"policy of {', '.join(group.names[:3])}"):
        try:
            return print_policy(Policy(group.mode, group.max_age, tuple(map(folded, group.mx))))
        except FormatError as error:
            raise ConfigError(error.objections[0].message) from None


def _domain(name: str) -> str:
    try:
        return parse_host(name, labels_min=2)
    except FormatError as error:
        raise ConfigError(f"policy.names: {name!r}: {error.objections[0].message}") from None
