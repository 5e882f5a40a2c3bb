"""Changes as values: every kind has one spelling in JSON, and reads back as the same value."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import Change, MxValue, Publish, RecordValue, ServePolicy, TxtValue

KINDS = {"publish", "withdraw", "serve-policy", "certificate", "configure", "wait"}


def test_the_kinds_are_those_of_the_contract() -> None:
    assert {kind.__struct_config__.tag for kind in get_args(Change)} == KINDS


@pytest.mark.parametrize("kind", get_args(Change), ids=lambda kind: str(kind.__struct_config__.tag))
@given(data=st.data())
def test_a_change_of_any_kind_reads_back_from_json_as_the_same(kind: type, data: st.DataObject) -> None:
    change = data.draw(st.from_type(kind))
    written = msgspec.json.encode(change)
    assert msgspec.json.decode(written, type=Change) == change
    assert msgspec.json.encode(msgspec.json.decode(written, type=Change)) == written


@pytest.mark.parametrize(
    "record", get_args(RecordValue), ids=lambda record: str(record.__struct_config__.tag)
)
def test_every_type_of_record_is_told_by_its_name(record: type) -> None:
    drawn = record(*(10 if kind is int else "x" for kind in record.__annotations__.values()))
    assert msgspec.to_builtins(drawn)["type"] == record.__struct_config__.tag  # type: ignore[attr-defined]  # a struct


def test_a_change_is_written_in_the_words_of_the_contract() -> None:
    retired = msgspec.json.encode(Publish("example.com", MxValue(10, "mx.example.com"), ttl_s=300))
    assert msgspec.json.decode(retired) == {
        "kind": "publish",
        "name": "example.com",
        "record": {"type": "MX", "preference": 10, "exchange": "mx.example.com"},
        "ttl_s": 300,
    }
    served = msgspec.json.encode(ServePolicy("example.com", Policy(Mode.NONE, 60)))
    assert msgspec.json.decode(served) == {
        "kind": "serve-policy",
        "domain": "example.com",
        "policy": {"mode": "none", "max_age_s": 60, "mx": [], "extensions": []},
    }


@given(st.binary(max_size=300))
def test_a_text_record_keeps_its_bytes(text: bytes) -> None:
    assert TxtValue.of(text).octets() == text
