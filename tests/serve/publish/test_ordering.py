"""Certificates ordered while policies are served: by a process of its own, with proofs from a folder."""

import asyncio
import sys
from http import HTTPStatus
from pathlib import Path

import pytest

from mxproof.serve.publish.config import PublishConfig
from mxproof.serve.publish.config_certificates import AcmeOptions
from mxproof.serve.publish.ordering import PROOF_PATH, Ordering, Proofs
from mxproof.serve.publish.settings import acme_settings, certificate_options

TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"


@pytest.fixture
def proofs(tmp_path: Path) -> Proofs:
    """Return those of a folder with one proof."""
    (tmp_path / TOKEN).write_text(f"{TOKEN}.thumbprint")
    (tmp_path / "account.pem").write_text("secret")
    return Proofs(tmp_path)


def test_a_proof_is_shown_at_its_path(proofs: Proofs) -> None:
    page = proofs.page(PROOF_PATH + TOKEN)
    assert page is not None
    assert (page.status, page.text) == (HTTPStatus.OK, f"{TOKEN}.thumbprint")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        PROOF_PATH,
        f"{PROOF_PATH}other",
        f"{PROOF_PATH}account.pem",
        f"{PROOF_PATH}../{TOKEN}",
        f"{PROOF_PATH}{TOKEN}/",
        PROOF_PATH + "a" * 129,
        "/.well-known/mta-sts.txt",
    ],
)
def test_nothing_else_is_shown(proofs: Proofs, path: str) -> None:
    assert proofs.page(path) is None


def test_the_process_is_run_at_first_and_the_files_looked_at_after_it(tmp_path: Path) -> None:
    marker = tmp_path / "ordered"
    found: list[bool] = []

    async def run() -> None:
        looked = asyncio.Event()

        async def look() -> None:
            found.append(marker.exists())
            looked.set()

        command = (sys.executable, "-I", "-S", "-c", f"open({str(marker)!r}, 'w').close()")
        task = asyncio.create_task(Ordering(command, look).run(lambda: 60.0))
        async with asyncio.timeout(60):
            await looked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert found == [True]


def test_a_program_that_is_not_there_is_told_and_looked_past() -> None:
    async def run() -> None:
        looked = asyncio.Event()

        async def look() -> None:
            looked.set()

        task = asyncio.create_task(Ordering(("/nowhere/mxproof",), look).run(lambda: 60.0))
        async with asyncio.timeout(60):
            await looked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_certificates_are_where_they_are_issued_to_unless_another_place_is_named() -> None:
    config = PublishConfig(
        acme=AcmeOptions(directory="https://acme.example/dir", terms_agreed=True, folder="/state")
    )
    assert certificate_options(config).chain == "/state/certificates/{host}.pem"
    assert certificate_options(PublishConfig()).chain == "/etc/letsencrypt/live/{host}/fullchain.pem"
    made = acme_settings(config.acme)
    assert made is not None
    assert (len(made.listen), made.proofs) == (2, Path("/state/proofs"))
    by_record = AcmeOptions(directory="https://acme.example/dir", terms_agreed=True, challenge="dns-01")
    records = acme_settings(by_record)
    assert records is not None
    assert records.listen == ()
