"""Parts of tables that both back ends have and SQLAlchemy has no one word for."""

from typing import Final

from sqlalchemy import BigInteger, Dialect, Index, Integer, MetaData, text

ROW_ID = BigInteger().with_variant(Integer, "sqlite")
_CONDITION: Final = "condition"


def part_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of `columns` over the rows of which `where` holds, once `say_conditions` was asked.

    SQLAlchemy has an option a dialect for that, and loads each dialect that is named.
    """
    return Index(name, *columns, unique=unique, info={_CONDITION: where})


def say_conditions(metadata: MetaData, dialect: Dialect) -> None:
    """Have `dialect`, which is in use and loaded, know the conditions of all indexes."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if _CONDITION in index.info:
                index.dialect_kwargs[f"{dialect.name}_where"] = text(index.info[_CONDITION])
