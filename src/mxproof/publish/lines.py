"""Records for somebody else to alter: printed as lines of a zone file, or kept as a file that octoDNS reads.

octoDNS merges the files of several sources into one zone, so that a file of ours stands beside that of whoever keeps the zone. A set that
stands in both, as TXT at the domain itself, is whole in ours and takes the place of the other (`populate_should_replace`):

    providers: {mxproof: {class: octodns.provider.yaml.YamlProvider, directory: FOLDER, escaped_semicolons: true,
                          enforce_order: false, populate_should_replace: true}}
    zones: {example.com.: {sources: [config, mxproof], targets: [...]}}
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from mxproof.judge.catalogue.zone_line import record_data
from mxproof.mail.change import CaaValue, CnameValue, RecordValue, TlsaValue, TxtValue
from mxproof.publish.keeper import KeeperError
from mxproof.remedy.step_record import AlteredSet
from mxproof.render.action.record_update import NEW_TTL_S, zone_lines
from mxproof.store.whole import READABLE, replace_file

OCTODNS_BYTES_MAX: Final = 1024 * 1024


class LineKeeper:
    """Whoever reads what is printed; `write` takes lines of a zone file."""

    is_by_hand = True

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Print what goes and what comes."""
        self._write(f"; zone {zone}\n{zone_lines((altered,))}")
        return "printed as lines of a zone file"


class OctodnsKeeper:
    """A folder with a file `ZONE.yaml` for each zone, in JSON, which every reader of YAML reads."""

    is_by_hand = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, zone: str, altered: AlteredSet) -> str:
        """Put the set into the file of the zone, and leave what else is in it."""
        path = self._folder / f"{zone}.yaml"
        sets = self._read(path)
        name = altered.name.removesuffix(zone).rstrip(".")
        others = [one for one in _sets(sets.pop(name, None)) if one.get("type") != altered.kind.value]
        here = [*others, *([_set(altered)] if altered.after else [])]
        if here:
            sets[name] = here[0] if len(here) == 1 else here
        text = msgspec.json.format(msgspec.json.encode(dict(sorted(sets.items()))), indent=2) + b"\n"
        try:
            replace_file(path, [text], READABLE)
        except OSError as error:
            raise KeeperError(f"{path}: was not written ({error.strerror or error})") from None
        return f"written to {path}; let octodns-sync follow"

    def _read(self, path: Path) -> dict[str, object]:
        try:
            with path.open("rb") as file:
                return msgspec.json.decode(file.read(OCTODNS_BYTES_MAX + 1), type=dict[str, object])
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise KeeperError(f"{path}: cannot be read ({error.strerror})") from None
        except msgspec.DecodeError:
            raise KeeperError(f"{path}: not a file of mxproof; name a folder of its own") from None


def _sets(held: object) -> list[dict[str, object]]:
    """Return the sets at a name, of each type one: octoDNS has a list of them where there are several."""
    listed = held if isinstance(held, list) else [held]
    return [one for one in listed if isinstance(one, dict)]


def _set(altered: AlteredSet) -> dict[str, object]:
    values = [_value(one) for one in altered.after]
    ttl_s = altered.ttl_s or NEW_TTL_S
    if altered.kind.value == "CNAME":
        return {"ttl": ttl_s, "type": "CNAME", "value": values[0]}
    return {"ttl": ttl_s, "type": altered.kind.value, "values": values}


def _value(record: RecordValue) -> object:
    """Return a record as octoDNS has it: a semicolon in a text is escaped there, and some types have a member for each field."""
    match record:
        case TxtValue(text):
            return text.replace(";", "\\;")
        case CnameValue(target):
            return f"{target}."
        case TlsaValue(usage, selector, matching_type, association):
            return {
                "certificate_usage": usage,
                "selector": selector,
                "matching_type": matching_type,
                "certificate_association_data": association,
            }
        case CaaValue(flags, tag, value):
            return {"flags": flags, "tag": tag, "value": value}
        case _:
            return record_data(record)
