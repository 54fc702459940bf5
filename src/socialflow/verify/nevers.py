"""What must never be: states without an approval, and deeds of those who must not do them."""

from __future__ import annotations

from typing import Any

import attrs

from socialflow.definitions import Workflow
from socialflow.errors import DefinitionError
from socialflow.plain import FrozenDict, freeze
from socialflow.stages import stages_in
from socialflow.verify.approvals import Approval
from socialflow.verify.happenings import Happening
from socialflow.verify.properties import (
    BROKEN,
    NOBODY,
    Book,
    Safety,
    conditions,
    holds,
    nothing_satisfies,
    when_told,
)
from socialflow.verify.views import View
from socialflow.verify.words import (
    actions_like,
    actions_of,
    check_data,
    check_role,
    code,
    either,
    states_like,
    states_of,
)

__all__ = ["Never", "Nobody", "never"]


@attrs.frozen(kw_only=True, repr=False)
class Never(Safety):
    """That an item is never in one of these states; see `never`."""

    states: tuple[str, ...]
    missing: tuple[Approval, ...] = ()
    when_: FrozenDict = attrs.field(factory=FrozenDict)

    def without(self, *approvals: Approval | str) -> Never:
        """Unless all of *approvals* stand when it comes there; a text is an action."""
        told = tuple(Approval((one,)) if isinstance(one, str) else one for one in approvals)
        return attrs.evolve(self, missing=(*self.missing, *told))

    def when(self, **data: Any) -> Never:
        """Only where the item's data are so."""
        return attrs.evolve(self, when_=freeze({**self.when_, **data}))

    def __str__(self) -> str:
        told = f"never in {either(self.states)}{when_told(self.when_)}"
        if self.missing:
            told += f" without {' and '.join(map(str, self.missing))}"
        return told + self._apart_told()

    def __repr__(self) -> str:
        told = code("never", *self.states)
        told += code(".without", *self.missing) if self.missing else ""
        told += code(".when", **self.when_) if self.when_ else ""
        return told + self._apart_code()

    @property
    def is_about_people(self) -> bool:
        """Whether it matters who does it."""
        return any(one.other for one in self.missing)

    def concerns(self, workflow: Workflow) -> tuple[frozenset[str], ...]:
        """Sets of actions: somebody is concerned who may do one of each."""
        names = tuple(name for one in self.missing if one.other for name in one.actions)
        return (actions_of(workflow, names), _writing(workflow))

    def view(self) -> View:
        """What it looks at, people left out."""
        roles = frozenset(one.role for one in self.missing if one.role)
        return super().view() | conditions(self.when_) | View(roles=roles)

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there, or if nothing could satisfy it."""
        where = str(self)
        states = states_like(workflow, self.states, where)
        self._check_apart(workflow)
        check_data(workflow, self.when_, where)
        for one in self.missing:
            one.check(workflow, where)
        first = {stage.initial for stage in stages_in(workflow.steps[:1])}
        if states & first and not self.when_:
            told = f"every item begins in {either(sorted(states & first))}"
            raise nothing_satisfies(where, told, "name states that are entered later")

    def begin(self) -> Book:
        """A page for each approval."""
        return tuple(one.begin() for one in self.missing)

    def after(self, workflow: Workflow, book: Book, told: Happening) -> Book:
        """The book after one more event."""
        assert isinstance(book, tuple)
        pages = tuple(
            one.after(page, told, actions_of(workflow, one.actions))
            for one, page in zip(self.missing, book, strict=True)
        )
        states = states_of(workflow, self.states)
        comes_there = not states.isdisjoint(told.entered) and holds(told.data, self.when_)
        passed = bool(pages) and all(page.stands for page in pages)
        return BROKEN if comes_there and not passed else pages


@attrs.frozen(kw_only=True, repr=False)
class Nobody(Safety):
    """That nobody of a role or kind ever does something; see `never`."""

    role: str = ""
    kind: str = ""
    actions: tuple[str, ...] = ()

    def does(self, *actions: str) -> Nobody:
        """What they never do; a vote for it counts."""
        return attrs.evolve(self, actions=(*self.actions, *actions))

    def __str__(self) -> str:
        who = f"{self.role}" if self.role else f"anybody of kind {self.kind}"
        return f"never does {who} {either(self.actions)}{self._apart_told()}"

    def __repr__(self) -> str:
        told = {"role": self.role} if self.role else {"kind": self.kind}
        return code("never", **told) + code(".does", *self.actions) + self._apart_code()

    def view(self) -> View:
        """What it looks at, people left out."""
        roles = frozenset({self.role}) if self.role else NOBODY
        named = frozenset(self.actions)
        return super().view() | View(roles=roles, kinds=bool(self.kind), named=named)

    def check(self, workflow: Workflow) -> None:
        """Raise if it names what is not there, or if nothing could satisfy it."""
        where = str(self)
        if not self.actions:
            raise DefinitionError.because(
                "property", where, "it does not say what is never done", "add .does(...)"
            )
        actions_like(workflow, self.actions, where)
        self._check_apart(workflow)
        if self.role:
            check_role(workflow, self.role, where)

    def after(self, workflow: Workflow, book: Book, told: Happening) -> Book:
        """The book after one more event."""
        theirs = self.role in told.roles if self.role else told.kind == self.kind
        done = {told.asked, *told.taken}
        if theirs and done & actions_of(workflow, self.actions):
            return BROKEN
        return book


def never(*states: str, role: str = "", kind: str = "") -> Any:
    """That an item is never in *states*; or that nobody of a *role* or *kind* ever ``does`` it.

    Example:
        >>> str(never("publish.live").without("approval.approve"))
        'never in publish.live without approval.approve'
        >>> str(never(role="agency").does("answer", "reply_*"))
        'never does agency answer or reply_*'
    """
    if bool(states) + bool(role) + bool(kind) != 1:
        raise DefinitionError.because(
            "property", "never", "it is about states, or a role, or a kind of people", "say one"
        )
    return Never(states=states) if states else Nobody(role=role, kind=kind)


def _writing(workflow: Workflow) -> frozenset[str]:
    """Full names of what writes content."""
    content = {*workflow.content}
    found = {"edit", "create"}
    for stage in workflow.stages:
        found |= {stage.full(one.name) for one in stage.actions if content & {*one.keeps}}
    return frozenset(found | {one.name for one in workflow.actions if content & {*one.keeps}})
