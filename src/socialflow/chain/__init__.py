"""The chain: each entry of a history is sealed over the one before, and so is the store's book.

`audit` finds what was tampered with; an `anchor`, kept elsewhere, lets it find the rest.
"""

from __future__ import annotations

from socialflow.chain.anchors import Anchor, anchor, read_anchor
from socialflow.chain.audits import audit
from socialflow.chain.links import Link, entry_of, link, recorded, seal_of

__all__ = [
    "Anchor",
    "Link",
    "anchor",
    "audit",
    "entry_of",
    "link",
    "read_anchor",
    "recorded",
    "seal_of",
]
