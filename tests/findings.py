"""What can be wrong or suspicious about a workflow: how to make it so, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
from scenes import Post, Reason, finish, stage

from socialflow import Action, DefinitionError, Parallel, Role, Stage, Workflow, before
from socialflow.errors import Finding
from socialflow.moments import days
from socialflow.rules import four_eyes, has, responsible_named


@attrs.frozen
class Numbered:
    """A form whose field has the name, and not the type, of an item's."""

    title: int


@attrs.frozen
class Remark:
    """Fields that a stage may own."""

    remark: str | None = None


def flow(*steps: Any, **told: Any) -> Workflow:
    """A workflow of these steps that declares nothing else."""
    return Workflow("w", steps, **told)


def acting(*actions: Action, **told: Any) -> Workflow:
    """A workflow for everybody whose one stage has these actions."""
    return flow(stage("a", *actions), **told)


def attempt(name: str, *sources: str, **told: Any) -> Action:
    """An action that goes from these states to the second."""
    return Action(name, sources or ("one",), told.pop("target", "two"), **told)


def said(build: Callable[[], Any]) -> tuple[Finding, ...]:
    """The findings that something raises, has, or is."""
    try:
        made = build()
    except DefinitionError as error:
        return error.findings
    return made.findings() if isinstance(made, Workflow) else tuple(made)


