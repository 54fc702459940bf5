"""Providers: what fetches the facts that rules need from outside, before any transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from socialflow.cases import NO_FACTS, Facts
from socialflow.items import Item
from socialflow.protocols import Provider

__all__ = ["Providers"]


@attrs.frozen
class Providers:
    """The host's providers, by the name of the fact."""

    by_name: Mapping[str, Provider]

    def fetch(self, needs: Iterable[str], item: Item, at: datetime) -> Facts:
        """The facts that are needed; one whose provider fails is handed on as missing."""
        known: dict[str, Any] = {}
        failed: dict[str, str] = {}
        for name in needs:
            provider = self.by_name.get(name)
            if provider is None:
                continue
            try:
                known[name] = provider(item, at)
            except Exception as error:
                failed[name] = f"its provider failed: {type(error).__name__}: {error}"
        return Facts(known, failed) if known or failed else NO_FACTS
