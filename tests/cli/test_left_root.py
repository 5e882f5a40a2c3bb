"""Whoever has given up the rights of root may not reach what is not loaded by then."""

import subprocess
import sys
from datetime import timedelta

from mxproof.formats.tlsrpt.report import ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.report_mail import packed_report, report_mail
from mxproof.formats.tlsrpt.writing import print_report
from support_certificates import NOW
from support_long import EXHAUSTIVE

WITHIN_S = 60.0
_PROGRAM = """
import asyncio, sys
from datetime import UTC, datetime
from importlib import import_module
from mxproof.cli.left_root import LOADED_LATE
from mxproof.lab.sendertest import serving
from mxproof.lab.sendertest.report import reports_of
from mxproof.serve.daemon.pages import Page, PageServer

class Unreachable:
    def find_spec(self, name, path=None, target=None):
        raise PermissionError(name)

page = PageServer(lambda path: Page(200, "text/plain", "well"))

async def main():
    server = await asyncio.start_server(page, "127.0.0.1", 0)
    for name in LOADED_LATE:
        import_module(name)
    sys.meta_path.insert(0, Unreachable())
    found = await asyncio.to_thread(reports_of, sys.stdin.buffer.read(), datetime.now(UTC), "192.0.2.1")
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    said = await reader.read()
    writer.close()
    server.close()
    print(found[0].organization, said.endswith(b"well"))

asyncio.run(main())
"""


@EXHAUSTIVE
def test_nothing_is_loaded_once_the_rights_of_root_are_gone() -> None:
    """Neither for a TLS report nor for monitoring."""
    policy = ReportedPolicy("sts", "example.com", 0, 2, failures=())
    report = TlsReport(
        "somebody", NOW - timedelta(days=1), NOW, "tls@example.net", "1@example.net", (policy,)
    )
    mail = report_mail(report, "example.com", "a@example.com", packed_report(print_report(report)), NOW)
    done = subprocess.run(
        (sys.executable, "-c", _PROGRAM), input=mail, capture_output=True, check=False, timeout=WITHIN_S
    )
    assert (done.returncode, done.stdout) == (0, b"somebody True\n"), done.stderr.decode()
