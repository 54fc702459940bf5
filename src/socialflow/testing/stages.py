"""The contract of a stage, as tests: inherit, say which stage, run pytest.

The stage is put between two others, which are plain, and everything that it says is tried there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import attrs
import pytest

from socialflow.cases import Case
from socialflow.decisions import decide
from socialflow.definitions import Workflow
from socialflow.diagrams import mermaid
from socialflow.errors import Refusal
from socialflow.forms import json_schema
from socialflow.items import Command, Event
from socialflow.options import options
from socialflow.people import ANYONE, SYSTEM, Member, Team
from socialflow.plain import canonical
from socialflow.plans import plan_of
from socialflow.rules import Rule
from socialflow.stages import Action, Stage, describe
from socialflow.testing.reaching import Reach, Situation
from socialflow.testing.samples import Examples, Samples
from socialflow.testing.suites import Obligations, obligations

__all__ = ["StageContract", "Subject", "between_others"]

KINDS = (
    "accepted",
    "refused",
    "crash before",
    "crash in the middle",
    "crash after commit",
    "repeated",
    "two writers",
    "stale version",
)
BEFORE, AFTER = "contract_before", "contract_after"
WRITER = "contract_writer"


@attrs.frozen(slots=False, eq=False)
class Subject:
    """A stage, put to the test.

    Attributes:
        stage: The stage.
        workflow: One in which it stands between two others.
        examples: Sample data.
        facts: What rules are told from outside.
    """

    stage: Stage
    workflow: Workflow
    examples: Examples = attrs.field(factory=dict)
    facts: Mapping[str, tuple[Any, ...]] = attrs.field(factory=dict)

    @cached_property
    def team(self) -> Team:
        """For each role two who hold it alone, one who writes as well, and a writer."""
        roles = sorted(self.workflow.role_names - {WRITER})
        several = [Member(f"{role} {n}", role) for role in roles for n in (1, 2)]
        several += [Member(f"writer who is {role}", (WRITER, role)) for role in roles]
        return Team((*several, Member("writer", WRITER)))

    @cached_property
    def reach(self) -> Reach:
        """Everything that an example comes to there."""
        samples = Samples(self.examples, self.team.members)
        return Reach(self.workflow, self.team, samples, self.facts, most=150)

    @cached_property
    def suite(self) -> Obligations:
        """The obligations of that workflow."""
        told = {"examples": self.examples, "facts": self.facts, "most": 150}
        return obligations(self.workflow, self.team, **told)  # type: ignore[arg-type]

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """All of them."""
        return tuple(self.reach.situations())

    @cached_property
    def here(self) -> tuple[Situation, ...]:
        """Situations in which the stage is open."""
        return tuple(one for one in self.situations if one.item.token(self.stage.name))

    @property
    def asked_for(self) -> tuple[Action, ...]:
        """Actions that members may ask for."""
        return tuple(one for one in self.stage.actions if not one.by_system)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the stage."""
        of_actions = (rule for action in self.stage.actions for rule in action.rules)
        return tuple(dict.fromkeys((*self.stage.enter, *of_actions)))

    def cases(self) -> Iterable[tuple[Rule, Case]]:
        """Every rule of an action with cases for it to judge."""
        plan = plan_of(self.workflow)
        for situation in self.here:
            for way in (one for t in situation.item.tokens for one in plan.listed[t.state]):
                for member in self.reach.actors if way.stage == self.stage.name else ():
                    for facts in self.reach.worlds(way.needs):
                        known = self.reach.known(situation, facts)
                        told = (member.id,), way.full, way.roles, way.denied, known
                        for rule in way.rules:
                            if not rule.kind.reads_data:
                                yield rule, self._case(situation, way.full, member, told)

    def _case(self, situation: Situation, full: str, member: Member, told: Any) -> Case:
        command = Command(full, member.id, self.reach.at)
        return Case(self.workflow, situation.item, command, member, *told)


