"""The dialogue with a server of IMAP: what it may say, and every way in which it can fall silent, refuse or talk nonsense.

A real Dovecot is asked in tests/real/tlsrpt/test_imap.py.
"""

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from typing import TypeVar

import pytest

from mxproof.net.imap import (
    IMAP_LITERAL_BYTES_MAX,
    LONG_BYTES,
    SEARCHES_MAX,
    SIZES_AT_ONCE,
    ImapError,
    ImapMessage,
    OpenFolder,
    _grouped,
)
from support_imap import END, HOST, PASSWORD, USER, Served, authority, imap_server

MAIL = b"From: a@example.com\r\n\r\nhello\r\n"
BYTES_MAX = 100_000
BYTES_MAX_OF_ONE = 3 * 1024 * 1024
Result = TypeVar("Result")


def asked(
    served: Served, act: Callable[[OpenFolder], Result], *, moves: bool = False, name: str = "INBOX"
) -> tuple[Result, list[str]]:
    """Return what `act` makes of the open folder, and the commands that the server heard."""

    async def scenario() -> tuple[Result, list[str]]:
        async with imap_server(lambda: served, name) as reached:

            def opened() -> Result:
                folder = OpenFolder(reached.folder, PASSWORD, [authority().root_der()], moves=moves)
                try:
                    return act(folder)
                finally:
                    folder.close()
                    folder.abort()

            return await asyncio.to_thread(opened), reached.heard

    return asyncio.run(scenario())


def everything(folder: OpenFolder) -> list[ImapMessage]:
    return [one for some in folder.messages(folder.numbers(0), BYTES_MAX) for one in some]


def refused(served: Served, *, moves: bool = False) -> str:
    with pytest.raises(ImapError) as error:
        asked(served, everything, moves=moves)
    said = str(error.value)
    assert PASSWORD not in said
    assert said.isprintable()
    return said


def test_a_folder_is_read_in_its_order_and_left_as_it_is() -> None:
    many = {number: MAIL + b"%d" % number for number in range(3, 2 * SIZES_AT_ONCE, 2)}
    found, heard = asked(Served(many), everything)
    assert found == [ImapMessage(number, data) for number, data in many.items()]
    assert [word for word in heard if word.startswith(("SELECT", "UID STORE", "CLOSE"))] == []
    assert all("PEEK" in word for word in heard if "BODY" in word)


def test_only_what_is_behind_a_number_is_asked_for() -> None:
    served = Served({1: MAIL, 5: MAIL, 9: MAIL})
    assert asked(served, lambda folder: folder.numbers(5))[0] == [9]
    assert asked(served, lambda folder: folder.numbers(9))[0] == []


def test_a_message_that_is_too_long_is_read_at_its_beginning_alone() -> None:
    long = MAIL + b"x" * BYTES_MAX
    found, heard = asked(Served({1: MAIL, 2: long, 3: MAIL}), everything)
    assert found == [ImapMessage(1, MAIL), ImapMessage(2, long[:LONG_BYTES], cut=True), ImapMessage(3, MAIL)]
    assert sum("BODY" in word for word in heard) == 3


def test_a_message_is_cut_where_it_is_a_byte_longer_than_it_may_be() -> None:
    messages = {1: b"x" * BYTES_MAX, 2: b"y" * (BYTES_MAX + 1)}
    found, _ = asked(Served(messages), everything)
    assert found == [ImapMessage(1, messages[1]), ImapMessage(2, messages[2][:LONG_BYTES], cut=True)]


def test_the_number_may_stand_behind_the_message_and_news_in_between() -> None:
    said = (
        b"* 2 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (BODY[] {%d}\r\n%s UID 4)\r\n* 1 RECENT\r\n{tag} OK done\r\n"
        % (len(MAIL), MAIL)
    )
    sizes = b"* 1 FETCH (RFC822.SIZE %d UID 4)\r\n" % len(MAIL)
    found, _ = asked(Served({4: MAIL}, instead={"UID FETCH": sizes + said}), everything)
    assert found == [ImapMessage(4, MAIL)]


