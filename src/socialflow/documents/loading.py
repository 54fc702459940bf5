"""Documents in, workflows and teams out, and workflows back to text, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from socialflow.definitions import Workflow
from socialflow.documents.derivation import DERIVATION, derived
from socialflow.documents.formats import read_file, read_plain, read_text, write_text
from socialflow.documents.reading import Reading
from socialflow.documents.shapes import made
from socialflow.documents.syntaxes import SYNTAXES
from socialflow.errors import DefinitionError
from socialflow.people import Team
from socialflow.plugins import Registry

__all__ = ["derive", "dump_workflow", "load_team", "load_value", "load_workflow", "parse_workflow"]

Source = str | PathLike[str] | Mapping[str, Any]
"""The path of a document, or what is in one as plain data."""

T = TypeVar("T")


def load_workflow(source: Source, registry: Registry | None = None) -> Workflow:
    """The workflow that a document describes, in full or by its difference from another one.

    Args:
        source: The path of a ``.toml``, ``.json`` or ``.yaml`` file, or plain data.
        registry: Where rules, forms, stages and bases are looked up; the standard one, plugins
            included, if not said.

    Raises:
        DefinitionError: With everything that is wrong about the document.
        MissingExtra: It is YAML, and that extra is not installed.

    Example:
        >>> post = load_workflow({"name": "post", "steps": [{"name": "one", "states": ["open"]}]})
        >>> post.states
        ('one.open', 'end.closed')
    """
    return _Loader(registry or Registry.standard()).load(source)


def parse_workflow(
    text: str,
    format: str,
    registry: Registry | None = None,
    *,
    folder: str | PathLike[str] | None = None,
) -> Workflow:
    """The workflow that a text describes.

    Args:
        text: The document.
        format: ``"toml"``, ``"json"`` or ``"yaml"``.
        registry: As of `load_workflow`.
        folder: What a path in ``base`` is relative to; without it, a base is a registered name.

    Raises:
        DefinitionError: With everything that is wrong about the document.
        MissingExtra: It is YAML, and that extra is not installed.
    """
    loader = _Loader(registry or Registry.standard())
    return loader.built(read_text(text, format), Path(folder) if folder is not None else None)


def derive(
    document: Mapping[str, Any],
    registry: Registry | None = None,
    *,
    folder: str | PathLike[str] | None = None,
) -> Workflow:
    """The workflow that differs from its ``base`` in what *document* says.

    Args:
        document: ``base``, and any of ``without``, ``redirect``, ``replace``, ``amend``,
            ``insert``, ``actions``, ``drop_actions``, and attributes of the workflow.
        registry: As of `load_workflow`.
        folder: As of `parse_workflow`.

    Raises:
        DefinitionError: With everything that is wrong about the document.

    Example:
        >>> acme = derive({"base": "social_content", "name": "acme", "without": ["promotion"]})
        >>> len(acme.stages)
        9
    """
    if "base" not in document:
        raise DefinitionError.because(
            "missing_key", "document", "base is missing", "say what it derives from"
        )
    loader = _Loader(registry or Registry.standard())
    return loader.built(read_plain(document), Path(folder) if folder is not None else None)


def dump_workflow(workflow: Workflow, format: str) -> str:
    """The document of a workflow: loading it gives an equal workflow.

    A form that checks by code of its own is named in the document, and has to be registered where
    the document is loaded; so have rules.

    Args:
        workflow: What to describe.
        format: ``"toml"``, ``"json"`` or ``"yaml"``.

    Raises:
        DefinitionError: There is no such format.
        MissingExtra: Writing that format needs an extra which is not installed.
    """
    return write_text(workflow.describe(), format, where=workflow.name)


def load_team(source: Source) -> Team:
    """The team that a document lists.

    Args:
        source: The path of a ``.toml``, ``.json`` or ``.yaml`` file, or plain data.

    Raises:
        DefinitionError: With everything that is wrong about the document.
        MissingExtra: It is YAML, and that extra is not installed.

    Example:
        >>> team = load_team({"members": [{"id": "maria", "grants": ["approver"]}]})
        >>> team.member("maria").grants[0].role
        'approver'
    """
    return load_value(Team, source)


def load_value(kind: type[T], source: Source) -> T:
    """The value of an attrs class that a document describes, a key for each attribute.

    Args:
        kind: Its attributes may be texts, numbers, moments, spans, scopes, tables of whole numbers,
            other such classes, several of any of these in a tuple, and None.
        source: The path of a ``.toml``, ``.json`` or ``.yaml`` file, or plain data.

    Raises:
        DefinitionError: With everything that is wrong about the document.
        MissingExtra: It is YAML, and that extra is not installed.
        TypeError: An attribute of *kind* is of another type.

    Example:
        >>> from socialflow import Role
        >>> load_value(Role, {"key": "editor", "inherits": "author"}).inherits
        ('author',)
    """
    told = read_plain(source) if isinstance(source, Mapping) else read_file(Path(source))
    reading = Reading(Registry())
    value: T = made(reading, kind, "", told)
    reading.finish()
    return value


class _Loader:
    """Loads one document, and those that it derives from."""

    def __init__(self, registry: Registry, open_: tuple[Path, ...] = ()) -> None:
        self._registry = registry
        self._open = open_

    def load(self, source: Source) -> Workflow:
        if isinstance(source, Mapping):
            return self.built(read_plain(source), None)
        path = Path(source)
        known = path.resolve()
        if known in self._open:
            circle = " -> ".join(one.name for one in (*self._open, known))
            raise DefinitionError.because(
                "cycle", str(path), f"it derives from itself: {circle}", "break the circle"
            )
        try:
            inner = _Loader(self._registry, (*self._open, known))
            return inner.built(read_file(path), path.parent)
        except DefinitionError as error:
            error.add_note(f"in {path}")
            raise

    def built(self, told: Any, folder: Path | None) -> Workflow:
        reading = Reading(self._registry)
        if isinstance(told, Mapping) and "base" in told:
            said = reading.said(DERIVATION, "", told)
            reading.finish()
            return derived(reading, self._base(reading, said["base"], folder), said)
        workflow: Workflow = made(reading, Workflow, "", told)
        reading.finish()
        return workflow

    def _base(self, reading: Reading, name: str, folder: Path | None) -> Workflow:
        path = Path(name)
        if path.suffix.lower().removeprefix(".") not in (*SYNTAXES, "yml"):
            try:
                workflow: Workflow = self._registry.find("workflows", name)
            except DefinitionError as error:
                codes = {"unknown_workflow": "unknown_base"}
                for one in error.findings:
                    reading.report(codes.get(one.code, one.code), "base", one.message, one.remedy)
                reading.finish()
                raise
            return workflow
        if folder is None or path.is_absolute():
            message = f"{name!r} is no path relative to a file that is being read"
            raise DefinitionError.because(
                "unknown_base", "base", message, "say folder=, or name a registered workflow"
            )
        return self.load(folder / path)
