"""Definitions as data: workflows and teams from TOML, JSON and YAML, and workflows back to them."""

from __future__ import annotations

from socialflow.documents.loading import (
    derive,
    dump_workflow,
    load_team,
    load_value,
    load_workflow,
    parse_workflow,
)
from socialflow.documents.schema import workflow_schema

__all__ = [
    "derive",
    "dump_workflow",
    "load_team",
    "load_value",
    "load_workflow",
    "parse_workflow",
    "workflow_schema",
]