def test_a_message_that_has_gone_or_was_not_asked_for_is_left_out() -> None:
    said = b"* 1 FETCH (UID 4 RFC822.SIZE 9)\r\n* 1 FETCH (UID 77 BODY[] {1}\r\nx)\r\n{tag} OK done\r\n"
    assert asked(Served({4: MAIL, 5: MAIL}, instead={"UID FETCH": said}), everything)[0] == []


def test_what_stands_where_two_searches_meet_is_found_and_found_once() -> None:
    numbers = [1, 49_999, 50_000, 50_001, 100_000, 100_001]
    found, heard = asked(Served(dict.fromkeys(numbers, MAIL)), lambda folder: folder.numbers(0))
    assert found == numbers
    assert [word for word in heard if "SEARCH" in word] == [
        "UID SEARCH UID 1:50000",
        "UID SEARCH UID 50001:100000",
        "UID SEARCH UID 100001:100001",
    ]


def test_numbers_that_were_not_asked_for_are_not_believed_and_the_rest_is_in_order() -> None:
    said = b"* SEARCH 9 4 12 6 3 9\r\n{tag} OK x\r\n"
    served = Served(dict.fromkeys((4, 6, 9), MAIL), instead={"UID SEARCH": said})
    assert asked(served, lambda folder: folder.numbers(3))[0] == [4, 6, 9]


def test_messages_keep_their_order_whatever_that_of_the_sizes_and_nobody_else_s_is_fetched() -> None:
    long = MAIL + b"x" * BYTES_MAX
    messages = {1: MAIL, 2: long, 3: MAIL, 8: MAIL}
    sizes = b"".join(
        b"* 1 FETCH (UID %d RFC822.SIZE %d)\r\n" % (number, len(messages[number])) for number in (8, 3, 2, 1)
    )
    served = Served(messages, first={"UID FETCH": sizes + b"{tag} OK x\r\n"})
    found, heard = asked(served, lambda folder: list(folder.messages([1, 2, 3], BYTES_MAX)))
    assert [[one.uid for one in some] for some in found] == [[1], [2], [3]]
    assert [word for word in heard if "BODY" in word] == [
        "UID FETCH 1 (UID BODY.PEEK[])",
        f"UID FETCH 2 (UID BODY.PEEK[]<0.{LONG_BYTES}>)",
        "UID FETCH 3 (UID BODY.PEEK[])",
    ]


def test_a_message_that_is_said_twice_is_read_once() -> None:
    said = b"* 1 FETCH (UID 4 RFC822.SIZE 9)\r\n" + b"".join(
        b"* 1 FETCH (UID 4 BODY[] {1}\r\n%s)\r\n" % one for one in (b"a", b"b")
    )
    served = Served({4: MAIL}, instead={"UID FETCH": said + b"{tag} OK done\r\n"})
    assert asked(served, everything)[0] == [ImapMessage(4, b"a")]


def test_a_far_next_number_does_not_make_for_more_searches_than_that() -> None:
    said = b"* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4294967295] x\r\n{tag} OK done\r\n"
    _, heard = asked(Served(instead={"EXAMINE": said}), everything)
    assert sum("SEARCH" in word for word in heard) <= SEARCHES_MAX


def test_what_is_stated_twice_counts_as_it_was_stated_last() -> None:
    said = b"* OK [UIDVALIDITY 1] x\r\n* OK [UIDVALIDITY 2] x\r\n* OK [UIDNEXT 3] x\r\n{tag} OK done\r\n"
    assert asked(Served(instead={"EXAMINE": said}), lambda folder: folder.validity)[0] == 2


def test_a_user_logs_in_where_the_server_knows_no_plain() -> None:
    _, heard = asked(Served(capabilities="IMAP4rev1"), everything)
    assert f'LOGIN {USER} "{PASSWORD}"' in heard


