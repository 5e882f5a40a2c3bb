"""The configuration that a package puts into /etc/mxproof, read where no other is named."""

from pathlib import Path


def packaged_config(path: Path) -> Path | None:
    """Return the path of the package's configuration, None where no file is; one that cannot be looked at is there."""
    try:
        return path if path.exists() else None
    except OSError:
        return path
