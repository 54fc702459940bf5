"""What the property tests draw: small valid workflows, people, items that have a history, commands.

Everything is built so that it is valid; nothing is drawn and thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from socialflow import Action, Command, Grant, Member, Parallel, Role, Scope, Stage, Workflow
from socialflow.births import found
from socialflow.cases import NO_FACTS, Case, Facts
from socialflow.decisions import apply, decide
from socialflow.errors import Objection
from socialflow.items import Effect, Event, Origin
from socialflow.options import Option, options
from socialflow.rules import (
    Rule,
    four_eyes,
    has,
    is_responsible,
    responsible_named,
    rule,
    signed_off,
)
from socialflow.stages import before
from socialflow.standing import STANDING, Assign, Choice, Note, Which, Why
from socialflow.standing import Reason as Because

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
    return Stage(
        name,
        states,
        done=done,
        role=draw(some(ROLES, 2)),
        signs=draw(st.sampled_from((None, "revision", "revision", "visit"))),
        releases=draw(st.integers(0, 3)) == 0,
        may_edit={state: draw(st.sampled_from((*ROLES, "*"))) for state in draw(some(states, 2))},
        enter=draw(st.sampled_from(((), (), (), has("body"), responsible_named(name), cleared()))),
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
        where = {"target": draw(st.sampled_from(ahead))} if ahead else {"goto": "end.rejected"}
        guard = draw(st.sampled_from((has("body"), ~has("body"), cleared(), signed_off())))
        return Action(kind, states[n], **where, rules=guard, automatic=True)
    sources = draw(some(states, 3)) or states[:1]
    if kind == "back":
        goto = draw(some([*earlier, "end.rejected", "end.closed"], 2)) or ["end.closed"]
        return Action(kind, sources, goto=goto, **draw(_demands()))
    return Action(kind, sources, **draw(_demands()), effects=Effect("notify", {"whom": "all"}))


@st.composite
def _demands(draw: st.DrawFn) -> dict[str, Any]:
    """What an action asks of the command and of the item."""
    form = draw(st.sampled_from((None, None, None, Reason, Retitle, Rewrite)))
    rules = draw(some(RULES, 2)) if draw(st.booleans()) else []
    if form is Reason and draw(st.booleans()):
        rules.append(brief())
    keeps = {Retitle: "title", Rewrite: "body"}.get(form, ())
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


@st.composite
def members(draw: st.DrawFn) -> Member:
    """Somebody with grants here and there, now and then; some of no known role."""
    scopes = st.sampled_from((Scope(), Scope(brand="acme"), Scope(brand="acme", region="north")))
    turns = st.one_of(st.none(), st.integers(-3, 3).map(lambda h: NOON + timedelta(hours=h)))
    periods = st.tuples(turns, turns).filter(lambda two: None in two or two[0] < two[1])
    grants = st.builds(
        lambda role, scope, period: Grant(role, scope, since=period[0], until=period[1]),
        st.sampled_from((*ROLES, "stranger")),
        scopes,
        periods,
    )
    return Member(draw(st.sampled_from(("ann", "ed", "zoe"))), draw(st.lists(grants, max_size=5)))


def born(workflow: Workflow, scope: Scope, data: dict[str, Any]) -> Event:
    """The first event of an item, by somebody who holds every role."""
    command = Command("create", EVERYBODY.id, NOON, data)
    event = found(workflow, "item", command, EVERYBODY, Origin(workflow.digest, None, scope))
    assert isinstance(event, Event), event
    return event


@st.composite
def histories(draw: st.DrawFn, workflow: Workflow, most: int = 6) -> list[Event]:
    """The events of an item: its birth, then what some members found open to them."""
    birth = {"title": draw(texts)} | draw(st.sampled_from(({}, {"body": "b"})))
    events = [born(workflow, Scope(brand="acme"), birth)]
    item = apply(None, events[0])
    known = draw(facts)
    for n in range(1, 1 + draw(st.integers(min(2, most), most))):
        member = draw(st.sampled_from((EVERYBODY, *TEAM[:4])))
        at = NOON + timedelta(minutes=n)
        open_ = [
            one
            for one in options(workflow, item, member, at, facts=known)
            if one.answer != "no" and one.action not in ("note", "claim", "release", "vote")
        ]
        moves = [one for one in open_ if one.action not in STANDING]
        open_ += moves + moves
        if not open_:
            continue
        command = draw(fitting(draw(st.sampled_from(open_)), member, at))
        event = decide(workflow, item, command, member, facts=known)
        if isinstance(event, Event):
            events.append(event)
            item = apply(item, event)
    return events


@st.composite
def fitting(draw: st.DrawFn, option: Option, member: Member, at: datetime) -> Command:
    """The command that takes an option, with valid data and one of its targets."""
    data = draw(valid_data(option))
    to = draw(st.sampled_from(option.targets)) if option.targets else None
    return Command(option.action, member.id, at, data, to)


def valid_data(option: Option) -> st.SearchStrategy[dict[str, Any] | None]:
    """Data that fits an option: its form, the fields that may be edited, or none."""
    if option.form is Which:
        return st.just({"stage": option.stage})
    if option.form is not None:
        return FORM_DATA[option.form]
    if option.action == "edit":
        return st.dictionaries(st.sampled_from(("title", "body")), texts, min_size=1)
    return st.none()


@st.composite
def commands(draw: st.DrawFn, workflow: Workflow, member: Member) -> Command:
    """Any command with an action of *workflow*, most of them out of place somehow."""
    full = [*workflow.action_names, *(name for name in STANDING if name not in ("create", "adopt"))]
    short = [name.partition(".")[2] for name in workflow.action_names if "." in name]
    automatic = {"auto"}
    names = [name for name in full + short if name not in automatic]
    data = st.one_of(
        st.none(),
        st.sampled_from(list(FORM_DATA.values())).flatmap(lambda one: one),
        st.sampled_from(({}, {"title": 7}, {"body": None}, {"nonsense": "x"}, {"stage": "alpha"})),
    )
    to = st.sampled_from((None, None, "alpha", "end.rejected", "alpha.one", "nowhere"))
    waive = st.dictionaries(st.sampled_from(("has", "not_four_eyes", "four_eyes")), texts)
    return Command(
        draw(st.sampled_from(names)), member.id, NOON, draw(data), draw(to), waive=draw(waive)
    )
