"""`mxproof watch user` and `token`: who may look, said on the command line, and what is kept of it."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from mxproof.cli.exit import DONE, PROBLEM, USAGE
from mxproof.serve.web import password_hash
from mxproof.serve.web.password_hash import is_password
from mxproof.serve.web.secret import digest_of
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.account import Role, TokenOpens
from mxproof.store.journal.journal import Journal
from support_cli import mxproof, one_line

PASSWORD = b"correct horse battery\n"


@pytest.fixture(autouse=True)
def _quick_to_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at the least cost that there is; what passwords cost is a matter of `serve/web/test_password_hash.py`."""
    monkeypatch.setattr(password_hash, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:{tmp_path}/journal.db"


@pytest.fixture
def access(store: str) -> AccessJournal:
    return AccessJournal(Journal(store))


def test_an_account_is_added_with_its_role_and_the_hash_of_its_password(
    store: str, access: AccessJournal
) -> None:
    done = mxproof("watch", "user", "add", "ada", "--role", "admin", "--store", store, stdin=PASSWORD)
    assert (done.returncode, done.stdout) == (DONE, b"")
    found = access.account_named("ada")
    assert found is not None
    account, kept = found
    assert (account.role, is_password(kept, "correct horse battery")) == (Role.ADMIN, True)
    again = mxproof("watch", "user", "add", "ada", "--store", store, stdin=PASSWORD)
    assert (again.returncode, "ada" in one_line(again.stderr)) == (PROBLEM, True)


def test_a_password_is_set_anew(store: str, access: AccessJournal) -> None:
    mxproof("watch", "user", "add", "ada", "--store", store, stdin=PASSWORD)
    done = mxproof("watch", "user", "password", "ada", "--store", store, stdin=b"staple battery horse")
    assert done.returncode == DONE
    found = access.account_named("ada")
    assert found is not None
    assert (found[0].role, is_password(found[1], "staple battery horse")) == (Role.VIEWER, True)


def test_accounts_are_listed_and_removed(store: str) -> None:
    assert mxproof("watch", "user", "list", "--store", store).stdout == b""
    for name, role in (("bob", "viewer"), ("ada", "admin")):
        mxproof("watch", "user", "add", name, "--role", role, "--store", store, stdin=PASSWORD)
    lines = mxproof("watch", "user", "list", "--store", store).stdout.decode().splitlines()
    assert [(line.split()[0], line.split()[-1]) for line in lines] == [("admin", "ada"), ("viewer", "bob")]
    assert mxproof("watch", "user", "remove", "ada", "--store", store).returncode == DONE
    assert mxproof("watch", "user", "remove", "ada", "--store", store).returncode == PROBLEM
    assert mxproof("watch", "user", "password", "ada", "--store", store, stdin=PASSWORD).returncode == PROBLEM


@pytest.mark.parametrize(
    "password", [b"", b"short\n", b"x" * 2000, b"\xff" * 20, b"\ncorrect horse battery\n"]
)
def test_what_is_no_fit_password_is_refused_and_not_repeated(store: str, password: bytes) -> None:
    done = mxproof("watch", "user", "add", "ada", "--store", store, stdin=password)
    assert done.returncode == USAGE
    said = one_line(done.stderr)
    assert "correct" not in said
    assert "x" * 100 not in said


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\x1b[31m", "x" * 200])
def test_what_is_no_name_is_refused(store: str, name: str) -> None:
    done = mxproof("watch", "user", "add", name, "--store", store, stdin=PASSWORD)
    assert done.returncode == USAGE
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize("opens", list(TokenOpens))
def test_a_token_is_printed_once_and_kept_as_a_digest(
    store: str, access: AccessJournal, tmp_path: Path, opens: TokenOpens
) -> None:
    done = mxproof("watch", "token", "add", "dashboard", "--opens", str(opens), "--store", store)
    assert done.returncode == DONE
    secret = done.stdout.decode().strip()
    found = access.token_of(digest_of(secret))
    assert found is not None
    assert (found.name, found.opens) == ("dashboard", opens)
    listed = mxproof("watch", "token", "list", "--store", store).stdout.decode()
    assert (listed.split()[0], listed.split()[-1], secret in listed) == (opens, "dashboard", False)
    assert all(secret.encode() not in file.read_bytes() for file in tmp_path.iterdir())
    assert mxproof("watch", "token", "add", "dashboard", "--store", store).returncode == PROBLEM
    assert mxproof("watch", "token", "remove", "dashboard", "--store", store).returncode == DONE
    assert mxproof("watch", "token", "remove", "dashboard", "--store", store).returncode == PROBLEM


def test_a_store_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    done = mxproof("watch", "user", "list", "--store", f"sqlite:{tmp_path}/missing/journal.db")
    assert (done.returncode, "missing" in one_line(done.stderr)) == (PROBLEM, True)
