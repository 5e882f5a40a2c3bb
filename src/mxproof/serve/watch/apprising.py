"""Tell URLs of apprise, as a process of its own: what it is told comes as JSON on stdin, and what went wrong goes to stderr.

Run as `python -m mxproof.serve.watch.apprising`. A process, as a service that does not answer can be ended only so, and as
the daemon need not hold the clients of a hundred services. Whoever checks a configuration asks `unusable` in its own process.
"""

import importlib.util
import logging
import os
import sys
from collections.abc import Iterator, Sequence

import msgspec

NOT_THERE = "apprise is not installed; install mxproof[alerts]"
NOT_KNOWN = "apprise does not know it"
_Asked = tuple[tuple[str, ...], str, str, str | None]


def unusable(urls: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with these URLs, as far as can be said before anybody is told; none of them is repeated."""
    if importlib.util.find_spec("apprise") is None:
        if urls:
            yield NOT_THERE
        return
    import apprise  # noqa: PLC0415 - said above where it is missing

    logging.getLogger("apprise").disabled = True
    for number, url in enumerate(urls, 1):
        if apprise.Apprise.instantiate(url) is None:
            yield f"URL {number}: {NOT_KNOWN}"


def main() -> int:
    """Tell each URL; return 0 where each was told."""
    if importlib.util.find_spec("apprise") is None:
        print(NOT_THERE, file=sys.stderr)
        return os.EX_UNAVAILABLE
    import apprise  # noqa: PLC0415 - said above where it is missing

    urls, title, text, html = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("apprise").setLevel(logging.WARNING)
    failed = 0
    for number, url in enumerate(urls, 1):
        service = apprise.Apprise.instantiate(url)
        if service is None:
            print(f"URL {number}: {NOT_KNOWN}", file=sys.stderr)
            failed += 1
            continue
        as_html = html is not None and service.resolve_format() == apprise.NotifyFormat.HTML
        body, form = (html, apprise.NotifyFormat.HTML) if as_html else (text, apprise.NotifyFormat.TEXT)
        told = apprise.Apprise()
        told.add(service)
        if not told.notify(body=body, title=title, body_format=form):
            print(f"URL {number} ({service.service_name}): not told", file=sys.stderr)
            failed += 1
    return os.EX_OK if not failed else os.EX_TEMPFAIL


if __name__ == "__main__":
    sys.exit(main())
