"""Logs of mail servers: when which host handed in a mail. Nothing else is read of a line: no address, no subject."""
