"""The TLS policy server for Postfix."""
