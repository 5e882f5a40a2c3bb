"""Each checker: how it is run in a world, and its own words out of what it prints."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from peers.ground import RESOLVER, Ground
from peers.root_server import ROOT_ADDRESS, ROOT_NAME
from peers.said import alike

CHECKDMARC, SSLYZE, TESTSSL, ZONEMASTER = "checkdmarc", "sslyze", "testssl", "zonemaster"
OF_DOMAINS = (CHECKDMARC, ZONEMASTER)
OF_SERVERS = (SSLYZE, TESTSSL)
WITHIN_S = 400
NO_RESULT = "no result"
"""Said where a program printed nothing that can be read, most often because it was not done in time."""
_QUIET = frozenset({"OK", "INFO", "DEBUG"})
_OF_THE_PROGRAM = frozenset({"engine_problem", "scanTime", "scan_incomplete", "optimal_proto"})
_SUITE_SETS = {
    "ssl_2_0_cipher_suites": "SSL 2.0",
    "ssl_3_0_cipher_suites": "SSL 3.0",
    "tls_1_0_cipher_suites": "TLS 1.0",
    "tls_1_1_cipher_suites": "TLS 1.1",
    "tls_1_2_cipher_suites": "TLS 1.2",
    "tls_1_3_cipher_suites": "TLS 1.3",
}
_OUT_OF_FORCE = frozenset({"SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1"})
_WEAK = ("_anon_", "_NULL_", "_RC4_", "_3DES_", "_DES_", "_EXPORT_")
_SUPPLIED = "Supplied CA file"
_SSLYZE_OPTIONS = (
    *("--starttls=smtp", "--json_out=-", "--slow_connection", "--certinfo", "--reneg"),
    *("--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3"),
)
_TESTSSL_OPTIONS = (
    *(
        "--starttls",
        "smtp",
        "-p",
        "-S",
        "--add-ca",
        "/tmp/ca.pem",
        "--nodns",
        "none",
        "--quiet",
        "--color",
        "0",
    ),
    *(
        "--warnings",
        "off",
        "--connect-timeout",
        "10",
        "--openssl-timeout",
        "10",
        "--jsonfile",
        "/tmp/said.json",
    ),
)

Json = Any
"""What a program prints, whose shape is its own."""


class Programs(msgspec.Struct, frozen=True):
    """Where the checkers are: a folder with a system's root and two virtual environments (`tools/install-peers`)."""

    home: Path

    @property
    def root(self) -> Path:
        """Return the root of the system that has testssl.sh and Zonemaster."""
        return self.home / "trixie"

    def prepare(self, ground: Ground) -> None:
        """Lay the world's resolver and what a program expects of a system into the root; the namespace takes it away."""
        for folder in ("proc", "dev"):
            subprocess.run(["mount", "--rbind", f"/{folder}", str(self.root / folder)], check=True)
        subprocess.run(
            ["mount", "--bind", "/etc/resolv.conf", str(self.root / "etc/resolv.conf")], check=True
        )
        subprocess.run(["mount", "-t", "tmpfs", "peers", str(self.root / "tmp")], check=True)
        (self.root / "tmp/ca.pem").write_bytes(ground.lab.ca_pem)
        hints = f". 3600 IN NS {ROOT_NAME}.\n{ROOT_NAME}. 3600 IN A {ROOT_ADDRESS}\n"
        (self.root / "tmp/hints").write_text(hints)

    def versions(self) -> dict[str, str]:
        """Return the version of each as its package says."""
        found = {}
        for name in (CHECKDMARC, SSLYZE):
            listed = _output([str(self.home / name / "bin/pip"), "list", "--format", "json"])
            found[name] = next(one["version"] for one in json.loads(listed) if one["name"] == name)
        for name, package in ((TESTSSL, "testssl.sh"), (ZONEMASTER, "zonemaster-cli")):
            found[name] = _output(["chroot", str(self.root), "dpkg-query", "-W", "-f", "${Version}", package])
        return found

    def said_of_domain(self, program: str, ground: Ground) -> tuple[str, ...] | None:
        """Return what a checker of domains says, None where it cannot look at this world."""
        if program == CHECKDMARC:
            trusted = ("env", f"SSL_CERT_FILE={ground.ca_file}", f"REQUESTS_CA_BUNDLE={ground.ca_file}")
            command = (str(self.home / "checkdmarc/bin/checkdmarc"), ground.lab.domain, "--check-mx-tls")
            return _distinct(_of_checkdmarc(_json([*trusted, *command, "--nameserver", RESOLVER])))
        if not ground.is_delegated:
            return None
        walk = ("zonemaster-cli", "--json", "--no-progress", "--hints", "/tmp/hints", ground.lab.domain)
        return _distinct(_of_zonemaster(_json(["chroot", str(self.root), *walk])))

    def said_of_server(self, program: str, name: str, address: str, ground: Ground) -> tuple[str, ...]:
        """Return what a checker of TLS says of the server `name` at one address."""
        if program == SSLYZE:
            options = (*_SSLYZE_OPTIONS, f"--certinfo_ca_file={ground.ca_file}")
            where = f"{name}:25{{{address}}}"
            return _distinct(_of_sslyze(_json([str(self.home / "sslyze/bin/sslyze"), *options, where])))
        _output(["chroot", str(self.root), "testssl", *_TESTSSL_OPTIONS, "--ip", address, f"{name}:25"])
        file = self.root / "tmp/said.json"
        try:
            return _distinct(_of_testssl(json.loads(file.read_text())))
        except (OSError, ValueError):
            return (NO_RESULT,)
        finally:
            file.unlink(missing_ok=True)


