"""Evidence judged and kept: the tables of a chunk, and the part that its evidence is read from again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mxproof.evidence import Evidence
from mxproof.evidence.parts import parts_of, whole
from mxproof.judge.weighed import weighed
from mxproof.mail.trust import with_anchors
from mxproof.scan.alike import AlikeDomains
from mxproof.scan.arrow import write_table
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ROOTS_SECTION, ScanFolder
from mxproof.scan.part import ScanPart, write_part
from mxproof.scan.row import Row, rows_of
from mxproof.scan.table import DOMAINS, FINDINGS, VERDICTS, Table

_OUTCOME = [one.name for one in DOMAINS.columns].index("outcome")
FRAMES_SECTION, PARTS_SECTION = 0, 1


def judge_chunk(folder: ScanFolder, chunk: int, several: Sequence[Evidence]) -> dict[str, int]:
    """Judge the evidence of a chunk as of when it was observed, keep it, and return how many have which outcome."""
    roots = ScanPart(folder.roots).needed(ROOTS_SECTION, tuple[bytes, ...])
    frames: dict[str, bytes] = {}
    parts: dict[bytes, bytes] = {}
    anchored = [with_anchors(one, roots) for one in several]
    for evidence in anchored:
        apart = parts_of(evidence)
        frames[evidence.domain] = apart.frame
        parts.update(apart.parts)
    write_part(folder.evidence(chunk), {FRAMES_SECTION: frames, PARTS_SECTION: parts}, {})
    return _judge(folder, chunk, anchored)


def judge_again(folder: ScanFolder, chunk: int) -> dict[str, int]:
    """Judge the evidence that is kept of a chunk, and write its tables anew."""
    return _judge(folder, chunk, evidence_of_chunk(folder, chunk))


def evidence_of_chunk(folder: ScanFolder, chunk: int) -> Iterator[Evidence]:
    """Yield the evidence of each domain of a chunk, as it was kept."""
    part = ScanPart(folder.evidence(chunk))
    frames = part.needed(FRAMES_SECTION, dict[str, bytes])
    parts = part.needed(PARTS_SECTION, dict[bytes, bytes])
    for frame in frames.values():
        yield whole(frame, parts)


def kept_evidence(folder: ScanFolder, chunk: int, domain: str) -> Evidence:
    """Return the evidence of one domain of a chunk; raises ScanError where there is none."""
    part = ScanPart(folder.evidence(chunk))
    frame = part.needed(FRAMES_SECTION, dict[str, bytes]).get(domain)
    if frame is None:
        raise ScanError(f"{domain}: its evidence is not in part {chunk} of the scan")
    return whole(frame, part.needed(PARTS_SECTION, dict[bytes, bytes]))


def _judge(folder: ScanFolder, chunk: int, several: Iterable[Evidence]) -> dict[str, int]:
    rows: dict[Table, list[Row]] = {DOMAINS: [], FINDINGS: [], VERDICTS: []}
    outcomes: Counter[str] = Counter()
    judging = AlikeDomains(lambda one: rows_of(weighed(one, now=one.observed_at()), chunk))
    for evidence in several:
        made = judging.rows(evidence)
        rows[DOMAINS].append(made.domain)
        rows[FINDINGS] += made.findings
        rows[VERDICTS] += made.verdicts
        outcomes[str(made.domain[_OUTCOME])] += 1
    for table, ones in rows.items():
        columns = list(zip(*ones, strict=True)) or [()] * len(table.columns)
        write_table(folder.table(table, chunk), table, columns)
    write_part(folder.judged(chunk), {}, outcomes)
    return dict(outcomes)
