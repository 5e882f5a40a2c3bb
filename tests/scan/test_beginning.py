"""What is found out before a scan begins: whether its resolvers answer, and validate; and what it begins with."""

from collections.abc import Iterable
from pathlib import Path

import dns.flags
import dns.rcode
import pytest

from mxproof.net.asking import Asking
from mxproof.scan.beginning import _validates
from mxproof.scan.chunk import domains_of
from mxproof.scan.error import ScanError
from mxproof.scan.manifest import read_manifest
from support_clock import run
from support_dns import Respond, dns_server, reply
from support_scan import begun

ROOT_SOA = ". 300 IN SOA ns. root. 1 2 3 4 60"


def secure(wire: bytes, _transport: str) -> Iterable[bytes]:
    return [reply(wire, ROOT_SOA, flags=dns.flags.AD)]


def insecure(wire: bytes, _transport: str) -> Iterable[bytes]:
    return [reply(wire, ROOT_SOA)]


def silent(_wire: bytes, _transport: str) -> Iterable[bytes]:
    return []


def validates(*servers: Respond) -> bool:
    async def scenario() -> bool:
        async with dns_server(servers[0]) as first, dns_server(servers[-1]) as second:
            return (await _validates(Asking((first, second)[: len(servers)], timeout_s=1.0)))[0]

    return run(scenario())


@pytest.mark.parametrize(("server", "want"), [(secure, True), (insecure, False)])
def test_a_resolver_that_answers_is_believed_where_it_validates(server: Respond, *, want: bool) -> None:
    assert validates(server) is want


def test_a_scan_whose_resolvers_say_nothing_is_not_begun() -> None:
    with pytest.raises(ScanError, match="no resolver answers"):
        validates(silent)


def test_of_two_resolvers_one_that_answers_is_enough() -> None:
    assert validates(insecure, silent) is False


def test_a_scan_whose_list_was_never_read_to_its_end_leaves_nothing_to_the_one_begun_in_its_place(
    tmp_path: Path,
) -> None:
    folder = begun(tmp_path, [f"d{number}.example" for number in range(5)], chunk_domains=1)
    for left in (folder.own(0), folder.wanted(1, 4)):
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_bytes(b"left")
    again = begun(tmp_path, ["a.example", "b.example", "c.example"], chunk_domains=2)
    assert [domains_of(again, chunk) for chunk in (0, 1)] == [("a.example", "b.example"), ("c.example",)]
    parts = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.part"))
    assert parts == ["domains/00000.part", "domains/00001.part", "roots.part"]
    manifest = read_manifest(tmp_path)
    assert (manifest.domains, manifest.chunks, manifest.buckets) == (3, 2, 4)


def test_a_list_without_domains_begins_no_scan(tmp_path: Path) -> None:
    for lines in ([], ["# nobody"], ["no domain"]):
        with pytest.raises(ScanError, match="no domain is in it"):
            begun(tmp_path, lines)
        with pytest.raises(ScanError, match="no scan is in it"):
            read_manifest(tmp_path)
