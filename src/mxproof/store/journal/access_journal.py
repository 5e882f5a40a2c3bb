"""The journal as the pages use it to know who looks: each method is one transaction, and raises JournalError."""

from datetime import datetime

from mxproof.store.journal import access
from mxproof.store.journal.account import AccessToken, Account
from mxproof.store.journal.journal import Journal


class AccessJournal:
    """The accounts, logins and tokens of a journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def add_account(self, account: Account, password: str) -> bool:
        """Keep an account with the hash of its password; False where there is one of this name."""
        return self._journal.writes(lambda connection: access.add_account(connection, account, password))

    def set_password(self, name: str, password: str) -> bool:
        """Keep another hash for an account and end its logins; False where there is no such account."""
        return self._journal.writes(lambda connection: access.set_password(connection, name, password))

    def remove_account(self, name: str) -> bool:
        """Take an account and its logins away; False where there is no such account."""
        return self._journal.writes(lambda connection: access.remove_account(connection, name))

    def accounts(self) -> list[Account]:
        """Return all accounts."""
        return self._journal.reads(access.accounts)

    def account_named(self, name: str) -> tuple[Account, str] | None:
        """Return an account and the hash of its password."""
        return self._journal.reads(lambda connection: access.account_named(connection, name))

    def begin_login(self, digest: bytes, name: str, now: datetime) -> None:
        """Keep a login, and end those that are over."""
        self._journal.writes(lambda connection: access.begin_login(connection, digest, name, now))

    def login_of(self, digest: bytes, now: datetime) -> Account | None:
        """Return who is logged in, None where nobody is; that it was seen is written now and then."""
        found = self._journal.reads(lambda connection: access.login_of(connection, digest, now))
        if found is None:
            return None
        account, seen_at = found
        if now - seen_at > access.SEEN_EVERY:
            self._journal.writes(lambda connection: access.see_login(connection, digest, now))
        return account

    def end_login(self, digest: bytes) -> None:
        """End a login."""
        self._journal.writes(lambda connection: access.end_login(connection, digest))

    def add_token(self, token: AccessToken, digest: bytes) -> bool:
        """Keep a token by its digest; False where there is one of this name."""
        return self._journal.writes(lambda connection: access.add_token(connection, token, digest))

    def remove_token(self, name: str) -> bool:
        """Take a token away; False where there is none of this name."""
        return self._journal.writes(lambda connection: access.remove_token(connection, name))

    def tokens(self) -> list[AccessToken]:
        """Return all tokens."""
        return self._journal.reads(access.tokens)

    def token_of(self, digest: bytes) -> AccessToken | None:
        """Return the token with this digest, None where there is none."""
        return self._journal.reads(lambda connection: access.token_of(connection, digest))
