"""Mail handed in at a provider: over TLS alone, with a password, and what is said where it is not taken."""

import asyncio
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.errors import ConfigError
from mxproof.net.roots import roots_from
from mxproof.net.submission import SubmissionError, SubmissionServer, parse_submission_server, submit
from support_stream import Do, script, stream_server
from support_submission import HOST, LATER, PASSWORD, REFUSED, USER, provider, roots_file


def mail(*recipients: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "mxproof@example.com"
    message["To"] = ", ".join(recipients)
    message["Subject"] = "Microsoft is silent"
    message.set_content("text\n")
    return message


@pytest.fixture
def roots(tmp_path: Path) -> list[bytes]:
    return list(roots_from(roots_file(tmp_path)))


@pytest.mark.parametrize("starttls", [False, True])
def test_a_mail_is_handed_in_with_a_password_over_tls(roots: list[bytes], starttls: bool) -> None:
    with provider(starttls=starttls) as server:
        where = SubmissionServer(HOST, server.port, USER, starttls)
        assert submit(where, PASSWORD, roots, mail("me@provider.example")) == ()
    ((recipients, text),) = server.taken
    assert recipients == ["me@provider.example"]
    assert "Microsoft is silent" in text


def test_a_password_is_kept_from_a_server_for_which_no_user_is_named(roots: list[bytes]) -> None:
    with provider() as server, pytest.raises(SubmissionError, match="530 who are you"):
        submit(SubmissionServer(HOST, server.port), PASSWORD, roots, mail("me@provider.example"))


def test_those_that_were_refused_are_named_where_others_were_not(roots: list[bytes]) -> None:
    with provider() as server:
        where = SubmissionServer(HOST, server.port, USER)
        assert submit(where, PASSWORD, roots, mail("me@provider.example", REFUSED)) == (REFUSED,)
        with pytest.raises(SubmissionError, match="550"):
            submit(where, PASSWORD, roots, mail(REFUSED))


def test_a_refusal_is_final_only_where_the_server_says_so_of_every_recipient(roots: list[bytes]) -> None:
    refused: dict[tuple[str, ...], bool] = {}
    with provider() as server:
        where = SubmissionServer(HOST, server.port, USER)
        for whom in ((REFUSED,), (REFUSED, LATER), (LATER, REFUSED)):
            with pytest.raises(SubmissionError) as told:
                submit(where, PASSWORD, roots, mail(*whom))
            assert all(one in str(told.value) for one in whom)
            refused[whom] = told.value.is_final
        assert submit(where, PASSWORD, roots, mail(LATER, "me@provider.example", REFUSED)) == (LATER, REFUSED)
    assert refused == {(REFUSED,): True, (REFUSED, LATER): False, (LATER, REFUSED): False}


def test_a_wrong_password_is_told_and_never_repeated(roots: list[bytes]) -> None:
    with provider() as server, pytest.raises(SubmissionError, match="535") as told:
        submit(SubmissionServer(HOST, server.port, USER), "a wrong one", roots, mail("me@provider.example"))
    assert "a wrong one" not in str(told.value)
    assert not told.value.is_final
    assert server.taken == []


@pytest.mark.parametrize("starttls", [False, True])
def test_nothing_is_sent_to_a_server_with_the_wrong_certificate(roots: list[bytes], starttls: bool) -> None:
    with provider(starttls=starttls, name="other.example") as server:
        where = SubmissionServer(HOST, server.port, USER, starttls)
        with pytest.raises(SubmissionError, match="certificate"):
            submit(where, PASSWORD, roots, mail("me@provider.example"))
    assert server.taken == []


@pytest.mark.parametrize("reply", [b"250 mx.provider.example\r\n", b"250-mx\r\n250 STARTTLS\r\n"])
def test_a_server_that_does_not_begin_tls_hears_nothing_more_and_is_left_at_once(
    roots: list[bytes], reply: bytes
) -> None:
    """Also while somebody still looks at the error."""

    async def scenario() -> tuple[str, list[bytes]]:
        heard: list[bytes] = []
        rest: asyncio.Queue[bytes] = asyncio.Queue()

        async def decline(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            steps = (b"220 mx\r\n", Do.READ_LINE, reply, *((Do.READ_LINE, b"454 no\r\n") * (b"TLS" in reply)))
            await script(*steps, heard=heard)(reader, writer)
            rest.put_nowait(await reader.read(-1))

        async with stream_server(decline) as peer:
            where = SubmissionServer(peer.address, peer.port, USER, starttls=True)
            with pytest.raises(SubmissionError) as told:
                await asyncio.to_thread(submit, where, PASSWORD, roots, mail("me@provider.example"))
            async with asyncio.timeout(10):
                return str(told.value), [*(line.split()[0] for line in heard), await rest.get()]

    said, heard = asyncio.run(scenario())
    assert heard == [b"ehlo", *([b"STARTTLS"] if b"TLS" in reply else []), b""]
    assert PASSWORD not in said


def test_what_a_server_says_is_told_with_its_code_on_one_line_and_harmless(roots: list[bytes]) -> None:
    async def scenario() -> str:
        greeting = b"554-no\r\n554 \x1b[31mthank   you\x07\r\n"
        async with stream_server(script(greeting, Do.READ_LINE)) as peer:
            where = SubmissionServer(peer.address, peer.port, clear=True)
            with pytest.raises(SubmissionError) as told:
                await asyncio.to_thread(submit, where, "", roots, mail("me@provider.example"))
            assert not told.value.is_final
            return str(told.value).removeprefix(f"{peer}: ")

    assert asyncio.run(scenario()) == r"554 no \x1b[31mthank you\x07"


def test_a_server_that_is_not_there_is_told(roots: list[bytes]) -> None:
    with provider() as server:
        port = server.port
    with pytest.raises(SubmissionError, match=f"{HOST}:{port}"):
        submit(SubmissionServer(HOST, port), "", roots, mail("me@provider.example"))


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("smtps://me@smtp.example", SubmissionServer("smtp.example", 465, "me")),
        (
            "smtp://me%40example.com@smtp.example",
            SubmissionServer("smtp.example", 587, "me@example.com", True),
        ),
        (
            "smtp://me@example.com@smtp.example:25",
            SubmissionServer("smtp.example", 25, "me@example.com", True),
        ),
        ("smtps://smtp.example/", SubmissionServer("smtp.example", 465)),
    ],
)
def test_a_server_is_written_as_a_url(url: str, want: SubmissionServer) -> None:
    assert parse_submission_server(url) == want


@pytest.mark.parametrize(
    "url", ["", "smtp.example", "https://smtp.example", "smtps://", "smtps://a@b:x", "smtps://smtp.example/x"]
)
def test_what_is_no_server_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        parse_submission_server(url)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as told:
        parse_submission_server("smtps://me:hunter2@smtp.example")
    assert "hunter2" not in str(told.value)


@given(st.text())
def test_any_text_is_a_server_or_refused(url: str) -> None:
    try:
        parse_submission_server(url)
    except ConfigError:
        return
