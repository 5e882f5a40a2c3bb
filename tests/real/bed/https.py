"""The policy host of a world: nginx, serving one policy under its well-known path (RFC 8461 section 3.3)."""

from collections.abc import Iterator
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
        server_name {machine.host};
        ssl_certificate {identity.pem};
        ssl_certificate_key {identity.pem};
        root {folder}/www;
        default_type text/plain;
    }}
}}
"""


@contextmanager
def policy_host(
    network: Network, machine: Machine, identity: Identity, policy: bytes, folder: Path
) -> Iterator[Daemon]:
    """Serve `policy` from `machine` with the certificate of `identity`."""
    well_known = folder / "www" / ".well-known"
    well_known.mkdir(parents=True)
    (well_known / "mta-sts.txt").write_bytes(policy)
    conf = folder / "nginx.conf"
    conf.write_text(_CONF.format(folder=folder, machine=machine, identity=identity))
    log = folder / "nginx.log"
    command = network.inside(machine, "nginx", "-c", str(conf), "-e", str(log))
    with running("nginx", command, log, ready="start worker process ") as daemon:
        yield daemon
