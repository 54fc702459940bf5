"""Eleven years of a blog's editorial work, driven through the blog's variant of the ten stages.

Run it twice: the second time the store knows everything already, and is not changed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from socialflow.documents import load_workflow
from socialflow.engine import Engine
from socialflow.errors import SocialflowError
from socialflow.logs import read_log
from socialflow.mappings import load_mapping
from socialflow.rehearsal import Rehearsal
from socialflow.stores.sql import SqlStore

HERE = Path(__file__).parent
POST = "cve-2021-42574"
TO_TRY = (
    f"show {POST}",
    f"options {POST} --by m009 --roles social_media_manager",
    "worklist --stage response --limit 5",
    "audit",
)


def main() -> int:
    """Replay the log, and tell what came of it."""
    asked = _arguments()
    mapping = load_mapping(HERE / "mapping.toml")
    workflow = load_workflow(HERE / "workflow.toml")
    log = read_log(HERE / "editorial_log.csv", mapping.columns)
    # What a power cut would take away, the next run brings back; so no commit waits for the disk.
    store = SqlStore(asked.store, create=True, synchronous="NORMAL")
    rehearsal = Rehearsal(log, mapping, workflow, store)
    if asked.json:
        for _ in rehearsal.play():
            pass
        print(json.dumps(rehearsal.report().to_json(), indent=2))
        return 0

    from socialflow.cli.pages import show_history, show_report, watch
    from socialflow.cli.screen import command_line, headline, say

    watch(rehearsal)
    show_report(rehearsal.report(), workflow)
    post = Engine(store).item(POST)
    headline(f"One post: {post.data['title']}")
    show_history(Engine(store).history(POST))
    headline("Where it is, and what to try next")
    say(f"Everything is in {asked.store}. Run this again, and not a byte of it changes.")
    for command in TO_TRY:
        command_line(f"./run socialflow {command} --store {asked.store}")
    for command in ("check", "diagram"):
        command_line(f"./run socialflow {command} {_shown(HERE / 'workflow.toml')}")
    return 0


def _arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    reader.add_argument("--store", metavar="URL", default="sqlite:///editorial_replay.db")
    reader.add_argument("--json", action="store_true", help="print the report as JSON only")
    return reader.parse_args()


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SocialflowError as error:
        print(f"demo: {error}", file=sys.stderr)
        sys.exit(2)
