"""Reading the database without SQLAlchemy, whose import takes longer than a command may.

`open_casebook(url)` gives a `Reader`: plain SQL with `?` for parameters, on SQLite and PostgreSQL alike, and one
consistent state for as long as it is open. It never changes a row. SQLite is opened as any program opens it, so that
what a crash left half written is rolled back first; nobody can write while it is read, so readers are kept short.
A database that is not there yet is a `NoCasebook`; one that is busy or gone a `TemporaryFailure`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote
from zoneinfo import ZoneInfo

from complaintmail.errors import StoreError, TemporaryFailure
from complaintmail.store.instants import instant_of

if TYPE_CHECKING:
    import sqlite3

    import psycopg

BUSY_SECONDS = 30.0
BLOCK = 1000

Row = tuple[Any, ...]


class NoCasebook(StoreError):
    """There is no database yet: nothing was ever taken in."""


class Reader:
    """One consistent look at the database. Not for several threads at once."""

    is_sqlite: bool

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        raise NotImplementedError

    def stream(self, sql: str, params: Sequence[object] = (), block: int = BLOCK) -> Iterator[Row]:
        """The same, a block at a time: for more rows than memory should hold."""
        raise NotImplementedError

    def holds(self, column: str) -> str:
        """SQL for "this column holds these words, in capitals or not"; it takes `folded(words)` as its parameter."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def value(self, sql: str, params: Sequence[object] = ()) -> Any:
        """The first column of the first row; None where there is no row."""
        found = self.rows(sql, params)
        return found[0][0] if found else None

    def moment(self, at: Any) -> object:
        """A moment as a parameter of this database."""
        from complaintmail.store.instants import instant_text

        return instant_text(at) if self.is_sqlite else at

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_casebook(url: str) -> Reader:
    """The database at this URL, to read; `NoCasebook` when nothing was ever written there."""
    return SqliteReader(Path(url.removeprefix("sqlite:///"))) if url.startswith("sqlite:") else PostgresReader(url)


