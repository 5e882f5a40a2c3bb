"""Asking: DNS, HTTPS and SMTP with total deadlines, and the one loop that asks what is wanted."""