def between_others(stage: Stage, fields: type | None = None) -> Workflow:
    """A workflow in which a stage stands between two plain ones; items have these fields."""
    finish = Action("finish", "open", "done")
    first = Stage(
        BEFORE, ("open", "done"), role=WRITER, may_edit={"open": WRITER}, actions=(finish,)
    )
    back = Action("back", "open", goto=stage.name), Action("rewrite", "open", goto=BEFORE)
    last = Stage(AFTER, ("open", "done"), role=WRITER, actions=(finish, *back))
    goto = (to for action in stage.actions for to in action.goto)
    ends = dict.fromkeys(("closed", *(to[4:] for to in goto if to.startswith("end."))))
    return Workflow(
        "contract",
        (first, stage, last),
        fields=fields,
        content=() if fields is None else tuple(one.name for one in attrs.fields(fields)),
        ends=tuple(ends),
        rights={"create": WRITER, "hold": WRITER, "assign": WRITER},
    )


class StageContract:
    """What every stage must do; its class begins with ``Test`` and has the fixture `stage`.

    Attributes:
        fields: An attrs class with the data of an item that the stage's rules read.
        examples: Sample data where the forms do not say enough, as `obligations` takes them.
        facts: What the stage's rules are told from outside, by name; what is usual first.
        open_to_all: Actions that everybody may ask for; all others need a role.

    Example:
        >>> import pytest
        >>> from socialflow import Action, Stage
        >>> class TestMyStage(StageContract):
        ...     @pytest.fixture
        ...     def stage(self):
        ...         clear = Action("clear", "waiting", "cleared")
        ...         return Stage("legal", ("waiting", "cleared"), role="lawyer", actions=[clear])
    """

    fields: type | None = None
    examples: Examples = {}  # noqa: RUF012
    facts: Mapping[str, tuple[Any, ...]] = {}
    open_to_all: tuple[str, ...] = ()

    @pytest.fixture
    def stage(self) -> Stage:
        """The stage that is looked at."""
        raise NotImplementedError("override the fixture stage")

    @pytest.fixture
    def workflow(self, stage: Stage) -> Workflow:
        """One in which it stands between two others."""
        return between_others(stage, self.fields)

    @pytest.fixture
    def subject(self, stage: Stage, workflow: Workflow) -> Subject:
        """The stage, put to the test; looked into once for all tests of a class."""
        known: Subject | None = type(self).__dict__.get("_known")
        if known is None or (known.stage, known.workflow) != (stage, workflow):
            known = Subject(stage, workflow, self.examples, self.facts)
            type(self)._known = known  # type: ignore[attr-defined]
        return known

    # -- where it leads

    def test_it_is_entered_from_the_stage_before(self, subject: Subject) -> None:
        """Being done before it leads into its first state."""
        assert subject.here, f"nothing leads into {subject.stage.name}"
        assert any(subject.stage.initial in one.item.marking for one in subject.here)

    def test_every_state_can_be_reached(self, subject: Subject) -> None:
        """Somebody can bring an item into each of its states."""
        met = {move.target for one in subject.situations for move in one.last.moves}
        states = {subject.stage.full(one) for one in subject.stage.states}
        own = {a.target for a in subject.stage.actions if a.by_system and a.target}
        by_system = {subject.stage.full(one) for one in own}

        assert set() == states - met - by_system

    def test_no_state_is_a_dead_end(self, subject: Subject) -> None:
        """Out of every state that is not done, some action leads on."""
        stage = subject.stage
        for state in stage.is_open:
            ways = [a for a in stage.actions if state in a.sources and (a.target != state)]
            ways = [a for a in ways if a.target is not None or a.goto]
            assert ways or stage.follows, f"nothing leads out of {stage.full(state)}"

    def test_being_done_hands_over_to_the_next_stage(self, subject: Subject) -> None:
        """An item that was in it comes to be in the stage behind."""
        done = [one for one in subject.situations if one.item.token(AFTER)]
        own = subject.stage.name
        through = [one for one in done if any(s.action.startswith(own) for s in one.path)]

        assert through, f"{subject.stage.name} is never done"

    def test_it_can_be_entered_again(self, subject: Subject) -> None:
        """Going back to it begins a new visit in its first state."""
        back = f"{AFTER}.back"
        tries = (t for one in subject.situations for t in subject.reach.tries(one))
        events = [t.outcome for t in tries if t.step.action == back]
        entered = [t for one in events if isinstance(one, Event) for t in one.tokens]

        assert (subject.stage.initial, 2) in {(token.state, token.visit) for token in entered}

    def test_every_action_can_be_accepted(self, subject: Subject) -> None:
        """For each there is somebody who may, in a situation in which it is open."""
        own = f"{subject.stage.name}."

        assert [] == [name for name in subject.suite.unreached if name.startswith(own)]

    # -- who may

    def test_every_action_belongs_to_a_role(self, subject: Subject) -> None:
        """The stage's role opens what names none of its own: there has to be one."""
        for action in subject.asked_for:
            voters = [role for ballot in action.ballots for role in ballot.roles]
            roles = subject.stage.role if action.roles is None else action.roles
            assert voters or roles, f"nobody may {action.name}"

    def test_only_what_is_said_to_be_is_open_to_everybody(self, subject: Subject) -> None:
        """``"*"`` opens no action but those in `open_to_all`."""
        for action in subject.asked_for:
            roles = subject.stage.role if action.roles is None else action.roles
            if action.name not in self.open_to_all:
                assert ANYONE not in roles, f"everybody may {action.name}"

    def test_a_stranger_may_do_nothing(self, subject: Subject) -> None:
        """Somebody without any role is refused every action, and told that it is the role."""
        stranger = Member("a stranger")
        for situation in subject.here[:40]:
            for one in options(subject.workflow, situation.item, stranger, subject.reach.at):
                name = one.action.removeprefix(f"{subject.stage.name}.")
                if one.action.startswith(subject.stage.name) and name not in self.open_to_all:
                    assert "no" == one.answer, f"a stranger may {name}"

    # -- its rules

    def test_no_rule_fails(self, subject: Subject) -> None:
        """A rule answers; one that raises is answered for with ``rule_failed``."""
        codes = {o.code for rule, case in subject.cases() for o in rule.objections(case)}

        assert "rule_failed" not in codes

    def test_rules_say_which_facts_they_need(self, subject: Subject) -> None:
        """What is read from ``case.facts`` is declared by ``needs=``, and `facts` tells it here."""
        codes = {o.code for rule, case in subject.cases() for o in rule.objections(case)}

        assert "fact_missing" not in codes

    def test_rules_answer_the_same_to_the_same_case(self, subject: Subject) -> None:
        """They read no clock, no chance and no memory of their own."""
        for rule, case in subject.cases():
            first = rule.objections(case)
            assert first == rule.objections(case) == rule.objections(case), rule.name

    def test_rules_leave_the_case_as_it_is(self, subject: Subject) -> None:
        """They only look."""
        for rule, case in subject.cases():
            before = case.item, case.command, case.data, case.member, dict(case.facts)
            rule.objections(case)
            assert before == (case.item, case.command, case.data, case.member, dict(case.facts))

    def test_every_rule_can_stand_in_the_way(self, subject: Subject) -> None:
        """For each there is a case in which it objects, and it alone."""
        own = f" of {subject.stage.name}."

        assert [] == [told for told in subject.suite.never_refused if own in told]

    def test_every_rule_can_hold(self, subject: Subject) -> None:
        """For each there is a case to which it does not object."""
        held = {rule for rule, case in subject.cases() if not rule.objections(case)}
        judged = {rule for rule, _ in subject.cases()}

        assert [] == [rule.name for rule in judged - held]

    def test_objections_have_a_code_and_a_sentence(self, subject: Subject) -> None:
        """A code is one word for programs; the sentence is for people."""
        for rule, case in subject.cases():
            for one in rule.objections(case):
                assert one.code.isidentifier(), f"{rule.name} has the code {one.code!r}"
                assert len(one.message.split()) > 1, f"{rule.name} says {one.message!r}"

    def test_objections_are_plain_data(self, subject: Subject) -> None:
        """They can be written as JSON, for whoever is at the other end."""
        for rule, case in subject.cases():
            for one in rule.objections(case):
                assert json.dumps(one.to_json(), default=_not_plain)

    # -- what it asks for

    def test_what_it_needs_to_know_is_asked_for(self, subject: Subject) -> None:
        """A command without the data that an action demands is refused for its data."""
        own = f"{subject.stage.name}."
        engine = subject.suite.engine()
        for case in subject.suite:
            if case.outlook.codes == ("data",) and case.step.action.startswith(own):
                case.run(engine)

    def test_forms_can_be_shown_on_a_screen(self, subject: Subject) -> None:
        """Each has a JSON Schema."""
        for action in subject.stage.actions:
            if action.data is not None:
                assert "object" == json_schema(action.data)["type"]

    # -- as a part of any workflow

    def test_it_can_be_told_as_plain_data(self, subject: Subject) -> None:
        """Telling it twice gives the same text, so that its digest is one."""
        told = canonical(describe(subject.stage))

        assert told == canonical(describe(subject.stage))
        assert json.loads(told)["name"] == subject.stage.name

    def test_it_can_be_drawn(self, subject: Subject) -> None:
        """Its states are in the diagram of its workflow."""
        drawn = mermaid(subject.workflow)

        assert all(state in drawn for state in subject.stage.states)

    def test_it_can_be_taken_out(self, subject: Subject) -> None:
        """What led to it leads on, and the other stages stay."""
        left = subject.workflow.amend(AFTER, drop="back").without(subject.stage.name)

        assert [BEFORE, AFTER] == [one.name for one in left.stages]

    def test_it_can_be_opened_beside_another(self, subject: Subject) -> None:
        """In a Parallel it is a duty among others."""
        finish = Action("finish", "open", "done")
        other = Stage("contract_beside", ("open", "done"), role=WRITER, actions=(finish,))
        both = subject.workflow.insert(other, beside=subject.stage.name)

        assert {subject.stage.name, other.name} == {*both.together(other.name)}

    def test_it_raises_no_suspicion(self, subject: Subject) -> None:
        """No finding of the workflow is about it."""
        about = [str(one) for one in subject.workflow.findings() if subject.stage.name in one.where]

        assert [] == about

    def test_options_and_decisions_agree(self, subject: Subject) -> None:
        """What is shown as a yes is accepted, and what is shown as a no is not."""
        for situation in subject.here[:20]:
            for tried in subject.reach.tries(situation):
                if tried.facts or tried.step.waive or tried.step.by.id == SYSTEM.id:
                    continue
                facts, by, at = subject.reach.known(situation, {}), tried.step.by, subject.reach.at
                shown = options(subject.workflow, situation.item, by, at, facts=facts)
                answers = {one.action: one.answer for one in shown}
                command = tried.step.command(at)
                outcome = decide(subject.workflow, situation.item, command, by, facts=facts)
                if answers.get(tried.step.action) == "yes":
                    assert isinstance(outcome, Event), f"{tried.step} is shown, and refused"
                if answers.get(tried.step.action) == "no":
                    assert isinstance(outcome, Refusal), f"{tried.step} is not shown, and accepted"

    def test_what_it_signs_is_signed_when_it_is_done(self, subject: Subject) -> None:
        """A stage that signs has signed what comes behind it; any other has not."""
        behind = [one.item for one in subject.situations if one.item.token(AFTER)]
        signed = {s.stage for item in behind for s in item.signatures}

        assert (subject.stage.signs is not None) == (subject.stage.name in signed)

    @pytest.mark.parametrize("kind", KINDS)
    def test_its_obligations_are_kept(self, subject: Subject, kind: str) -> None:
        """Whatever is allowed and refused, with crashes, repetitions and second writers."""
        engine = subject.suite.engine()
        for case in subject.suite:
            if case.kind == kind and case.step.action.startswith(f"{subject.stage.name}."):
                case.run(engine)


def _not_plain(value: object) -> Any:
    raise AssertionError(f"an objection tells {value!r}, which JSON cannot say")