def _of_checkdmarc(report: Json) -> Iterator[str]:
    """Yield errors and warnings, each with its section."""
    for section, found in report.items() if isinstance(report, dict) else ():
        if not isinstance(found, dict):
            continue
        if found.get("error"):
            yield f"{section} error: {found['error']}"
        for warning in found.get("warnings", ()):
            yield f"{section} warning: {warning}"
        for host in found.get("hosts", ()) if section == "mx" else ():
            if host.get("starttls") is False:
                yield "mx host: starttls false"
            elif host.get("tls") is False:
                yield "mx host: tls false"


def _of_zonemaster(report: Json) -> Iterator[str]:
    """Yield level and tag of what is more than information."""
    for one in report.get("results", ()) if isinstance(report, dict) else ():
        yield f"{one['level']} {one['tag']}"


def _of_testssl(report: Json) -> Iterator[str]:
    """Yield what is not in order, with its severity and its name."""
    for one in report:
        if one["severity"] not in _QUIET and one["id"] not in _OF_THE_PROGRAM:
            name = one["id"].partition(" <")[0]
            yield f"{one['severity']} {name}: {one['finding']}"


def _of_sslyze(report: Json) -> Iterator[str]:
    """Yield what a reader of its report would take for a fault: it gives no grades by itself."""
    if not isinstance(report, dict):
        yield NO_RESULT
        return
    for one in report.get("invalid_server_strings", ()):
        yield f"not reached: {one['error_message']}"
    for server in report.get("server_scan_results", ()):
        if server.get("connectivity_error_trace"):
            yield f"not reached: {server['connectivity_error_trace'].strip().splitlines()[-1]}"
        result = server.get("scan_result") or {}
        yield from _certificates((result.get("certificate_info") or {}).get("result"))
        yield from _suites(result)
        renegotiation = (result.get("session_renegotiation") or {}).get("result") or {}
        if renegotiation.get("is_vulnerable_to_client_renegotiation_dos"):
            yield "client renegotiation accepted"


def _certificates(found: Json) -> Iterator[str]:
    shown = set()
    for deployment in (found or {}).get("certificate_deployments", ()):
        leaf = deployment["received_certificate_chain"][0]
        shown.add(leaf["fingerprint_sha256"])
        for path in deployment["path_validation_results"]:
            if path["trust_store"]["name"].startswith(_SUPPLIED) and path.get("validation_error"):
                yield f"certificate not trusted: {path['validation_error'].partition(' (encountered')[0]}"
        if deployment.get("received_chain_has_valid_order") is False:
            yield "chain order invalid"
        if deployment.get("verified_chain_has_sha1_signature"):
            yield "chain has a SHA-1 signature"
        key = leaf["public_key"]
        if key["algorithm"].startswith(("RSA", "_RSA")) and (key.get("key_size") or 2048) < 2048:
            yield "key of less than 2048 bits"
    nameless = (found or {}).get("certificate_deployment_with_sni_disabled")
    if nameless and nameless["received_certificate_chain"][0]["fingerprint_sha256"] not in shown:
        yield "another certificate without SNI"


def _suites(result: Json) -> Iterator[str]:
    accepted = {}
    for key, version in _SUITE_SETS.items():
        found = (result.get(key) or {}).get("result") or {}
        accepted[version] = [one["cipher_suite"]["name"] for one in found.get("accepted_cipher_suites", ())]
    if not any(accepted.values()):
        return
    for version, suites in accepted.items():
        if suites and version in _OUT_OF_FORCE:
            yield f"{version} accepted"
        if any(word in suite for suite in suites for word in _WEAK):
            yield f"weak or anonymous suites accepted in {version}"
        if any(suite.startswith("TLS_RSA_") for suite in suites) and version == "TLS 1.2":
            yield "suites without forward secrecy accepted in TLS 1.2"
    for version in ("TLS 1.2", "TLS 1.3"):
        if not accepted[version]:
            yield f"{version} not accepted"


def _distinct(messages: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted({alike(one) for one in messages}))


def _json(command: Sequence[str]) -> Json:
    text = _output(command)
    start = min((place for place in (text.find("{"), text.find("[")) if place >= 0), default=0)
    try:
        return json.JSONDecoder().raw_decode(text[start:])[0]
    except ValueError:
        return {"no result": {"error": text.strip().splitlines()[-1] if text.strip() else "nothing printed"}}


def _output(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Return what a program prints to stdout; one that does not end in time has said nothing."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=WITHIN_S, check=False,
            stdin=subprocess.DEVNULL, env=env,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout
