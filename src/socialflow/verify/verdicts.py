"""Verdicts: what `check` has found out about each property, as text, as data and as a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import attrs

from socialflow.errors import Disproved, WrongArgument
from socialflow.verify.properties import Property
from socialflow.verify.traces import Trace

if TYPE_CHECKING:
    from socialflow.protocols import Store
    from socialflow.verify.models import Setting
    from socialflow.verify.replays import Replay

__all__ = ["Outcome", "Report", "Verdict"]


class Outcome(StrEnum):
    """What can be said about a property."""

    PROVED = "proved"
    PROVED_IF = "proved if"
    REFUTED = "refuted"
    REFUTED_IF = "refuted if"
    UNKNOWN = "unknown"


@attrs.frozen
class Verdict:
    """What has been found out about one property.

    Attributes:
        sentence: The property.
        outcome: Whether it holds.
        names: What that depends on: rules as they would have to be.
        trace: How it comes to break it, if it does.
        confirmed: Whether the engine has carried out the trace with the same result.
        why: What else there is to say: why it is unknown, or not confirmed.
        workflow: Name of the workflow that it is about.
        setting: That workflow, and the team.
    """

    sentence: Property
    outcome: Outcome
    names: tuple[str, ...] = ()
    trace: Trace | None = None
    confirmed: bool = False
    why: str = ""
    workflow: str = ""
    setting: Setting | None = attrs.field(default=None, repr=False, eq=False)

    def replay(self, store: Store | None = None) -> Replay:
        """Have an engine carry out the trace, on *store*; in memory, if none is given.

        Rules that it depends on say what they have to say for it; everything else is decided.

        Raises:
            WrongArgument: There is no trace.
        """
        from socialflow.verify.replays import replayed

        if self.trace is None or self.setting is None:
            told = f"{self.outcome}: {self.sentence}"
            raise WrongArgument("replay", "asked of a verdict of `check` that has a trace", told)
        return replayed(self.setting, self.trace, self.names, store)

    @property
    def is_refuted(self) -> bool:
        """Whether it does not hold, or not in all cases."""
        return self.outcome in (Outcome.REFUTED, Outcome.REFUTED_IF)

    def __str__(self) -> str:
        told = f"{self.outcome}: {self.sentence}"
        if self.names:
            told = f"{self.outcome} {' and '.join(self.names)}: {self.sentence}"
        lines = [told]
        if self.trace is not None:
            lines += [f"  {n}. {one}" for n, one in enumerate(self.trace.lines(), 1)]
            sure = "carried out by the engine" if self.confirmed else "not confirmed"
            lines.append(f"  {sure}" + (f": {self.why}" if self.why else ""))
        elif self.why:
            lines.append(f"  {self.why}")
        return "\n".join(lines)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "property": str(self.sentence),
            "workflow": self.workflow,
            "outcome": self.outcome.value,
            "if": list(self.names),
            "trace": self.trace.plain() if self.trace is not None else None,
            "confirmed": self.confirmed,
            "why": self.why,
        }


@attrs.frozen
class Report:
    """All verdicts.

    Attributes:
        verdicts: In the order of the properties.
        forgotten: What the proofs do not look at, in sentences.
        states: How many states were looked at.
    """

    verdicts: tuple[Verdict, ...]
    forgotten: tuple[str, ...] = ()
    states: int = 0

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    def __str__(self) -> str:
        counted = Counter(one.outcome.value for one in self.verdicts)
        told = ", ".join(f"{n} {outcome}" for outcome, n in counted.items())
        lines = [str(one) for one in self.verdicts]
        lines.append(f"{told}; {self.states} states looked at")
        lines += [f"not looked at: {one}" for one in self.forgotten]
        return "\n".join(lines)

    @property
    def refuted(self) -> tuple[Verdict, ...]:
        """Those that do not hold, or not in all cases."""
        return tuple(one for one in self.verdicts if one.is_refuted)

    def raise_if_refuted(self) -> None:
        """Raise if a property does not hold.

        Raises:
            Disproved: With each such property, and how it comes to break it.
        """
        if self.refuted:
            raise Disproved(tuple(map(str, self.refuted)))

    def plain(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "verdicts": [one.plain() for one in self.verdicts],
            "forgotten": list(self.forgotten),
            "states": self.states,
        }

    def as_pytest(self, workflow: str = "flows:workflow", team: str = "flows:team") -> str:
        """A file of tests, one for each property that does not hold: red now, green once it does.

        Each takes the steps of the trace, by an engine on the definition as it is then, and says
        what must not be at the end of them. Where that cannot be said, it checks the property.

        Args:
            workflow: Where the workflow is to be had: ``"package.module:name"``, or a document,
                as seen from where the file of tests is: ``"post.toml"``.
            team: Where the team is, in the same way.
        """
        from socialflow.verify.written import written

        return written(self.refuted, workflow, team)
