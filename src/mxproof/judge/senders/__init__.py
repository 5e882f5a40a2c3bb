"""Sending systems as data, and the one engine that delivers as they would."""

from mxproof.judge.senders.engine import deliver, deliver_at, server_name
from mxproof.judge.senders.table import SENDERS
from mxproof.judge.senders.traits import Traits

__all__ = ["SENDERS", "Traits", "deliver", "deliver_at", "server_name"]
