"""The table that runs, and the `transitions.Machine` that is the way in and out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import ANN, ED, Walk, stage, workflow
from transitions import Machine, MachineError
from transitions.extensions import HierarchicalMachine

from socialflow import Action, DefinitionError, Workflow
from socialflow._machine import table_of
from socialflow.plans import plan_of
from socialflow.rules import four_eyes, signed_off
from socialflow.testing.strategies import workflows


class Model:
    """A bare model: all that a machine moves is its state."""

    def __init__(self, state: str) -> None:
        self.state = state


def arrival(machine: Machine, name: str, source: str, to: str | None) -> str | None:
    """Where a trigger leads from *source*; None where the machine refuses."""
    model = Model(source)
    if name not in machine.events:
        return None
    try:
        moved = machine.events[name].trigger(model, **({"to": to} if to else {}))
    except MachineError:
        return None
    return model.state if moved else None


@given(workflows())
def test_the_table_that_runs_and_the_machine_agree(made: Workflow) -> None:
    """For every state, action and target, a trigger leads where the plan's way leads."""
    plan, machine = plan_of(made), made.machine()

    for state in made.states:
        ways = {way.full: way for way in plan.listed[state] if way.action}
        ways |= {way.full: way for way in plan.automatic.get(state, ())}
        for name in made.action_names:
            way = ways.get(name)
            targets = (way.targets or (state,)) if way else ()
            asked = targets if len(targets) > 1 else (None,)
            expected = list(targets) if way else [None]
            assert expected == [arrival(machine, name, state, to) for to in asked]
            if len(targets) > 1:
                assert arrival(machine, name, state, "nowhere") is None


@given(workflows())
def test_the_machine_has_the_edges_that_the_stages_declare(made: Workflow) -> None:
    """An independent reading of the steps gives the same edges as the machine."""
    entry = {one.name: f"{one.name}.{one.states[0]}" for one in made.stages}
    declared: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in made.stages:
        for action in one.actions:
            for source in action.sources:
                here = f"{one.name}.{source}"
                own = f"{one.name}.{action.target}" if action.target else here
                goto = tuple(entry.get(name, name) for name in action.goto)
                declared[f"{one.name}.{action.name}", here] = goto or (own,)
    for action in made.actions:
        for source in made.sources(action):
            goto = tuple(entry.get(name, name) for name in action.goto)
            declared[action.name, source] = goto or (source,)

    assert declared == table_of(made.machine())
    assert set(made.states) == set(made.machine().states)
    assert made.stages[0].initial == made.machine().initial


def test_the_machine_is_shared_by_nobody_and_holds_no_model() -> None:
    """Each asking gives a machine of its own, flat, without models or automatic triggers."""
    made = workflow()
    one, two = made.machine(), made.machine()

    assert one is not two
    assert [] == one.models
    assert not one.has_queue
    assert {"writing.submit", "review.clear", "review.send_back", "live.go"} == set(one.events)


