"""Uploads: what is said about one, by the system, by whoever did it, and by whoever looks at it."""

from __future__ import annotations

import attrs

__all__ = ["Check", "Defect", "Failure", "Link", "Mending", "Upload"]


@attrs.frozen
class Link:
    """Where it can be seen: its address, or what the account calls it."""

    url: str


@attrs.frozen
class Failure:
    """What went wrong, and how often in a row."""

    evidence: str
    attempts: int = 1


@attrs.frozen
class Upload:
    """What became of it."""

    url: str
    attempts: int


@attrs.frozen
class Defect:
    """What is wrong with what the public sees."""

    defect: str


@attrs.frozen
class Mending:
    """A slip and what stands there now; anything more is corrected, and approved again."""

    wrong: str
    right: str


@attrs.frozen(kw_only=True)
class Check:
    """What the checker sees, where the public sees it."""

    right_account: bool
    right_text: bool
    right_media: bool
    links_work: bool
    disclosure_visible: bool
