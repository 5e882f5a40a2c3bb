"""The policies as a policy host serves them: a file for each domain in a folder, and the command that has them read again."""

import subprocess
from pathlib import Path
from typing import Final

from mxproof.formats.text import safe
from mxproof.publish.keeper import KeeperError
from mxproof.render.action.web_server import WELL_KNOWN_POLICY
from mxproof.store.whole import READABLE, replace_file
from mxproof.survey.reading import POLICY_LABEL

RELOADED_WITHIN_S: Final = 60.0
_SAID_CHARACTERS_MAX: Final = 300


class PolicyFolder:
    """The folder; `is_static` has a file where a web server looks for it, and not `DOMAIN.txt` for `mxproof publish serve`.

    `reload` is a program with its arguments, nothing for none.
    """

    def __init__(self, folder: Path, reload: tuple[str, ...] = (), *, is_static: bool = False) -> None:
        self._folder = folder
        self._reload = reload
        self._is_static = is_static

    def path(self, domain: str) -> Path:
        """Return where the policy of a domain is."""
        if self._is_static:
            return self._folder / f"{POLICY_LABEL}.{domain}" / WELL_KNOWN_POLICY
        return self._folder / f"{domain}.txt"

    def put(self, domain: str, policy: str) -> str:
        """Have this policy be served, as often as asked; return what was done. Raises KeeperError where it was not."""
        path = self.keep(domain, policy)
        self.have_read()
        return f"written to {path}"

    def keep(self, domain: str, policy: str) -> Path:
        """Write the file, where it is not the same already, and have nobody read it; raises KeeperError as `put` does."""
        path = self.path(domain)
        try:
            if self._is_static:
                path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != policy.encode():
                replace_file(path, [policy.encode()], READABLE)
        except OSError as error:
            raise KeeperError(f"{path}: was not written ({error.strerror or error})") from None
        return path

    def remove(self, domain: str) -> str:
        """Have no policy be served, as often as asked; return what was done. Raises KeeperError where it was not."""
        path = self.forget(domain)
        self.have_read()
        return f"removed {path}"

    def forget(self, domain: str) -> Path:
        """Remove the file, and have nobody read that it is gone; raises KeeperError as `remove` does."""
        path = self.path(domain)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise KeeperError(f"{path}: was not removed ({error.strerror or error})") from None
        return path

    def have_read(self) -> None:
        """Have all policies read again; raises KeeperError where that was not done."""
        if not self._reload:
            return
        words = " ".join(self._reload)
        try:
            done = subprocess.run(  # noqa: S603 - the program that the configuration names
                self._reload, capture_output=True, timeout=RELOADED_WITHIN_S, check=False
            )
        except OSError as error:
            raise KeeperError(f"publication.reload: {words}: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            raise KeeperError(
                f"publication.reload: {words}: not done within {RELOADED_WITHIN_S:.0f} s"
            ) from None
        if done.returncode:
            said = safe((done.stderr or done.stdout).decode("utf-8", "replace"), limit=_SAID_CHARACTERS_MAX)
            raise KeeperError(f"publication.reload: {words}: status {done.returncode}: {said}")
