"""Reports: what came of a replayed log, as values; everything is read off the items' histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.items import Event
from socialflow.logs import Log, Row, Unreadable
from socialflow.plain import FrozenDict, freeze
from socialflow.spans import Spans

__all__ = ["Outcome", "Publications", "Report", "StageTimes", "make_report"]

FOUR_EYES = "four_eyes"


@attrs.frozen(weakref_slot=False)
class Outcome:
    """What became of one line of a log.

    Attributes:
        row: The line.
        answer: ``"performed"``; ``"repeated"``, if the store knew it already; ``"refused"``, and
            not performed; ``"not_tried"``, because its item was left where a refusal met it.
        codes: What objected, whether it was waived or not.
        waived: Whether it stands because the objections were waived.
    """

    row: Row
    answer: str
    codes: tuple[str, ...] = ()
    waived: bool = False


@attrs.frozen
class Publications:
    """How often something went live.

    Attributes:
        total: All told.
        self_approved: After somebody had passed a revision that they had a hand in: the four-eyes
            rule objected, and was waived.
    """

    total: int = 0
    self_approved: int = 0


@attrs.frozen
class StageTimes:
    """How long items were in one stage.

    Attributes:
        stage: Its name.
        visits: How often it was entered and left again.
        open: How many items are in it now.
        median_hours: Of those visits; None if there was none.
        total_hours: Of all of them.
        negative: Visits that ended before they began, by the clocks of the log; they count as 0.
    """

    stage: str
    visits: int
    open: int
    median_hours: float | None
    total_hours: float
    negative: int


@attrs.frozen
class Report:
    """What came of a log.

    Attributes:
        workflow: Name of the workflow it was driven through.
        items: How many things the log is about.
        events: How many lines could be read.
        performed: Lines that were carried out now.
        repeated: Lines that the store knew from an earlier replay.
        refused: Lines that were not carried out, because something objected for good.
        not_tried: Lines of items that had been left where a refusal met them.
        waived: Lines, among those performed or repeated, that stand only because of a waiver.
        refusals: How often each rule, or other objection, would have stopped somebody.
        not_performed: The lines that were refused for good, with what objected.
        first_publications: Of every item its first.
        publications: All of them.
        stages: How long items were where, in the order of the workflow.
        load: How many lines that stand are whose, most first.
        skipped: Lines that could not be read.
    """

    workflow: str
    items: int
    events: int
    performed: int
    repeated: int
    refused: int
    not_tried: int
    waived: int
    refusals: Mapping[str, int]
    not_performed: tuple[Outcome, ...]
    first_publications: Publications
    publications: Publications
    stages: tuple[StageTimes, ...]
    load: Mapping[str, int]
    skipped: tuple[Unreadable, ...]

    @property
    def negative_spans(self) -> int:
        """How many visits of any stage ended before they began."""
        return sum(stage.negative for stage in self.stages)

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON data."""
        told = attrs.asdict(self, filter=lambda field, _: field.name != "not_performed")
        told["not_performed"] = [
            {
                "line": outcome.row.line,
                "item": outcome.row.item,
                "event": outcome.row.event,
                "member": outcome.row.member,
                "codes": list(outcome.codes),
            }
            for outcome in self.not_performed
        ]
        return told | {"skipped_lines": len(self.skipped), "negative_spans": self.negative_spans}


def make_report(
    workflow: Workflow,
    log: Log,
    outcomes: Iterable[Outcome],
    histories: Iterable[Iterable[Event]],
) -> Report:
    """Sum up a replay.

    Args:
        workflow: What the log was driven through.
        log: What was done.
        outcomes: What became of each line.
        histories: The events of each item that the log has led to, oldest first.
    """
    outcomes = tuple(outcomes)
    answers = Counter(outcome.answer for outcome in outcomes)
    standing = [one for one in outcomes if one.answer in ("performed", "repeated")]
    spans = Spans(stage.name for stage in workflow.stages)
    published = _Published(workflow)
    for history in histories:
        events = tuple(history)
        spans.add(events)
        published.add(events)
    return Report(
        workflow.name,
        len({row.item for row in log.rows}),
        len(log.rows),
        answers["performed"],
        answers["repeated"],
        answers["refused"],
        answers["not_tried"],
        sum(outcome.waived for outcome in outcomes),
        _ranked(Counter(code for outcome in outcomes for code in outcome.codes)),
        tuple(outcome for outcome in outcomes if outcome.answer == "refused"),
        published.first,
        published.all,
        _stage_times(spans, workflow),
        _ranked(Counter(outcome.row.member for outcome in standing)),
        log.skipped,
    )


def _ranked(counted: Counter[str]) -> FrozenDict:
    ranked: FrozenDict = freeze(dict(sorted(counted.items(), key=lambda one: (-one[1], one[0]))))
    return ranked


class _Published:
    """Counts the events in which a stage that releases became done."""

    def __init__(self, workflow: Workflow) -> None:
        self._releasing = frozenset(
            stage.full(state) for stage in workflow.stages if stage.releases for state in stage.done
        )
        self.first = self.all = Publications()

    def add(self, events: Iterable[Event]) -> None:
        first, waived = True, False
        for event in events:
            waived = waived or FOUR_EYES in event.command.waive
            if any(m.target in self._releasing and m.target != m.source for m in event.moves):
                self.all = _counted(self.all, waived)
                if first:
                    self.first = _counted(self.first, waived)
                first, waived = False, False


def _counted(known: Publications, waived: bool) -> Publications:
    return Publications(known.total + 1, known.self_approved + waived)


def _stage_times(spans: Spans, workflow: Workflow) -> tuple[StageTimes, ...]:
    return tuple(
        _times(stage.name, spans.hours[stage.name], spans.open[stage.name])
        for stage in workflow.stages
    )


def _times(stage: str, told: list[float], still_open: int) -> StageTimes:
    spans = [max(span, 0.0) for span in told]
    return StageTimes(
        stage,
        len(spans),
        still_open,
        round(median(spans), 3) if spans else None,
        round(sum(spans), 3),
        sum(span < 0 for span in told),
    )
