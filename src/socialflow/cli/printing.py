"""Output for programs: JSON on the standard output stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from socialflow.errors import Finding
from socialflow.moments import span_text

__all__ = ["plain_findings", "plain_value", "print_json"]


def print_json(told: Any) -> None:
    """Print plain data as JSON."""
    print(json.dumps(told, indent=2, ensure_ascii=False))


def plain_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as plain JSON data."""
    return [attrs.asdict(finding) for finding in findings]


def plain_value(value: Any) -> Any:
    """Any value of a view as plain JSON data: moments and spans as ISO 8601 says them."""
    match value:
        case tuple():
            return [plain_value(one) for one in value]
        case Mapping():
            return {name: plain_value(one) for name, one in value.items()}
        case datetime():
            return value.isoformat()
        case timedelta():
            return span_text(value)
    if not attrs.has(type(value)):
        return value
    fields = attrs.fields(type(value))
    return {field.name: plain_value(getattr(value, field.name)) for field in fields}
