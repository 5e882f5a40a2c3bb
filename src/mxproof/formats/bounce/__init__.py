"""Bounces, logs and headers as they are written: text and bytes to frozen values."""
