"""Build docs/reference/scan-tables.md: the tables of a scan, their columns, and the named queries over them."""

from pathlib import Path
from textwrap import dedent

from keeping import REFERENCE, keep, row, table
from mxproof.scan.queries import QUERIES, NamedQuery
from mxproof.scan.table import TABLES, TABLES_VERSION, Table

HEAD = f"""\
# Tables and queries of a scan

Made by `python tools/scan_tables.py`. A finished scan holds these tables as Parquet, a file a part in `tables/NAME/`; this is version
{TABLES_VERSION} of them, which each file names as `mxproof_table_version` in its metadata. They only grow: a column keeps its name,
type and meaning. `mxproof scan query FOLDER --sql SQL` asks them in the SQL of DuckDB as the views `domains`, `findings` and
`verdicts`; any program that reads Parquet reads the files. Beside them stand `manifest.json`
([schema](scan-manifest.schema.json)), the evidence in parts of their own, from which `mxproof scan show` and `export` take one domain
and `mxproof scan judge` judges all again, and `refused.txt` with the lines of the list that were no domain.

NULL is what a domain does not have, or was not asked for: which depth asks what is told by `mxproof scan run --help`. Where
something was asked and not answered a column says `unknown`.

"""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    page = HEAD + "".join(map(_table, TABLES)) + "## Queries\n\n" + "\n".join(map(_query, QUERIES))
    return {REFERENCE / "scan-tables.md": page}


def _table(one: Table) -> str:
    rows = (row(f"`{column.name}`", f"`{column.type}`", column.meaning) for column in one.columns)
    return (
        f"## Table {one.name}\n\n{one.meaning}\n\n"
        + table("column", "type", "meaning")
        + "".join(rows)
        + "\n"
    )


def _query(one: NamedQuery) -> str:
    return f"### {one.name}\n\n{one.meaning}\n\n```sql\n{dedent(one.sql).strip()}\n```\n"


if __name__ == "__main__":
    raise SystemExit(keep(files(), "scan_tables.py"))
