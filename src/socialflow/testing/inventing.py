"""Inventing: small workflows that are valid, with the forms, rules and people that they know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from socialflow.cases import NO_FACTS, Case, Facts
from socialflow.definitions import Workflow
from socialflow.errors import Objection
from socialflow.items import Effect
from socialflow.people import Member, Role
from socialflow.rules import (
    Rule,
    four_eyes,
    has,
    is_responsible,
    responsible_named,
    rule,
    signed_off,
)
from socialflow.stages import Action, Parallel, Stage, before
from socialflow.standing import STANDING, Assign, Choice, Note, Why
from socialflow.standing import Reason as Because

__all__ = [
    "EVERYBODY",
    "FORM_DATA",
    "NOON",
    "ROLES",
    "RULES",
    "TEAM",
    "Post",
    "Reason",
    "Retitle",
    "Rewrite",
    "brief",
    "cleared",
    "facts",
    "some",
    "texts",
    "workflows",
]

T = TypeVar("T")

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ROLES = ("author", "editor", "lawyer")
STAGES = ("alpha", "beta", "gamma", "delta", "omega")
STATES = ("one", "two", "three", "four")

EVERYBODY = Member("ida", (*ROLES, "chief"))
TEAM = (
    EVERYBODY,
    Member("ann", "author"),
    Member("ed", "editor"),
    Member("lea", ("lawyer", "author")),
    Member("kit", ("intern", "author")),
    Member("guest"),
)


@attrs.frozen
class Post:
    """The data of every generated item."""

    title: str
    body: str | None = None


@attrs.frozen
class Reason:
    """A form that demands data."""

    reason: str


@attrs.frozen
class Retitle:
    """A form whose data the item may keep."""

    title: str


@attrs.frozen
class Rewrite:
    """A form that may be left empty, and whose data the item may keep."""

    body: str | None = None


STAGE_FIELDS = {
    name: attrs.make_class(name.title(), {f"{name}_remark": attrs.field(type=str)}, frozen=True)
    for name in STAGES
}

texts = st.sampled_from(("a", "b", "a longer text"))

FORM_DATA: dict[type | None, st.SearchStrategy[dict[str, Any]]] = {
    Reason: st.fixed_dictionaries({"reason": texts}),
    Retitle: st.fixed_dictionaries({"title": texts}),
    Rewrite: st.fixed_dictionaries({}, optional={"body": texts}),
    Assign: st.fixed_dictionaries({"member": st.sampled_from([one.id for one in TEAM])}),
    Note: st.fixed_dictionaries({"text": texts}),
    Why: st.fixed_dictionaries({}, optional={"reason": texts}),
    Because: st.fixed_dictionaries({"reason": texts}),
    Choice: st.fixed_dictionaries(
        {"action": st.sampled_from(("force", "settle_it", "go"))},
        optional={"choice": st.sampled_from(("yes", "no", "abstain"))},
    ),
}


@rule("cleared", needs="clearance")
def cleared(case: Case) -> list[Objection]:
    """The outside has cleared the item."""
    return [] if case.facts["clearance"] else [Objection("cleared", "it is not cleared")]


@rule("brief", reads_data=True)
def brief(case: Case) -> list[Objection]:
    """The reason given is short."""
    long = len(case.data.reason) > 3
    return [Objection("brief", "the reason is long", "shorten it")] if long else []


RULES: tuple[Rule, ...] = (
    four_eyes(),
    four_eyes(since="creation"),
    signed_off(),
    is_responsible(),
    has("body"),
    ~has("body"),
    has("title").waivable("editor"),
    (~four_eyes()).waivable("author", "lawyer"),
    cleared(),
    ~cleared(),
)


def some(values: Sequence[T], most: int) -> st.SearchStrategy[list[T]]:
    """At most *most* of *values*, each once, in their order."""
    chosen = st.sets(st.sampled_from(range(len(values))), max_size=most)
    return chosen.map(lambda places: [values[n] for n in sorted(places)])


roles = st.one_of(st.none(), st.sampled_from((*ROLES, "*")), some(ROLES, 2).filter(bool))
facts = st.sampled_from(
    (
        NO_FACTS,
        Facts({"clearance": True}),
        Facts({"clearance": False}),
        Facts(failed={"clearance": "the register is down"}),
    )
)


@st.composite
def workflows(draw: st.DrawFn, parallel: bool | None = None) -> Workflow:
    """A small valid workflow: one to four steps, one of them a Parallel where asked for."""
    count = draw(st.integers(1, 4))
    wide = (
        draw(st.integers(-2 if parallel is None else 0, count - 1)) if parallel is not False else -1
    )
    names = iter(STAGES)
    places: list[list[str]] = [
        [next(names), next(names)] if place == wide else [next(names)] for place in range(count)
    ]
    steps: list[Stage | Parallel] = []
    for place, here in enumerate(places):
        earlier = [name for group in places[:place] for name in group]
        stages = [draw(_stages(name, earlier, place)) for name in here]
        steps.append(Parallel(*stages) if len(stages) > 1 else stages[0])
    flat = [name for group in places for name in group]
    actions = draw(st.lists(_workflow_actions(flat), max_size=2, unique_by=lambda one: one.name))
    return Workflow(
        "generated",
        steps,
        actions,
        fields=Post,
        content=draw(st.sampled_from((("title", "body"), "title", ()))),
        ends=("closed", "rejected", "cancelled"),
        roles=draw(_declared_roles(steps)),
        rights={"create": "*", "adopt": "editor"} | draw(_rights()),
    )


@st.composite
def _stages(draw: st.DrawFn, name: str, earlier: list[str], place: int) -> Stage:
    states = STATES[: draw(st.integers(2 if place == 0 else 1, 4))]
    first_done = draw(st.integers(1 if place == 0 else 0, len(states) - 1))
    done = states[first_done:]
    actions = [draw(_forward(states, n)) for n in range(len(states))]
    taken = {one.name for one in actions}
    for kind in ("back", "stay", "auto"):
        if draw(st.booleans()) and kind not in taken:
            actions.append(draw(_extra(kind, states, earlier)))
    gates: tuple[list[Rule], ...]
    gates = ([], [], [], [has("body")], [responsible_named(name)], [cleared()])
    return Stage(
        name,
        states,
        done=done,
        role=draw(some(ROLES, 2)),
        signs=draw(st.sampled_from((None, "revision", "revision", "visit"))),
        releases=draw(st.integers(0, 3)) == 0,
        may_edit={state: draw(st.sampled_from((*ROLES, "*"))) for state in draw(some(states, 2))},
        enter=draw(st.sampled_from(gates)),
        fields=draw(st.sampled_from((None, None, STAGE_FIELDS[name]))),
        actions=actions,
    )


@st.composite
def _forward(draw: st.DrawFn, states: tuple[str, ...], n: int) -> Action:
    """A way out of state *n*: to any state of the stage."""
    return Action(
        "go" if n == 0 else f"go_{STATES[n]}",
        states[n],
        draw(st.sampled_from((states[-1], states[-1], *states))),
        **draw(_demands()),
    )


@st.composite
def _extra(draw: st.DrawFn, kind: str, states: tuple[str, ...], earlier: list[str]) -> Action:
    if kind == "auto":
        n = draw(st.integers(0, len(states) - 1))
        ahead = states[n + 1 :]
        target = draw(st.sampled_from(ahead)) if ahead else None
        goto = [] if ahead else ["end.rejected"]
        guard = draw(st.sampled_from((has("body"), ~has("body"), cleared(), signed_off())))
        return Action(kind, states[n], target, goto=goto, rules=guard, automatic=True)
    sources = draw(some(states, 3)) or states[:1]
    if kind == "back":
        goto = draw(some([*earlier, "end.rejected", "end.closed"], 2)) or ["end.closed"]
        return Action(kind, sources, goto=goto, **draw(_demands()))
    return Action(kind, sources, **draw(_demands()), effects=Effect("notify", {"whom": "all"}))


@st.composite
def _demands(draw: st.DrawFn) -> dict[str, Any]:
    """What an action asks of the command and of the item."""
    forms: tuple[type | None, ...] = (None, None, None, Reason, Retitle, Rewrite)
    form = draw(st.sampled_from(forms))
    rules = draw(some(RULES, 2)) if draw(st.booleans()) else []
    if form is Reason and draw(st.booleans()):
        rules.append(brief())
    keeps = "title" if form is Retitle else "body" if form is Rewrite else ()
    return {"data": form, "keeps": keeps, "rules": rules, "roles": draw(roles)}


@st.composite
def _workflow_actions(draw: st.DrawFn, stages: list[str]) -> Action:
    earlier = [before(stages[-1])] if len(stages) > 1 else []
    sources = ["*", *stages, f"{stages[0]}.one", "end.closed", *earlier]
    source = draw(st.sampled_from(sources))
    goto = draw(st.sampled_from(((), stages[0], "end.rejected", (stages[0], "end.closed"))))
    form = draw(st.sampled_from((None, Reason)))
    role = draw(st.sampled_from((*ROLES, "*")))
    return Action(
        draw(st.sampled_from(("withdraw", "flag"))), source, goto=goto, data=form, roles=role
    )


@st.composite
def _declared_roles(draw: st.DrawFn, steps: list[Stage | Parallel]) -> list[Role]:
    if draw(st.booleans()):
        return []
    first = steps[0].stages[0] if isinstance(steps[0], Parallel) else steps[0]
    denied = draw(st.sampled_from(("note", "*.go", f"{first.name}.*", "create", "edit")))
    return [*map(Role, ROLES), Role("chief", inherits="editor"), Role("intern", deny=denied)]


def _rights() -> st.SearchStrategy[dict[str, str]]:
    some_role = st.sampled_from((*ROLES, "*"))
    return st.fixed_dictionaries(
        {}, optional={n: some_role for n in STANDING if n not in ("create", "adopt", "edit")}
    )
