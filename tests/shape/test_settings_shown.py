"""config.example.toml shows every setting, and shows it as it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from complaintmail.config import Config, parse
from complaintmail.config.read import Model, settings_of

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")
WITHOUT_DEFAULT = {"address", "policy", "host", "name", "email", "username", "password_file"}


def keys_of(model: type[Model], path: str = "") -> Iterator[str]:
    for setting in settings_of(model):
        if setting.model is not None:
            yield from keys_of(setting.model, f"{path}{setting.key}.")
        else:
            yield from (path + key for key in setting.keys)


def keys_in(table: Mapping[str, object], path: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from keys_in(value, f"{path}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from keys_in(value[0], f"{path}{key}.")
        else:
            yield path + key


def test_the_example_shows_every_key_and_no_other() -> None:
    everything = re.sub(r"(?m)^#(\[|[a-z_0-9]+ = )", r"\1", EXAMPLE)

    assert sorted(keys_of(Config)) == sorted(keys_in(tomllib.loads(everything)))


def test_every_value_that_the_example_sets_is_the_default() -> None:
    kept = [
        line
        for line in EXAMPLE.splitlines()
        if not (found := re.match(r"([a-z_0-9]+) =", line)) or found[1] in WITHOUT_DEFAULT
    ]
    place = ROOT / "config.toml"
    least = parse("\n".join(kept), place)
    whole = parse(EXAMPLE, place)

    assert least == whole
    assert least != replace(whole, timezone="Europe/Paris")


def test_the_example_says_something_of_every_setting_that_begins_a_line() -> None:
    bare = [
        line
        for line in EXAMPLE.splitlines()
        if re.match(r"[a-z_0-9]+ =", line) and "#" not in line and line.partition(" ")[0] not in WITHOUT_DEFAULT
    ]

    assert bare == ["per_address_per_day = 5", "per_hour = 1000"]


def test_every_setting_has_its_sentence() -> None:
    def unsaid(model: type[Model]) -> Iterator[str]:
        for setting in settings_of(model):
            if len(setting.says) < 5:
                yield setting.key
            if setting.model is not None:
                yield from unsaid(setting.model)

    assert list(unsaid(Config)) == []
