"""The guide of the first hour, played as it stands in a booted system that has nothing but the packages."""

import re
import time
from pathlib import Path

import pytest

from keeping import ROOT
from real.bed.system import SHARED, System
from real.packages.installed import machine, provide, shell
from support_docs import commands

PAGE = ROOT / "docs" / "guides" / "the-first-hour-with-the-packages.md"
SUITE = "trixie"
STARTED_WITHIN_S = 60.0
PLAYED_APART = ("apt install", "mxproof lab run")
"""Commands that the test gives in a form of its own: packages are in SHARED, and a lab is in the background."""
CHECKED_AS_ROOT = "mxproof publish serve --check-config"

TAKING = f"""\
import http.server

class Taking(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open("{SHARED}/told", "ab").write(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", 8099), Taking).serve_forever()
"""
"""The end point of the alert: it writes down what it was told."""

pytestmark = pytest.mark.usefixtures("host")


def test_the_first_hour_goes_as_the_guide_says() -> None:
    provide(SUITE)
    with machine(SUITE) as (system, shared):
        shell(system, f"apt-get install --yes {SHARED}/mxproof*.deb")
        system.told("install", "-m", "644", "/usr/share/postfix/main.cf.debian", "/etc/postfix/main.cf")
        _lend_world(system, shared)
        _watch_one_domain(system, shared)
        said = _played(system)

        assert "dane-only\n" in said["postmap -q example.com socketmap:inet:127.0.0.1:8461:postfix-tlsrpt"]
        assert said["mxproof watch alert test"] == "hook: told\n"
        assert "This is a test of the alerts" in (shared / "told").read_text()
        by_root = said[CHECKED_AS_ROOT].splitlines()
        assert [line.split(": ")[1] for line in by_root] == [
            "key of mta-sts.yourdomain.example",
            "all is right",
        ]
        assert by_root[0] in PAGE.read_text(encoding="utf-8")
        assert said[f"runuser --user=mxproof -- {CHECKED_AS_ROOT}"] == "mxproof: all is right: 1 domains\n"
        (fetched,) = [text for command, text in said.items() if command.startswith("openssl s_client")]
        assert "mx: mx2.yourdomain.example\r\n" in fetched or "mx: mx2.yourdomain.example\n" in fetched


def _played(system: System) -> dict[str, str]:
    """Give the commands of the page one by one; return what each printed, which none may do by failing but in an answer."""
    system.told("mkdir", "/root/hour")
    said = {}
    for one in commands(PAGE.read_text(encoding="utf-8")):
        if one.text.startswith(PLAYED_APART):
            continue
        begun = time.monotonic()
        done = system.run("sh", "-c", f"exec 2>&1; cd /root/hour\n{one.text}")
        took = time.monotonic() - begun
        print(f"{took:.1f} s: {one.text.partition(chr(10))[0]}")
        answers = {0, 1, 3} if one.text.startswith("mxproof") else {0}
        assert done.returncode in answers, (one.text, done.stdout)
        assert one.output is None or one.output == done.stdout, one.text
        said[one.text] = done.stdout
    return said


def _lend_world(system: System, shared: Path) -> None:
    """Serve a world of the lab, and have policyd ask it."""
    out = f"--property=StandardOutput=file:{SHARED}/lab"
    system.told("systemd-run", "--unit=lab", out, "mxproof", "lab", "run", "tlsa-right")
    until = time.monotonic() + STARTED_WITHIN_S
    while not (port := re.search(r"--resolver 127\.0\.0\.1:(\d+) ", _text(shared / "lab"))):
        assert time.monotonic() < until, _text(shared / "lab")
        time.sleep(0.2)
    change = f's/^resolvers = .*/resolvers = ["127.0.0.1:{port[1]}"]/'
    system.told("sed", "-i", change, "/etc/mxproof/policyd.toml")


def _watch_one_domain(system: System, shared: Path) -> None:
    """Write what the page says into the configuration of the watch, with an end point behind it."""
    (shared / "taking.py").write_text(TAKING)
    system.told("systemd-run", "--unit=taking", "python3", f"{SHARED}/taking.py")
    (alert,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    file = system.root / "etc/mxproof/watch.toml"
    text = file.read_text().replace("domains = []", 'domains = ["example.com"]', 1)
    file.write_text(f"{text}\n{alert}")


def _text(path: Path) -> str:
    """Return what a file holds so far."""
    return path.read_text() if path.exists() else ""
