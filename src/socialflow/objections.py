"""Objections, refusals and findings: why something is not done, as values with a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from socialflow.plain import freeze

__all__ = ["SHOWN", "Finding", "Objection", "Refusal", "likest", "nearest"]

SHOWN = 15
"""How many names a sentence lists at most."""


def nearest(wrong: str, known: object) -> str:
    """A sentence that names what *wrong* was probably meant to be, or all there is."""
    from difflib import get_close_matches

    names = sorted(str(name) for name in known)  # type: ignore[attr-defined]
    close = get_close_matches(str(wrong), names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    if len(names) > SHOWN:
        names = [*likest(wrong, names)[:SHOWN], f"and {len(names) - SHOWN} more"]
    return f"known: {', '.join(names)}" if names else "there are none"


def likest(wrong: str, names: Iterable[str]) -> list[str]:
    """Those *names*, the ones first that are spelt most like *wrong*."""
    from difflib import SequenceMatcher

    return sorted(names, key=lambda name: -SequenceMatcher(None, str(wrong), name).ratio())


@attrs.frozen
class Objection:
    """One reason why a command is turned down.

    Attributes:
        code: Stable name of the reason: ``"four_eyes"``.
        message: What was asked and what is so, as a sentence.
        remedy: What would help; empty if nothing would.
        facts: Whatever the sentence was built from, so that it can be translated.
        waivable_by: Roles that may go on all the same, giving a reason.

    Example:
        >>> print(Objection("no_slot", "09:00 is taken", "choose another time"))
        09:00 is taken (choose another time)
    """

    code: str
    message: str
    remedy: str = ""
    facts: Mapping[str, object] = attrs.field(default=freeze({}), converter=freeze, hash=False)
    waivable_by: tuple[str, ...] = ()

    def __str__(self) -> str:
        waivable = f"{' or '.join(self.waivable_by)} may waive it" if self.waivable_by else ""
        help_ = "; ".join(filter(None, (self.remedy, waivable)))
        return f"{self.message} ({help_})" if help_ else self.message

    def to_json(self) -> dict[str, object]:
        """The objection as plain JSON data."""
        return {
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "facts": dict(self.facts),
            "waivable_by": list(self.waivable_by),
        }


@attrs.frozen
class Refusal:
    """A command that was understood and turned down, with every objection to it.

    Attributes:
        action: Name of the action as it was asked for.
        objections: All reasons, in the order they were found; never empty.
    """

    action: str
    objections: tuple[Objection, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all objections, in order."""
        return tuple(objection.code for objection in self.objections)

    def __iter__(self) -> Iterator[Objection]:
        return iter(self.objections)

    def __str__(self) -> str:
        return f"{self.action}: " + "; ".join(map(str, self.objections))


@attrs.frozen
class Finding:
    """One thing that is wrong, or suspicious, about a definition.

    Attributes:
        code: Stable name of the kind of finding: ``"unknown_state"``.
        where: Path of the place: ``"blog / approval / approve"``.
        message: What is so.
        remedy: What would help.
        severity: ``"error"`` (it cannot be made) or ``"warning"``.
    """

    code: str
    where: str
    message: str
    remedy: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.where}: {self.message}{remedy}"
