"""The certbot commands of a step, run as they stand: what certbot then has is a certificate with the names of the plan."""

import datetime as dt
import os
import subprocess
from pathlib import Path

from cryptography import x509

from mxproof.mail.change import PresentCertificate
from mxproof.remedy.planning import plan_for
from mxproof.remedy.step_record import acted
from mxproof.render.action.folder import step_files
from real.bed.acme import ACME_PORT, NAME, acme_authority
from real.bed.ca import Authority
from real.plan.ground import ground
from support_scenarios import AT, seen

ISSUED_WITHIN_S = 300.0
_CLI_INI = """\
server = https://{name}:{port}/dir
config-dir = {folder}/certbot
work-dir = {folder}/work
logs-dir = {folder}/logs
non-interactive
agree-tos
register-unsafely-without-email
standalone
"""
"""What an administrator has set up once, wherever he runs certbot."""


def _names(chain: Path) -> frozenset[str]:
    leaf = x509.load_pem_x509_certificate(chain.read_bytes())
    found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return frozenset(found.get_values_for_type(x509.DNSName))


def test_certbot_is_issued_what_each_server_is_to_show(host: None) -> None:
    world = seen("incident")
    plan = plan_for(world.evidence, now=AT, memories=world.memories)
    way = next(one for one in plan.ways if one.cost.certificates)
    steps = acted(world.evidence, [step.changes for step in way.steps])
    shown = [one for step in steps for one in step.changes if isinstance(one, PresentCertificate)]
    with ground("certbot") as (wire, machine, place):
        authority = Authority(place / "ca", dt.datetime.now(dt.UTC))
        with acme_authority(wire, machine, authority, place / "pebble") as pebble:
            pebble.await_ready()
            home = place / "home" / ".config" / "letsencrypt"
            home.mkdir(parents=True)
            (home / "cli.ini").write_text(_CLI_INI.format(name=NAME, port=ACME_PORT, folder=place))
            around = os.environ | {"HOME": str(place / "home"), "REQUESTS_CA_BUNDLE": str(authority.file)}
            around.pop("XDG_CONFIG_HOME", None)
            for number, step in enumerate(steps):
                script = step_files(step).get("certificates.sh")
                if script is not None:
                    file = place / f"certificates-{number}.sh"
                    file.write_bytes(script)
                    done = subprocess.run(
                        wire.inside(machine, "sh", "-e", str(file)),
                        capture_output=True,
                        env=around,
                        timeout=ISSUED_WITHIN_S,
                        check=False,
                    )
                    assert done.returncode == 0, (done.stdout + done.stderr).decode()
        live = place / "certbot" / "live"
        issued = {file.parent.name: _names(file) for file in live.glob("*/cert.pem")}
        assert set(issued.values()) == {frozenset(one.names) for one in shown}
        assert set(issued) <= {one.host for one in shown}
