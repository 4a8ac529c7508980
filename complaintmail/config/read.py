"""From the tables of a TOML file to frozen models, telling everything that is wrong at once.

A model is a frozen dataclass whose fields are `Annotated[type, reader, "what it is for"]`; a field whose type is a
model (or a tuple of models) is a table (or an array of tables). Unknown keys are problems that name the nearest known
one. No message holds the value of a secret, nor of an unknown key, which may be a secret misspelled.

Written by hand because the validation library that was meant to do it takes 230 ms to import here, and every command
that prints something reads the settings first.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from complaintmail.config.amounts import DatabaseUrl, Wrong
from complaintmail.config.secret import SOURCES, Secret


class Model:
    """A table of the settings. What its keys must be together is said by `wrongs`."""

    __slots__ = ()

    def completed(self) -> Self:
        """With the defaults that follow from other keys filled in."""
        return self

    def wrongs(self) -> Iterator[tuple[str, str]]:
        """Each key that does not go with the others, and why."""
        return iter(())


M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key as its model declares it."""

    attribute: str
    key: str
    says: str
    read: Callable[[object], object] | None  # None: a table, tables, or a secret
    model: type[Model] | None
    many: bool
    secret: bool
    default: object  # MISSING: the key is required

    @property
    def required(self) -> bool:
        return self.default is MISSING

    @property
    def keys(self) -> tuple[str, ...]:
        """As written in the file; a secret may be given in several ways."""
        return tuple(self.key + source for source in SOURCES) if self.secret else (self.key,)


_declared: dict[type[Model], tuple[Setting, ...]] = {}


def settings_of(model: type[Model]) -> tuple[Setting, ...]:
    """A model's keys, in the order in which it declares them."""
    if model not in _declared:
        _declared[model] = tuple(_declarations(model))
    return _declared[model]


def _declarations(model: type[Model]) -> Iterator[Setting]:
    hints = get_type_hints(model, include_extras=True)
    for field in fields(cast(Any, model)):
        if get_origin(hints[field.name]) is not Annotated:
            continue
        kind, *extras = get_args(hints[field.name])
        words = [extra for extra in extras if isinstance(extra, str)]
        nested, many = _model_in(kind)
        yield Setting(
            attribute=field.name,
            key=words[1] if len(words) > 1 else field.name,
            says=words[0],
            read=next((extra for extra in extras if callable(extra)), None),
            model=nested,
            many=many,
            secret=Secret in get_args(kind),
            default=field.default,
        )


def _model_in(kind: Any) -> tuple[type[Model] | None, bool]:
    origin = get_origin(kind)
    inner = [part for part in get_args(kind) if isinstance(part, type) and issubclass(part, Model)]
    if origin in (tuple, types.UnionType, Union):
        return (inner[0] if inner else None), origin is tuple
    return (kind if isinstance(kind, type) and issubclass(kind, Model) else None), False


