"""What is noted of a run has its bounds, however much a client does."""

from mxproof.evidence import Transport
from mxproof.judge.senders.inference.observation import SeenConnection, SeenFetch, SeenQuery, SeenTls
from mxproof.lab.sendertest.watching import SEEN_CONNECTIONS_MAX, SEEN_FETCHES_MAX, SEEN_QUERIES_MAX, Watching
from support_certificates import NOW

QUERY = SeenQuery(NOW, "192.0.2.7", "token.sendertest.example", "MX", Transport.UDP)
FETCH = SeenFetch(NOW, "192.0.2.7", "192.0.2.1", "mta-sts.control.sendertest.example", SeenTls())
CONNECTION = SeenConnection(NOW, "192.0.2.7", "192.0.2.2", "mx1.control.sendertest.example")


def test_what_comes_when_the_room_is_full_is_counted_and_not_kept() -> None:
    told: list[str] = []
    watching = Watching(lambda: NOW, told.append)
    for _ in range(SEEN_QUERIES_MAX + 2):
        watching.query(QUERY)
    for _ in range(SEEN_FETCHES_MAX + 3):
        watching.fetch(FETCH)
    for _ in range(SEEN_CONNECTIONS_MAX + 4):
        watching.connection(CONNECTION)
    kept = (len(watching.queries), len(watching.fetches), len(watching.connections), len(told))
    assert kept == (SEEN_QUERIES_MAX, SEEN_FETCHES_MAX, SEEN_CONNECTIONS_MAX, SEEN_CONNECTIONS_MAX)
    assert watching.lost == {"queries": 2, "fetches": 3, "connections": 4}
