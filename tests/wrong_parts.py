"""Things of a wrong kind where something is made: an engine, a definition, a team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenes import ANN, finish, stage, workflow

from socialflow import Action, Engine, Member, Parallel, Scope, Stage, Team, Workflow
from socialflow.policies import RolePolicy, all_of
from socialflow.stores.memory import MemoryStore

__all__ = ["ENGINES", "PARTS"]


class Half:
    """A directory that knows members, and nothing else about them."""

    def member(self, id: str) -> Member | None:
        return None


class Plain(Team):
    """A directory that gives what it has read."""

    def member(self, id: str) -> Any:
        return {"id": id}


def engine(*given: Any, **told: Any) -> Engine:
    return Engine(*(given or (MemoryStore(),)), **told)


def told_by_a_dict() -> None:
    Engine(MemoryStore(), workflow(), Plain(())).create("post", by="ann")


ENGINES: tuple[tuple[Callable[[], Any], str], ...] = (
    (lambda: engine("sqlite:///x.db"), "SqlStore(url)"),
    (lambda: engine(MemoryStore), "make one: MemoryStore(...)"),
    (lambda: engine(people=[Member("ann", "author")]), "say Team([Member(...), ...])"),
    (lambda: engine(people=Half()), "lacks holders, acting_for"),
    (lambda: engine(people=Team), "make one: Team(...)"),
    (told_by_a_dict, "people.member('ann') must be a Member, or None, not {'id': 'ann'}"),
    (lambda: engine(facts={"x": 1}), "facts['x'] must be something that can be called, not 1"),
    (lambda: engine(facts=["x"]), "a mapping: {name: provider}"),
    (lambda: engine(policy=RolePolicy), "make one: RolePolicy(...)"),
    (lambda: engine(policy=lambda case: True), "a policy with judge()"),
    (lambda: engine(clock="now"), "clock must be something that can be called"),
    (lambda: engine(new_id=7), "new_id must be something that can be called"),
    (lambda: all_of(RolePolicy(), RolePolicy), "make one: RolePolicy(...)"),  # type: ignore[arg-type]
)
"""What makes an engine, and a part of what the `WrongArgument` says."""

LAW: Any = "law"
LIST: Any = [stage("a", finish())]
WRONG: Any = 7
LAMBDA: Any = lambda case: None  # noqa: E731
MEMBER: Any = ANN

PARTS: tuple[tuple[Callable[[], Any], str], ...] = (
    (lambda: engine(MemoryStore(), LAW), "Engine / workflows: 'law' is no Workflow"),
    (lambda: engine(MemoryStore(), Workflow), "is no Workflow"),
    (lambda: Workflow("w", [LAW]), "steps: 'law' is no Stage or Parallel"),
    (lambda: Workflow("w", WRONG), "steps: 7 is no Stage or Parallel"),
    (lambda: Workflow("w", LIST, roles=(WRONG,)), "roles: 7 is no Role"),
    (lambda: Workflow("w", LIST, children=LAW), "children: 'law' is no Workflow"),
    (lambda: Stage("a", ("one", "two"), actions=("go",)), "actions: 'go' is no Action"),  # type: ignore[arg-type]
    (lambda: Stage("a", WRONG), "7 is no text"),
    (lambda: Action("go", "one", rules=LAMBDA), "is no Rule"),
    (lambda: Action("go", "one", effects=LAW), "effects: 'law' is no Effect"),
    (lambda: Action("go", "one", ballots=LAW), "ballots: 'law' is no Ballot"),
    (lambda: workflow().insert(LAW, after="writing"), "steps: 'law' is no Stage or Parallel"),
    (lambda: workflow().insert(LAW, beside="writing"), "Parallel: 'law' is no Stage"),
    (lambda: workflow().replace("writing", LAW), "steps: 'law' is no Stage or Parallel"),
    (lambda: workflow().amend("writing", actions=LAW), "actions: 'law' is no Action"),
    (lambda: workflow().with_rules({"go": LAMBDA}), "is no Rule"),
    (lambda: Parallel(LIST), "say Parallel(one, other)"),
    (lambda: Team(MEMBER, MEMBER), "members are a list: Team([ann, tom])"),
    (lambda: Team([LAW]), "Team: 'law' is no Member (say Member(id, grants))"),
    (lambda: Scope(brand=WRONG), "each a text, not 7"),
)
"""What makes a definition or a team, and a part of what the `DefinitionError` says."""
