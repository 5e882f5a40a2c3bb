"""Ask about many domains as `mxproof check` does, in one process: `python look.py ROOTS RESOLVER DOMAIN...`.

On standard output it writes the evidence of each domain, in order, each behind its length in bytes on a line.
"""

import asyncio
import sys
from pathlib import Path

from mxproof.evidence import Evidence
from mxproof.evidence.codec import encode
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import DNS_PORT, Asking, parse_peer
from mxproof.net.collect import collect
from mxproof.net.loop import run
from mxproof.net.roots import roots_from
from mxproof.survey import inbound

AT_ONCE = 8
"""Few enough that none of them is late because of the others, were the machine busy."""


async def _looked(domains: list[str], roots: tuple[bytes, ...], asking: Asking) -> list[Evidence]:
    """Ask about all `domains`, believing that the resolver validates, as the senders do."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(domain: str, asker: Asker) -> Evidence:
        async with turns:
            return with_anchors(await collect(domain, asker, inbound.wanted), roots)

    with Asker(asking) as asker:
        return await asyncio.gather(*(one(domain, asker) for domain in domains))


def main(roots: str, resolver: str, *domains: str) -> None:
    """Ask, and write what was observed."""
    asking = Asking(resolvers=(parse_peer(resolver, DNS_PORT),), trust_ad=True)
    for evidence in run(_looked(list(domains), roots_from(Path(roots)), asking)):
        written = encode(evidence)
        sys.stdout.buffer.write(b"%d\n%s" % (len(written), written))


if __name__ == "__main__":
    main(*sys.argv[1:])
