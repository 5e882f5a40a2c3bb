"""Text and bytes to frozen values and back; nothing here knows where the bytes came from."""

from mxproof.formats.errors import ConfigError, FormatError, Objection

__all__ = ["ConfigError", "FormatError", "Objection"]
