"""What is wrong about the roles of a workflow, and about the rights that it gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from socialflow.checks.names import duplicates
from socialflow.errors import Finding, nearest
from socialflow.people import ANYONE, SYSTEM
from socialflow.places import actions_in, path, rules_in
from socialflow.stages import Stage
from socialflow.standing import RIGHTS

if TYPE_CHECKING:
    from socialflow.definitions import Workflow

__all__ = ["wrong_rights", "wrong_roles"]

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def wrong_roles(workflow: Workflow, stages: tuple[Stage, ...]) -> Iterator[Finding]:
    known = {role.key for role in workflow.roles}
    yield from duplicates(workflow.name, "role", (role.key for role in workflow.roles))
    used: list[tuple[str, Iterable[str]]] = [
        (path(workflow.name, role.key), role.inherits) for role in workflow.roles
    ]
    for stage in stages:
        where = path(workflow.name, stage.name)
        used.append((where, stage.role))
        used.extend((where, roles) for roles in stage.may_edit.values())
    used.extend((where, action.roles or ()) for where, action in actions_in(workflow))
    used.extend(
        (where, ballot.roles) for where, action in actions_in(workflow) for ballot in action.ballots
    )
    used.extend((workflow.name, roles) for roles in workflow.rights.values())
    used.extend(
        (path(workflow.name, where), rule.waivable_by) for where, rule in rules_in(workflow)
    )
    if known:
        for where, roles in used:
            for key in roles:
                if key not in known and key not in (ANYONE, SYSTEM.id):
                    yield Finding(
                        "unknown_role",
                        where,
                        f"the role {key!r} is not one of the workflow's",
                        nearest(key, known),
                    )


def wrong_rights(workflow: Workflow) -> Iterator[Finding]:
    for name in workflow.rights:
        if name not in RIGHTS:
            yield Finding(
                "unknown_right",
                workflow.name,
                f"rights name {name!r}, which is no command of every workflow",
                "say may_edit= of the stages" if name == "edit" else nearest(name, RIGHTS),
            )
    if workflow.rights.get("cancel") and "cancelled" not in workflow.ends:
        yield Finding(
            "unknown_state",
            workflow.name,
            "rights allow to cancel, but there is no end 'cancelled'",
            "add 'cancelled' to ends",
        )
