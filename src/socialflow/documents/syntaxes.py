"""The texts that plain data is written in: JSON, TOML, YAML; door to `ruamel.yaml` and `tomli_w`.

Whatever a text holds, reading it gives data and never runs anything.  TOML has no null: `None` is
written as ``{null = true}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any, NoReturn

import attrs

from socialflow.errors import MissingExtra

__all__ = ["DEEPEST", "SYNTAXES", "Syntax"]

DEEPEST = 64
"""Lists and tables within each other beyond which a document is not read."""

_LONGEST_KEY = 128
_NEVER_FOLDED = 2**20


# -- JSON


def _read_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)


def _no_number(found: str) -> NoReturn:
    raise ValueError(f"{found} is no number that JSON knows")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise ValueError(f"the key {key!r} is there twice")
        seen.add(key)
    return dict(pairs)


def _write_json(plain: Any) -> str:
    return json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


# -- TOML


def _read_toml(text: str) -> Any:
    if any(part.count(".") > _LONGEST_KEY for part in re.split(r"[=\[\]{},\n]", text)):
        raise RecursionError(_LONGEST_KEY)
    import tomllib

    return _with_null(tomllib.loads(text))


def _write_toml(plain: Any) -> str:
    try:
        import tomli_w
    except ModuleNotFoundError:
        raise MissingExtra("writing TOML", "toml") from None
    return tomli_w.dumps(_without_null(plain))


def _without_null(plain: Any) -> Any:
    if plain is None:
        return {"null": True}
    if isinstance(plain, list):
        return [_without_null(one) for one in plain]
    if isinstance(plain, dict):
        told = {key: _without_null(value) for key, value in plain.items()}
        return {f"{key}'": True for key in told} if _like_null(plain) else told
    return plain


def _with_null(told: Any) -> Any:
    if isinstance(told, list):
        return [_with_null(one) for one in told]
    if isinstance(told, dict):
        if told == {"null": True}:
            return None
        if _like_null(told):
            return {key.removesuffix("'"): True for key in told}
        return {key: _with_null(value) for key, value in told.items()}
    return told


def _like_null(told: dict[str, Any]) -> bool:
    """Whether it is, or could be taken for, what stands for null: ``{"null'" = true}``, say."""
    return [*told.values()] == [True] and next(iter(told)).rstrip("'") == "null"


# -- YAML


def _yaml() -> Any:
    """YAML 1.2, in which ``no`` is a text; times and days are texts here, too."""
    try:
        from ruamel.yaml import YAML
    except ModuleNotFoundError:
        raise MissingExtra("YAML", "yaml") from None
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.representer import SafeRepresenter

    class Constructor(SafeConstructor):
        pass

    class Representer(SafeRepresenter):
        pass

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)
    Representer.add_representer(str, _represent_text)
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.Constructor = Constructor
    yaml.Representer = Representer
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = _NEVER_FOLDED
    return yaml


def _represent_text(representer: Any, text: str) -> Any:
    # ruamel.yaml loses the line separators of Unicode unless they are in double quotes.
    style = None if text.isprintable() else '"'
    return representer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _read_yaml(text: str) -> Any:
    yaml = _yaml()
    from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in yaml.parse(text):
        if isinstance(event, AliasEvent):
            raise ValueError(f"the alias *{event.anchor} is not read, write it out")
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise RecursionError(DEEPEST)
    return _yaml().load(text)


def _write_yaml(plain: Any) -> str:
    text = StringIO()
    _yaml().dump(plain, text)
    return text.getvalue()


@attrs.frozen
class Syntax:
    """One way of writing plain data.

    Attributes:
        read: Gives the data of a text; raises whatever it likes if the text is not valid, and
            RecursionError if it is too deep.
        write: Gives a text of the data.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]


SYNTAXES: Mapping[str, Syntax] = {
    "toml": Syntax(_read_toml, _write_toml),
    "json": Syntax(_read_json, _write_json),
    "yaml": Syntax(_read_yaml, _write_yaml),
}
