"""TLS reporting (RFC 8460): the record that asks for reports, and the reports, read from whatever they come in."""
