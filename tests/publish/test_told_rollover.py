"""What became of a rollover as it is printed: records as lines of a zone, and nothing where nothing was rolled."""

from datetime import UTC, datetime, timedelta

from mxproof.mail.change import TlsaValue
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rolling import RolloverResult
from mxproof.publish.rollover import OwnedTlsa, Rollover, Stage
from mxproof.publish.step import LaggingPlace
from mxproof.publish.told_rollover import StandingTlsa, TlsaRole, ToldRollover, told_rollover

HOST = "mx1.example.com"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = AT + timedelta(minutes=10)


def record(digit: str) -> tuple[OwnedTlsa, str]:
    """Return a record, and the line that it is in a zone."""
    data = digit * 64
    return OwnedTlsa(f"_25._tcp.{HOST}", TlsaValue(3, 1, 1, data)), f"_25._tcp.{HOST}. TLSA 3 1 1 {data}"


def test_what_is_under_way_is_told_with_what_comes_what_goes_and_who_keeps_it() -> None:
    (coming, line_coming), (going, line_going), (relied, line_relied) = map(record, "abc")
    lag = (LaggingPlace("ns2.example.net", "192.0.2.53", "udp", "no record"),)
    rolled = Rollover(
        (HOST,), ("example.com",), (b"leaf",), "/etc/mx.pem", (coming,), (going,), relied=(relied,)
    )
    standing = (StandingTlsa(HOST, line_going, TlsaRole.SHOWN, 4, 4),)
    result = RolloverResult(
        HOST, PublicationEnd.WAITING, Stage.WAIT, rolled, AT, LATER, lag, None, "it waits"
    )
    assert told_rollover(result, standing) == ToldRollover(
        schema_version=1,
        host=HOST,
        end=PublicationEnd.WAITING,
        stage=Stage.WAIT,
        file="/etc/mx.pem",
        coming=(line_coming,),
        going=(line_going,),
        swap_at=AT,
        withdraw_at=LATER,
        lag=lag,
        judgement=None,
        said="it waits",
        standing=standing,
        relied=(line_relied,),
    )


def test_where_nothing_was_rolled_there_is_no_file_and_no_record() -> None:
    told = told_rollover(RolloverResult(HOST, PublicationEnd.NOTHING, said="all is as it is to be"))
    assert told == ToldRollover(
        1,
        HOST,
        PublicationEnd.NOTHING,
        Stage.OVER,
        "",
        (),
        (),
        None,
        None,
        (),
        None,
        "all is as it is to be",
        (),
    )
