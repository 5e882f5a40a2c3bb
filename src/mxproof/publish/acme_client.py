"""An authority that issues certificates by ACME (RFC 8555), by the library of certbot: one account, one order after the other.

What is proved to it, and how, is for `answer` to say; what is done wrong is told in the words of the authority.

| the authority says `Retry-After` | then |
|---|---|
| while it looks at a proof or makes a certificate (RFC 8555 sections 7.4 and 7.5.1) | it is asked again no earlier, as long as an order may take |
| as it refuses an order, or is not done within that time (section 6.6) | the error says when it may be ordered again |
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from acme import challenges, client, crypto_util, errors, messages
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from josepy.errors import Error as JoseError
from josepy.jwa import ES256
from josepy.jwk import JWK

from mxproof import __version__
from mxproof.formats.errors import ConfigError
from mxproof.formats.retry_after import retry_after
from mxproof.formats.text import safe
from mxproof.publish.challenge import Answerer, Challenge, ChallengeKind
from mxproof.store.whole import make_folder, replace_file

if TYPE_CHECKING:
    from requests import Response

ACME_TIMEOUT_S: Final = 30
ORDER_WITHIN_S: Final = 90
"""How long an order is waited for."""
ASKED_AGAIN_AFTER_S: Final = 1.0
"""Where the authority does not say when."""
ACCOUNT_KEY_BYTES_MAX: Final = 16 * 1024
_PRIVATE: Final = 0o600
_SAID_CHARACTERS_MAX: Final = 300
_KINDS: Final = {
    ChallengeKind.HTTP: challenges.HTTP01,
    ChallengeKind.DNS: challenges.DNS01,
}


class AcmeError(Exception):
    """No certificate was issued: what the authority said, or what kept it from being asked.

    `concerns_all`: no other order would fare better now. `not_before` is when the authority wants to be asked for the same again, None
    where it does not say; `is_away`: it said that for whatever may be asked of it, since it serves nobody.
    """

    def __init__(
        self,
        words: str,
        *,
        concerns_all: bool = False,
        not_before: datetime | None = None,
        is_away: bool = False,
    ) -> None:
        super().__init__(words if not_before is None else f"{words}; {_told_not_before(not_before)}")
        self.concerns_all = concerns_all
        self.not_before = not_before
        self.is_away = is_away


class AcmeClient:
    """An account at the authority whose directory is at `directory`.

    `ca_file` are the roots that its own certificate is judged by, None for those of the library; `pause` lets so many seconds go by. It
    connects when it is first used.
    """

    def __init__(
        self,
        directory: str,
        account_key: Path,
        contact: str = "",
        ca_file: Path | None = None,
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], None],
    ) -> None:
        self._directory = directory
        self._account_key = account_key
        self._contact = contact
        self._ca_file = ca_file
        self._now = now
        self._pause = pause
        self._client: client.ClientV2 | None = None
        self._status = 0
        self._not_before: datetime | None = None

    def issued(self, names: tuple[str, ...], key: bytes, answerer: Answerer) -> bytes:
        """Return the chain in PEM of a certificate for names and a private key in PEM; raises AcmeError and KeeperError."""
        self._status, self._not_before = 0, None
        try:
            return self._issued(self._connected(), names, key, answerer)
        except errors.ValidationError as error:
            raise AcmeError(_not_proved(error)) from None
        except errors.TimeoutError:
            words = f"{self._directory}: no certificate within {ORDER_WITHIN_S} s"
            raise AcmeError(words, not_before=self._not_before) from None
        except OSError as error:
            words = f"{self._directory}: cannot be asked ({_innermost(error)})"
            raise AcmeError(words, concerns_all=True) from None
        except (errors.Error, messages.Error, JoseError, ValueError) as error:
            raise self._refusal(error) from None

    def _refusal(self, error: Exception) -> AcmeError:
        """Return what the last response says that is no success."""
        is_away = self._status == HTTPStatus.SERVICE_UNAVAILABLE
        is_limit = self._status == HTTPStatus.TOO_MANY_REQUESTS
        words = safe(str(error), limit=_SAID_CHARACTERS_MAX)
        if isinstance(error, messages.Error):
            is_limit = is_limit or error.code == "rateLimited"
        elif self._status >= HTTPStatus.BAD_REQUEST:
            words = f"HTTP {self._status}"
        return AcmeError(
            f"{self._directory}: {words or type(error).__name__}",
            concerns_all=is_limit or is_away,
            not_before=self._not_before if self._status >= HTTPStatus.BAD_REQUEST else None,
            is_away=is_away,
        )

    def _hear(self, response: "Response", **_: object) -> None:
        """Take note of what a response says of the next request, and put that in seconds, as the library reads it right everywhere."""
        now = self._now()
        moment = retry_after(response.headers.pop("Retry-After", ""), now)
        self._status = response.status_code
        self._not_before = moment if moment is not None and moment > now else None
        if self._not_before is not None:
            response.headers["Retry-After"] = str(round(_seconds_until(self._not_before, now)))

    def _issued(self, acme: client.ClientV2, names: tuple[str, ...], key: bytes, answerer: Answerer) -> bytes:
        order = acme.new_order(crypto_util.make_csr(key, list(names)))
        shown: list[Challenge] = []
        try:
            for authorization in order.authorizations:
                if authorization.body.status == messages.STATUS_VALID:
                    continue
                body = _chosen(authorization, answerer.kind)
                response, text = body.response_and_validation(acme.net.key)
                name = authorization.body.identifier.value
                token = body.chall.encode("token") if answerer.kind is ChallengeKind.HTTP else ""
                challenge = Challenge(name, token, text)
                shown.append(challenge)
                answerer.show(challenge)
                acme.answer_challenge(body, response)
            until = self._now() + timedelta(seconds=ORDER_WITHIN_S)
            proved = self._proved(acme, order, until)
            done = acme.finalize_order(proved, until.astimezone().replace(tzinfo=None))
            return str(done.fullchain_pem).encode("ascii", "replace")
        finally:
            for challenge in shown:
                answerer.hide(challenge)

    def _proved(
        self, acme: client.ClientV2, order: messages.OrderResource, until: datetime
    ) -> messages.OrderResource:
        """Wait until the authority has looked at every proof; raises an error of the library for one that it does not take."""
        done = []
        for one in order.authorizations:
            authorization, _ = acme.poll(one)
            while authorization.body.status == messages.STATUS_PENDING:
                left_s = (until - self._now()).total_seconds()
                if left_s <= 0:
                    raise errors.TimeoutError
                self._pause(min(left_s, self._pause_s()))
                authorization, _ = acme.poll(authorization)
            done.append(authorization)
        failed = [one for one in done if one.body.status != messages.STATUS_VALID]
        if failed:
            raise errors.ValidationError(failed)
        proved: messages.OrderResource = order.update(authorizations=done)
        return proved

    def _pause_s(self) -> float:
        if self._not_before is None:
            return ASKED_AGAIN_AFTER_S
        return _seconds_until(self._not_before, self._now())

    def _connected(self) -> client.ClientV2:
        """Return the client with its account, which is made where there is none of this key."""
        if self._client is None:
            key = JWK.load(account_key(self._account_key))
            network = client.ClientNetwork(
                key,
                alg=ES256,
                user_agent=f"mxproof/{__version__}",
                timeout=ACME_TIMEOUT_S,
                verify_ssl=str(self._ca_file) if self._ca_file is not None else True,  # type: ignore[arg-type]  # requests takes a path, too
            )
            network.session.hooks["response"].append(self._hear)
            acme = client.ClientV2(client.ClientV2.get_directory(self._directory, network), network)
            _register(acme, self._contact)
            self._client = acme
        return self._client


def account_key(path: Path) -> bytes:
    """Return the key of the account in PEM, made where there is none; raises ConfigError for a file that holds something else."""
    try:
        if not path.exists():
            make_folder(path.parent)
            replace_file(path, [new_key()], _PRIVATE)
        with path.open("rb") as file:
            text = file.read(ACCOUNT_KEY_BYTES_MAX)
        if not isinstance(load_pem_private_key(text, None), ec.EllipticCurvePrivateKey):
            raise ValueError
    except OSError as error:
        raise ConfigError(f"acme: {path}: {error.strerror or error}") from None
    except (ValueError, TypeError):
        raise ConfigError(f"acme: {path}: a private key of an elliptic curve in PEM was expected") from None
    return text


def new_key() -> bytes:
    """Return a new private key in PEM: P-256, which every sender and every authority takes."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _register(acme: client.ClientV2, contact: str) -> None:
    new = messages.NewRegistration.from_data(email=contact or None, terms_of_service_agreed=True)
    try:
        acme.new_account(new)
    except errors.ConflictError as error:
        known = messages.RegistrationResource(uri=error.location, body=messages.Registration())
        acme.query_registration(known)