STATES = ("one", "two", "three", "four")


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A flat machine in which the last state, and perhaps others, have no way out."""
    made = Machine(
        model=None, states=list(STATES), initial="two", auto_transitions=draw(st.booleans())
    )
    edges = st.tuples(st.sampled_from(("go", "back", "to_stay")), st.sampled_from(STATES[:3]))
    for name, source in draw(st.sets(edges, min_size=1, max_size=7)):
        made.add_transition(name, source, draw(st.sampled_from((*STATES, "=", None))))
    return made


@given(machines())
def test_a_workflow_from_a_machine_has_the_same_graph(machine: Machine) -> None:
    """Every trigger leads from and to the same states; the first state is the initial one."""
    made = Workflow.from_machine(machine, "m", role="author")
    expected = {
        (f"main.{name}", f"main.{source}"): (f"main.{edge.dest or source}",)
        for name, event in machine.events.items()
        for source, (edge, *_) in event.transitions.items()
        if name not in {f"to_{state}" for state in STATES}
    }

    assert expected == table_of(made.machine())
    assert {f"main.{state}" for state in STATES} | {"end.closed"} == set(made.states)
    assert "main.two" == made.stages[0].initial
    leaving = {source for _, source in expected}
    assert {f"main.{one}" for one in made.stage("main").done} == set(made.states[:-1]) - leaving


def test_a_round_trip_through_a_machine_decides_alike() -> None:
    """What a machine would do, a member with the role may ask for."""
    machine = Machine(model=None, states=["a", "b", "c"], initial="a", auto_transitions=False)
    machine.add_transition("go", "a", "b")
    machine.add_transition("go", "b", "c")
    made = Workflow.from_machine(machine, "m", stage="life", role="author", roles={"go": "editor"})
    walk = Walk.begin(made, {})

    assert ("role",) == walk.refused("go", ANN).codes
    walk.do("go", ED)
    assert ("life.b",) == walk.marking
    walk.do("go", ED)
    assert ("end.closed",) == walk.marking


def test_conditions_become_rules_and_unless_their_negation() -> None:
    """A condition is the rule of its name; several edges of a trigger become several actions."""
    machine = Machine(model=None, states=["a", "b", "c"], initial="a", auto_transitions=False)
    machine.add_transition("go", "a", "b", conditions="fine", unless="late")
    machine.add_transition("go", "a", "c")
    rules = {"fine": four_eyes(), "late": signed_off()}
    (life,) = Workflow.from_machine(machine, "m", rules=rules).stages

    assert [("go", (four_eyes(), ~signed_off())), ("go_2", ())] == [
        (one.name, one.rules) for one in life.actions
    ]


def plain(**told: Any) -> Machine:
    """A machine of two states."""
    made = Machine(model=None, states=["a", "b"], initial="a", auto_transitions=False, **told)
    made.add_transition("go", "a", "b")
    return made


def with_edge(**told: Any) -> Machine:
    """The same with one more edge."""
    made = plain()
    made.add_transition("more", "a", **{"dest": "b"} | told)
    return made


def with_state_callback() -> Machine:
    """The same with something to do on the way."""
    made = plain()
    made.get_state("b").add_callback("enter", "print")
    return made


def hierarchical() -> Machine:
    """A machine with a state within a state."""
    made = HierarchicalMachine(
        model=None,
        states=["a", {"name": "b", "children": ["inner"]}],
        initial="a",
        auto_transitions=False,
    )
    made.add_transition("go", "a", "b")
    return made


@pytest.mark.parametrize(
    ("machine", "code"),
    [
        (lambda: with_edge(dest="nowhere"), "unknown_state"),
        (hierarchical, "nested"),
        (lambda: with_edge(before="print"), "callback"),
        (lambda: with_edge(after="print"), "callback"),
        (lambda: with_edge(prepare="print"), "callback"),
        (with_state_callback, "callback"),
        (lambda: plain(before_state_change="print"), "callback"),
        (lambda: plain(after_state_change="print"), "callback"),
        (lambda: plain(prepare_event="print"), "callback"),
        (lambda: plain(finalize_event="print"), "callback"),
        (lambda: with_edge(conditions="is_fine"), "unknown_rule"),
        (lambda: with_edge(unless=lambda: True), "unknown_rule"),
    ],
)
def test_what_a_machine_has_that_a_workflow_cannot_do_is_a_definition_error(
    machine: Any, code: str
) -> None:
    """Unknown targets, nested states, callbacks and conditions without a rule are named."""
    with pytest.raises(DefinitionError) as caught:
        Workflow.from_machine(machine(), "m")

    assert {code} == set(caught.value.codes)


def test_a_machine_that_goes_round_for_ever_is_told_what_it_lacks() -> None:
    """A state without a way out, which would be the done state."""
    machine = plain()
    machine.add_transition("back", "b", "a")

    with pytest.raises(DefinitionError, match="give it a state without one"):
        Workflow.from_machine(machine, "m")


def test_all_that_is_wrong_with_a_machine_is_said_at_once() -> None:
    """One error lists every callback and condition."""
    machine = with_edge(before="print", conditions="is_fine")
    machine.get_state("b").add_callback("enter", "print")

    with pytest.raises(DefinitionError) as caught:
        Workflow.from_machine(machine, "m")

    assert ["callback", "callback", "unknown_rule"] == sorted(caught.value.codes)


def test_an_action_that_stays_is_a_loop_of_the_machine() -> None:
    """An action without a target leaves the state as it is, in both readings."""
    made = workflow(stage("a", Action("look", "one")))

    assert ("a.one",) == table_of(made.machine())["a.look", "a.one"]
    assert () == plan_of(made).ways["a.one"]["look"].targets
