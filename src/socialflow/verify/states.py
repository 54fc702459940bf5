"""States: an item, with everything forgotten that a view does not look at.

Times, versions and visits are forgotten; of the content it is known only which is the same as what
somebody voted on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

import attrs

from socialflow.items import (
    Beside,
    Item,
    Signature,
    Token,
    Vote,
    new_item,
    new_token,
)
from socialflow.plain import EMPTY, FrozenDict
from socialflow.verify.models import Model
from socialflow.verify.rewritten import Reading

__all__ = ["Below", "Forgetting", "Past", "State"]

Below = tuple[tuple[str, frozenset[str]], ...]
"""For each kind of children that an open stage follows, the states that they are in."""


class Past(NamedTuple):
    """The last thing that happened, if it may be undone: what, by whom, and the item before."""

    action: str
    by: str
    item: Item


class State(NamedTuple):
    """Where a proof is."""

    item: Item
    below: Below = ()
    past: Past | None = None


Text = tuple[tuple[str, Any], ...]


@attrs.frozen(slots=False, eq=False)
class Forgetting:
    """Makes states out of items."""

    model: Model

    def state(self, item: Item, below: Below, past: Past | None) -> State:
        """The state that an item is in, as it is after a step."""
        names: dict[Text, str] = {}
        if self.model.view.alike:
            item, past = self._renamed_people(item, past)
        now = self._data(item.data, names)
        votes = self._votes(item, names)
        kept = Past(*past[:2], self._item(past.item, names, ())) if past is not None else None
        open_ = {token.stage for token in item.tokens}
        following = self.model.plan.follows
        watched = {one.workflow for stage, one in following.items() if stage in open_}
        left = tuple(one for one in below if one[0] in watched)
        return State(self._item(item, names, votes, now), left, kept)

    def _item(
        self,
        item: Item,
        names: dict[Text, str],
        votes: tuple[Vote, ...] | None = None,
        data: FrozenDict | None = None,
    ) -> Item:
        model = self.model
        marks = tuple(one for one in item.marks if one in model.marks) if item.marks else ()
        rounds = self._rounds(item) if item.rounds else EMPTY
        return new_item(
            "item",
            None,
            model.workflow.digest,
            item.scope,
            tuple(self._token(one) for one in item.tokens),
            self._idle(item.idle),
            self._data(item.data, names) if data is None else data,
            self._people(item.contributors),
            self._people(item.authors) if self.model.looks_back else (),
            self._signatures(item, names),
            1,
            Beside(None, 0, rounds, marks, self._votes(item, names) if votes is None else votes),
        )

    def _rounds(self, item: Item) -> FrozenDict:
        """The kinds whose children an open stage follows."""
        following = self.model.plan.follows
        watched = {following[t.stage].workflow for t in item.tokens if t.stage in following}
        return FrozenDict({kind: 1 for kind in sorted(item.rounds) if kind in watched})

    def _token(self, token: Token) -> Token:
        responsible = token.responsible if self.model.names else None
        return new_token(token.state, 1, self.model.setting.at, responsible)

    def _idle(self, idle: tuple[Token, ...]) -> tuple[Token, ...]:
        if not self.model.names:
            return ()
        named = [one for one in idle if one.responsible is not None]
        states = self.model.workflow.stage
        return tuple(
            new_token(states(one.stage).initial, 0, self.model.setting.at, one.responsible)
            for one in named
        )

    def _people(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(one for one in ids if self.model.view.follows(one)))

    def _renamed_people(self, item: Item, past: Past | None) -> tuple[Item, Past | None]:
        """Both, with those called alike who may stand for each other."""
        items = (item,) if past is None else (item, past.item)
        named = self.model.sorts.renaming(items, past.by if past is not None else "")
        item, *before = (_with_people(one, named) for one in items)
        if past is not None:
            past = Past(past.action, named.get(past.by, past.by), before[0])
        return item, past

    # -- content

    def _data(self, data: FrozenDict, names: dict[Text, str]) -> FrozenDict:
        model = self.model
        kept = {name: data[name] for name in model.values if name in data}
        if model.carrier:
            kept[model.carrier] = _named(names, self._text(data))
        return FrozenDict(kept)

    def _text(self, data: FrozenDict) -> Text:
        return tuple((name, data[name]) for name in self._hidden if name in data)

    @cached_property
    def _hidden(self) -> tuple[str, ...]:
        return tuple(sorted(self.model.hidden))

    @cached_property
    def _contents(self) -> dict[str, FrozenDict]:
        """Everything that was ever voted on or signed, by its digest."""
        return {}

    @cached_property
    def _revisions(self) -> dict[FrozenDict, str]:
        return {}

    def _revision(self, data: FrozenDict) -> str:
        known = self._revisions.get(data)
        if known is None:
            known = self.model.workflow.revision_of(data)
            self._revisions[data] = known
            self._contents[known] = data
        return known

    def remember(self, item: Item) -> None:
        """Take note of what the content of an item is, before anything happens to it."""
        self._revision(item.data)

    def _renamed(self, revision: str, item: Item, names: dict[Text, str]) -> str:
        """The digest of the same content, as it is called in the new state."""
        if not revision:
            return ""
        self._revision(item.data)
        return self._revision(self._data(self._contents[revision], names))

    # -- votes and signatures

    def _votes(self, item: Item, names: dict[Text, str]) -> tuple[Vote, ...]:
        if not item.votes or not self.model.view.everybody:
            return ()
        visits = {token.stage: token.visit for token in item.tokens}
        taken: set[tuple[str, str, str]] = set()
        kept: list[Vote] = []
        for vote in reversed(item.votes):
            ballots = tuple(
                name
                for name in self._standing(vote, visits.get(vote.stage))
                if (vote.by, vote.action, name) not in taken
            )
            taken.update((vote.by, vote.action, name) for name in vote.ballots)
            if ballots:
                kept.append(self._vote(vote, ballots, item, names))
        return _sorted(reversed(kept))

    def _standing(self, vote: Vote, visit: int | None) -> Iterable[str]:
        """The ballots in which a vote may still count."""
        chain = {one.name: one for one in self.model.plan.chains[vote.action].ballots}
        for name in vote.ballots:
            if vote.visit == visit or chain[name].standing == "revision":
                yield name

    def _vote(
        self, vote: Vote, ballots: tuple[str, ...], item: Item, names: dict[Text, str]
    ) -> Vote:
        revision = self._renamed(vote.revision, item, names)
        visit = (
            1
            if any(one.visit == vote.visit for one in item.tokens if one.stage == vote.stage)
            else 0
        )
        return attrs.evolve(vote, ballots=ballots, visit=visit, revision=revision)

    @cached_property
    def _decided(self) -> frozenset[str]:
        """Names of ballots of which it is known whether they are asked for."""
        reading = Reading(self.model.view, self.model.chances)
        actions = self.model.setting.workflow.stages
        every = [one for stage in actions for action in stage.actions for one in action.ballots]
        every += [one for action in self.model.setting.workflow.actions for one in action.ballots]
        return frozenset(one.name for one in every if all(map(reading.is_decided, one.when)))

    def _signatures(self, item: Item, names: dict[Text, str]) -> tuple[Signature, ...]:
        return tuple(
            sorted(
                (
                    Signature(
                        one.stage,
                        0,
                        self._renamed(one.revision, item, names),
                        one.action,
                        tuple(n for n in one.ballots if n in self._decided),
                    )
                    for one in item.signatures
                ),
                key=lambda one: one.stage,
            )
        )


def _with_people(item: Item, named: dict[str, str]) -> Item:
    return attrs.evolve(
        item,
        contributors=tuple(named.get(one, one) for one in item.contributors),
        authors=tuple(named.get(one, one) for one in item.authors),
    )


def _named(names: dict[Text, str], text: Text) -> str:
    """The name of a content: the first one met is "text 0", the next other one "text 1"."""
    known = names.get(text)
    if known is None:
        known = names[text] = f"text {len(names)}"
    return known


def _sorted(votes: Iterable[Vote]) -> tuple[Vote, ...]:
    """Votes on the same subject in one order; subjects in the order in which they came up."""
    subjects: dict[object, list[Vote]] = {}
    for vote in votes:
        subjects.setdefault((vote.action, vote.subject), []).append(vote)
    return tuple(
        vote
        for several in subjects.values()
        for vote in sorted(several, key=lambda one: (one.by, one.choice, one.ballots))
    )
