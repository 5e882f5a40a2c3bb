"""mxproof: does mail arrive, for each sender, and if not, why not (RFC 8461, RFC 7672, RFC 8460)."""

__version__ = "0.2.0.dev0"
