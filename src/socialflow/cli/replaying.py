"""The command that rehearses: replay."""

from __future__ import annotations

from argparse import Namespace

from socialflow.cli.printing import print_json
from socialflow.cli.sources import store_to_fill, workflow_at
from socialflow.logs import read_log
from socialflow.mappings import load_mapping
from socialflow.rehearsal import Rehearsal

__all__ = ["replay"]


def replay(asked: Namespace) -> int:
    """Drive a log through a workflow, and report what came of it."""
    if not asked.json:
        # What it takes to show the report is looked for before anything is done.
        from socialflow.cli import pages
    mapping = load_mapping(asked.mapping)
    workflow = workflow_at(asked.workflow)
    log = read_log(asked.log, mapping.columns)
    rehearsal = Rehearsal(
        log,
        mapping,
        workflow,
        store_to_fill(asked),
        on_refusal=asked.on_refusal,
    )
    if asked.json:
        for _ in rehearsal.play():
            pass
        print_json(rehearsal.report().to_json())
    else:
        pages.watch(rehearsal)
        pages.show_report(rehearsal.report(), workflow)
    return int(bool(rehearsal.log.skipped))
