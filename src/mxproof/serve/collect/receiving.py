"""Datagrams off a socket, many at a time: recvmmsg(2), so that one wait for the interpreter lock is one for all of them."""

import ctypes
import mmap
import os
import socket
from typing import Final

from mxproof.formats.tlsrpt.datagram import SESSION_BYTES_MAX

BATCH: Final = 256
"""Datagrams of one call. Their places take BATCH times _PLACE_BYTES of address space, and memory as far as they are used."""
_PLACE_BYTES: Final = SESSION_BYTES_MAX + mmap.PAGESIZE
"""Whole pages, so that what is short uses one; what is too long is seen to be so."""
_AGAIN: Final = frozenset({11, 4})
"""EAGAIN: nothing is there; EINTR: a signal came."""


class _IoVec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.POINTER(_IoVec)),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    _fields_ = (("header", _Header), ("length", ctypes.c_uint))


class Receiver:
    """The datagrams of one socket; its memory is made once."""

    def __init__(self, datagrams: socket.socket) -> None:
        self._socket = datagrams
        self._memory = mmap.mmap(-1, BATCH * _PLACE_BYTES)
        self._view = memoryview(self._memory)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._vectors = (_IoVec * BATCH)()
        self._messages = (_Message * BATCH)()
        for number in range(BATCH):
            self._vectors[number].base = start + number * _PLACE_BYTES
            self._vectors[number].length = _PLACE_BYTES
            header = self._messages[number].header
            header.vectors = ctypes.pointer(self._vectors[number])
            header.vector_count = 1
        found = getattr(ctypes.CDLL(None, use_errno=True), "recvmmsg", None)
        self._call = found

    def receive(self) -> list[bytes]:
        """Return what is there now, BATCH datagrams at most; raises OSError for a socket that is broken."""
        if self._call is None:
            return self._one()
        count = self._call(self._socket.fileno(), self._messages, BATCH, socket.MSG_DONTWAIT, None)
        if count < 0:
            error = ctypes.get_errno()
            if error in _AGAIN:
                return []
            raise OSError(error, os.strerror(error))
        view, messages = self._view, self._messages
        return [
            bytes(view[place : place + messages[number].length])
            for number, place in enumerate(range(0, count * _PLACE_BYTES, _PLACE_BYTES))
        ]

    def _one(self) -> list[bytes]:
        """Return one datagram, where the system has no call for many."""
        try:
            size = self._socket.recv_into(self._memory, _PLACE_BYTES, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return []
        return [bytes(self._view[:size])]