CHECKS: list[tuple[str, Callable[[], Any], str]] = [
    ("empty", lambda: flow(), "w: a workflow has at least one stage (add a Stage)"),
    (
        "empty",
        lambda: flow(stage("a"), ends=()),
        "w: a workflow has at least one end (ends=('closed',))",
    ),
    (
        "empty",
        lambda: flow(Stage("a", (), done="x")),
        "w / a: a stage has at least one state (states=('open', 'done'))",
    ),
    (
        "empty",
        lambda: flow(Stage("a", ("one",), done=())),
        "w / a: a stage has at least one done state (say done=)",
    ),
    (
        "empty",
        lambda: acting(Action("x", ())),
        "w / a / x: an action leaves at least one state (say its sources)",
    ),
    (
        "name",
        lambda: flow(stage("A b")),
        "w: a stage cannot be called 'A b' (use small letters, digits and _, a letter first)",
    ),
    (
        "name",
        lambda: Workflow("9lives", [stage("a")]),
        "9lives: a workflow cannot be called '9lives' "
        "(use small letters, digits and _, a letter first)",
    ),
    (
        "name",
        lambda: flow(stage("a"), ends="the end"),
        "w: an end cannot be called 'the end' (use small letters, digits and _, a letter first)",
    ),
    (
        "name",
        lambda: flow(Stage("a", ("one.two", "three"))),
        "w / a: a state cannot be called 'one.two' "
        "(use small letters, digits and _, a letter first)",
    ),
    (
        "name",
        lambda: acting(attempt("let go")),
        "w / a / let go: an action cannot be called 'let go' "
        "(use small letters, digits and _, a letter first)",
    ),
    ("name", lambda: flow(stage("end")), "w: the stage name 'end' is reserved (rename it)"),
    (
        "duplicate",
        lambda: flow(stage("a"), stage("b"), stage("a")),
        "w: stage 'a' is there twice (rename one)",
    ),
    (
        "duplicate",
        lambda: flow(stage("a"), ends=("x", "x")),
        "w: end 'x' is there twice (rename one)",
    ),
    (
        "duplicate",
        lambda: flow(Stage("a", ("one", "one", "two"))),
        "w / a: state 'one' is there twice (rename one)",
    ),
    (
        "duplicate",
        lambda: acting(attempt("x"), attempt("x", "two", "one")),
        "w / a / x: two actions of that name leave 'one' (give one another name, or other sources)",
    ),
    (
        "duplicate",
        lambda: flow(stage("a", role="author"), roles=("author", "author")),
        "w: role 'author' is there twice (rename one)",
    ),
    (
        "signs",
        lambda: flow(stage("a", signs="everything")),
        "w / a: a stage cannot sign 'everything' (sign 'revision' or 'visit')",
    ),
    (
        "unknown_state",
        lambda: acting(attempt("x", target="tow")),
        "w / a / x: it goes to the state 'tow', which a does not have (did you mean 'two'?)",
    ),
    (
        "unknown_state",
        lambda: acting(attempt("x", "onne")),
        "w / a / x: it leaves the state 'onne', which a does not have (did you mean 'one'?)",
    ),
    (
        "unknown_state",
        lambda: flow(Stage("a", ("one", "two"), done="twoo")),
        "w / a: done names the state 'twoo', which a does not have (did you mean 'two'?)",
    ),
    (
        "unknown_state",
        lambda: flow(stage("a", may_edit={"onne": "author"})),
        "w / a: may_edit names the state 'onne', which a does not have (did you mean 'one'?)",
    ),
    (
        "unknown_state",
        lambda: flow(stage("alpha"), actions=[Action("x", "alpa", roles="*")]),
        "w / x: it leaves 'alpa', which is no state, stage or selector (did you mean 'alpha'?)",
    ),
    (
        "unknown_state",
        lambda: flow(stage("alpha"), actions=[Action("x", before("alhpa"), roles="*")]),
        "w / x: it leaves 'before alhpa', which is no state, stage or selector "
        "(did you mean 'alpha'?)",
    ),
    (
        "unknown_state",
        lambda: flow(stage("a"), rights={"cancel": "author"}),
        "w: rights allow to cancel, but there is no end 'cancelled' (add 'cancelled' to ends)",
    ),
    (
        "target",
        lambda: acting(attempt("x", goto="end.closed")),
        "w / a / x: it has both target and goto (say one of them)",
    ),
    (
        "target",
        lambda: flow(stage("a"), actions=[Action("x", "*", "one", roles="*")]),
        "w / x: an action of the workflow has no own states (use goto=)",
    ),
    (
        "unknown_stage",
        lambda: acting(Action("x", "one", goto="end.close")),
        "w / a / x: it goes to 'end.close', which is neither a stage nor an end "
        "(did you mean 'end.closed'?)",
    ),
    (
        "unknown_stage",
        lambda: flow(stage("a"), actions=[Action("x", "*", goto="b", roles="*")]),
        "w / x: it goes to 'b', which is neither a stage nor an end (known: a, end.closed)",
    ),
    (
        "unknown_stage",
        lambda: acting(attempt("x", rules=responsible_named("aa"))),
        "w / a / x: the rule 'responsible_named' names the stage 'aa', which is not there "
        "(did you mean 'a'?)",
    ),
    (
        "sibling",
        lambda: flow(Parallel(stage("a", Action("x", "one", goto="b")), stage("b"))),
        "w / a / x: it goes to b, which is open together with a "
        "(stages of one Parallel do not move each other)",
    ),
    (
        "ahead",
        lambda: flow(stage("a", Action("x", "one", goto="b")), stage("b")),
        "w / a / x: it goes to b, which lies ahead of a "
        "(forward goes only through done, so that no stage in between is skipped)",
    ),
    (
        "ahead",
        lambda: flow(stage("a"), stage("b"), actions=[Action("x", "a.one", goto="b", roles="*")]),
        "w / x: from a.one it goes to b, which lies ahead "
        "(leave that source out: forward goes only through done)",
    ),
    (
        "reserved",
        lambda: acting(attempt("edit")),
        "w / a / edit: 'edit' is a command of every workflow (rename it)",
    ),
    (
        "automatic",
        lambda: acting(attempt("x", automatic=True, data=Reason)),
        "w / a / x: an action of the system cannot ask for data (leave data= out)",
    ),
    (
        "automatic",
        lambda: acting(Action("x", "one", goto=("a", "end.closed"), automatic=True)),
        "w / a / x: an action of the system cannot choose a target (name one target)",
    ),
    (
        "no_role",
        lambda: flow(stage("a"), actions=[Action("x", "*", goto="end.closed")]),
        "w / x: no stage lends it a role (say roles=)",
    ),
    (
        "two_owners",
        lambda: flow(stage("a", fields=Remark), stage("b", fields=Remark)),
        "w / b: the field 'remark' is declared by w / a already "
        "(declare each field once; keep it from any action)",
    ),
    (
        "unknown_field",
        lambda: acting(attempt("x", data=Reason, keeps="title"), fields=Post),
        "w / a / x: it keeps 'title', which its data does not have (known: reason)",
    ),
    (
        "unknown_field",
        lambda: acting(attempt("x", rules=has("titel")), fields=Post),
        "w / a / x: the rule 'has' names the field 'titel', which is not there "
        "(did you mean 'title'?)",
    ),
    (
        "unknown_field",
        lambda: flow(stage("a"), stage("b", enter=has("titel")), fields=Post),
        "w / b / enter: the rule 'has' names the field 'titel', which is not there "
        "(did you mean 'title'?)",
    ),
    (
        "field_type",
        lambda: acting(attempt("x", data=Numbered, keeps="title"), fields=Post),
        "w / a / x: it keeps 'title' as another type than w declares "
        "(use the same type in both; the item's may also be None)",
    ),
    (
        "undeclared",
        lambda: acting(attempt("x", data=Reason, keeps="reason"), fields=Post),
        "w / a / x: it keeps the field 'reason', which nothing declares "
        "(declare it in fields= of the workflow or of one stage; known: body, title)",
    ),
    (
        "undeclared",
        lambda: acting(attempt("x"), content="titel", fields=Post),
        "w: content names the field 'titel', which nothing declares "
        "(declare it in fields= of the workflow or of one stage; did you mean 'title'?)",
    ),
    (
        "undeclared",
        lambda: acting(attempt("x"), fixed="titel", fields=Post),
        "w: fixed names the field 'titel', which nothing declares "
        "(declare it in fields= of the workflow or of one stage; did you mean 'title'?)",
    ),
    (
        "unknown_role",
        lambda: acting(attempt("x", roles="editro"), roles=("author", "editor")),
        "w / a / x: the role 'editro' is not one of the workflow's (did you mean 'editor'?)",
    ),
    (
        "unknown_role",
        lambda: flow(stage("a", role="writer", may_edit={"one": "poet"}), roles="b"),
        "w / a: the role 'writer' is not one of the workflow's (known: b)\n"
        "w / a: the role 'poet' is not one of the workflow's (known: b)",
    ),
    (
        "unknown_role",
        lambda: flow(
            stage("a", attempt("x", rules=four_eyes().waivable("z")), role="b"),
            roles=(Role("b", inherits="y"),),
            rights={"create": "x"},
        ),
        "w / b: the role 'y' is not one of the workflow's (known: b)\n"
        "w: the role 'x' is not one of the workflow's (known: b)\n"
        "w / a / x: the role 'z' is not one of the workflow's (known: b)",
    ),
    (
        "rule_parameters",
        lambda: flow(stage("a", finish(rules=has(3)))),
        "w / a / finish: the rule 'has' names a field by a text, not 3 (there are none)",
    ),
    (
        "unknown_right",
        lambda: flow(stage("a"), rights={"asign": "author"}),
        "w: rights name 'asign', which is no command of every workflow (did you mean 'assign'?)",
    ),
]

