"""Speaking: what is said of an item without moving it: notes, votes, and the word to force it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from socialflow.errors import Refusal
from socialflow.items import Event
from socialflow.people import Member
from socialflow.plans import plan_of
from socialflow.testing.cases import Cases
from socialflow.testing.exploring import Explored
from socialflow.testing.nearmisses import without
from socialflow.testing.reaching import Situation, Try
from socialflow.testing.reading import denying, rights_in
from socialflow.testing.steps import Step
from socialflow.testing.trials import Obligation
from socialflow.testing.wording import who
from socialflow.ways import Way

__all__ = ["said_aloud"]


def said_aloud(explored: Explored, cases: Cases) -> Iterator[Obligation]:
    """Notes, votes and forces: who may, who may not, and what comes of them."""
    speaking = _Speaking(explored, cases)
    yield from speaking.notes()
    yield from speaking.votes()
    yield from speaking.forces()


@attrs.frozen
class _Speaking:
    explored: Explored
    cases: Cases

    def notes(self) -> Iterator[Obligation]:
        """A note is an entry more, and no version."""
        for place in list(self.explored.places.values())[:1]:
            for tried in self._by_each(place, "note", {"text": "it rains"}):
                yield from self._case(tried, f"a note in {tried.way.source}")
            yield from self._wrong(place, "note", {"text": "it rains"})
            yield from self._without(place, "note", {})

    def votes(self) -> Iterator[Obligation]:
        """A no and an abstention move nothing; only who may vote does, and on what is put to it."""
        for voting in self._put_to_the_vote():
            place, by = voting.situation, voting.step.by
            about: dict[str, Any] = {"action": voting.way.full}
            if voting.step.data:
                about["data"] = voting.step.data
            for choice in ("no", "abstain", "yes"):
                told = {**about, "choice": choice}
                for tried in self._tried(place, "vote", told, (by,), voting.step.to):
                    yield from self._case(tried, f"{choice} to {voting.way.full}")
            yield from self._wrong(place, "vote", about, voting.step.to)
            for tried in self._tried(place, "vote", {"action": "nothing"}, (by,)):
                yield from self._refused(tried, "a vote on what is not put to it", "no_vote")

    def forces(self) -> Iterator[Obligation]:
        """It takes two, for one reason and to one state."""
        for place in list(self.explored.places.values())[:1]:
            way = self._way(place, "force")
            if way is None:
                continue
            told, goal = {"reason": "the flood"}, (way.choices or way.targets)[-1]
            firsts = [*self._tried(place, "force", told, self._able(place, "force"), goal)]
            for one in firsts[:1]:
                yield from self._case(one, f"to force it to {goal} alone")
                if isinstance(one.outcome, Event):
                    after = self.cases.reach.after(one)
                    others = self._able(place, "force")
                    for two in self._tried(after, "force", told, others, goal):
                        times = "twice" if two.step.by == one.step.by else "as the second one"
                        yield from self._case(two, f"to force it to {goal} {times}")
            yield from self._wrong(place, "force", told, goal)
            yield from self._without(place, "force", {}, goal)

    # -- how

    def _put_to_the_vote(self) -> Iterator[Try]:
        seen = set()
        for tried in self.explored.accepted.values():
            subject = tried.way.full, tried.step.to
            if tried.way.ballots and tried.way.action is not None and subject not in seen:
                seen.add(subject)
                yield tried

    def _way(self, place: Situation, name: str) -> Way | None:
        plan = plan_of(self.cases.reach.workflow)
        ways = (plan.ways[token.state].get(name) for token in place.item.tokens)
        return next(filter(None, ways), None)

    def _able(self, place: Situation, name: str) -> tuple[Member, ...]:
        """Members who have the right to it."""
        reach, roles = self.cases.reach, self._roles(place, name)
        return tuple(m for m in reach.actors if {*m.roles(reach.scope, reach.at), "*"} & roles)

    def _roles(self, place: Situation, name: str) -> frozenset[str]:
        none: frozenset[str] = frozenset()
        rights = (rights_in(self.cases.reach.workflow, s) for s in place.item.marking)
        return none.union(*(right.get(name, none) for right in rights))

    def _tried(
        self,
        place: Situation,
        name: str,
        data: Mapping[str, Any],
        members: tuple[Member, ...],
        to: str | None = None,
    ) -> Iterator[Try]:
        way = self._way(place, name)
        for member in members if way is not None else ():
            assert way is not None
            tried = self.cases.reach.tried(place, way, Step(name, member, data, to))
            if tried is not None:
                yield tried

    def _by_each(self, place: Situation, name: str, data: Mapping[str, Any]) -> Iterator[Try]:
        yield from self._tried(place, name, data, self._able(place, name))

    def _case(self, tried: Try, told: str) -> Iterator[Obligation]:
        """What is said is taken, or refused for the one reason that the core tells."""
        by, source = who(tried.step.by), tried.way.source
        if isinstance(tried.outcome, Event):
            yield self.cases.accepted(tried, f"{told} is accepted in {source} from {by}")
        elif len(codes := {*tried.outcome.codes}) == 1:
            name = f"{told} is refused in {source} to {by}: {', '.join(codes)}"
            yield self.cases.refused(tried, name, *codes)

    def _wrong(
        self, place: Situation, name: str, data: Mapping[str, Any], to: str | None = None
    ) -> Iterator[Obligation]:
        """Who has none of the roles, and who has one that forbids it."""
        roles = self._roles(place, name)
        denied = denying(self.cases.reach.workflow, name)
        for member in without(self.cases, roles):
            is_denied = member.roles(self.cases.reach.scope, self.cases.reach.at) & denied
            for tried in self._tried(place, name, data, (member,), to):
                told = f"to {name}" if name != "note" else "a note"
                yield from self._refused(tried, told, "denied" if is_denied else "role")
        for role in sorted(denied):
            member = Member(f"somebody denied it as {role}", (*sorted(roles - {"*"})[:1], role))
            for tried in self._tried(place, name, data, (member,), to):
                yield from self._refused(tried, f"to {name}", "denied")

    def _without(
        self, place: Situation, name: str, data: Mapping[str, Any], to: str | None = None
    ) -> Iterator[Obligation]:
        for tried in self._tried(place, name, data, self._able(place, name)[:1], to):
            yield from self._refused(tried, f"to {name} without saying what", "data")

    def _refused(self, tried: Try, told: str, code: str) -> Iterator[Obligation]:
        if not isinstance(tried.outcome, Refusal) or {*tried.outcome.codes} == {code}:
            name = f"{told} is refused in {tried.way.source} to {who(tried.step.by)}"
            yield self.cases.refused(tried, name, code)
