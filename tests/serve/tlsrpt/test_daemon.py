"""The daemon that takes TLS reports in: by LMTP and POST, safe before it is acknowledged, counted once."""

import asyncio
import gzip
import re
import shutil
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE
from mxproof.formats.errors import ConfigError
from mxproof.formats.tlsrpt.unpacking import PACKED_BYTES_MAX
from mxproof.serve.tlsrpt.config import ReportConfig
from mxproof.serve.tlsrpt.settings import report_settings
from support_cli import mxproof
from support_dkim import NAME, record, signed
from support_dns import dns_server, reply
from support_report_daemon import config_in, http, kept, lmtp, report_daemon, with_listen
from support_tlsrpt import message
from support_tlsrpt_days import written


def test_the_same_report_by_two_ways_counts_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with report_daemon(config_in(tmp_path)):
            assert await lmtp(tmp_path, message(written())) == ["250", "250"]
            assert (await http(tmp_path, gzip.compress(written())))[0] == 200
            assert (await http(tmp_path, written(2)))[0] == 201
            assert await lmtp(tmp_path, message(written(2))) == ["250", "250"]
        assert sum(one.reports for one in kept(tmp_path).senders) == 2

    asyncio.run(main())


def test_a_signed_report_takes_the_place_of_a_forged_one(tmp_path: Path) -> None:
    def respond(query: bytes, _transport: str) -> list[bytes]:
        return [reply(query, f"{NAME}. 300 IN TXT {_quoted(record().decode())}")]

    async def main() -> None:
        async with dns_server(respond) as resolver, report_daemon(config_in(tmp_path, (str(resolver),))):
            assert (await http(tmp_path, written(success=10**6)))[0] == 201
            assert await lmtp(tmp_path, signed(message(written()))) == ["250", "250"]
            assert (await http(tmp_path, written(success=10**6)))[0] == 200
            metrics = (await http(tmp_path, b"", "GET /metrics HTTP/1.1", "http"))[1].decode()
        (sender,) = kept(tmp_path).senders
        assert (sender.authenticated, sender.success) == ("verified", 7)
        assert 'received_total{way="lmtp",outcome="replaced"} 1' in metrics
        assert 'sessions_total{sender="other",authenticated="verified",outcome="failure"} 3' in metrics

    asyncio.run(main())


def test_each_way_says_what_became_of_it(tmp_path: Path) -> None:
    async def main() -> None:
        async with report_daemon(config_in(tmp_path)):
            mail = b"From: a@example.com\r\nSubject: hello\r\n\r\nno report\r\n"
            assert await lmtp(tmp_path, mail) == ["250", "554"]
            assert await lmtp(tmp_path, message(written()), recipients=2) == ["250", "452", "250"]
            assert await lmtp(tmp_path, message(written(domain="other.example"))) == ["250", "250"]
            assert (await http(tmp_path, mail))[0] == 400
            assert (await http(tmp_path, b"no report"))[0] == 422
            assert (await http(tmp_path, b"", "GET / HTTP/1.1"))[0] == 405
            assert (await http(tmp_path, b"", length=PACKED_BYTES_MAX + 1))[0] == 413
            assert (await http(tmp_path, b"", "GET /health HTTP/1.1", "http")) == (
                200,
                b"answering\nstore: up\n",
            )

    asyncio.run(main())


def test_nothing_is_acknowledged_while_the_store_is_away(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (tmp_path / "store").mkdir()
    away = msgspec.structs.replace(
        config, store=msgspec.structs.replace(config.store, url=f"sqlite:{tmp_path}/store/journal.db")
    )

    async def main() -> None:
        shutil.rmtree(tmp_path / "store")
        async with report_daemon(away):
            assert await lmtp(tmp_path, message(written())) == ["250", "451"]
            assert (await http(tmp_path, written()))[0] == 503
            assert (await http(tmp_path, b"", "GET /health HTTP/1.1", "http"))[0] == 503
            (tmp_path / "store").mkdir()
            assert (await http(tmp_path, written()))[0] == 201
            assert await lmtp(tmp_path, message(written())) == ["250", "250"]
            assert (await http(tmp_path, b"", "GET /health HTTP/1.1", "http"))[0] == 200
        assert [one.reports for one in kept(tmp_path / "store").senders] == [1]

    asyncio.run(main())


def test_a_reload_takes_over_the_domains(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    later = msgspec.structs.replace(config, domains=("other.example",))

    async def main() -> None:
        async with report_daemon(config, later) as daemon:
            assert (await http(tmp_path, written(domain="other.example")))[0] == 422
            await daemon.life.reload()
            assert (await http(tmp_path, written(domain="other.example")))[0] == 201

    asyncio.run(main())


def test_no_label_is_made_of_what_comes(tmp_path: Path) -> None:
    async def main() -> None:
        config = msgspec.structs.replace(config_in(tmp_path), any_domain=True)
        async with report_daemon(config):
            before = (await http(tmp_path, b"", "GET /metrics HTTP/1.1", "http"))[1].decode()
            for number in range(3):
                await http(tmp_path, written(domain=f"d{number}.example"))
            after = (await http(tmp_path, b"", "GET /metrics HTTP/1.1", "http"))[1].decode()
        names = [set(re.findall(r"^(mxproof_tlsrpt_[^ ]*) ", text, re.MULTILINE)) for text in (before, after)]
        assert names[0] == names[1]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"lmtp": (), "https": ()}, "listen"),
        ({"lmtp": ("nowhere",)}, "listen.lmtp"),
        ({"certificate": "/nowhere.pem"}, "listen.key"),
        ({"certificate": "/nowhere.pem", "key": "/nowhere.key"}, "listen.certificate"),
    ],
)
def test_a_configuration_that_cannot_be_is_told_by_its_key(
    tmp_path: Path, fields: dict[str, object], key: str
) -> None:
    async def main(config: ReportConfig) -> None:
        async with report_daemon(config):
            pass

    with pytest.raises(ConfigError, match=re.escape(key)):
        asyncio.run(main(with_listen(config_in(tmp_path), **fields)))


def test_the_defaults_are_settings() -> None:
    assert report_settings(ReportConfig()).lmtp == ()


def test_a_signature_is_verified_once_dns_answers(tmp_path: Path) -> None:
    up = False

    def respond(query: bytes, _transport: str) -> list[bytes]:
        return [reply(query, f"{NAME}. 300 IN TXT {_quoted(record().decode())}")] if up else []

    async def main() -> None:
        nonlocal up
        async with dns_server(respond) as resolver:
            config = config_in(tmp_path, (str(resolver),))
            hasty = msgspec.structs.replace(config, dns=msgspec.structs.replace(config.dns, timeout_s=0.2))
            async with report_daemon(hasty):
                assert await lmtp(tmp_path, signed(message(written()))) == ["250", "250"]
            assert [one.authenticated for one in kept(tmp_path).senders] == ["unknown"]
            up = True
            got = await asyncio.to_thread(
                mxproof,
                *("tlsrpt", "retry", "--any-domain", "--resolver", str(resolver)),
                *("--store", f"sqlite:{tmp_path}/journal.db", "--config", "/dev/null"),
            )
            assert (got.returncode, b"1 of earlier proved" in got.stdout) == (DONE, True)
        assert [(one.authenticated, one.success) for one in kept(tmp_path).senders] == [("verified", 7)]

    asyncio.run(main())


def _quoted(text: str) -> str:
    return " ".join(f'"{text[place : place + 200]}"' for place in range(0, len(text), 200))
