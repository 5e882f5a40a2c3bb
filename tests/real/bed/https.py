"""The policy hosts of a world: nginx, serving each its policy under the well-known path (RFC 8461 section 3.3)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from real.bed.ca import Identity
from real.bed.network import Machine, Network
from real.bed.process import Daemon, running

_CONF = """\
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log notice;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen {machine.ipv4}:443 ssl;
        listen [{machine.ipv6}]:443 ssl;
        server_name _;
        ssl_certificate {identity.pem};
        ssl_certificate_key {identity.pem};
        root {folder}/www/$host;
        default_type text/plain;
    }}
}}
"""


@contextmanager
def policy_host(
    network: Network, machine: Machine, identity: Identity, policies: Mapping[str, bytes], folder: Path
) -> Iterator[Daemon]:
    """Serve from `machine` the policies by host, with the certificate of `identity`."""
    folder.mkdir()
    for host, policy in policies.items():
        put_policy(folder, host, policy)
    conf = folder / "nginx.conf"
    conf.write_text(_CONF.format(folder=folder, machine=machine, identity=identity))
    log = folder / "nginx.log"
    command = network.inside(machine, "nginx", "-c", str(conf), "-e", str(log))
    with running("nginx", command, log, ready="start worker process ") as daemon:
        yield daemon


def put_policy(folder: Path, host: str, policy: bytes) -> None:
    """Put the policy of `host` where a server that is or will be running from `folder` finds it."""
    well_known = folder / "www" / host / ".well-known"
    well_known.mkdir(parents=True, exist_ok=True)
    (well_known / "mta-sts.txt").write_bytes(policy)
