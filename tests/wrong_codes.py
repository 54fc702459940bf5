"""Every class of error and every code that the general library can give, read from its sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import socialflow
from socialflow.errors import SocialflowError
from socialflow.offers import KINDS, library
from socialflow.plugins import Registry

__all__ = ["error_classes", "wanted_codes"]

ROOT = Path(socialflow.__file__).parent
MAKERS = ("Objection", "Finding", "because", "report")
FORMATTED = {"unknown_{}": {"unknown_field", "unknown_stage"}}


def error_classes(kind: type[SocialflowError] = SocialflowError) -> Iterator[type[SocialflowError]]:
    """Every class of error of the library; one that only groups others is met with any of them."""
    yield kind
    for below in kind.__subclasses__():
        if below.__module__.startswith("socialflow.errors."):
            yield from error_classes(below)


def wanted_codes() -> set[str]:
    """Codes of objections and findings, without those of the department's own rules."""
    codes = {code for code in _codes() if code not in FORMATTED}
    rules = {*Registry(library).names("rules")}
    nouns = {f"unknown_{kind.noun}" for kind in KINDS.values()}
    return codes | rules | nouns | {"not_has"} | set().union(*FORMATTED.values())


def _codes() -> Iterator[str]:
    content = ROOT / "content"
    for file in ROOT.rglob("*.py"):
        if content in file.parents:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in MAKERS:
                    yield from _said(node.args[0])


def _said(code: ast.expr) -> Iterator[str]:
    if isinstance(code, ast.Constant):
        yield str(code.value)
    elif isinstance(code, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in code.values)
        yield "".join(map(str, parts))
