"""A scan is begun: its list is read, its folder filled, and last its manifest written, with which it is there."""

import shutil
import socket
from datetime import UTC, datetime

import msgspec

from mxproof import __version__
from mxproof.evidence import Vantage
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking
from mxproof.net.dns.lookup import root_answers
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.loop import run
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList
from mxproof.scan.error import ScanError
from mxproof.scan.folder import DOMAINS_SECTION, ROOTS_SECTION, ScanFolder
from mxproof.scan.manifest import SCAN_VERSION, ScanAsking, ScanManifest, write_manifest
from mxproof.scan.part import write_part
from mxproof.scan.sharing import DOMAINS_PER_CHUNK, buckets_for
from mxproof.survey.check_set import CheckSet, as_recorded


class ScanWay(msgspec.Struct, frozen=True):
    """How a scan is to be made: its depth, how is asked, from where, and the roots (DER) that are trusted."""

    depth: ScanDepth
    asking: ScanAsking
    vantage: Vantage
    roots: tuple[bytes, ...]


def vantage_of(asking: Asking) -> Vantage:
    """Return the vantage of every domain of a scan; whether the resolvers validate is found out now.

    Raises ScanError where no resolver says anything.
    """
    validating, words = run(_validates(asking))
    return Vantage(
        software=f"mxproof {__version__}",
        host=socket.gethostname(),
        resolvers=tuple(str(peer) for peer in asking.resolvers),
        validating=validating,
        validating_because=words,
        families=asking.families,
        roots=asking.roots,
        simulated=asking.simulated,
        sets=as_recorded((CheckSet.ARRIVAL,)),
    )


async def _validates(asking: Asking) -> tuple[bool, str]:
    with Asker(asking) as asker, DatagramSockets() as sockets:
        said = await root_answers(asking, sockets)
        if said and all(answer.data is None for answer in said.values()):
            words = "; ".join(answer.detail for answer in said.values())
            raise ScanError(f"no resolver answers ({words}); expected --resolver ADDRESS of one that does")
        return await asker.validates(asker.share())


def begin(
    folder: ScanFolder, listed: DomainList, way: ScanWay, *, chunk_domains: int = DOMAINS_PER_CHUNK
) -> ScanManifest:
    """Fill the folder with the scan of a list, and return its manifest; raises ScanError for a list without domains."""
    for rest in ("domains", "work"):  # of a scan whose list was never read to its end
        shutil.rmtree(folder.path / rest, ignore_errors=True)
    chunks = 0
    for domains in listed.chunks(chunk_domains):
        write_part(folder.domains(chunks), {DOMAINS_SECTION: domains}, {"domains": len(domains)})
        chunks += 1
    if not listed.domains:
        raise ScanError("the list: no domain is in it; expected a domain a line")
    write_part(folder.roots, {ROOTS_SECTION: way.roots}, {"roots": len(way.roots)})
    manifest = ScanManifest(
        scan_version=SCAN_VERSION,
        software=f"mxproof {__version__}",
        created_at=datetime.now(UTC),
        depth=way.depth,
        domains=listed.domains,
        chunks=chunks,
        buckets=buckets_for(chunks),
        asking=way.asking,
        vantage=way.vantage,
        repeated=listed.repeated,
        refused=listed.refused,
        withheld=listed.withheld,
    )
    write_manifest(folder.path, manifest)
    return manifest