@pytest.mark.parametrize(
    ("capabilities", "want"),
    [
        ("IMAP4rev1 AUTH=PLAIN MOVE", ['UID MOVE 4,6 "D&AOk-p&APQ-t &- x"']),
        (
            "IMAP4rev1 AUTH=PLAIN UIDPLUS",
            [
                'UID COPY 4,6 "D&AOk-p&APQ-t &- x"',
                r"UID STORE 4,6 +FLAGS.SILENT (\Deleted)",
                "UID EXPUNGE 4,6",
            ],
        ),
    ],
)
def test_messages_are_moved_as_the_server_can(capabilities: str, want: list[str]) -> None:
    served = Served({4: MAIL, 6: MAIL}, capabilities=capabilities)
    _, heard = asked(served, lambda folder: folder.move([4, 6], "Dépôt & x"), moves=True)
    assert [word for word in heard if word.startswith("UID")] == want


MISSING = b"{tag} NO [TRYCREATE] there is none\r\n"
MOVED, MADE = 'UID MOVE 4 "Done"', 'CREATE "Done"'


@pytest.mark.parametrize(
    ("served", "want", "words"),
    [
        (Served({4: MAIL}), [MOVED], ""),
        (Served({4: MAIL}, first={"UID MOVE": MISSING}), [MOVED, MADE, MOVED], ""),
        (Served({4: MAIL}, instead={"UID MOVE": MISSING}), [MOVED, MADE, MOVED], "there is none"),
        (
            Served({4: MAIL}, first={"UID MOVE": MISSING}, instead={"CREATE": b"{tag} NO not here\r\n"}),
            [MOVED, MADE],
            "there is none",
        ),
    ],
    ids=["there", "made", "never there", "not to be made"],
)
def test_a_folder_to_move_to_is_made_once_and_what_cannot_be_moved_is_told(
    served: Served, want: list[str], words: str
) -> None:
    def moved(folder: OpenFolder) -> str:
        try:
            folder.move([4], "Done")
        except ImapError as error:
            return str(error)
        return ""

    told, heard = asked(served, moved, moves=True)
    assert [word for word in heard if "Done" in word] == want
    assert (words in told, bool(told)) == (True, bool(words))


def test_a_message_that_could_not_be_copied_is_not_deleted() -> None:
    served = Served({4: MAIL}, capabilities="IMAP4rev1 UIDPLUS", instead={"UID COPY": MISSING})

    def moved(folder: OpenFolder) -> None:
        with pytest.raises(ImapError, match="there is none"):
            folder.move([4], "Done")

    _, heard = asked(served, moved, moves=True)
    assert [word for word in heard if word.startswith(("UID STORE", "UID EXPUNGE"))] == []


def test_what_could_not_be_marked_is_not_expunged_and_no_message_makes_no_move() -> None:
    served = Served(
        {4: MAIL}, capabilities="IMAP4rev1 UIDPLUS", instead={"UID STORE": b"{tag} NO read-only\r\n"}
    )

    def moved(folder: OpenFolder) -> None:
        folder.move([], "Done")
        with pytest.raises(ImapError, match="read-only"):
            folder.move([4], "Done")

    _, heard = asked(served, moved, moves=True)
    assert [word for word in heard if word.startswith("UID")] == [
        'UID COPY 4 "Done"',
        r"UID STORE 4 +FLAGS.SILENT (\Deleted)",
    ]


def test_how_messages_are_moved_is_what_the_server_says_to_the_user_rather_than_to_anybody() -> None:
    """RFC 3501 section 6.1.1: what a server can do may change once somebody has logged in."""
    anybody = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN MOVE\r\n{tag} OK x\r\n"}
    served = Served({4: MAIL}, capabilities="IMAP4rev1 AUTH=PLAIN UIDPLUS", first=anybody)
    _, heard = asked(served, lambda folder: folder.move([4], "Done"), moves=True)
    assert [word.split()[1] for word in heard if word.startswith("UID")] == ["COPY", "STORE", "EXPUNGE"]


def test_a_connection_that_is_lost_while_a_user_logs_in_is_no_wrong_password() -> None:
    lost = refused(Served(instead={"AUTHENTICATE": b"* BYE too busy\r\n" + END}))
    wrong = refused(Served(instead={"AUTHENTICATE": b"{tag} NO who are you\r\n"}))
    assert ("password" in lost, "password" in wrong) == (False, True)
    assert "who are you" in wrong


