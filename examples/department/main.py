"""A department of a dozen people at work for four weeks, and what its lead looks at on Friday.

The same seed makes the same month.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from random import Random

from channels import WORK, Channels
from month import Script, hours_of, read_month
from office import Office
from people import People

from socialflow import Scope
from socialflow.content import OUTCOMES
from socialflow.content.department import load_department
from socialflow.documents import load_team
from socialflow.errors import SocialflowError
from socialflow.outbox import Outbox
from socialflow.protocols import Store
from socialflow.stores.memory import MemoryStore

HERE = Path(__file__).parent
AT_WORK = (9, 12, 15)
"""Hours at which people look at their lists."""


def lived(store: Store, seed: int) -> tuple[Office, Script]:
    """Four weeks of a department, hour by hour: the office as it is then, and what happened."""
    month, chance = read_month(), Random(seed)
    team = load_team(HERE / "team.toml")
    office = Office(store, team, load_department(HERE / "department.toml"), month.start)
    channels = Channels(office, month, chance)
    outbox = Outbox(office.engine, dict.fromkeys(WORK, channels), outcomes=OUTCOMES)
    people, script = People(office, channels, chance), Script(office, month.happenings)
    for day, office.now in hours_of(month):
        office.sweep()
        outbox.deliver(limit=1000)
        if not day:
            continue
        if office.now == month.start or office.now.hour == AT_WORK[0]:
            people.come_in()
        if office.now.hour == AT_WORK[0]:
            for by, key, brand, idea in month.ideas_of(day):
                office.bring(by, office.workflow.name, id=key, scope=Scope(brand=brand), **idea)
        if office.now.hour in AT_WORK:
            people.work(script.reserved())
            script.go_on(day)
        channels.speak()
        outbox.deliver(limit=1000)
    return office, script


def main() -> int:
    """Live through the month, and show the page."""
    asked = _arguments()
    store = MemoryStore()
    office, script = lived(store, asked.seed)
    if asked.store is not None:
        from keeping import keep

        from socialflow.stores.sql import SqlStore

        keep(store, SqlStore(asked.store, create=True))
    if asked.json:
        from report import report

        print(json.dumps(report(office, script), indent=2, ensure_ascii=False))
    else:
        from friday import show_page

        show_page(office, script, asked.store)
    return 0


def _arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="./run example department", description=__doc__)
    reader.add_argument("--seed", type=int, default=7, help="which month it is (7)")
    reader.add_argument("--store", metavar="URL", help="keep it: sqlite:///department.db")
    reader.add_argument("--json", action="store_true", help="print the page as JSON only")
    return reader.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SocialflowError as error:
        print(f"department: {error}", file=sys.stderr)
        sys.exit(2)
