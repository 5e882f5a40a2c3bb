"""How a connection to a server of IMAP begins: TLS before anything else, and where it does not come about, an end at once."""

import asyncio

import pytest

from mxproof.lab.ca import Authority
from mxproof.net.imap import ImapError, OpenFolder
from support_imap import END, PASSWORD, USER, Served, authority, imap_server
from support_pem import authorities

MAIL = b"From: a@example.com\r\n\r\nhello\r\n"
OFFERED = "IMAP4rev1 AUTH=PLAIN MOVE STARTTLS"


def begun(
    served: Served, *, starttls: bool = True, trusted: Authority | None = None
) -> tuple[list[int] | str, list[str]]:
    """Return which messages are in the folder or why that is not known, and all that the server heard until the end.

    Where it is not known, the connection has ended while the error is still looked at.
    """

    async def scenario() -> tuple[list[int] | str, list[str]]:
        async with imap_server(lambda: served, starttls=starttls) as reached:
            roots = [(trusted or authority()).root_der()]

            def numbers() -> list[int]:
                folder = OpenFolder(reached.folder, PASSWORD, roots, moves=False)
                try:
                    return folder.numbers(0)
                finally:
                    folder.close()
                    folder.abort()

            found: list[int] | str
            try:
                found = await asyncio.to_thread(numbers)
            except ImapError as error:
                found = str(error)
                async with asyncio.timeout(10):
                    await reached.ended.wait()
        return found, reached.heard

    return asyncio.run(scenario())


def test_after_starttls_everything_is_said_inside_tls() -> None:
    """What the server can do is asked anew: what it said in the clear was said by anybody (RFC 3501 section 6.2.1)."""
    found, heard = begun(Served({4: MAIL}, capabilities=OFFERED))
    assert found == [4]
    assert [word.split()[0] for word in heard] == [
        "CAPABILITY",
        "STARTTLS",
        "CAPABILITY",
        "AUTHENTICATE",
        "EXAMINE",
        "UID",
        "LOGOUT",
    ]


def test_a_user_logs_in_as_nobody_else() -> None:
    """RFC 4616 section 2: whom to act for is left empty, then come the user and the password."""

    async def scenario() -> list[bytes]:
        async with imap_server(Served) as reached:

            def opened() -> None:
                folder = OpenFolder(reached.folder, PASSWORD, [authority().root_der()], moves=False)
                folder.close()
                folder.abort()

            await asyncio.to_thread(opened)
            return reached.credentials

    assert asyncio.run(scenario()) == [f"\0{USER}\0{PASSWORD}".encode()]


@pytest.mark.parametrize(
    ("served", "want"),
    [
        (Served(capabilities="IMAP4rev1 AUTH=PLAIN"), ["CAPABILITY"]),
        (
            Served(capabilities=OFFERED, instead={"STARTTLS": b"{tag} NO not now\r\n"}),
            ["CAPABILITY", "STARTTLS"],
        ),
        (Served(capabilities=OFFERED, instead={"STARTTLS": END}), ["CAPABILITY", "STARTTLS"]),
    ],
    ids=["not offered", "refused", "cut off"],
)
def test_where_tls_does_not_begin_nothing_is_said_in_the_clear_and_the_connection_ends(
    served: Served, want: list[str]
) -> None:
    told, heard = begun(served)
    assert isinstance(told, str)
    assert PASSWORD not in told
    assert heard == want


@pytest.mark.parametrize("starttls", [False, True])
def test_a_server_with_a_certificate_of_somebody_else_hears_no_user_and_is_left_at_once(
    *, starttls: bool
) -> None:
    told, heard = begun(Served(capabilities=OFFERED), starttls=starttls, trusted=authorities()[1])
    assert isinstance(told, str)
    assert "its certificate is not trusted" in told
    assert heard == (["CAPABILITY", "STARTTLS"] if starttls else [])


@pytest.mark.parametrize("word", ["AUTHENTICATE", "EXAMINE"])
@pytest.mark.parametrize("starttls", [False, True])
def test_a_server_that_refuses_the_user_or_the_folder_is_left_at_once(word: str, *, starttls: bool) -> None:
    told, heard = begun(
        Served({4: MAIL}, capabilities=OFFERED, instead={word: b"{tag} NO not you\r\n"}), starttls=starttls
    )
    assert isinstance(told, str)
    assert "not you" in told
    assert [one for one in heard if one.startswith(("UID", "LOGOUT"))] == []
