"""Counting: which ballots are open, who may vote in them, and which are carried.

A vote counts as long as what it was given on is the same, for the present visit of its stage or
for as long as the content stays as it is, and unless its voter has written that content since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from socialflow.ballots import Ballot
from socialflow.cases import HOLDERS, Case
from socialflow.errors import Objection
from socialflow.items import Vote, stage_of
from socialflow.people import ANYONE, Member
from socialflow.plain import canonical, digest
from socialflow.policies import bound, entitled
from socialflow.rules import Rule, four_eyes
from socialflow.ways import Way

__all__ = ["carried", "may_vote", "opened", "vote_of"]

Subject = tuple[str, str, str | None]

_FOUR_EYES = four_eyes()


def vote_of(
    way: Way, case: Case, choice: str, to: str | None, data: Mapping[str, object] | None
) -> Vote:
    """What the member says about the action of *way*, in no ballot yet."""
    return Vote(
        way.full,
        choice,
        case.member.id,
        case.persons,
        (),
        stage_of(way.source),
        _visit(way, case),
        case.workflow.revision(case.item),
        digest(canonical(data)) if data else "",
        to,
    )


def opened(way: Way, case: Case) -> tuple[Ballot, ...]:
    """The ballots of *way* that are asked for, the item being as it is.

    One whose condition cannot be judged is asked for.
    """
    return tuple(one for one in way.ballots if not any(_rules_out(r, case) for r in one.when))


def _rules_out(rule: Rule, case: Case) -> bool:
    codes = {objection.code for objection in rule.objections(case)}
    return bool(codes) and codes.isdisjoint(("fact_missing", "rule_failed"))


def may_vote(
    way: Way, case: Case, vote: Vote, asked: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], tuple[Objection, ...]]:
    """Names of the ballots in which this vote may be given, or else what stands against it.

    Args:
        way: The action that is voted on.
        case: Who votes, on which item.
        vote: What they say.
        asked: In which ballots they want to say it; in all that are theirs, if empty.
    """
    open_ = opened(way, case)
    held = entitled(case.member, case, way.full)
    theirs = [one for one in open_ if _is_theirs(one, held, asked)]
    against = _FOUR_EYES.objections(case)
    barred = against if all(one.four_eyes for one in theirs or open_) else ()
    if not theirs:
        return (), (_no_ballot(way, case, open_, asked), *barred)
    left = {one.name: one for one in open_ if not _is_carried(one, way, case, vote.subject)}
    ready = [one for one in theirs if left.keys().isdisjoint(one.after)]
    if not ready:
        return (), (_too_early(way, case, vote, theirs, left), *barred)
    free = [one for one in ready if not (one.four_eyes and against)]
    if not free:
        return (), against
    new = [one for one in free if not _has_said(one, way, case, vote)]
    if not new and carried(way, case) is None:
        return (), (_voted(way, case, vote, open_),)
    return tuple(one.name for one in new or free), ()


def _is_theirs(ballot: Ballot, held: frozenset[str], asked: tuple[str, ...]) -> bool:
    if asked and ballot.name not in asked:
        return False
    return ANYONE in ballot.roles or not held.isdisjoint(ballot.roles)


def carried(way: Way, case: Case) -> tuple[Vote, tuple[str, ...]] | None:
    """A vote whose subject is carried in every open ballot, and the names of those ballots."""
    open_ = opened(way, case)
    now = case.workflow.revision(case.item)
    subjects = {
        vote.subject: vote
        for vote in case.item.votes
        if (vote.action, vote.choice, vote.revision) == (way.full, "yes", now)
    }
    for subject, vote in subjects.items():
        if open_ and all(_is_carried(ballot, way, case, subject) for ballot in open_):
            return vote, tuple(ballot.name for ballot in open_)
    return None


def _is_carried(ballot: Ballot, way: Way, case: Case, subject: Subject) -> bool:
    last = [vote for vote in _last_votes(ballot, way, case) if vote.subject == subject]
    ayes = [vote for vote in last if vote.choice == "yes"]
    if ballot.quorum == "all":
        return bool(ayes) and _silent(ballot, way, case, last) == []
    return _persons_in(ayes) >= _wanted(ballot)


def _wanted(ballot: Ballot) -> int:
    return 1 if ballot.quorum == "any" else int(ballot.quorum)


def _silent(ballot: Ballot, way: Way, case: Case, last: list[Vote]) -> list[str] | None:
    """Whose yes is missing where all have to agree; None if nobody knows who they are."""
    holders = case.facts.known(HOLDERS)
    if holders is None:
        return None
    said = {id for vote in last if vote.choice != "no" for id in vote.persons}
    return sorted({one.id for one in _electors(ballot, way, case, holders)} - said)


def _awaits(ballot: Ballot, way: Way, case: Case, subject: Subject) -> str:
    """Whose votes a ballot waits for: by name where that is known, or else how many of whom."""
    last = [vote for vote in _last_votes(ballot, way, case) if vote.subject == subject]
    roles = " or ".join(ballot.roles)
    if ballot.quorum == "all":
        names = _silent(ballot, way, case, last)
        return f"{ballot.name} by {' and '.join(names) if names else f'all of {roles}'}"
    ayes = [vote for vote in last if vote.choice == "yes"]
    return f"{ballot.name} by {_wanted(ballot) - _persons_in(ayes)} more of {roles}"


def _last_votes(ballot: Ballot, way: Way, case: Case) -> Iterator[Vote]:
    """What each member said last in a ballot, as far as it still counts."""
    item, visit = case.item, _visit(way, case)
    last: dict[str, Vote] = {}
    for vote in item.votes:
        here = vote.stage == stage_of(way.source)
        if here and vote.action == way.full and ballot.name in vote.ballots:
            last[vote.by] = vote
    for vote in last.values():
        lapsed = ballot.standing == "visit" and vote.visit != visit
        if not lapsed and not (ballot.four_eyes and {*vote.persons} & {*item.contributors}):
            yield vote


def _has_said(ballot: Ballot, way: Way, case: Case, vote: Vote) -> bool:
    """Whether the member has said the same in this ballot, for the same persons, and it counts."""
    said = (vote.by, vote.choice, vote.persons, vote.subject)
    return any(
        said == (one.by, one.choice, one.persons, one.subject)
        for one in _last_votes(ballot, way, case)
    )


def _persons_in(votes: list[Vote]) -> int:
    """How many persons these votes are, each counted once although others acted for them."""
    seen: set[str] = set()
    n = 0
    for vote in votes:
        if seen.isdisjoint(vote.persons):
            n += 1
        seen.update(vote.persons)
    return n


def _electors(
    ballot: Ballot, way: Way, case: Case, holders: Mapping[str, tuple[Member, ...]]
) -> Iterator[Member]:
    """Everybody whose yes is needed where all have to agree."""
    for role in ballot.roles:
        for member in holders.get(role, ()):
            held = entitled(member, case, way.full)
            wrote = ballot.four_eyes and member.id in case.item.contributors
            if role in held and way.denied.isdisjoint(bound(member, held)) and not wrote:
                yield member


def _visit(way: Way, case: Case) -> int:
    return next((token.visit for token in case.item.tokens if token.state == way.source), 0)


def _no_ballot(
    way: Way, case: Case, open_: tuple[Ballot, ...], asked: tuple[str, ...]
) -> Objection:
    of = {one.name: one.roles for one in open_}
    told = "; ".join(f"{name} wants {' or '.join(roles)}" for name, roles in of.items())
    which = f"{' and '.join(asked)} is" if asked else "none is"
    return Objection(
        "ballot",
        f"no ballot on {way.full!r} is open to {case.member.id!r}",
        f"{which} theirs: {told}" if of else "no ballot is asked for, as the item is",
        {"action": way.full, "member": case.member.id, "open": tuple(of)},
    )


def _too_early(
    way: Way, case: Case, vote: Vote, theirs: list[Ballot], left: Mapping[str, Ballot]
) -> Objection:
    before = tuple(dict.fromkeys(name for one in theirs for name in one.after if name in left))
    names = tuple(one.name for one in theirs)
    waits = (_awaits(left[name], way, case, vote.subject) for name in before)
    return Objection(
        "ballot_order",
        f"{' and '.join(names)} on {way.full!r} comes after {' and '.join(before)}",
        f"wait until it is carried: {', and '.join(waits)}",
        {"action": way.full, "ballots": names, "before": before},
    )


def _voted(way: Way, case: Case, vote: Vote, open_: tuple[Ballot, ...]) -> Objection:
    left = [one for one in open_ if not _is_carried(one, way, case, vote.subject)]
    waits = tuple(_awaits(one, way, case, vote.subject) for one in left)
    return Objection(
        "voted",
        f"{vote.by!r} has said {vote.choice} to {way.full!r} already",
        f"it waits for {', and '.join(waits)}; who thinks otherwise by now says so by 'vote'",
        {
            "action": way.full,
            "member": vote.by,
            "choice": vote.choice,
            "ballots": tuple(one.name for one in left),
            "waits_for": waits,
        },
    )
