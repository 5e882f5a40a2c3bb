"""Run the checkers over every world of the lab and keep what they say: `python -m peers [--kept | WORLD...]`, as root.

Each world has namespaces of its own, so nothing leaves the machine and nothing is left. What was said of a world is kept below
`.peers` under what the world is made of and the versions, so that a run that was cut short goes on where it was, and a world
that did not change is not asked again. A checker of TLS is asked once of all worlds with the same servers. With `--kept` nothing
is run, and the file is written of what is kept; CHECKERS names those to run, by default all.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from mxproof.lab.scenario import Expect, Scenario, load, scenarios
from peers.ours import ours
from peers.programs import NO_RESULT, OF_DOMAINS, OF_SERVERS, Programs
from peers.said import Messages, Said, World, write

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".peers"
HOME = Path(os.environ.get("MXPROOF_PEERS", "/var/cache/mxproof/peers"))
CHECKERS = os.environ.get("CHECKERS", " ".join((*OF_DOMAINS, *OF_SERVERS))).split()
AT_ONCE = int(os.environ.get("WORLDS_AT_ONCE", "2"))
_NAMESPACES = (
    "unshare",
    "--net",
    "--mount",
    "--propagation",
    "private",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
)


def main() -> int:
    """Ask, and write the file once every world has been asked; with worlds named, only ask."""
    kept, named = sys.argv[1:] == ["--kept"], tuple(one for one in sys.argv[1:] if one != "--kept")
    if os.geteuid() != 0 or not (HOME / "sslyze" / "made").exists():
        print("peers: needs root, and the programs of tools/install-peers", file=sys.stderr)
        return 2
    names = named or scenarios()
    versions = Programs(HOME).versions()
    CACHE.mkdir(exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = pool.map(lambda name: _said(name, versions, run=not kept), names)
        worlds = {name: World(ours(load(name)), one) for name, one in zip(names, said, strict=True)}
    if not named:
        write(Said(f"{datetime.now(UTC):%Y-%m-%d}", versions, worlds))
    return 0


def _said(name: str, versions: Mapping[str, str], *, run: bool) -> dict[str, Messages]:
    """Return what is known of a world, asking first those of whom nothing is kept."""
    scenario = load(name)
    of_domain = _files(OF_DOMAINS, _world(scenario), versions)
    of_servers = _files(OF_SERVERS, _servers(scenario), versions)
    for files in (of_domain, of_servers) if run else ():
        _ask(name, {one: file for one, file in files.items() if one in CHECKERS and not file.exists()})
    print(name, flush=True)
    return {one: _messages(file, one) for one, file in {**of_domain, **of_servers}.items() if file.exists()}


def _world(scenario: Scenario) -> object:
    """Return what of a scenario is a world, without what is said of it and expected."""
    return _distinct(msgspec.structs.replace(scenario, title="", story="", expect=Expect("")))


def _servers(scenario: Scenario) -> object:
    """Return what of a world a checker of TLS meets."""
    return [_distinct(msgspec.structs.replace(one, banner="")) for one in scenario.smtp], scenario.latency_ms


def _distinct(value: object) -> object:
    """Return a value as JSON would have it, without what is as it is by default: what scenarios may say grows."""
    if isinstance(value, msgspec.Struct):
        fields = ((one, getattr(value, one.name)) for one in msgspec.structs.fields(value))
        return {one.encode_name: _distinct(held) for one, held in fields if held != one.default}
    if isinstance(value, tuple):
        return [_distinct(one) for one in value]
    return value


def _files(checkers: Sequence[str], met: object, versions: Mapping[str, str]) -> dict[str, Path]:
    return {one: CACHE / f"{_mark(one, versions[one], met)}.json" for one in checkers}


def _ask(name: str, files: Mapping[str, Path]) -> None:
    """Run the checkers of `files` in one world, and put what each says into its file."""
    if not files:
        return
    made = CACHE / f"{name}-{next(iter(files))}"
    command = (*_NAMESPACES, sys.executable, "-m", "peers.inside", str(HOME), name, str(made), *files)
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{', '.join(files)} in {name}: {done.stderr[-2000:]}")
    for one, messages in msgspec.json.decode(made.read_bytes(), type=dict[str, Messages]).items():
        if not any(
            one_said.startswith(NO_RESULT) for one_said in messages or ()
        ):  # it may have been the machine that was slow
            files[one].write_bytes(msgspec.json.encode({one: messages}))
    made.unlink()


def _messages(file: Path, checker: str) -> Messages:
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Messages])[checker]


def _mark(checker: str, version: str, met: object) -> str:
    return sha256(msgspec.json.encode((checker, version, met))).hexdigest()[:24]


if __name__ == "__main__":
    raise SystemExit(main())