class SqliteReader(Reader):
    is_sqlite = True

    def __init__(self, path: Path) -> None:
        import sqlite3

        self._connection: sqlite3.Connection | None = None
        self._path = path
        if not path.exists():
            raise NoCasebook(f"{path}: there is no database yet; complaintmail run makes it")
        with self._clear():
            # rw, and not ro: a journal that a crash left behind has to be rolled back. It never makes a file.
            self._connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=rw",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.execute("PRAGMA query_only=ON")
            self._connection.execute("PRAGMA cache_size=-16000")
            self._connection.execute("BEGIN")
        self.rows("SELECT 1 FROM head")  # the lock is taken here, and a file that holds no casebook is found out

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        with self._clear():
            return self._there().execute(sql, params).fetchall()

    def stream(self, sql: str, params: Sequence[object] = (), block: int = BLOCK) -> Iterator[Row]:
        with self._clear():
            cursor = self._there().execute(sql, params)
            while rows := cursor.fetchmany(block):
                yield from rows

    def copied(self) -> SqliteReader:
        """A copy of the whole database, page by page, in a file that is gone when it is closed: for long reading,
        since nobody can write while the database itself is read."""
        import sqlite3
        import tempfile

        copy = SqliteReader.__new__(SqliteReader)
        with self._clear(), tempfile.NamedTemporaryFile(dir=self._path.parent, prefix=".reading-") as file:
            copy._path = self._path
            copy._connection = sqlite3.connect(file.name, isolation_level=None, check_same_thread=False)
            copy._connection.execute("PRAGMA journal_mode=OFF")
            self._there().backup(copy._connection)
            copy._connection.execute("PRAGMA query_only=ON")
        return copy

    def holds(self, column: str) -> str:
        self._there().create_function("casefolded", 1, lambda text: folded(text or ""), deterministic=True)
        return f"instr(casefolded({column}), ?) > 0"

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _there(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError("the database was closed")
        return self._connection

    @contextlib.contextmanager
    def _clear(self) -> Iterator[None]:
        import sqlite3

        try:
            yield
        except sqlite3.OperationalError as error:
            self.close()
            words = str(error)
            if "no such table" in words:
                raise NoCasebook("the database is empty yet; complaintmail run fills it") from error
            if "no such column" in words:
                raise _other_version(words) from error
            if "disk I/O" in words:
                raise StoreError(f"the database cannot be read: {words}") from error
            raise TemporaryFailure(f"the database is not to be had just now: {words}") from error
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(f"the database cannot be read: {error}") from error


class PostgresReader(Reader):
    is_sqlite = False

    def __init__(self, url: str) -> None:
        import psycopg

        self._connection: psycopg.Connection | None = None
        self._streams = count(1)
        with self._clear():
            self._connection = psycopg.connect(
                "postgresql://" + url.partition("://")[2], connect_timeout=10, application_name="complaintmail"
            )
            self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._connection.read_only = True
            self._connection.execute("SET LOCAL TIME ZONE 'UTC'")
        self.rows("SELECT 1 FROM head")

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        with self._clear():
            return self._there().execute(_percent(sql), params).fetchall()

    def stream(self, sql: str, params: Sequence[object] = (), block: int = BLOCK) -> Iterator[Row]:
        with self._clear(), self._there().cursor(name=f"stream{next(self._streams)}") as cursor:
            cursor.itersize = block
            cursor.execute(_percent(sql), params)
            yield from cursor

    def holds(self, column: str) -> str:
        return f"position(? in lower({column})) > 0"

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _there(self) -> psycopg.Connection:
        if self._connection is None:
            raise StoreError("the database was closed")
        return self._connection

    @contextlib.contextmanager
    def _clear(self) -> Iterator[None]:
        import psycopg

        try:
            yield
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidCatalogName) as error:
            self.close()
            raise NoCasebook("the database is empty yet; complaintmail run fills it") from error
        except psycopg.errors.UndefinedColumn as error:
            self.close()
            raise _other_version(_first_line(error)) from error
        except psycopg.OperationalError as error:
            self.close()
            raise TemporaryFailure(f"the database is not to be had just now: {_first_line(error)}") from error
        except psycopg.Error as error:
            self.close()
            raise StoreError(f"the database cannot be read: {_first_line(error)}") from error


def folded(words: str) -> str:
    """Words as they are compared when capitals do not matter."""
    return words.casefold()


def _percent(sql: str) -> bytes:
    """`?` as psycopg writes parameters. No statement of ours has either sign inside a text."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


def _other_version(words: str) -> StoreError:
    return StoreError(f"the database is of another version of complaintmail ({words}); complaintmail run migrates it")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def local_times(zone: ZoneInfo) -> Callable[[object], str | None]:
    """Moments from either database as ISO 8601 with the zone's offset.

    Working out the offset is most of the cost. It is the same for nearly all of a day, and then SQLite's text needs
    its hour changed and no more; where it is not, or the hour falls on another day, the moment is worked out by itself.
    """
    days: dict[str, tuple[int, str] | None] = {}

    def told(value: object) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and len(value) == 27:
            day = value[:10]
            known = days[day] if day in days else days.setdefault(day, _offset_of_day(day, zone))
            if known is not None:
                shift, offset = known
                rest = value[13:19] if value[19:26] == ".000000" else value[13:26]
                if shift == 0:
                    return f"{value[:13]}{rest}{offset}"
                hour = int(value[11:13]) + shift
                if 0 <= hour < 24:
                    return f"{day}T{hour:02d}{rest}{offset}"
        moment = instant_of(value)
        return None if moment is None else moment.astimezone(zone).isoformat()

    return told


def _offset_of_day(day: str, zone: ZoneInfo) -> tuple[int, str] | None:
    """By how many hours the zone is ahead all through this day of UTC, and how that is written; None where there is no
    such number."""
    found = {
        moment.astimezone(zone).strftime("%z")
        for time in ("00:00:00.000000", "23:59:59.999999")
        if (moment := instant_of(f"{day}T{time}Z")) is not None
    }
    offset = found.pop()
    if found or not offset.endswith("00") or len(offset) != 5:
        return None
    return int(offset[:3]), f"{offset[:3]}:{offset[3:]}"
