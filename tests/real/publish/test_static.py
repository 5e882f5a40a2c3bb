"""What `mxproof publish static` writes, served by the web servers that it is for and fetched by curl."""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from real.bed.network import Machine, Network, network
from real.bed.process import running
from support_cli import mxproof
from support_pem import authorities, issued, key_pem, pem
from support_publish import policy_text, served_text

DOMAINS = ("example.com", "example.net")
WEB = Machine("web", "web.example.com", "192.0.2.80", "2001:db8::80")
PATH = "/.well-known/mta-sts.txt"
NGINX = """\
daemon off;
user root;
pid {work}/nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    include /etc/nginx/mime.types;
    include {out}/nginx.conf;
}}
"""
APACHE = """\
ServerRoot {work}
PidFile {work}/apache.pid
Mutex file:{work}
ErrorLog /dev/stderr
LogLevel notice
ServerName localhost
Listen 443
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
User www-data
Group www-data
Include {out}/apache.conf
"""
CADDY = """\
{{
    admin off
    local_certs
    skip_install_trust
    storage file_system {work}/caddy
}}
import {out}/Caddyfile
"""


class WebServer(msgspec.Struct, frozen=True):
    """How one is run: a configuration around the sites, its command, and what it logs when it serves."""

    around: str
    command: tuple[str, ...]
    ready: str


SERVERS = {
    "nginx": WebServer(
        NGINX, ("nginx", "-e", "stderr", "-g", "error_log stderr notice;", "-c"), "start worker process "
    ),
    "apache": WebServer(APACHE, ("apache2", "-DFOREGROUND", "-f"), "resuming normal operations"),
    "caddy": WebServer(
        CADDY, ("caddy", "run", "--adapter", "caddyfile", "--config"), "serving initial configuration"
    ),
}


@pytest.fixture(scope="module")
def machine(host: None) -> Iterator[Network]:
    with network("static", [WEB], WEB) as up:
        yield up


@pytest.fixture
def served(machine: Network, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Network]:
    """Serve what was written by the web server that is asked for."""
    for folder in (*tmp_path.parents[:2], tmp_path):
        folder.chmod(0o755)  # Apache reads as another user than who runs this
    out, work = tmp_path / "out", tmp_path / "work"
    work.mkdir()
    _write(tmp_path, out)
    server = SERVERS[request.param]
    conf = work / "server.conf"
    conf.write_text(server.around.format(out=out, work=work))
    home = f"XDG_CONFIG_HOME={work}"
    command = machine.inside(WEB, "env", home, *server.command, str(conf))
    with running(request.param, command, work / "log", ready=server.ready) as daemon:
        daemon.await_ready()
        yield machine


def _write(folder: Path, out: Path) -> None:
    for domain in DOMAINS:
        one, own = issued(f"mta-sts.{domain}"), folder / "certificates" / f"mta-sts.{domain}"
        own.mkdir(parents=True)
        (own / "fullchain.pem").write_bytes(pem(one))
        (own / "privkey.pem").write_bytes(key_pem(one))
    (folder / "root.pem").write_bytes(authorities()[0].root_pem())
    (folder / "policy").write_bytes(policy_text("example.com"))
    run = mxproof(
        *("publish", "static", *DOMAINS, "--policy", str(folder / "policy"), "--folder", str(out)),
        *("--certificates", str(folder / "certificates")),
    )
    assert run.returncode == 0, run.stderr


def _fetched(
    machine: Network, domain: str, address: str, path: str, trust: tuple[str, ...]
) -> Mapping[str, str]:
    """Return status, media type, redirect and body of what curl got."""
    host = f"mta-sts.{domain}"
    command = machine.inside(
        WEB,
        *("curl", "--silent", "--show-error", *trust, "--resolve", f"{host}:443:{address}"),
        *("--write-out", "\n%{http_code}\n%{content_type}\n%{redirect_url}", f"https://{host}{path}"),
    )
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    body, status, media_type, redirect = done.stdout.decode().rsplit("\n", 3)
    return {"status": status, "type": media_type.partition(";")[0], "redirect": redirect, "body": body}


@pytest.mark.parametrize("served", SERVERS, indirect=True)
def test_a_web_server_serves_each_policy_as_senders_want_it_and_nothing_else(
    served: Network, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    # Caddy has certificates of an authority of its own here, for there is no other that it could ask.
    is_caddy = request.node.callspec.params["served"] == "caddy"
    trust = ("--insecure",) if is_caddy else ("--cacert", str(tmp_path / "root.pem"))
    for domain in DOMAINS:
        for address in (WEB.ipv4, f"[{WEB.ipv6}]"):
            assert _fetched(served, domain, address, PATH, trust) == {
                "status": "200",
                "type": "text/plain",
                "redirect": "",
                "body": served_text("example.com").decode(),
            }
    for path in ("/", "/.well-known/", "/.well-known/mta-sts.txt/x", "/other"):
        assert _fetched(served, DOMAINS[0], WEB.ipv4, path, trust)["status"] == "404"
