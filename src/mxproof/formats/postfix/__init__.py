"""Postfix's protocols and tables: text and bytes to frozen values, and back."""
