"""What people get to see: a report, an item, its history, a worklist, options, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from socialflow.cli.screen import bar, headline, progress, say, span, table, when
from socialflow.definitions import Workflow
from socialflow.errors import Finding
from socialflow.items import Entry, Event, Item
from socialflow.options import Option
from socialflow.plain import EMPTY
from socialflow.queries import Duty
from socialflow.rehearsal import Rehearsal
from socialflow.reports import Publications, Report

__all__ = [
    "say_whose",
    "show_findings",
    "show_history",
    "show_item",
    "show_options",
    "show_proofs",
    "show_report",
    "show_worklist",
    "watch",
]

if TYPE_CHECKING:
    from socialflow import verify

HARDEST_WORKING = 10
LINES_SHOWN = 20


def watch(rehearsal: Rehearsal) -> None:
    """Play a rehearsal to its end, with a progress bar."""
    for _ in progress(rehearsal.play(), len(rehearsal.log.rows), "replaying"):
        pass


def show_report(report: Report, workflow: Workflow) -> None:
    """Everything that came of a log."""
    say()
    say(
        f"{report.items:,} items, {report.events:,} events, through the workflow {report.workflow}",
        "bold",
    )
    if report.repeated and not report.performed:
        say("Nothing new: the store knew all of it already, and has not been changed.", "green")
    say(
        f"{report.performed:,} performed, {report.repeated:,} known before, "
        f"{report.refused:,} refused, {report.not_tried:,} not tried, "
        f"{len(report.skipped):,} lines skipped"
    )
    _show_stages(report)
    _show_refusals(report, workflow)
    _show_publications(report)
    _show_load(report)
    _show_lines(report)


def _show_stages(report: Report) -> None:
    headline("How long things took")
    longest = max((stage.median_hours or 0.0 for stage in report.stages), default=0.0)
    table(
        ("stage", "visits>", "in it now>", "median>", "in all>", ""),
        [
            (
                stage.stage,
                stage.visits,
                stage.open,
                span(stage.median_hours),
                span(stage.total_hours),
                bar(stage.median_hours or 0.0, longest),
            )
            for stage in report.stages
        ],
    )
    if report.negative_spans:
        say(
            f"{report.negative_spans} visits ended before they began, by the clocks of the log; "
            f"they count as nothing.",
            "dim",
        )


def _show_refusals(report: Report, workflow: Workflow) -> None:
    headline("What the rules objected to")
    if not report.refusals:
        say("To nothing.")
        return
    meanings = _meanings(workflow)
    table(
        ("rule", "times>", "what it demands~"),
        [(code, n, meanings.get(code, "")) for code, n in report.refusals.items()],
    )
    if report.waived:
        say(f"{report.waived:,} events stand only because the importer waived it.", "dim")


def _meanings(workflow: Workflow) -> dict[str, str]:
    actions = (*workflow.actions, *(a for stage in workflow.stages for a in stage.actions))
    rules = (rule for action in actions for rule in action.rules)
    return {rule.name: (rule.kind.__doc__ or "").strip().partition("\n")[0] for rule in rules}


def _show_publications(report: Report) -> None:
    headline("Who let it out")

    def row(name: str, told: Publications) -> tuple[object, ...]:
        share = f"{told.self_approved / told.total:.0%}" if told.total else ""
        return name, told.total, told.self_approved, share, bar(told.self_approved, told.total)

    table(
        ("", "all>", "self-approved>", "share>", ""),
        [
            row("first publications", report.first_publications),
            row("all publications", report.publications),
        ],
    )


def _show_load(report: Report) -> None:
    headline("Who carried the load")
    first = list(report.load.items())[:HARDEST_WORKING]
    table(
        ("member", "events>", ""),
        [(member, n, bar(n, first[0][1])) for member, n in first],
    )
    others = len(report.load) - len(first)
    if others:
        rest = sum(report.load.values()) - sum(n for _, n in first)
        say(f"{others:,} others did {rest:,} more.", "dim")


def _show_lines(report: Report) -> None:
    if report.not_performed:
        headline("What was not performed")
        table(
            ("line>", "item", "event", "member", "because of~"),
            [
                (one.row.line, one.row.item, one.row.event, one.row.member, ", ".join(one.codes))
                for one in report.not_performed[:LINES_SHOWN]
            ],
        )
        _more(report.not_performed)
    if report.skipped:
        headline("Lines that could not be read")
        table(
            ("line>", "because~"),
            [(one.line, one.reason) for one in report.skipped[:LINES_SHOWN]],
        )
        _more(report.skipped)


def _more(lines: Sequence[object]) -> None:
    if len(lines) > LINES_SHOWN:
        say(f"And {len(lines) - LINES_SHOWN:,} more; --json lists them all.", "dim")


def show_item(item: Item, workflow: str) -> None:
    """One item as it is now."""
    headline(item.id)
    table(
        ("", "~"),
        [
            ("workflow", workflow),
            ("ref", item.ref or "none"),
            ("version", item.version),
            *(("is in", _whereabouts(token.state, token.entered)) for token in item.tokens),
            ("contributors", ", ".join(item.contributors) or "none since it was last released"),
            ("authors", ", ".join(item.authors) or "none released yet"),
            *((name, value) for name, value in item.data.items() if value not in ("", ())),
        ],
    )


def _whereabouts(state: str, since: datetime) -> str:
    return f"{state} since {when(since)}"


def show_history(entries: Iterable[Entry]) -> None:
    """Everything that happened to one item."""
    table(
        ("#>", "when (UTC)", "who", "what", "and then it is in", "remark~"),
        [
            (
                entry.n,
                when(entry.event.at),
                entry.event.by,
                entry.event.action,
                "\n".join(token.state for token in entry.event.tokens),
                _remark(entry.event),
            )
            for entry in entries
        ],
    )


def _remark(event: Event) -> str:
    told = [f"{code} waived: {reason}" for code, reason in event.command.waive.items()]
    data = event.command.data or EMPTY
    told += [str(data[name]) for name in ("reason", "text", "title") if data.get(name)]
    return "; ".join(told)


def show_worklist(duties: Sequence[Duty], hint: str = "") -> None:
    """Open duties, longest waiting first; or that there are none, with a hint."""
    if not duties:
        say(f"Nothing is waiting ({hint})." if hint else "Nothing is waiting.")
        return
    table(
        ("since (UTC)", "item", "in", "responsible"),
        [
            (when(duty.entered), duty.item, duty.state, duty.responsible or "nobody yet")
            for duty in duties
        ],
    )


def show_options(options: Iterable[Option]) -> None:
    """What a member may do, and what stands in the way."""
    table(
        ("action", "answer", "why, or what it needs~"),
        [
            (
                f"{option.action} {option.stage}".rstrip(),
                option.answer,
                str(option).partition(": ")[2].removeprefix(option.answer).lstrip(": "),
            )
            for option in options
        ],
    )


def say_whose(tenant: str, others: Sequence[str]) -> None:
    """Whose items were looked at, where there are others."""
    if others:
        told = f"Only what is of {tenant}" if tenant else "Only what is of no tenant"
        say(f"{told} was looked at: --tenant says of which ({', '.join(others)}).", "dim")


def show_findings(findings: Sequence[Finding], otherwise: str) -> None:
    """What is wrong or suspicious, or else that nothing is."""
    if not findings:
        say(f"{otherwise[0].upper()}{otherwise[1:]}.", "green")
        return
    table(
        ("", "where~", "what~", "what would help~"),
        [(one.severity, one.where, one.message, one.remedy) for one in findings],
    )


def show_proofs(report: verify.Report) -> None:
    """What has been proved, and how the rest comes about."""
    table(
        ("verdict", "what~", "if~"),
        [(str(one.outcome), str(one.sentence), ", ".join(one.names)) for one in report],
    )
    for one in report.refuted:
        say(str(one), "red")
