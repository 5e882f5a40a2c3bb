"""What is noted of a run has its bounds, however much a client does."""

from mxproof.evidence import Transport
from mxproof.judge.senders.inference.observation import (
    SeenBounce,
    SeenConnection,
    SeenFetch,
    SeenQuery,
    SeenTls,
)
from mxproof.lab.sendertest.watching import (
    SEEN_BOUNCES_MAX,
    SEEN_CONNECTIONS_MAX,
    SEEN_FETCHES_MAX,
    SEEN_QUERIES_MAX,
    Watching,
)
from support_certificates import NOW

QUERY = SeenQuery(NOW, "192.0.2.7", "token.sendertest.example", "MX", Transport.UDP)
FETCH = SeenFetch(NOW, "192.0.2.7", "192.0.2.1", "mta-sts.control.sendertest.example", SeenTls())
CONNECTION = SeenConnection(NOW, "192.0.2.7", "192.0.2.2", "mx1.control.sendertest.example")

BOUNCE = SeenBounce(NOW, "192.0.2.7", "out.example.net", ())


def test_what_comes_when_the_room_is_full_is_counted_and_not_kept() -> None:
    told: list[str] = []
    watching = Watching(lambda: NOW, told.append)
    for _ in range(SEEN_QUERIES_MAX + 2):
        watching.query(QUERY)
    for _ in range(SEEN_FETCHES_MAX + 3):
        watching.fetch(FETCH)
    for _ in range(SEEN_CONNECTIONS_MAX + 4):
        watching.connection(CONNECTION)
    for _ in range(SEEN_BOUNCES_MAX + 5):
        watching.bounce(BOUNCE)
    kept = (len(watching.queries), len(watching.fetches), len(watching.connections), len(watching.bounces))
    assert kept == (SEEN_QUERIES_MAX, SEEN_FETCHES_MAX, SEEN_CONNECTIONS_MAX, SEEN_BOUNCES_MAX)
    assert len(told) == SEEN_CONNECTIONS_MAX + SEEN_BOUNCES_MAX
    assert watching.lost == {"queries": 2, "fetches": 3, "connections": 4, "bounces": 5}
