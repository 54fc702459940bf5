"""Cases: how an obligation is put together, so that no two are called the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from socialflow.items import Event
from socialflow.testing.ledgers import Ledger
from socialflow.testing.reaching import Reach, Try
from socialflow.testing.reading import Said, said_by
from socialflow.testing.steps import Step
from socialflow.testing.trials import Obligation, Outlook

__all__ = ["Cases", "expected"]


@attrs.define
class Cases:
    """What obligations of one workflow have in common.

    Attributes:
        reach: Where they are tried.
        said: What the definition says about each action, by its full name.
        names: How often each name has been given.
    """

    reach: Reach
    said: dict[str, Said] = attrs.field()
    names: dict[str, int] = attrs.field(factory=dict)

    @said.default
    def _said(self) -> dict[str, Said]:
        return {one.full: one for one in said_by(self.reach.workflow)}

    def accepted(self, tried: Try, name: str, kind: str = "accepted") -> Obligation:
        """What is tried has to happen, as ledger and definition say."""
        return self.of(tried, name, kind, self.outlook(tried))

    def refused(self, tried: Try, name: str, *codes: str) -> Obligation:
        """What is tried has to be refused, with these objections and no other."""
        return self.of(tried, name, "refused", Outlook(codes=codes))

    def of(self, tried: Try, name: str, kind: str, outlook: Outlook) -> Obligation:
        """An obligation about a step, in the situation and with the facts where it was tried."""
        return self.told(name, kind, tried.situation.path, tried.step, outlook, tried.facts)

    def told(
        self,
        name: str,
        kind: str,
        path: tuple[Step, ...],
        step: Step,
        outlook: Outlook,
        facts: Mapping[str, Any] | None = None,
    ) -> Obligation:
        """An obligation, with a number if its name has been given before."""
        times = self.names[name] = self.names.get(name, 0) + 1
        return Obligation(
            name if times == 1 else f"{name} ({times})",
            kind,
            self.reach.workflow.name,
            path,
            step,
            outlook,
            usual=self.reach.usual,
            facts=facts or {},
            scope=self.reach.scope,
        )

    def outlook(self, tried: Try) -> Outlook:
        """What has to come of a step that is accepted."""
        event, full = tried.outcome, tried.way.full
        assert isinstance(event, Event)
        one = self.said.get(full)
        lands = one.lands(self.reach.workflow, tried.step.to) if one is not None else None
        versions = event.version - tried.situation.item.version
        return expected(event, versions, self.reach.after(tried).ledger, lands)


def expected(event: Event, versions: int, ledger: Ledger, lands: str | None = None) -> Outlook:
    """What has to come of something, for a trial that knows nothing of what was before."""
    marking = tuple(token.state for token in event.tokens)
    held = attrs.evolve(ledger, past=None)
    return Outlook(marking, versions, lands, entries=1, ledger=held)
