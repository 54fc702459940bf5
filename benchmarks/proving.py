"""What it costs to prove the ten stages, with twenty people and everything below them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from resource import RUSAGE_SELF, getrusage
from time import process_time

from ratios import Result

from socialflow import Member, Team
from socialflow.content.presets import preset
from socialflow.content.properties import department_properties
from socialflow.verify import Outcome, check

MOST_SECONDS = 60
MOST_BYTES = 1_000_000_000
MOST_UNKNOWN = 3
LEAST = 20
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def proved() -> dict[str, float]:
    """Prove it in this process, which does nothing else: seconds are those of one processor."""
    ready = preset("enterprise")
    more = Member("agnes", "agency_member", kind="agency"), Member("guy", "guest_approver")
    team = Team([*ready.team.members, *more], units=ready.team.units)
    asked = department_properties(ready.workflow)
    begin = process_time()
    report = check(ready.workflow, team, *asked, at=AT)
    said = [one.outcome for one in report]
    return {
        "seconds": process_time() - begin,
        "bytes": getrusage(RUSAGE_SELF).ru_maxrss * 1024,
        "people": len(team.members),
        "asked": len(asked),
        "states": report.states,
        "unknown": said.count(Outcome.UNKNOWN),
        "refuted": len(report.refuted),
    }


def results() -> Iterator[Result]:
    """Its time and its memory, beside what they may be at most."""
    ended = subprocess.run([sys.executable, __file__], check=True, capture_output=True)
    told = json.loads(ended.stdout)
    right = told["unknown"] <= MOST_UNKNOWN and not told["refuted"] and told["asked"] >= LEAST
    what = f"{told['asked']} properties, {told['unknown']} unknown, {told['people']} people"
    for name, most, unit in (("seconds", MOST_SECONDS, "s"), ("bytes", MOST_BYTES, "bytes")):
        ratio = round(told[name] / most, 3)
        note = f"{told[name]:.0f} {unit} of at most {most}; {what}"
        yield Result(f"{name} to prove the ten stages", ratio, 1.0, right and ratio <= 1.0, note)


if __name__ == "__main__":
    print(json.dumps(proved()))
