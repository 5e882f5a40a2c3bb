"""Logs of a mail server followed as they are written, and alarms for senders that fall silent."""
