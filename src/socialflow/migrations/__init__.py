"""Migrations: what another definition changes, and the items that go on under it."""

from socialflow.migrations.answering import answered_otherwise
from socialflow.migrations.differences import Changed, Difference, diff
from socialflow.migrations.planning import foreseen, plan_migration
from socialflow.migrations.plans import Left, MigrationPlan, MigrationReport, Moving
from socialflow.migrations.running import migrate

__all__ = [
    "Changed",
    "Difference",
    "Left",
    "MigrationPlan",
    "MigrationReport",
    "Moving",
    "answered_otherwise",
    "diff",
    "foreseen",
    "migrate",
    "plan_migration",
]
