"""The policy hosts of all worlds: one nginx, which serves each under its own name, certificate and terms."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.ca import Identity
from real.bed.network import Machine, Network
from real.bed.process import Daemon, running
from real.models.case import PolicyHost

_HEAD = """\
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log notice;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    server_names_hash_bucket_size 128;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}}}
"""
_SERVER = """\
    server {{
        listen {machine.ipv4}:443 ssl;
        listen [{machine.ipv6}]:443 ssl;
        server_name {site.name};
        ssl_certificate {site.identity.pem};
        ssl_certificate_key {site.identity.pem};
        root {folder}/www/{site.name};
        types {{ }}
        default_type "{site.host.media}";
        location / {{ {answer} }}
    }}
"""


class Site(msgspec.Struct, frozen=True):
    """A policy host: its name, its policy, its certificate and how it serves."""

    name: str
    policy: bytes
    identity: Identity
    host: PolicyHost


@contextmanager
def web_server(network: Network, machine: Machine, sites: Sequence[Site], folder: Path) -> Iterator[Daemon]:
    """Serve all `sites` from `machine`."""
    folder.mkdir()
    for site in sites:
        well_known = folder / "www" / site.name / ".well-known"
        well_known.mkdir(parents=True)
        (well_known / "mta-sts.txt").write_bytes(site.policy)
    servers = "".join(
        _SERVER.format(machine=machine, site=site, folder=folder, answer=_answer(site)) for site in sites
    )
    conf = folder / "nginx.conf"
    conf.write_text(_HEAD.format(folder=folder, servers=servers))
    log = folder / "nginx.log"
    command = network.inside(machine, "nginx", "-c", str(conf), "-e", str(log))
    with running("nginx", command, log, ready="start worker process ") as daemon:
        yield daemon


def _answer(site: Site) -> str:
    match site.host.status:
        case 200:
            return ""
        case 301:
            return f"rewrite ^/.well-known/(.*)$ https://{site.name}/moved/$1 permanent;"
        case status:
            return f"return {status};"