def test_a_server_that_cannot_move_says_so_before_anything_is_read() -> None:
    assert "move_to" in refused(Served({4: MAIL}, capabilities="IMAP4rev1 AUTH=PLAIN"), moves=True)


TOO_LONG = b"* 1 FETCH (UID 4 BODY[] {%d}\r\n" % (IMAP_LITERAL_BYTES_MAX + 1)
SIZED = b"* 1 FETCH (UID 4 RFC822.SIZE 9)\r\n"
DIGITS = b"9" * 5000


@pytest.mark.parametrize(
    "instead",
    [
        {"": b"* BYE too many connections\r\n" + END},
        {"": b"220 mx.example.com ESMTP\r\n"},
        {"": END},
        {"": b"* OK \xff\xfe\r\n" + END},
        {"CAPABILITY": b"* CAPABILITY IMAP4rev1 \xe9\r\n{tag} OK x\r\n"},
        {"CAPABILITY": b"{tag} OK and nothing said\r\n"},
        {"CAPABILITY": b"* CAPABILITY OTHER\r\n{tag} OK x\r\n"},
        {"AUTHENTICATE": b"{tag} NO [AUTHENTICATIONFAILED] wrong \x1b[31m\r\n"},
        {"AUTHENTICATE": b"+ !!!!\r\n"},
        {"AUTHENTICATE": b"* BYE gone\r\n" + END},
        {"EXAMINE": b"{tag} NO [NONEXISTENT] no such folder\r\n"},
        {"EXAMINE": b"{tag} OK without a number\r\n"},
        {"EXAMINE": b"* OK [UIDVALIDITY x] x\r\n* OK [UIDNEXT 3] x\r\n{tag} OK x\r\n"},
        {"EXAMINE": b"* OK [UIDVALIDITY %s] x\r\n* OK [UIDNEXT 3] x\r\n{tag} OK x\r\n" % DIGITS},
        {"EXAMINE": b"* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT %s] x\r\n{tag} OK x\r\n" % DIGITS},
        {"UID SEARCH": b"{tag} BAD what\r\n"},
        {"UID SEARCH": b"* SEARCH four\r\n{tag} OK x\r\n"},
        {"UID SEARCH": b"* SEARCH %s\r\n{tag} OK x\r\n" % DIGITS},
        {"UID SEARCH": b"* SEARCH " + b"4 " * 1_000_000 + b"\r\n{tag} OK x\r\n"},
        {"UID SEARCH": b"* BYE in the middle\r\n" + END},
        {"UID FETCH": b"{tag} NO not now\r\n"},
        {"UID FETCH": SIZED + b"* BYE in the middle\r\n" + END},
        {"UID FETCH": SIZED + b"* 1 FETCH (UID 4 BODY[] {9}\r\nFrom" + END},
        {"UID FETCH": SIZED + TOO_LONG},
        {"UID FETCH": SIZED + b"* 1 FETCH (UID 4 BODY[] {%s}\r\n" % DIGITS},
        {"UID FETCH": SIZED + b"* 1 FETCH (UID 4 BODY[] {-1}\r\n)\r\n*\r\n"},
        {"UID FETCH": SIZED + b"\0\r\n"},
        {"UID FETCH": SIZED + b"other OK x\r\n"},
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else None,
)
def test_whatever_goes_wrong_is_told_in_a_line(instead: Mapping[str, bytes]) -> None:
    assert refused(Served({4: MAIL}, instead=instead)).startswith(f"{HOST}:")


@pytest.mark.parametrize(("more", "is_announced"), [(1, True), (0, False)])
def test_a_text_that_is_too_long_is_not_waited_for(more: int, *, is_announced: bool) -> None:
    """The server ends the connection behind what it announced."""
    announced = SIZED + b"* 1 FETCH (UID 4 BODY[] {%d}\r\n" % (IMAP_LITERAL_BYTES_MAX + more) + END
    told = refused(Served({4: MAIL}, instead={"UID FETCH": announced}))
    assert (f"a text of {IMAP_LITERAL_BYTES_MAX + more} bytes is announced" in told) is is_announced


@pytest.mark.parametrize(
    "numbers",
    [b"UID %s RFC822.SIZE 9" % DIGITS, b"UID 4 RFC822.SIZE %s" % DIGITS, b"UID 4", b"RFC822.SIZE 9"],
)
def test_a_message_without_a_number_or_a_size_is_left_out(numbers: bytes) -> None:
    said = b"* 1 FETCH (%s)\r\n{tag} OK x\r\n" % numbers
    assert asked(Served({4: MAIL}, instead={"UID FETCH": said}), everything)[0] == []


def test_an_answer_with_anything_in_it_is_read_or_told() -> None:
    random = Random(3501)
    told: list[str] = []
    right = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK x\r\n",
        "EXAMINE": b"* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 9] x\r\n{tag} OK x\r\n",
        "UID SEARCH": b"* SEARCH 4 5\r\n{tag} OK x\r\n",
        "UID FETCH": SIZED + b"* 1 FETCH (UID 4 BODY[] {4}\r\nFrom)\r\n{tag} OK x\r\n",
    }
    for _ in range(30):
        word = random.choice(sorted(right))
        said = bytearray(right[word])
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(said))
            said[at : at + random.randint(0, 2)] = random.choice(
                (b"", b"\r\n", b"* ", b"{9}\r\n", b"\xff", b"(", b'"', b"99999999999", b"-1", b"BYE", b"NIL")
            )
        try:
            asked(Served({4: MAIL}, instead={word: bytes(said) + END}), everything)
        except ImapError as error:
            told.append(str(error))
    assert all(one.isprintable() for one in told)


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (
            b'* LIST () "/" "INBOX"\r\n* LIST () "/" tls-reports\r\n{tag} OK done\r\n',
            "; there are INBOX, tls-reports",
        ),
        (b"{tag} OK done\r\n", ""),
        (b'* LIST () "/" "INBOX"\r\n{tag} NO not now\r\n', ""),
        (b'* LIST () "/" {5}\r\nINBOX\r\n* LIST () "/" "second"\r\n{tag} OK done\r\n', "; there are second"),
    ],
    ids=["two", "none", "refused", "one in another form"],
)
def test_a_folder_that_is_not_there_is_said_with_those_that_are(listed: bytes, words: str) -> None:
    said = refused(Served(instead={"EXAMINE": b"{tag} NO unknown\r\n", "LIST": listed}))
    assert said.endswith(f"(unknown){words}")


