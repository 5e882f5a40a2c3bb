"""Accounts, logins and tokens, within one transaction each.

A login ends IDLE after it was last seen and LASTS after it began; of one account there are LOGINS_MAX at most, and the one that
was not seen for longest ends for another. Another password, and the end of an account, end all its logins.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from mxproof.store.journal.account import AccessToken, Account, Role, TokenOpens
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.schema_of_pages import ACCESS_TOKEN, ACCOUNT, LOGIN

IDLE = timedelta(hours=24)
LASTS = timedelta(days=14)
LOGINS_MAX = 20
SEEN_EVERY = timedelta(minutes=5)
"""How long a login was not seen before that is written again."""


def add_account(connection: Connection, account: Account, password: str) -> bool:
    """Keep an account with the hash of its password; False where there is one of this name."""
    values = {
        "name": account.name,
        "role": str(account.role),
        "password": password,
        "added_at": account.added_at.timestamp(),
    }
    added = insertion(connection, ACCOUNT).on_conflict_do_nothing().returning(ACCOUNT.c.name)
    return connection.execute(added, values).first() is not None


def set_password(connection: Connection, name: str, password: str) -> bool:
    """Keep another hash for an account and end its logins; False where there is no such account."""
    _end_logins(connection, name)
    changed = update(ACCOUNT).where(ACCOUNT.c.name == name).values(password=password)
    return connection.execute(changed).rowcount > 0


def remove_account(connection: Connection, name: str) -> bool:
    """Take an account and its logins away; False where there is no such account."""
    _end_logins(connection, name)
    return connection.execute(delete(ACCOUNT).where(ACCOUNT.c.name == name)).rowcount > 0


def accounts(connection: Connection) -> list[Account]:
    """Return all accounts in the order of their names."""
    return [_account(row) for row in connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.name))]


def account_named(connection: Connection, name: str) -> tuple[Account, str] | None:
    """Return an account and the hash of its password, None where there is no such account."""
    row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name)).first()
    return None if row is None else (_account(row), row.password)


def begin_login(connection: Connection, digest: bytes, name: str, now: datetime) -> None:
    """Keep a login, and end those of anyone that are over, and what is too many of this account."""
    at = now.timestamp()
    ended = or_(
        LOGIN.c.seen_at < (now - IDLE).timestamp(),
        LOGIN.c.begun_at < (now - LASTS).timestamp(),
    )
    connection.execute(delete(LOGIN).where(ended))
    held = select(LOGIN.c.digest).where(LOGIN.c.account == name).order_by(LOGIN.c.seen_at.desc())
    beyond = connection.execute(held.offset(LOGINS_MAX - 1)).scalars().all()
    connection.execute(delete(LOGIN).where(LOGIN.c.digest.in_(beyond)))
    connection.execute(insert(LOGIN), {"digest": digest, "account": name, "begun_at": at, "seen_at": at})


def login_of(connection: Connection, digest: bytes, now: datetime) -> tuple[Account, datetime] | None:
    """Return who is logged in, and when that was seen last as far as it is written; None where nobody is."""
    query = select(ACCOUNT, LOGIN.c.seen_at).where(
        and_(
            LOGIN.c.digest == digest,
            LOGIN.c.account == ACCOUNT.c.name,
            LOGIN.c.seen_at >= (now - IDLE).timestamp(),
            LOGIN.c.begun_at >= (now - LASTS).timestamp(),
        )
    )
    row = connection.execute(query).first()
    return None if row is None else (_account(row), datetime.fromtimestamp(row.seen_at, UTC))


def see_login(connection: Connection, digest: bytes, now: datetime) -> None:
    """Write that a login was seen."""
    connection.execute(update(LOGIN).where(LOGIN.c.digest == digest).values(seen_at=now.timestamp()))


def end_login(connection: Connection, digest: bytes) -> None:
    """End a login."""
    connection.execute(delete(LOGIN).where(LOGIN.c.digest == digest))


def add_token(connection: Connection, token: AccessToken, digest: bytes) -> bool:
    """Keep a token by its digest; False where there is one of this name."""
    values = {
        "name": token.name,
        "digest": digest,
        "opens": str(token.opens),
        "added_at": token.added_at.timestamp(),
    }
    added = insertion(connection, ACCESS_TOKEN).on_conflict_do_nothing().returning(ACCESS_TOKEN.c.name)
    return connection.execute(added, values).first() is not None


def remove_token(connection: Connection, name: str) -> bool:
    """Take a token away; False where there is none of this name."""
    return connection.execute(delete(ACCESS_TOKEN).where(ACCESS_TOKEN.c.name == name)).rowcount > 0


def tokens(connection: Connection) -> list[AccessToken]:
    """Return all tokens in the order of their names."""
    return [_token(row) for row in connection.execute(select(ACCESS_TOKEN).order_by(ACCESS_TOKEN.c.name))]


def token_of(connection: Connection, digest: bytes) -> AccessToken | None:
    """Return the token with this digest, None where there is none."""
    row = connection.execute(select(ACCESS_TOKEN).where(ACCESS_TOKEN.c.digest == digest)).first()
    return None if row is None else _token(row)


def _end_logins(connection: Connection, name: str) -> None:
    connection.execute(delete(LOGIN).where(LOGIN.c.account == name))


def _account(row: Row[*tuple[object, ...]]) -> Account:
    return Account(row.name, Role(row.role), datetime.fromtimestamp(row.added_at, UTC))


def _token(row: Row[*tuple[object, ...]]) -> AccessToken:
    return AccessToken(row.name, TokenOpens(row.opens), datetime.fromtimestamp(row.added_at, UTC))
