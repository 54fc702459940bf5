"""Settling: what follows from a command by itself, until the item has come to rest.

Hand over what is done, send back what a signature no longer covers, follow the children, carry
what ballots have decided, take automatic actions; the first that holds, then from the top again.
"""

from __future__ import annotations

from socialflow.cases import Case
from socialflow.counting import carried, opened
from socialflow.drafts import Draft
from socialflow.errors import EndlessSettling, Objection
from socialflow.items import Move, Signature, Token, stage_of
from socialflow.rules import Rule
from socialflow.stages import Stage, stages_in
from socialflow.ways import Way

__all__ = ["NotHandedOver", "carry", "is_stale", "objections_of", "settle"]


class NotHandedOver(Exception):
    """The next stage's entry rules object to the person's action; the decision refuses it."""

    def __init__(self, objections: tuple[Objection, ...]) -> None:
        super().__init__(objections)
        self.objections = objections


def settle(draft: Draft) -> None:
    """Let happen what happens by itself.

    Raises:
        NotHandedOver: Entry rules object to the hand-over that the person's action would cause.
        EndlessSettling: More happened than the workflow has states.
    """
    parked: set[str] = set()
    for _ in range(len(draft.plan.workflow.states) + 1):
        if not (
            _hand_over(draft, parked)
            or _send_back(draft)
            or _follow(draft)
            or _decide(draft)
            or _act(draft)
        ):
            return
    path = tuple(move.target for move in draft.moves)
    raise EndlessSettling(draft.plan.workflow.name, path)


def _in_order(draft: Draft) -> list[Token]:
    return sorted(draft.tokens, key=lambda token: token.state)


def _hand_over(draft: Draft, parked: set[str]) -> bool:
    front = max(draft.place(token.state) for token in draft.tokens)
    for token in _in_order(draft):
        if token.stage in parked:
            continue
        place = draft.place(token.state)
        if place < front:
            if token.state in draft.plan.done:
                draft.vanish(token)
                draft.moves.append(Move("done", token.state, ""))
                return True
        elif _is_joined(draft, token) and _go_on(draft, token, place, parked):
            return True
    return False


def _is_joined(draft: Draft, token: Token) -> bool:
    """Whether its step is over: every token there is done, or the date of the step has come."""
    place = draft.place(token.state)
    together = [one for one in draft.tokens if draft.place(one.state) == place]
    if all(one.state in draft.plan.done for one in together):
        return True
    until = draft.plan.until.get(token.stage)
    moment = until.of(draft.data) if until is not None else None
    return moment is not None and moment <= draft.at


def _go_on(draft: Draft, token: Token, place: int, parked: set[str]) -> bool:
    """Enter the step behind *place*, unless its entry rules object; open members live on."""
    steps = draft.plan.workflow.steps
    together = [one for one in draft.tokens if draft.place(one.state) == place]
    entered = tuple(stages_in(steps[place + 1 : place + 2]))
    asked = any(one.stage in draft.asked for one in together)
    objections = _entry_objections(draft, entered)
    left = draft.unwaived(objections) if asked else objections
    if left and asked:
        raise NotHandedOver(left)
    if left:
        parked.update(one.stage for one in together)
        return False
    for one in together:
        if one.state in draft.plan.done or not entered:
            draft.vanish(one)
    for stage in entered:
        draft.enter(stage.initial, token.state, "done")
        if asked:
            draft.asked.add(stage.name)
    if not entered:
        draft.finish(f"end.{draft.plan.workflow.ends[0]}", token.state, "done")
    return True


def _entry_objections(draft: Draft, entered: tuple[Stage, ...]) -> tuple[Objection, ...]:
    objections: tuple[Objection, ...] = ()
    for stage in entered:
        if stage.enter:
            objections += objections_of(stage.enter, draft.case_for_system(f"{stage.name}.enter"))
    return objections


def objections_of(rules: tuple[Rule, ...], case: Case) -> tuple[Objection, ...]:
    """What all *rules* have against *case*."""
    return tuple(one for rule in rules for one in rule.objections(case))


def _send_back(draft: Draft) -> bool:
    if not (draft.wrote and draft.signatures):
        return False
    draft.wrote = False
    revision = draft.plan.workflow.revision_of(draft.data)
    stale = {one.stage for one in draft.signatures if is_stale(draft, one, revision)}
    if not stale:
        return False
    front = max(draft.tokens, key=lambda token: draft.place(token.state))
    draft.signatures = tuple(one for one in draft.signatures if one.stage not in stale)
    if front.stage == "end":
        return False
    behind = [
        stage
        for stage in draft.plan.workflow.stages
        if stage.name in stale and draft.place(stage.initial) < draft.place(front.state)
    ]
    if behind:
        draft.go_to(behind[0].initial, front.state, "stale")
        return True
    waiting = [token for token in draft.tokens if token.state in draft.plan.done]
    again = [token for token in waiting if token.stage in stale]
    for token in again:
        draft.enter_again(token, "stale")
    return bool(again)


def is_stale(draft: Draft, signature: Signature, revision: str) -> bool:
    """Whether the content has changed, or a ballot is asked for that was not carried then."""
    if signature.revision not in ("", revision):
        return True
    way = draft.plan.chains.get(signature.action)
    if way is None or not signature.ballots:
        return False
    asked = opened(way, draft.case_for_system(way.full))
    return any(ballot.name not in signature.ballots for ballot in asked)


def _follow(draft: Draft) -> bool:
    for token in _in_order(draft):
        following = draft.plan.follows.get(token.stage)
        if following is None:
            continue
        inhabited = draft.below.get(following.workflow, frozenset())
        line = next((line for line in following.lines if line.holds(inhabited)), None)
        if line is not None and line.state != token.state:
            draft.asked.discard(token.stage)
            if stage_of(line.state) == token.stage:
                draft.step_within(token, line.state, "follows")
            else:
                draft.finish(line.state, token.state, "follows")
            return True
    return False


def _decide(draft: Draft) -> bool:
    """Carry what enough members have voted for."""
    if not draft.votes:
        return False
    for token in _in_order(draft):
        for way in draft.plan.balloted.get(token.state, ()):
            if draft.held and not way.while_held:
                continue
            case = draft.case_for_system(way.full)
            found = carried(way, case)
            if found is None or objections_of(way.rules, case):
                continue
            vote, ballots = found
            draft.asked.discard(token.stage)
            draft.decided = way.full, ballots
            carry(draft, way, way.target(vote.to))
            if way.action is None:
                draft.sign_what_was_skipped()
            draft.decided = "", ()
            return True
    return False


def _act(draft: Draft) -> bool:
    for token in _in_order(draft):
        for way in draft.plan.automatic.get(token.state, ()):
            if draft.held and not way.while_held:
                continue
            if way.rules and objections_of(way.rules, draft.case_for_system(way.full)):
                continue
            draft.asked.discard(token.stage)
            carry(draft, way)
            return True
    return False


def carry(draft: Draft, way: Way, to: str | None = None) -> None:
    """Move the item along *way*, and record the work for the outside."""
    action = way.action
    draft.effects.extend(way.effects)
    if action is not None and (action.marks or action.unmarks):
        draft.mark(action.marks, action.unmarks)
    target = to or (way.targets[0] if way.targets else None)
    if target is None:
        draft.moves.append(Move(way.full, way.source, way.source))
    elif action is not None and not action.goto:
        token = next(token for token in draft.tokens if token.state == way.source)
        draft.step_within(token, target, way.full)
    else:
        draft.go_to(target, way.source, way.full)
    if way.effects:
        draft.open_rounds(way)