@pytest.mark.parametrize(
    ("sizes", "together"),
    [
        ([1] * 101, [50, 50, 1]),
        ([2 * 1024 * 1024] * 3, [2, 1]),
        ([2 * 1024 * 1024, 2 * 1024 * 1024 + 1], [1, 1]),
        ([1, BYTES_MAX_OF_ONE + 1, 1], [1, 1, 1]),
        ([1, BYTES_MAX_OF_ONE, 1], [3]),
        ([2 * 1024 * 1024] * 5, [2, 2, 1]),
        ([BYTES_MAX_OF_ONE + 1, 2 * 1024 * 1024, 2 * 1024 * 1024], [1, 2]),
        ([1, BYTES_MAX_OF_ONE + 1, 2 * 1024 * 1024, 2 * 1024 * 1024], [1, 1, 2]),
        ([], []),
    ],
    ids=[
        "fifty",
        "four megabytes",
        "a byte more",
        "one that is too long",
        "one that is not",
        "twice four megabytes",
        "behind a long one",
        "around a long one",
        "none",
    ],
)
def test_so_many_messages_are_fetched_together_and_one_that_is_too_long_alone(
    sizes: list[int], together: list[int]
) -> None:
    groups = list(_grouped(dict(enumerate(sizes)), BYTES_MAX_OF_ONE))
    assert [len(one) for one in groups] == together
    assert [number for one in groups for number in one] == list(range(len(sizes)))
