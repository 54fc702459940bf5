"""Files and texts to plain data and back, within bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from socialflow.documents.syntaxes import DEEPEST, SYNTAXES, Syntax
from socialflow.errors import DefinitionError, MissingExtra, nearest

__all__ = ["LARGEST", "format_of", "read_file", "read_plain", "read_text", "write_text"]

LARGEST = 1024 * 1024
"""Characters, or bytes of a file, beyond which a document is not read."""


def read_file(path: Path) -> Any:
    """The plain data in a file; its suffix says in which format.

    Raises:
        DefinitionError: It cannot be opened, is too large, or is not valid.
    """
    name = format_of(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except OSError as wrong:
        raise _unreadable(path, wrong.strerror or str(wrong), "check the path") from None
    except UnicodeDecodeError as wrong:
        if len(content) > LARGEST:
            raise _too_large(str(path)) from None
        raise _unreadable(path, str(wrong), "save it as UTF-8") from None
    return read_text(text, name, where=str(path))


def format_of(path: Path) -> str:
    """The format that the suffix of a file stands for.

    Raises:
        DefinitionError: There is none.
    """
    suffix = path.suffix.lower().removeprefix(".")
    name = "yaml" if suffix == "yml" else suffix
    if name not in SYNTAXES:
        raise _unreadable(path, f"{path.suffix!r} says no format", "call it .toml, .json or .yaml")
    return name


def read_text(text: str, format: str, *, where: str = "document") -> Any:
    """The plain data in a text.

    Raises:
        DefinitionError: There is no such format; it is too large or too deep; it is not valid.
        MissingExtra: YAML is not installed.
    """
    chosen = _format(format)
    if len(text) > LARGEST:
        raise _too_large(where)
    try:
        told = chosen.read(text)
    except MissingExtra:
        raise
    except RecursionError:
        raise _too_deep(where) from None
    except Exception as wrong:
        raise DefinitionError.because(
            "syntax", where, f"it is no {format.upper()}: {_one_line(wrong)}"
        ) from None
    return read_plain(told, where)


def write_text(plain: Any, format: str, *, where: str = "document") -> str:
    """The text of plain data, such that reading it gives the same data.

    Raises:
        DefinitionError: There is no such format; nobody could read it, so large or deep is it.
        MissingExtra: Writing that format needs something that is not installed.
    """
    chosen = _format(format)
    text = chosen.write(read_plain(plain, where))
    if len(text) > LARGEST:
        raise _too_large(where)
    return text


def read_plain(told: Any, where: str = "document") -> Any:
    """A copy of *told* in lists and dictionaries.

    Raises:
        DefinitionError: Something in it is not plain, or lies too deep.
    """
    return _plain(told, where, DEEPEST)


def _plain(told: Any, where: str, depth: int) -> Any:
    if isinstance(told, Mapping):
        if not depth:
            raise _too_deep(where)
        return {_key(key, where): _plain(told[key], where, depth - 1) for key in told}
    if isinstance(told, list | tuple):
        if not depth:
            raise _too_deep(where)
        return [_plain(one, where, depth - 1) for one in told]
    if isinstance(told, str):
        return _text(told, where)
    if told is None or isinstance(told, int | date | time):
        return told
    if isinstance(told, float) and math.isfinite(told):
        return told
    raise DefinitionError.because("wrong_type", where, f"{told!r} is nothing a document can say")


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise DefinitionError.because(
            "wrong_type", where, f"a key is a text, not {key!r}", "put it in quotes"
        )
    return _text(key, where)


def _text(told: str, where: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in told):
        raise DefinitionError.because("wrong_type", where, f"{told!r} is no valid text")
    return told


def _one_line(wrong: Exception) -> str:
    return " ".join(str(wrong).split())


def _unreadable(path: Path, message: str, remedy: str) -> DefinitionError:
    return DefinitionError.because("unreadable", str(path), message, remedy)


def _too_large(where: str) -> DefinitionError:
    return DefinitionError.because(
        "too_large", where, f"it is larger than {LARGEST} bytes", "split it: base= takes another"
    )


def _too_deep(where: str) -> DefinitionError:
    return DefinitionError.because("too_large", where, f"it is deeper than {DEEPEST} levels")


def _format(name: str) -> Syntax:
    if name not in SYNTAXES:
        raise DefinitionError.because(
            "unknown_format", "document", f"there is no format {name!r}", nearest(name, SYNTAXES)
        )
    return SYNTAXES[name]
