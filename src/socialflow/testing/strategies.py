"""Strategies: workflows, people, items that have a history, and commands, for Hypothesis to draw.

Everything is built so that it is valid; nothing is drawn and thrown away. Where the library is
installed, Hypothesis knows them by type: ``st.from_type(Workflow)``.

What is drawn for a workflow of your own is made out of its forms and roles.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from socialflow.births import found
from socialflow.decisions import apply, decide, rebuild
from socialflow.definitions import Workflow
from socialflow.items import Command, Event, Item, Origin
from socialflow.options import Option, options
from socialflow.people import Grant, Member, Scope, Team
from socialflow.plans import plan_of
from socialflow.standing import STANDING, Which
from socialflow.testing.inventing import (
    EVERYBODY,
    FORM_DATA,
    NOON,
    ROLES,
    RULES,
    TEAM,
    Post,
    Reason,
    Retitle,
    Rewrite,
    brief,
    cleared,
    facts,
    some,
    texts,
    workflows,
)
from socialflow.testing.reading import actions_of
from socialflow.testing.samples import Samples

__all__ = [
    "EVERYBODY",
    "FORM_DATA",
    "NOON",
    "RULES",
    "TEAM",
    "Post",
    "Reason",
    "Retitle",
    "Rewrite",
    "born",
    "brief",
    "cast_of",
    "cleared",
    "commands",
    "events",
    "facts",
    "fitting",
    "histories",
    "items",
    "members",
    "some",
    "teams",
    "texts",
    "valid_data",
    "workflows",
]


@st.composite
def members(draw: st.DrawFn) -> Member:
    """Somebody with grants here and there, now and then; some of no known role."""
    scopes = st.sampled_from((Scope(), Scope(brand="acme"), Scope(brand="acme", region="north")))
    hours = st.one_of(st.none(), st.integers(-3, 3))
    periods = st.tuples(hours, hours).map(_period)
    grants = st.builds(
        lambda role, scope, period: Grant(role, scope, since=period[0], until=period[1]),
        st.sampled_from((*ROLES, "stranger")),
        scopes,
        periods,
    )
    return Member(draw(st.sampled_from(("ann", "ed", "zoe"))), draw(st.lists(grants, max_size=5)))


def _period(hours: tuple[int | None, int | None]) -> tuple[datetime | None, datetime | None]:
    """From the one to the other, or to the hour behind it, where that is no time at all."""
    since, until = hours
    if since is not None and until is not None and until <= since:
        until = since + 1
    begins, ends = (None if n is None else NOON + timedelta(hours=n) for n in (since, until))
    return begins, ends


@st.composite
def teams(draw: st.DrawFn) -> Team:
    """At most three of different names, one of them with every role."""
    drawn = draw(st.lists(members(), max_size=2, unique_by=lambda member: member.id))
    return Team((EVERYBODY, *drawn))


def cast_of(workflow: Workflow) -> tuple[Member, ...]:
    """Who acts in a workflow: one who holds every role, and some who do not."""
    if workflow.fields is Post:
        return (*TEAM[:4],)
    roles = sorted(workflow.role_names)
    return (Member(EVERYBODY.id, roles), *(Member(f"only {role}", role) for role in roles))


def born(workflow: Workflow, scope: Scope, data: dict[str, Any] | None) -> Event:
    """The first event of an item, by somebody who holds every role."""
    by = cast_of(workflow)[0]
    command = Command("create", by.id, NOON, data)
    event = found(workflow, "item", command, by, Origin(workflow.digest, None, scope))
    assert isinstance(event, Event), event
    return event


@st.composite
def histories(draw: st.DrawFn, workflow: Workflow | None = None, most: int = 6) -> list[Event]:
    """The events of an item: its birth, then what some members found open to them."""
    workflow = draw(workflows()) if workflow is None else workflow
    events = [born(workflow, Scope(brand="acme"), draw(_births(workflow)))]
    item = apply(None, events[0])
    known = draw(facts)
    cast = cast_of(workflow)
    for n in range(1, 1 + draw(st.integers(min(2, most), most))):
        member = draw(st.sampled_from((cast[0], *cast)))
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
        command = draw(fitting(draw(st.sampled_from(open_)), member, at, workflow))
        event = decide(workflow, item, command, member, facts=known)
        if isinstance(event, Event):
            events.append(event)
            item = apply(item, event)
    return events


def items(workflow: Workflow | None = None) -> st.SearchStrategy[Item]:
    """An item of *workflow*, or of any, that something has happened to."""
    return histories(workflow).map(rebuild)


def events(workflow: Workflow | None = None) -> st.SearchStrategy[Event]:
    """The last thing that has happened to an item."""
    return histories(workflow).map(lambda history: history[-1])


def _births(workflow: Workflow) -> st.SearchStrategy[dict[str, Any] | None]:
    if workflow.fields is Post:
        title = st.fixed_dictionaries({"title": texts})
        return st.builds(lambda one, more: one | more, title, st.sampled_from(({}, {"body": "b"})))
    if workflow.fields is None:
        return st.none()
    return st.sampled_from(Samples().fitting(workflow.fields))


@st.composite
def fitting(
    draw: st.DrawFn,
    option: Option,
    member: Member,
    at: datetime,
    workflow: Workflow | None = None,
) -> Command:
    """The command that takes an option, with valid data and one of its targets."""
    data = draw(valid_data(option, workflow))
    to = draw(st.sampled_from(option.targets)) if option.targets else None
    return Command(option.action, member.id, at, data, to)


def valid_data(
    option: Option, workflow: Workflow | None = None
) -> st.SearchStrategy[dict[str, Any] | None]:
    """Data that fits an option: its form, the fields that may be edited, or none."""
    if option.form is Which:
        return st.just({"stage": option.stage})
    if option.form is not None:
        known = FORM_DATA.get(option.form)
        return known if known is not None else st.sampled_from(Samples().fitting(option.form))
    if option.action == "edit" and workflow is not None and workflow.fields is not Post:
        return st.sampled_from([*Samples().edits(plan_of(workflow).editable, {})])
    if option.action == "edit":
        return st.dictionaries(st.sampled_from(("title", "body")), texts, min_size=1)
    return st.none()


@st.composite
def commands(
    draw: st.DrawFn, workflow: Workflow | None = None, member: Member | None = None
) -> Command:
    """Any command with an action of *workflow*, most of them out of place somehow."""
    workflow = draw(workflows()) if workflow is None else workflow
    member = draw(st.sampled_from(cast_of(workflow))) if member is None else member
    full = [*workflow.action_names, *(name for name in STANDING if name not in ("create", "adopt"))]
    short = [name.partition(".")[2] for name in workflow.action_names if "." in name]
    by_system = {name for name, one in actions_of(workflow).items() if one.by_system}
    by_system |= {name.rpartition(".")[2] for name in by_system}
    names = [name for name in full + short if name not in by_system]
    data: st.SearchStrategy[dict[str, Any] | None] = st.one_of(
        st.none(),
        st.sampled_from(list(FORM_DATA.values())).flatmap(lambda one: one),
        st.sampled_from(({}, {"title": 7}, {"body": None}, {"nonsense": "x"}, {"stage": "alpha"})),
    )
    to = st.sampled_from((None, None, "alpha", "end.rejected", "alpha.one", "nowhere"))
    waive = st.dictionaries(st.sampled_from(("has", "not_four_eyes", "four_eyes")), texts)
    return Command(
        draw(st.sampled_from(names)), member.id, NOON, draw(data), draw(to), waive=draw(waive)
    )
