"""The hook of certbot in contrib/salt, on a PowerDNS and a clock of the test's own."""

import importlib.util
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from keeping import ROOT

HOOK = ROOT / "contrib" / "salt" / "mxproof" / "files" / "acme-dns"
ZONE = "example.com."
NAME = f"_acme-challenge.mx1.{ZONE}"
PROOF = '"proof"'
Records = dict[tuple[str, str], set[str]]


class World:
    """A zone that all its name servers show at once, from `shown_from_s` on; `slept` is every wait, in seconds."""

    def __init__(self, *, ttl_s: int = 300, minimum_s: int = 300, shown_from_s: float = 0) -> None:
        self.records: Records = {
            (ZONE, "SOA"): {f"mx1.{ZONE} hostmaster.{ZONE} 1 3600 600 1209600 {minimum_s}"},
            (ZONE, "NS"): {"192.0.2.25.", "192.0.2.26."},
        }
        self.slept: list[float] = []
        self.wrote: list[int] = []
        self.after_write: Callable[[Records], object] = lambda _: None
        self._ttl_s = ttl_s
        self._shown_from_s = shown_from_s

    def asked(self, path: str, change: dict[str, list[dict[str, object]]] | None = None) -> object:
        if change is not None:
            (one,) = change["rrsets"]
            records = one["records"]
            assert isinstance(records, list)
            self.records[str(one["name"]), str(one["type"])] = {record["content"] for record in records}
            self.wrote.append(int(str(one["ttl"])))
            self.after_write(self.records)
            return None
        if not path:
            return [{"name": "com."}, {"name": ZONE}]
        wanted = {key: value for key, (value,) in parse_qs(urlsplit(path).query).items()}
        key = wanted["rrset_name"], wanted["rrset_type"]
        records = [{"content": content} for content in sorted(self.records.get(key, ()))]
        return {"rrsets": [{"name": key[0], "type": key[1], "ttl": self._ttl_s, "records": records}]}

    def shows(self, _server: str, name: str, value: str) -> bool:
        return self.monotonic() >= self._shown_from_s and value in self.records.get((name, "TXT"), ())

    def monotonic(self) -> float:
        return sum(self.slept)


def _hook(
    world: World, monkeypatch: pytest.MonkeyPatch, remaining: int = 0, *, most_file: str = "/nowhere"
) -> ModuleType:
    loader = SourceFileLoader("acme_dns", str(HOOK))
    spec = importlib.util.spec_from_loader("acme_dns", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    loader.exec_module(module)
    clock = SimpleNamespace(monotonic=world.monotonic, sleep=world.slept.append)
    for name, fake in {
        "asked": world.asked,
        "shows": world.shows,
        "time": clock,
        "DENIED_MAX_FILE": most_file,
        "addresses": lambda server: [server],
    }.items():
        monkeypatch.setattr(module, name, fake)
    monkeypatch.setenv("CERTBOT_DOMAIN", "mx1.example.com")
    monkeypatch.setenv("CERTBOT_VALIDATION", PROOF.strip('"'))
    monkeypatch.setenv("CERTBOT_REMAINING_CHALLENGES", str(remaining))
    return module


@pytest.mark.parametrize(
    ("ttl_s", "minimum_s", "longest_s"), [(5, 5, 5), (300, 20, 20), (20, 300, 20), (3600, 3600, 60)]
)
def test_last_proof_of_an_order_waits_until_nobody_holds_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch, ttl_s: int, minimum_s: int, longest_s: int
) -> None:
    world = World(ttl_s=ttl_s, minimum_s=minimum_s)
    _hook(world, monkeypatch).main("add")
    assert world.records[NAME, "TXT"] == {PROOF}
    (kept_s,) = world.wrote
    assert world.slept == [longest_s + kept_s]


@pytest.mark.parametrize(("most", "waited_s"), [("7\n", 7), ("0", 0), ("7200", 3600)])
def test_no_longer_is_waited_than_the_resolver_of_the_authority_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, most: str, waited_s: int
) -> None:
    (file := tmp_path / "most").write_text(most)
    world = World(ttl_s=3600, minimum_s=3600)
    _hook(world, monkeypatch, most_file=str(file)).main("add")
    assert world.slept == [waited_s + world.wrote[0]]


def test_a_time_that_is_no_number_is_told_with_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (file := tmp_path / "most").write_text("a minute")
    with pytest.raises(SystemExit, match="most: a whole number of seconds was expected"):
        _hook(World(), monkeypatch, most_file=str(file)).main("add")


def test_what_the_other_server_wrote_over_while_denials_ran_out_is_put_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    module = _hook(world, monkeypatch)
    asleep = module.time.sleep

    def sleep(seconds: float) -> None:
        asleep(seconds)
        world.records[NAME, "TXT"] = {'"of the other"'}

    monkeypatch.setattr(module.time, "sleep", sleep)
    module.main("add")
    assert world.records[NAME, "TXT"] == {PROOF, '"of the other"'}


def test_proofs_before_the_last_one_wait_for_the_name_servers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(shown_from_s=3)
    module = _hook(world, monkeypatch, remaining=1)
    module.main("add")
    assert world.slept == [module.EACH_S, module.EACH_S]


def test_what_the_other_server_wrote_over_is_put_there_again_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()

    def writes_over(records: Records) -> None:
        if len(world.wrote) == 1:
            records[NAME, "TXT"] = {'"of the other"'}

    world.after_write = writes_over
    _hook(world, monkeypatch, remaining=1).main("add")
    assert world.records[NAME, "TXT"] == {PROOF, '"of the other"'}


def test_name_servers_that_never_show_it_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(shown_from_s=1e9)
    module = _hook(world, monkeypatch)
    with pytest.raises(SystemExit, match=r"not shown by 192\.0\.2\.25, 192\.0\.2\.26"):
        module.main("add")
    assert module.SHOWN_WITHIN_S < world.monotonic() <= module.SHOWN_WITHIN_S + module.EACH_S


def test_removing_a_proof_leaves_that_of_the_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.records[NAME, "TXT"] = {PROOF, '"of the other"'}
    _hook(world, monkeypatch).main("remove")
    assert world.records[NAME, "TXT"] == {'"of the other"'}
    assert world.slept == []
