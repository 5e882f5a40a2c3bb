"""The policies of many domains fetched and nothing else: `python -m bench.many_bare LIST ADDRESS...`.

One handshake and one request for each domain in LIST at each address, one after the other, nothing verified, read or kept:
who looks at each address of a policy host, as RFC 8461 has senders do, is no faster than that on one processor.
"""

import socket
import ssl
import sys
from pathlib import Path

TIMEOUT_S = 30
HTTPS_PORT = 443


def main(listed: Path, addresses: list[str]) -> None:
    """Fetch every policy at every address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for domain in listed.read_text().split():
        for address in addresses:
            _fetch(context, f"mta-sts.{domain}", address)


def _fetch(context: ssl.SSLContext, host: str, address: str) -> None:
    request = f"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    with (
        socket.create_connection((address, HTTPS_PORT), TIMEOUT_S) as plain,
        context.wrap_socket(plain, server_hostname=host, suppress_ragged_eofs=True) as stream,
    ):
        stream.sendall(request.encode())
        while stream.recv(65536):
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
