"""Findings: whatever is wrong with a definition is named, with what would help."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from findings import CHECKS, WARNINGS, acting, attempt, flow, said
from findings_of_more import BALLOTS, CHILDREN, DOUBTFUL, MARKS, TIMES
from scenes import Post, stage, workflow
from transitions import Machine
from transitions.extensions import HierarchicalMachine

import socialflow
from socialflow import Action, DefinitionError, Grant, Member, Scope, Team, Workflow, rule
from socialflow.ballots import Ballot
from socialflow.forms import make_form
from socialflow.members import Capacity
from socialflow.rules import Rule, has

ROOT = Path(socialflow.__file__).parent


def machine(**told: Any) -> Machine:
    """A small machine of another library."""
    made = Machine(model=None, states=["one", "two"], initial="one", auto_transitions=False, **told)
    made.add_transition("finish", "one", "two")
    return made


def guarded() -> Machine:
    """A machine with a condition."""
    made = machine()
    made.add_transition("pass_it", "one", "two", conditions="is_fine")
    return made


def endless() -> Machine:
    """A machine that goes round for ever."""
    made = machine()
    made.add_transition("back", "two", "one")
    return made


def nested() -> HierarchicalMachine:
    """A machine with a state within a state."""
    states = ["one", {"name": "two", "children": ["inner"]}]
    made = HierarchicalMachine(model=None, states=states, initial="one", auto_transitions=False)
    made.add_transition("finish", "one", "two")
    return made


ELSEWHERE: list[tuple[str, str, Callable[[], Any], str]] = [
    (
        "checks",
        "cycle",
        lambda: acting(attempt("x", target="one", automatic=True)),
        "w: automatic actions go round in circles: a.one -> a.one "
        "(give one of them a rule that another one negates)",
    ),
    (
        "checks",
        "cycle",
        lambda: acting(attempt("x", target="one", automatic=True, rules=has("body")), fields=Post),
        "w: automatic actions go round in circles: a.one -> a.one, as long as these rules hold: "
        "has (give one of them a rule that another one negates)",
    ),
    (
        "variants",
        "unknown_stage",
        lambda: workflow().insert(stage("legal"), after="tone"),
        "insert: there is no stage 'tone' (known: live, review, writing)",
    ),
    (
        "variants",
        "insert",
        lambda: workflow().insert(stage("legal")),
        "insert: a stage is inserted at one place (say after=, before= or beside=)",
    ),
    (
        "variants",
        "unknown_key",
        lambda: workflow().amend("live", rolle="author"),
        "amend live: a stage has no attribute 'rolle' to amend (did you mean 'role'?)",
    ),
    (
        "variants",
        "unknown_action",
        lambda: workflow().amend("live", drop=["gone"]),
        "amend live: there is no action 'gone' to drop (did you mean 'go'?)",
    ),
    (
        "variants",
        "dangling",
        lambda: flow(stage("a"), stage("b", Action("back", "one", goto="a"))).without("a"),
        "b / back: it names a, which would be gone "
        "(say where instead: redirect={...}, or amend the action first)",
    ),
    (
        "forms",
        "form",
        lambda: make_form("here", {"fields": {"a": "b"}}),
        "here / a: there is no type 'b' (known: any, bool, date, datetime, float, int, str)",
    ),
    (
        "_machine",
        "nested",
        lambda: Workflow.from_machine(nested(), "m"),
        "main / two: nested states are not read (make them Stages of their own)",
    ),
    (
        "_machine",
        "callback",
        lambda: Workflow.from_machine(machine(after_state_change=print), "m"),
        "main: callbacks are not read (connect to the engine's signals instead)",
    ),
    (
        "_machine",
        "unknown_name",
        lambda: Workflow.from_machine(machine(), "m", roles={"finnish": "editor"}),
        "main / roles: 'finnish' is nothing that the machine has (did you mean 'finish'?)",
    ),
    (
        "_machine",
        "unknown_rule",
        lambda: Workflow.from_machine(guarded(), "m"),
        "main / pass_it: the condition 'is_fine' stands for no rule (say rules={'is_fine': ...})",
    ),
    (
        "_machine",
        "empty",
        lambda: Workflow.from_machine(endless(), "m"),
        "main: every state of the machine has a way out, so that nothing would ever be done "
        "(give it a state without one; that becomes the done state)",
    ),
    (
        "periods",
        "period",
        lambda: Grant(
            "editor",
            since=datetime(2026, 5, 2, tzinfo=UTC),
            until=datetime(2026, 5, 1, tzinfo=UTC),
        ),
        "Grant / editor: it ends at 2026-05-01T00:00:00+00:00, and begins at "
        "2026-05-02T00:00:00+00:00 (since= is when it begins to hold, until= when it no longer "
        "does)",
    ),
    (
        "scopes",
        "scope",
        lambda: Scope(brand=""),
        "Scope / brand: a dimension has one value or several, each a text, not '' "
        "(leave the dimension out to leave it open)",
    ),
    ("members", "member", lambda: Member(""), "Member: the id of a member is a text, not ''"),
    (
        "members",
        "reserved",
        lambda: Member("system", "author"),
        "Member / system: no grant can name the system (give the person or service another id)",
    ),
    (
        "members",
        "capacity",
        lambda: Capacity(9, 3),
        "Capacity: nobody has from 9 to 3 hours a week (least= is 0 or more, most= not below it)",
    ),
    (
        "parts",
        "wrong_part",
        lambda: Team(["ann"]),  # type: ignore[list-item]
        "Team: 'ann' is no Member (say Member(id, grants))",
    ),
    (
        "people",
        "overlap",
        lambda: Team([Member("ann", "lead"), Member("bob", "lead")]).overlaps("lead"),
        "Team / lead: 'ann' and 'bob' hold it for the same place at the same time "
        "(give one of them a more specific scope, or another period)",
    ),
    (
        "people",
        "duplicate",
        lambda: Team([Member("ann"), Member("ann")]),
        "Team / ann: two members are called 'ann'",
    ),
    (
        "people",
        "unknown_role",
        lambda: Team([Member("ann", "editro")]).check(["editor"]),
        "Team / ann: the role 'editro' is in no workflow (did you mean 'editor'?)",
    ),
    (
        "rules",
        "rule_parameters",
        lambda: has(),
        "rule has: the rule 'has' needs its parameter 'field'",
    ),
    (
        "rules",
        "binding",
        lambda: rule("bound", binding=True)(lambda case: None)().warning(),
        "rule bound: the rule 'bound' is binding, and here it only warns "
        "(leave it as it is, or use another rule)",
    ),
]

TABLE = [
    *(
        ("checks", *row)
        for row in (*CHECKS, *MARKS, *BALLOTS, *DOUBTFUL, *TIMES, *CHILDREN, *WARNINGS)
    ),
    *ELSEWHERE,
]
FORMATTED = {"unknown_{word}": ("unknown_field", "unknown_stage", "unknown_mark")}


def codes_in(module: str) -> Iterator[str]:
    """The codes of all findings that a module or folder can make, read from its source."""
    files = (ROOT / module).glob("*.py") if (ROOT / module).is_dir() else [ROOT / f"{module}.py"]
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Finding", ".because")):
            code = node.args[0]
            if isinstance(code, ast.Constant):
                yield code.value
            else:
                yield from FORMATTED[ast.unparse(code)[2:-1]]


@pytest.mark.parametrize(
    ("code", "build", "sentence"),
    [row[1:] for row in TABLE],
    ids=[f"{module}-{code}" for module, code, _, _ in TABLE],
)
def test_a_finding_names_the_place_what_is_so_and_what_would_help(
    code: str, build: Callable[[], Any], sentence: str
) -> None:
    """What is wrong or suspicious is said word for word, and there is no other finding of it."""
    found = [finding for finding in said(build) if finding.code == code]

    assert sentence.splitlines() == [str(finding) for finding in found]


@pytest.mark.parametrize(
    "module",
    [
        "checks",
        "variants",
        "forms",
        "_machine",
        "people",
        "periods",
        "scopes",
        "members",
        "rules",
    ],
)
def test_every_finding_that_can_be_made_is_made_above(module: str) -> None:
    """No code of a finding in the sources is missing from the table of this test."""
    assert set(codes_in(module)) == {code for where, code, _, _ in TABLE if where == module}


@pytest.mark.parametrize(("code", "build", "sentence"), WARNINGS)
def test_what_is_only_suspicious_can_be_made(
    code: str, build: Callable[[], Any], sentence: str
) -> None:
    """A workflow with warnings is a workflow; an error is none."""
    assert {"warning"} == {one.severity for one in said(build)}
    assert isinstance(build(), Workflow)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """One DefinitionError holds the findings of all stages and actions, in reading order."""
    with pytest.raises(DefinitionError) as caught:
        flow(
            stage("a", attempt("x", target="nowhere"), attempt("edit")),
            stage("b", signs="all"),
            actions=[Action("y", "nowhere", roles="*")],
            content="title",
        )

    assert ("unknown_state", "reserved", "signs", "unknown_state", "undeclared") == (
        caught.value.codes
    )
    assert {"error"} == {finding.severity for finding in caught.value.findings}


def test_one_of_two_opposite_conditions_always_holds() -> None:
    """Ballots that only differ in whether a rule holds leave no doubt; other conditions do."""
    titled = has("title")

    def asked(*conditions: Rule) -> tuple[str, ...]:
        ballots = [Ballot(f"b{n}", "author", when=one) for n, one in enumerate(conditions)]
        made = flow(stage("a", attempt("x", ballots=ballots)), fields=Post)
        return tuple(one.code for one in made.findings())

    assert () == asked(titled, ~titled)
    assert ("conditional",) == asked(titled, titled)
    assert ("conditional",) == asked(titled, ~has("body"))
