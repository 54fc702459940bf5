"""Showing: how an error says what it was given, whatever that is."""

from __future__ import annotations

from reprlib import repr as in_short

__all__ = ["shown"]


def shown(value: object) -> str:
    """The beginning of what it is; of what is too deep or too long to be shown, its kind."""
    try:
        return in_short(value)[:80]
    except Exception:
        return f"a {type(value).__name__}"
