"""The daemon that collects sends reports as soon as its configuration says from whom they are."""

import asyncio
import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from mxproof.formats.tlsrpt.found import reports_in
from mxproof.serve.collect.config import CollectDnsOptions
from mxproof.serve.sending.config import SendOptions
from mxproof.store.journal.journal import Journal
from support_collect import WITHIN_S, collecting, config_in, page
from support_dns import dns_server, reply
from support_outgoing import met_on


def respond(wire: bytes, _: str) -> list[bytes]:
    """Say where the one domain wants its reports."""
    return [reply(wire, '_smtp._tls.a.example. 60 IN TXT "v=TLSRPTv1; rua=mailto:tls@a.example"')]


def test_a_reload_has_reports_sent_of_days_that_are_over(tmp_path: Path) -> None:
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        met_on(journal, datetime.now(UTC).date() - timedelta(days=2), "a.example")
    pipe, sendmail = tmp_path / "pipe", tmp_path / "sendmail"
    os.mkfifo(pipe)
    sendmail.write_text(f"#!/bin/sh\nexec cat > {pipe}\n", encoding="utf-8")
    sendmail.chmod(0o755)

    async def scenario() -> tuple[bytes, str]:
        async with dns_server(respond) as resolver:
            before = config_in(tmp_path)
            sends = SendOptions(
                contact="tls@sender.example",
                through=str(sendmail),
                signed_elsewhere=True,
                spread_hours=0.0,
            )
            dns = CollectDnsOptions(resolvers=(str(resolver),))
            async with collecting(before, msgspec.structs.replace(before, send=sends, dns=dns)) as daemon:
                _, quiet = await page(tmp_path, "/metrics")
                assert "mxproof_collect_send_reports_made_total 0" in quiet
                await daemon.life.reload()
                async with asyncio.timeout(WITHIN_S):
                    mail = await asyncio.to_thread(pipe.read_bytes)
                _, text = await page(tmp_path, "/metrics")
                return mail, text

    mail, text = asyncio.run(scenario())
    (found,) = reports_in(mail)
    assert found.submitter == "sender.example"
    assert "mxproof_collect_send_reports_made_total 1" in text
