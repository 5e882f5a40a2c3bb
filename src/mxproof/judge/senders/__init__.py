"""Sending systems as data, and the one engine that delivers as they would."""