def _chosen(authorization: messages.AuthorizationResource, kind: ChallengeKind) -> messages.ChallengeBody:
    for one in authorization.body.challenges:
        if isinstance(one.chall, _KINDS[kind]):
            return one
    raise AcmeError(f"{authorization.body.identifier.value}: the authority takes no proof by {kind}")


def _seconds_until(moment: datetime, now: datetime) -> float:
    return max(ASKED_AGAIN_AFTER_S, (moment - now).total_seconds())


def _told_not_before(moment: datetime) -> str:
    return f"it wants to be asked again no earlier than {moment:%Y-%m-%d %H:%M} UTC"


def _innermost(error: BaseException) -> str:
    """Return what kept it from being asked, without the layers around it."""
    while error.__context__ is not None:
        error = error.__context__
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return safe(words or type(error).__name__, limit=_SAID_CHARACTERS_MAX)


def _not_proved(error: errors.ValidationError) -> str:
    told = [
        f"{one.body.identifier.value}: {challenge.error.detail}"
        for one in error.failed_authzrs
        for challenge in one.body.challenges
        if challenge.error is not None
    ]
    return safe("; ".join(told) or "a name was not proved to be ours", limit=_SAID_CHARACTERS_MAX)


Issue = Callable[[tuple[str, ...], bytes, Answerer], bytes]
"""From names, a private key and who proves, to a chain: what `AcmeClient.issued` is."""
