"""Staffing: can this team do what this workflow asks for?

What is found is about people: who may, who is left if somebody has written it, who is left if
somebody is away. Rules are taken to hold, and every ballot to be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import combinations, product

import attrs

from socialflow.ballots import Ballot
from socialflow.definitions import Workflow
from socialflow.errors import Finding
from socialflow.people import EVERYWHERE, Member, Scope, Team
from socialflow.places import path
from socialflow.policies import BY_ROLE
from socialflow.protocols import Policy
from socialflow.stages import Stage
from socialflow.verify.crews import Crew, is_by_system
from socialflow.verify.roads import Roads
from socialflow.ways import Way

__all__ = ["staffing"]

EVERYBODY_MAY = ("note", "vote", "claim", "release", "undo", "resume", "unarchive")
"""Commands whose roles follow from others."""


def staffing(
    workflow: Workflow,
    team: Team,
    *,
    scopes: Iterable[Scope] = (),
    at: datetime | None = None,
    leads: Iterable[str] = (),
    absent: int = 0,
    policy: Policy = BY_ROLE,
) -> tuple[Finding, ...]:
    """What stands against running *workflow* with *team*, each with what would help.

    An error where items come to stand still; a warning where something cannot be done, or hangs on
    one person. The children of the workflow are looked at as well, each once.

    Args:
        workflow: What there is to do.
        team: Who is there to do it.
        scopes: Where items belong; the places that grants name, or everywhere if none names one.
        at: The moment at which grants have to hold; now, if not said.
        leads: Roles that one member holds in one place: where two do is a finding.
        absent: How many may be away at once without a stage standing still.
        policy: As of the engine.

    Example:
        >>> from socialflow import Action, Stage
        >>> from socialflow.rules import four_eyes
        >>> review = Stage(
        ...     "review",
        ...     ("waiting", "passed"),
        ...     role="editor",
        ...     may_edit={"waiting": "author"},
        ...     actions=[Action("pass", "waiting", "passed", rules=four_eyes())],
        ... )
        >>> text = attrs.make_class("Text", {"body": attrs.field(type=str)})
        >>> workflow = Workflow("text", [review], fields=text, content="body")
        >>> alone = Team([Member("ann", ["author", "editor"])])
        >>> [found.code for found in staffing(workflow, alone)]
        ['four_eyes']
    """
    moment = datetime.now(UTC) if at is None else at
    found = [*team.check(_role_names(workflow))]
    found += [one for role in leads for one in team.overlaps(role)]
    for scope in tuple(scopes) or _places(team):
        for where, kind in _family(workflow):
            found += _findings(Crew(kind, team, scope, moment, policy), where, absent)
    return tuple(dict.fromkeys(found))


def _role_names(workflow: Workflow) -> frozenset[str]:
    below = (_role_names(child) for child in workflow.kinds.values())
    return workflow.role_names.union(*below)


def _places(team: Team) -> tuple[Scope, ...]:
    """Every place that a grant names, one value in each dimension; everywhere, if there is none."""
    named = dict.fromkeys(grant.scope for one in team.members for grant in one.grants)
    single = (
        Scope(**dict(zip(scope, values, strict=True)))
        for scope in named
        if scope.specificity
        for values in product(*(sorted(scope[name]) for name in scope))
    )
    return tuple(dict.fromkeys(single)) or (EVERYWHERE,)


def _family(workflow: Workflow) -> Iterator[tuple[str, Workflow]]:
    """A workflow and those below it, each once with its first place, whatever it is below."""
    waiting, seen = [(workflow.name, workflow)], set()
    for where, one in waiting:
        if one.digest not in seen:
            seen.add(one.digest)
            yield where, one
            waiting += [(path(where, kind.name), kind) for kind in one.kinds.values()]


def _findings(crew: Crew, where: str, absent: int) -> Iterator[Finding]:
    """What is found about a workflow."""
    report = _Report(crew, where)
    yield from report.nobody()
    yield from report.ballots()
    yield from report.responsible()
    yield from report.standing_still()
    yield from report.four_eyes()
    yield from report.while_away(absent)


@attrs.frozen(slots=False, eq=False)
class _Report:
    """What there is to say about one workflow, in one place."""

    crew: Crew
    where: str
    roads: tuple[Roads, ...] = attrs.field(init=False)

    @roads.default
    def _(self) -> tuple[Roads, ...]:
        return tuple(Roads(self.crew, stage) for stage in self.crew.workflow.stages)

    # -- actions and ballots

    def nobody(self) -> Iterator[Finding]:
        """Actions that no member may do."""
        for way in self._asked_for():
            if not (self.crew.may(way) or way.ballots):
                yield Finding(
                    "nobody",
                    self._place(way),
                    f"nobody may do it: it needs {_or(_roles(self.crew, way))}{self._denied(way)}",
                    self._grant(way, _roles(self.crew, way), ()),
                    "warning",
                )

    def ballots(self) -> Iterator[Finding]:
        """Ballots for which there are too few, whoever has written the content."""
        for way in self._asked_for():
            for ballot, roles in _declared(self.crew, way):
                voters = self.crew.voters(ballot, way, None)
                if not self.crew.carries(ballot, way, None):
                    yield Finding(
                        "too_few",
                        path(self._place(way), ballot.name),
                        f"it cannot be carried: it takes {_quorum(ballot)} of {_or(roles)}, and "
                        f"there is {_and(voters) or 'nobody'}{self._denied(way)}",
                        self._grant(way, roles, voters),
                        "warning",
                    )

    def _asked_for(self) -> Iterator[Way]:
        births = [
            self.crew.plan.birth(name)
            for name in ("create", "adopt")
            if self.crew.workflow.rights.get(name)
        ]
        for way in (*births, *self.crew.ways):
            if way.roles and way.name not in EVERYBODY_MAY and not is_by_system(way):
                yield way

    # -- stages

    def responsible(self) -> Iterator[Finding]:
        """Stages whose role no member holds."""
        for stage in self.crew.workflow.stages:
            duty = stage.full("*")
            held = (self.crew.holds(one, stage.role, duty) for one in self.crew.members)
            if stage.role and not any(held):
                yield Finding(
                    "nobody_responsible",
                    self._at(stage),
                    f"nobody is responsible: no member holds {_or(stage.role)}",
                    f"grant {stage.role[0]} to somebody, or give the stage another role",
                    "warning",
                )

    def standing_still(self) -> Iterator[Finding]:
        """Stages out of which nobody can bring an item, whoever has written it."""
        for road in self.roads:
            for state in road.stuck(None)[:1]:
                ways = _or(way.name for way in road.ways_on(state))
                yield Finding(
                    "stands_still",
                    self._at(road.stage),
                    f"nobody can bring an item on from {state}",
                    f"somebody has to be there for {ways}",
                )

    def four_eyes(self) -> Iterator[Finding]:
        """What cannot be passed by somebody who has not written it."""
        blocked = {one.id: self._blocked(one) for one in self.crew.authors}
        whoever = all(blocked.values())
        for way in self._asked_for():
            if not self.crew.can(way, None):
                continue
            authors = [one for one in self.crew.authors if not self.crew.can(way, one)]
            waiting = [one for one in authors if self._stage_of(way) in blocked[one.id]]
            if waiting:
                yield self._unseen(way, waiting, "error" if whoever else "warning")
            elif authors and len(authors) == len(blocked):
                yield self._unseen(way, authors, "warning")

    def _blocked(self, author: Member) -> frozenset[str]:
        """Stages in which what *author* has written comes to stand still for that reason."""
        return frozenset(r.stage.name for r in self.roads if r.stuck(author) and not r.stuck(None))

    def _stage_of(self, way: Way) -> str:
        return way.source.partition(".")[0]

    def _unseen(self, way: Way, authors: list[Member], severity: str) -> Finding:
        names = _or(one.id for one in authors)
        place, roles = self._place(way), _roles(self.crew, way)
        for ballot, theirs in _declared(self.crew, way):
            if not all(self.crew.carries(ballot, way, one) for one in authors):
                place, roles = path(place, ballot.name), theirs
                break
        told = f"whatever {names} has written, nobody else may pass it"
        return Finding("four_eyes", place, told, self._grant(way, roles, authors, True), severity)

    def while_away(self, absent: int) -> Iterator[Finding]:
        """Stages that stand still as soon as so many are away, and not with fewer."""
        crew = self.crew
        for road in self.roads:
            found: list[frozenset[str]] = []
            if road.stuck(None):
                continue
            for n in range(1, absent + 1):
                for some in combinations([one.id for one in crew.members], n):
                    away = frozenset(some)
                    if not any(one <= away for one in found) and self._waits(road, away):
                        found.append(away)
                        yield Finding(
                            "stands_still",
                            self._at(road.stage),
                            f"it stands still while {_and(some)} is away",
                            "give a role that is needed there to one more member",
                            "warning",
                        )

    def _waits(self, road: Roads, away: frozenset[str]) -> bool:
        """Whether an item stands still there, whoever of those who are left has written it."""
        authors = [one for one in self.crew.authors if one.id not in away]
        return all(road.stuck(one, away) for one in authors or (None,))

    # -- places and remedies

    def _at(self, stage: Stage) -> str:
        return self._in_scope(path(self.where, stage.name))

    def _place(self, way: Way) -> str:
        names = way.full.split(".") if way.action else [way.full]
        if way.name == "edit":
            names = way.source.split(".") + names
        return self._in_scope(path(self.where, *names))

    def _in_scope(self, place: str) -> str:
        return f"{place} ({self.crew.scope})" if self.crew.scope.specificity else place

    def _denied(self, way: Way) -> str:
        denied = self.crew.denied(way)
        return f"; it is denied to {_and(denied)} by another role" if denied else ""

    def _grant(
        self, way: Way, roles: tuple[str, ...], but: Iterable[Member], writes: bool = False
    ) -> str:
        """Which role to give, and to whom."""
        who = "somebody who does not write it" if writes else "somebody else" if but else "somebody"
        for role in roles:
            one = self.crew.could(way, role, but)
            if one is not None:
                return f"grant {role} to {who}: {one.id}, for example"
        return f"bring in {who}, as {_or(roles)}"


def _roles(crew: Crew, way: Way) -> tuple[str, ...]:
    """The roles that are declared to open it, in their order."""
    if way.ballots:
        return tuple(dict.fromkeys(role for _, roles in _declared(crew, way) for role in roles))
    if way.action is None:
        return tuple(sorted(way.roles))
    said = way.action.roles
    return crew.workflow.stage(way.stage).role if said is None else said


def _declared(crew: Crew, way: Way) -> Iterator[tuple[Ballot, tuple[str, ...]]]:
    """Each ballot, and the roles that are declared to have a vote in it."""
    if way.action is None:
        yield from ((one, crew.workflow.rights[way.name]) for one in way.ballots)
    else:
        pairs = zip(way.ballots, way.action.ballots, strict=True)
        yield from ((ballot, declared.roles) for ballot, declared in pairs)


def _quorum(ballot: Ballot) -> str:
    return {"any": "one", "all": "all"}.get(str(ballot.quorum), str(ballot.quorum))


def _or(names: Iterable[str]) -> str:
    return " or ".join(names)


def _and(some: Iterable[Member | str]) -> str:
    return " and ".join(one if isinstance(one, str) else one.id for one in some)
