"""Commands about definitions over time: diff, migrate."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from socialflow.cli.printing import print_json
from socialflow.cli.sources import store_of, workflow_at
from socialflow.definitions import Workflow
from socialflow.engine import Engine
from socialflow.errors import WrongArgument
from socialflow.migrations import Difference, MigrationPlan, MigrationReport
from socialflow.people import SYSTEM, Team

__all__ = ["diff", "migrate"]


def diff(asked: Namespace) -> int:
    """Tell what one definition says otherwise than another, or what it answers otherwise."""
    from socialflow.migrations import diff as difference

    old, new = workflow_at(asked.old), workflow_at(asked.new)
    if asked.allowed:
        from socialflow.verify import diff as compared

        found = compared(old, new, _team(asked))
        _print(found.plain() if asked.json else str(found), asked.json)
    else:
        _show(difference(old, new), asked.json)
    return 0


def migrate(asked: Namespace) -> int:
    """Have items go on under another definition, or tell what would become of them."""
    from socialflow.migrations import migrate as migrated
    from socialflow.migrations import plan_migration

    to, by = workflow_at(asked.to), asked.by or SYSTEM
    engine = _engine(asked, to)
    fields = _pairs("--data", asked.data) | dict.fromkeys(asked.drop)
    states = _pairs("--states", asked.states)
    plan = plan_migration(
        engine, to, of=asked.of, states=states, data=fields, below=asked.below, by=by
    )
    told: MigrationPlan | MigrationReport = plan
    if not asked.dry_run:
        told = migrated(engine, plan, by=by, limit=asked.limit)
    elif asked.allowed:
        from socialflow.migrations import answered_otherwise

        found = list(answered_otherwise(engine, plan, _team(asked)))
        if asked.json:
            more = {"answered_otherwise": [one.plain() for one in found]}
            _print(plan.to_json() | more, as_json=True)
        else:
            _print("\n".join(map(str, (plan, *found))), as_json=False)
        return int(bool(told.stayed))
    _show(told, asked.json)
    return int(bool(told.stayed))


def _engine(asked: Namespace, to: Workflow) -> Engine:
    return Engine(store_of(asked), to, _team(asked) or Team(()))


def _team(asked: Namespace) -> Team | None:
    if not asked.team:
        return None
    from socialflow.documents import load_team

    return load_team(asked.team)


def _pairs(option: str, told: Iterable[str]) -> dict[str, str]:
    """What an option says as ``name=value``, as often as it is given."""
    pairs = {}
    for one in told:
        name, sign, value = one.partition("=")
        if not (name and sign):
            raise WrongArgument(option, "name=value", repr(one))
        pairs[name] = value
    return pairs


def _show(told: Difference | MigrationPlan | MigrationReport, as_json: bool) -> None:
    _print(told.to_json() if as_json else str(told), as_json)


def _print(told: Any, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        from socialflow.cli.screen import say

        say(told)
