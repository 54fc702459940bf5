"""Playing: a workflow whose undecided rules follow a script, and in which time and children obey.

It is what a trace is carried out in, by the engine: everything that is decided is as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

import attrs

from socialflow.cases import Case
from socialflow.definitions import Workflow
from socialflow.kinds import TELL, tell
from socialflow.people import SYSTEM
from socialflow.rules import Rule
from socialflow.stages import Action, Parallel, Stage, Step
from socialflow.verify.chances import Chances, Said, spoken
from socialflow.verify.rewritten import Reading, rewritten
from socialflow.verify.views import View

__all__ = [
    "ABOVE",
    "AGAIN",
    "SOON",
    "SOONER",
    "Script",
    "above",
    "playable",
    "puppet",
    "retrying",
    "telling",
]

SOON = timedelta(days=1)
"""After how long what falls due in a trace does so."""
SOONER = timedelta(hours=1)
"""After how long a date comes, sooner than whatever else there is."""
ABOVE = "above"
"""The workflow of an item above that does nothing but tell those below."""
AGAIN = "look_again"
NEVER = timedelta(days=36_500)


@attrs.define
class Script(Chances):
    """What undecided rules say in the step that is played."""

    _lines: dict[str, list[bool]] = attrs.field(factory=dict)

    def read(self, said: Iterable[Said]) -> None:
        """Begin with the lines of the next step."""
        lines: dict[str, list[bool]] = defaultdict(list)
        for one in said:
            lines[one.rule].append(one.holds)
        self._lines = lines

    def either(self, rule: Rule, case: Case) -> bool:
        """What the script says; where it says several things, one after the other."""
        key = rule.kind.name, rule.parameters, case.action, case.member.id, case.item.marking
        if key not in self._known:
            left = self._lines.get(spoken(rule), [])
            self._known[key] = (left.pop(0) if len(left) > 1 else left[0]) if left else True
        return self._known[key]

    def forget(self) -> None:
        """Let rules change their minds."""
        self._known.clear()


def playable(
    workflow: Workflow,
    script: Script,
    due: frozenset[str],
    decided: frozenset[str] | None = None,
    *,
    spawned: bool = False,
) -> Workflow:
    """The workflow as a trace is carried out in it; *due* are the actions that fall due there.

    Rules about fields are decided, or only those about the fields *decided*.  If it is *spawned*,
    the system may bring an item into being.
    """
    fields = frozenset(workflow.declared) if decided is None else decided
    view = View(everybody=True, fields=fields)
    read = rewritten(workflow, Reading(view, script))
    followed = {stage.follows.workflow for stage in read.stages if stage.follows}
    create = read.rights.get("create", ("*",))
    return attrs.evolve(
        read,
        rights={**read.rights, "create": (*create, SYSTEM.id) if spawned else create},
        steps=tuple(_step(one, due) for one in read.steps),
        actions=tuple(_action(one, one.name, due) for one in read.actions),
        children=tuple(
            puppet(one) if one.name in followed else attrs.evolve(one, roles=read.roles)
            for one in read.kinds.values()
        ),
    )


def _step(step: Step, due: frozenset[str]) -> Step:
    if isinstance(step, Parallel):
        return Parallel(*(_stage(one, due) for one in step.stages), until=step.until)
    return _stage(step, due)


def _stage(stage: Stage, due: frozenset[str]) -> Stage:
    actions = tuple(_action(one, stage.full(one.name), due) for one in stage.actions)
    return attrs.evolve(stage, actions=actions)


def _action(action: Action, full: str, due: frozenset[str]) -> Action:
    effects = tuple(one for one in action.effects if one.name != TELL)
    if action.due is None:
        return attrs.evolve(action, effects=effects)
    after = SOON if full in due else NEVER
    return attrs.evolve(action, effects=effects, due=after, every=None, within=None)


def retrying(workflow: Workflow) -> Workflow:
    """The workflow with an action that changes nothing, behind which what had to wait is tried."""
    action = Action(AGAIN, workflow.states, roles="*")
    return attrs.evolve(workflow, actions=(*workflow.actions, action))


def above(kind: Workflow, told: Iterable[str]) -> Workflow:
    """A parent that has items of a kind do what they are *told*, whenever somebody asks for it."""
    actions = [
        Action(telling(one), "open", effects=tell(kind.name, one), roles="*") for one in told
    ]
    stage = Stage("over", ("open", "shut"), done="shut", actions=actions)
    return Workflow(ABOVE, [stage], rights={"create": "*"}, children=[kind])


def telling(action: str) -> str:
    """What the action of a parent is called that has those below do something."""
    return f"tell_{action.replace('.', '_')}"


def puppet(kind: Workflow) -> Workflow:
    """A child that goes wherever it is sent: ``to_<state>``."""
    stages = tuple(_puppet(kind, stage) for stage in kind.stages)
    return Workflow(kind.name, stages, fields=kind.fields, ends=kind.ends, rights={"create": "*"})


def _puppet(kind: Workflow, stage: Stage) -> Stage:
    within = [
        Action(f"to_{state}", tuple(s for s in stage.states if s != state), state, roles="*")
        for state in stage.states
        if len(stage.states) > 1
    ]
    ends = [
        Action(f"to_{end}", stage.states, goto=f"end.{end}", roles="*")
        for end in kind.ends
        if end not in stage.states
    ]
    return Stage(stage.name, stage.states, done=(), actions=(*within, *ends))
