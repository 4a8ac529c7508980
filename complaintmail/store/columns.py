"""What the tables are made of: moments, small structured values, and conditions that an index can serve."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    MetaData,
    String,
    Text,
    TypeDecorator,
    literal_column,
)

from complaintmail.store.instants import instant_of, instant_text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware moment. SQLite would drop the offset without a word, so there it is text in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without its offset")
        return instant_text(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return instant_of(value)


class Json(TypeDecorator[Any]):
    """Small structured values as canonical JSON text, the same on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


# What is written is never its own part, so nothing looks for that.
_encode = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def canonical(value: Any) -> str:
    """One value, one text: what is hashed and compared."""
    return _encode(value)


def written_out(column: Column[str], *values: str) -> ColumnElement[bool]:
    """`column` is one of these words, which stand in the statement itself: an index over some rows alone is only used
    where the database can see, before it knows any parameter, that these rows hold all that is asked for."""
    words: list[ColumnElement[str]] = [literal_column(f"'{value}'") for value in values]
    return column == words[0] if len(words) == 1 else column.in_(words)


def beside_the_index(column: Column[str]) -> ColumnElement[str]:
    """`column` as a condition that no index serves, where another index holds far fewer rows."""
    return column.concat(literal_column("''"))


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
