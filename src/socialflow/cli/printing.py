"""Output for programs: JSON on the standard output stream."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import attrs

from socialflow.errors import Finding

__all__ = ["plain_findings", "print_json"]


def print_json(told: Any) -> None:
    """Print plain data as JSON."""
    print(json.dumps(told, indent=2, ensure_ascii=False))


def plain_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as plain JSON data."""
    return [attrs.asdict(finding) for finding in findings]
