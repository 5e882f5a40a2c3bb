"""Records altered through the HTTP API of the authoritative server of PowerDNS.

A patch replaces whole sets in one transaction of its data base, and the server raises the serial number by `soa_edit_api`. Its answer
comes after that; where none comes, nobody knows, and the servers are looked at.
"""

import http.client
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from mxproof.formats.errors import ConfigError
from mxproof.formats.text import safe
from mxproof.judge.catalogue.zone_line import absolute
from mxproof.publish.keeper import KeeperError
from mxproof.remedy.step_record import AlteredSet
from mxproof.render.action.record_update import powerdns

API_TIMEOUT_S: Final = 20.0
API_BYTES_MAX: Final = 64 * 1024
API_KEY_BYTES_MAX: Final = 4096
_SAID_CHARACTERS_MAX: Final = 300


class PowerDnsKeeper:
    """The server `server_id` behind the API at `url`; raises ConfigError for a URL or a file that is not what it should be."""

    is_by_hand = False

    def __init__(self, url: str, server_id: str, key_file: Path, timeout_s: float = API_TIMEOUT_S) -> None:
        self._parts = parts = _parts(url)
        self._where = f"the API of PowerDNS at {parts.hostname}"
        self._path = f"/api/v1/servers/{quote(server_id, safe='')}/zones/"
        self._key = _key(key_file)
        self._timeout_s = timeout_s

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Send a patch of the zone."""
        self._asked("PATCH", zone, powerdns((altered,)))
        return f"patched {zone} by {self._where}"

    def _asked(self, method: str, zone: str, body: bytes) -> None:
        connection = self._connection()
        headers = {"X-API-Key": self._key, "Content-Type": "application/json"}
        try:
            connection.request(method, self._path + quote(absolute(zone), safe=""), body, headers)
            with connection.getresponse() as response:
                status, told = response.status, response.read(API_BYTES_MAX)
        except (OSError, http.client.HTTPException) as error:
            raise KeeperError(
                f"{self._where}: {_said(error)}; is it running, and reachable from here?"
            ) from None
        finally:
            connection.close()
        if not 200 <= status < 300:
            words = safe(told.decode("utf-8", "replace"), limit=_SAID_CHARACTERS_MAX)
            raise KeeperError(f"{self._where}: status {status} for {zone}: {words}{_advice(status)}")

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self._timeout_s, context=context)
        return http.client.HTTPConnection(host, port, timeout=self._timeout_s)


def _parts(url: str) -> SplitResult:
    expected = f"records.url: {url!r}; http://HOST:PORT or https://HOST:PORT was expected"
    try:
        parts = urlsplit(url)
        _ = parts.port  # it is read only when asked for, and raises then
    except ValueError:
        raise ConfigError(expected) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ConfigError(expected)
    return parts


def _key(path: Path) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(API_KEY_BYTES_MAX).decode("ascii").strip()
    except OSError as error:
        raise ConfigError(f"records.key_file: {path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isprintable():
        raise ConfigError(f"records.key_file: {path}: one line with the key of the API was expected")
    return text


def _said(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return words or type(error).__name__


def _advice(status: int) -> str:
    match status:
        case 401:
            return "; records.key_file holds another key than `api-key` of the server"
        case 404:
            return "; it has no such zone, or records.server_id is another one"
        case _:
            return ""