class Reader:
    """Reads one file's tables; `problems` gathers a line for each thing that is wrong."""

    def __init__(self, file: str, base: Path) -> None:
        self.file = file
        self.base = base
        self.problems: list[str] = []
        self.secrets: list[Secret] = []
        self.holds_secret = False  # a secret stands in the file itself

    def top(self, model: type[M], given: Mapping[str, object]) -> M | None:
        return self._table(model, given, "", "")

    def _problem(self, section: str, path: str, why: str) -> None:
        self.problems.append(": ".join(part for part in (self.file, section, path, why) if part))

    def _table(self, model: type[M], given: Mapping[str, object], section: str, path: str) -> M | None:
        settings = settings_of(model)
        self._unknown(settings, given, section, path)
        values: dict[str, object] = {}
        usable = True
        for setting in settings:
            present = [key for key in setting.keys if key in given]
            value = self._value(setting, given, present, section, path) if present else self._default(setting)
            if value is not None:
                values[setting.attribute] = value
            elif setting.required:
                usable = False
                if not present:
                    self._problem(section, path + setting.key, f"missing; {setting.says}")
        if not usable:
            return None
        read: M = cast(Any, model)(**values).completed()
        for key, why in read.wrongs():
            self._problem(section, path + key, why)
        return read

    def _default(self, setting: Setting) -> object:
        """What holds when nothing is written; None leaves it to the model."""
        if isinstance(setting.default, Model):
            return self._table(type(setting.default), {}, "", "")
        return self._located(setting.default) if isinstance(setting.default, (Path, DatabaseUrl)) else None

    def _located(self, value: object) -> object:
        """A path seen from the folder of the settings; an empty one is still to be completed."""
        if isinstance(value, Path) and value != Path():
            return self.base / value
        return value.under(self.base) if isinstance(value, DatabaseUrl) else value

    def _value(
        self, setting: Setting, given: Mapping[str, object], present: list[str], section: str, path: str
    ) -> object:
        key = present[0]
        if setting.secret:
            return self._secret(setting, given, present, section, path)
        if setting.many and setting.model is not None:
            return self._tables(setting, setting.model, given[key])
        if setting.model is not None:
            table = given[key]
            if not isinstance(table, dict):
                self._problem(section, path + key, "must be a table with keys of its own")
                return None
            if not section:
                return self._table(setting.model, table, f"[{key}]", "")
            return self._table(setting.model, table, section, f"{path}{key}.")
        return self._plain(setting, given[key], section, path)

    def _plain(self, setting: Setting, value: object, section: str, path: str) -> object:
        assert setting.read is not None
        try:
            read = setting.read(value)
        except Wrong as wrong:
            # A database URL may hold a password: its value is not repeated.
            shown = "" if setting.key in ("database", "url") else f", is {_shown(value)}"
            self._problem(section, path + setting.key, f"must be {wrong}{shown}")
            return None
        if isinstance(read, DatabaseUrl):
            self.holds_secret |= read.holds_secret
        return self._located(read)

    def _tables(self, setting: Setting, model: type[Model], given: object) -> object:
        if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
            self._problem("", f"[{setting.key}]", f"must be written [[{setting.key}]], once for each")
            return None
        read = []
        for number, table in enumerate(given, 1):
            label = next((table[key] for key in ("address", "email", "name") if isinstance(table.get(key), str)), "")
            section = f"[[{setting.key}]] {number}" + (f" ({label})" if label and label.isprintable() else "")
            one = self._table(model, table, section, "")
            if one is not None:
                read.append(one)
        return tuple(read)

    def _secret(
        self, setting: Setting, given: Mapping[str, object], present: list[str], section: str, path: str
    ) -> Secret:
        key, value = present[0], given[present[0]]
        where = ": ".join(part for part in (self.file, section, path + key) if part)
        if len(present) > 1:
            self._problem(section, path + key, f"is there beside {present[1]}; keep one of them")
        elif not isinstance(value, str) or not value:
            self._problem(section, path + key, "must be a text between quotation marks")
        if not isinstance(value, str):
            return Secret(where, "", "")
        source = key.removeprefix(setting.key)
        if source == "_credential" and ("/" in value or value.startswith(".")):
            self._problem(section, path + key, "must be the name of a systemd credential, not a path")
        secret = Secret(where, source, self.base / Path(value).expanduser() if source == "_file" else value)
        self.holds_secret |= source == ""
        self.secrets.append(secret)
        return secret

    def _unknown(self, settings: tuple[Setting, ...], given: Mapping[str, object], section: str, path: str) -> None:
        known = {key for setting in settings for key in setting.keys}
        for key in given:
            if key not in known:
                self._problem(section, path + (key if key.isprintable() else ascii(key)), _unknown_key(key, settings))


def _unknown_key(key: str, settings: tuple[Setting, ...]) -> str:
    """The nearest known key: here, else in a table below, else the least unlike."""
    from difflib import get_close_matches

    here = [name for setting in settings for name in setting.keys]
    below = dict(reversed(list(_below(settings, ""))))  # of two the first, and so the nearer, wins
    near = get_close_matches(key, here, n=1, cutoff=0.7)
    near = near or [below[name] for name in get_close_matches(key, below, n=1, cutoff=0.7)]
    near = near or get_close_matches(key, here, n=1, cutoff=0.0)
    return f'unknown key; did you mean "{near[0]}"?'


def _below(settings: tuple[Setting, ...], path: str) -> Iterator[tuple[str, str]]:
    """Every key of the tables below, with its whole name, the nearer ones first."""
    for setting in settings:
        if setting.model is not None:
            inner = settings_of(setting.model)
            yield from ((name, f"{path}{setting.key}.{name}") for one in inner for name in one.keys)
            yield from _below(inner, f"{path}{setting.key}.")


def _shown(value: object) -> str:
    """What was written, short and in one line, as TOML would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    shown = shown if shown.isprintable() else ascii(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
