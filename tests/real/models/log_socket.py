"""What programs write to syslog, one line each on standard output: `python log_socket.py SOCKET`, the socket being made."""

import socket
import sys
from pathlib import Path

_DATAGRAM_BYTES_MAX = 65536
ANYBODY = 0o666


def main(path: str) -> None:
    """Print until killed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as taking:
        taking.bind(path)
        Path(path).chmod(ANYBODY)
        print("ready", flush=True)
        while True:
            print(taking.recv(_DATAGRAM_BYTES_MAX).decode("utf-8", "replace").rstrip("\n\0"), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