WARNINGS: list[tuple[str, Callable[[], Any], str]] = [
    (
        "unreachable",
        lambda: flow(Stage("a", ("one", "two"), done="one")),
        "w / a: no action leads to the state 'two' (add one, or leave the state out)",
    ),
    (
        "dead_end",
        lambda: flow(stage("a", Action("x", "one")), stage("b", finish())),
        "w / a: no action leads out of the state 'one' (add one, or make it a done state)",
    ),
    (
        "endless",
        lambda: flow(
            stage("a", finish(), attempt("x", "two", target="one"), states=("one", "two", "three"))
        ),
        "w / a: an item in 'one' or 'two' goes on for ever, and nowhere else "
        "(add a way out, or make one of them a done state)",
    ),
    (
        "endless",
        lambda: flow(
            stage(
                "a",
                attempt("x", due=days(1)),
                attempt("y", "two", target="one", due=days(1)),
                states=("one", "two", "three"),
            )
        ),
        "w / a: an item in 'one' or 'two' goes on by itself for ever, and nowhere else "
        "(add a way out, or make one of them a done state)",
    ),
    (
        "never_joined",
        lambda: flow(
            Parallel(stage("a", finish()), stage("b", Action("x", "one", roles="author"))),
        ),
        "w / b: it is never done, and a waits for that "
        "(lead to a done state, or give the Parallel a date: until=)",
    ),
    (
        "lonely",
        lambda: flow(Parallel(stage("a", finish()))),
        "w: a Parallel of 1 stage is no Parallel (use the Stage itself)",
    ),
    (
        "denies_nothing",
        lambda: acting(attempt("x"), roles=(Role("author", deny="b.*"),)),
        "w / author: it denies 'b.*', which matches no action (known: a.x, adopt, archive, "
        "assign, cancel, claim, create, edit, force, hold, migrate, note, release, reopen, resume, "
        "and 3 more)",
    ),
    (
        "never_open",
        lambda: flow(stage("a", finish()), actions=[Action("x", before("a"), goto="a", roles="*")]),
        "w / x: its sources stand for no state (name others, or leave it out)",
    ),
    (
        "no_content",
        lambda: flow(stage("a", finish(rules=four_eyes()), signs="revision")),
        "w / a / signs: it protects the content, and no field is content (name the fields that "
        "make up the revision: content=)\n"
        "w / a / finish: it protects the content, and no field is content (name the fields that "
        "make up the revision: content=)",
    ),
    (
        "for_nobody",
        lambda: flow(stage("a", finish(roles=()))),
        "w / a / finish: no role opens it, so that nobody can ever ask for it (say roles=, or the "
        "stage's role=)",
    ),
]
