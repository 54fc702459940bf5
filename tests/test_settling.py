"""Settling: what follows from a command by itself, until the item has come to rest."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import ANN, ED, Walk, finish, stage, workflow

from socialflow import Action, Event, Facts, Parallel, Stage, apply, rebuild, rule
from socialflow.items import Token
from socialflow.plans import plan_of
from socialflow.rules import has, responsible_named
from socialflow.testing.strategies import EVERYBODY, cleared, facts, histories, workflows


def auto(name: str = "x", source: str = "one", target: str | None = "two", **told: Any) -> Action:
    """What the system does by itself."""
    return Action(name, source, target, automatic=True, **told)


def causes(event: Event) -> list[tuple[str, str]]:
    """Cause and target of every move."""
    return [(move.cause, move.target) for move in event.moves]


def to_review() -> Walk:
    """An item of ann that waits for its review."""
    walk = Walk.begin(workflow())
    walk.do("submit", ANN)
    return walk


# -- laws


@given(st.data())
@pytest.mark.law(3)
def test_a_stage_has_at_most_one_token_and_the_marking_is_sorted(data: st.DataObject) -> None:
    """Tokens are sorted by state, of one step, and an end stands alone."""
    made = data.draw(workflows())

    item = None
    for event in data.draw(histories(made)):
        item = apply(item, event)
        stages = [token.stage for token in item.tokens]
        idle = [token.stage for token in item.idle]

        assert sorted(item.marking) == list(item.marking)
        assert len({*stages, *idle}) == len(stages) + len(idle)
        assert 1 == len({made.places.get(name, -1) for name in stages})
        assert item.ended == ("end" in stages) == (stages == ["end"])


@given(st.data())
@pytest.mark.law(5)
def test_an_item_rests_in_done_only_while_it_waits(data: st.DataObject) -> None:
    """Done for a whole step stands still only where entry rules object to the next."""
    made = data.draw(workflows())
    gated = any(one.enter for one in made.stages)

    item = rebuild(data.draw(histories(made)))

    if not gated:
        assert not set(item.marking) <= plan_of(made).done


@given(st.data())
def test_every_move_goes_on_from_where_a_token_was(data: st.DataObject) -> None:
    """The moves of an event lead from the tokens before it to the tokens after it."""
    made = data.draw(workflows())
    before: set[str] = {""}

    for event in data.draw(histories(made)):
        here = set(before)
        for move in event.moves:
            assert move.source in here
            here.add(move.target)
        assert {token.state for token in event.tokens} <= here
        before = {token.state for token in event.tokens}


@given(st.data())
@pytest.mark.law(10, 13)
def test_the_clock_of_a_token_is_that_of_its_last_move(data: st.DataObject) -> None:
    """A token that was entered in an event has the time of that event."""
    made = data.draw(workflows())
    item = None
    for event in data.draw(histories(made)):
        old = {} if item is None else {token.state: token for token in item.tokens}
        item = apply(item, event)
        named = {move.target for move in event.moves}
        moved = {move.target for move in event.moves if move.source != move.target}
        for token in item.tokens:
            stayed = old[token.state].entered if token.state in old else event.at
            assert token.entered == event.at or token.state not in moved
            assert token.state in named or stayed == token.entered


# -- moves and visits (model 4, 10)


@pytest.mark.law(4)
def test_a_move_within_a_stage_moves_that_token_only() -> None:
    """The other member of a Parallel stays as it is."""
    walk = Walk.begin(workflow(Parallel(stage("a", finish()), stage("b"))))
    other = walk.item.token("b")

    walk.do("finish", ANN)

    assert ("a.two", "b.one") == walk.marking
    assert other == walk.item.token("b")


@pytest.mark.law(10, 13)
def test_another_state_of_the_stage_is_the_same_visit_with_a_fresh_clock() -> None:
    """Clock and responsible member are the token's; a state has its own time."""
    walk = Walk.begin(workflow(stage("a", finish(), states=("one", "two", "three"))))
    walk.do("claim", ANN)
    event = walk.do("finish", ANN)

    assert (Token("a.two", 1, event.at, "ann"),) == walk.item.tokens
    assert event.at != walk.events[0].at


@pytest.mark.law(4)
def test_going_back_empties_the_step_left_and_all_after_the_target() -> None:
    """To an earlier step, the tokens of the step left vanish; to an end, all do."""
    steps = (
        stage("a", finish()),
        Parallel(stage("b", Action("back", "one", goto="a")), stage("c", finish())),
    )
    walk = Walk.begin(workflow(*steps))
    walk.do("finish", ANN)
    walk.do("finish", ANN)
    assert ("b.one", "c.two") == walk.marking

    walk.do("back", ANN)

    assert ("a.one",) == walk.marking
    assert ("b.one", "c.two") == tuple(token.state for token in walk.item.idle)


@pytest.mark.law(4)
def test_an_end_takes_every_token() -> None:
    """At an end, nothing else is open; what was is remembered."""
    stop = Action("stop", "one", goto="end.rejected")
    walk = Walk.begin(workflow(Parallel(stage("a", stop), stage("b"))))

    walk.do("stop", ANN)

    assert (("end.rejected",), True) == (walk.marking, walk.item.ended)
    assert ["a", "b"] == [token.stage for token in walk.item.idle]


@pytest.mark.law(10)
def test_entering_again_is_another_visit_with_a_fresh_clock() -> None:
    """Visit n + 1, entered now; data and the responsible member stay."""
    walk = Walk.begin(workflow())
    walk.do("claim", ANN)
    walk.do("submit", ANN)
    walk.do("send_back", ED, {"reason": "x"}, to="writing")

    token = walk.item.token("writing")
    assert token == Token("writing.drafting", 2, walk.events[-1].at, "ann")
    assert {"title": "a title"} == walk.item.data
    walk.do("submit", ANN)
    assert 2 == walk.item.tokens[0].visit
    assert "review.waiting" == walk.item.tokens[0].state


@pytest.mark.law(10)
def test_going_back_to_the_own_stage_is_a_visit_too() -> None:
    """A stage that is left for itself is entered anew."""
    again = Action("again", ("one", "two"), goto="a")
    walk = Walk.begin(workflow(stage("a", again), stage("b")))
    walk.do("again", ANN)

    assert [("a.one", 2)] == [(token.state, token.visit) for token in walk.item.tokens]


@pytest.mark.law(10)
def test_going_back_voids_the_signatures_of_that_step_and_after() -> None:
    """Earlier signatures stand."""
    sign = {"signs": "visit"}
    steps = (
        stage("a", finish(), **sign),
        stage("b", finish(), **sign),
        stage("c", finish(), Action("back", "one", goto="b")),
    )
    walk = Walk.begin(workflow(*steps))
    walk.do("finish", ANN)
    walk.do("finish", ANN)
    assert ["a", "b"] == [one.stage for one in walk.item.signatures]

    walk.do("back", ANN)

    assert ["a"] == [one.stage for one in walk.item.signatures]


# -- done, joins and parking (model 5, 6, 7)


@pytest.mark.law(5)
def test_done_hands_over_within_the_same_command() -> None:
    """One event, with the hand-over inside; the last step's done is the first end."""
    walk = to_review()
    assert [("review.clear", "review.passed"), ("done", "live.ready")] == causes(
        walk.do("clear", ED)
    )
    assert [("live.go", "live.out"), ("done", "end.closed")] == causes(walk.do("go", ED))


@pytest.mark.law(5)
def test_stages_that_are_done_at_once_are_passed_in_one_command() -> None:
    """A stage whose first state is done hands over as soon as it is entered."""
    walk = Walk.begin(workflow(stage("a", finish()), Stage("b", "one"), stage("c")))
    walk.do("finish", ANN)

    assert ("c.one",) == walk.marking


@pytest.mark.law(6)
def test_a_parallel_is_joined_when_no_member_is_open() -> None:
    """The first member that is done waits for the others."""
    walk = Walk.begin(workflow(Parallel(stage("a", finish()), stage("b", finish())), stage("c")))
    walk.do("a.finish", ANN)
    assert ("a.two", "b.one") == walk.marking

    assert [("b.finish", "b.two"), ("done", "c.one")] == causes(walk.do("b.finish", ANN))
    assert ["a", "b"] == [token.stage for token in walk.item.idle]


@pytest.mark.law(6)
def test_entering_one_member_of_a_parallel_opens_that_one_only() -> None:
    """The members without a token count as settled."""
    walk = Walk.begin(
        workflow(
            Parallel(stage("a", finish()), stage("b", finish())),
            stage("c", Action("back", "one", goto="b")),
        )
    )
    walk.do("a.finish", ANN)
    walk.do("b.finish", ANN)

    walk.do("back", ANN)
    assert ("b.one",) == walk.marking
    walk.do("finish", ANN)
    assert ("c.one",) == walk.marking


@pytest.mark.law(7)
def test_entry_rules_object_to_the_person_who_would_cause_the_hand_over() -> None:
    """The action is refused with what the next stage demands, all of it at once."""
    demands = (responsible_named("b"), has("body"), ~cleared())
    walk = Walk.begin(workflow(stage("a", finish()), stage("b", enter=demands)))
    walk.facts = Facts({"clearance": True})

    refusal = walk.refused("finish", ANN)

    assert ("responsible_named", "has", "not_cleared") == refusal.codes
    assert "a.finish" == refusal.action
    assert ("a.one",) == walk.marking


@pytest.mark.law(7)
def test_entry_rules_of_every_stage_that_is_passed_object() -> None:
    """A stage that is done at once does not shield what comes after it."""
    last = stage("c", enter=has("body"))
    walk = Walk.begin(workflow(stage("a", finish()), Stage("b", "one"), last))

    assert ("has",) == walk.refused("finish", ANN).codes


@pytest.mark.law(7)
def test_entry_rules_object_to_going_back_to_a_stage_that_hands_over_at_once() -> None:
    """Whatever way the person's action causes the hand-over, they are told."""
    back = stage(
        "b", Action("back", "one", goto="a"), may_edit={"one": "author"}, enter=~has("body")
    )
    walk = Walk.begin(workflow(Stage("a", "one"), back))
    walk.do("edit", ANN, {"body": "b"})

    assert ("not_has",) == walk.refused("back", ANN).codes


@pytest.mark.law(7)
def test_where_nobody_asked_the_token_is_parked_and_tried_again() -> None:
    """An automatic done waits; the next event that helps lets it through."""
    walk = Walk.begin(
        workflow(
            stage("a", auto(), may_edit={"two": "author"}),
            stage("b", enter=has("body")),
        )
    )
    assert ("a.two",) == walk.marking
    walk.do("claim", ANN)
    assert ("a.two",) == walk.marking

    assert [("done", "b.one")] == causes(walk.do("edit", ANN, {"body": "b"}))


@pytest.mark.law(8)
def test_one_parked_token_does_not_stop_what_else_may_happen() -> None:
    """After a hand-over that has to wait, automatic actions still take place."""
    walk = Walk.begin(
        workflow(
            stage("a", auto(), Action("later", "two", "one", automatic=True, rules=has("body"))),
            stage("b", enter=~has("title")),
        )
    )

    assert ("a.two",) == walk.marking


@pytest.mark.law(15)
def test_a_note_moves_nothing_even_where_something_waits() -> None:
    """A note takes no version, so it cannot be what lets a parked token through."""
    walk = Walk.begin(workflow(stage("a", auto()), stage("b", enter=cleared())))
    before = walk.item
    walk.facts = Facts({"clearance": True})

    walk.do("note", ANN, {"text": "cleared by telephone"})

    assert before == walk.item
    assert ("b.one",) == tuple(move.target for move in walk.do("claim", ANN).moves)


# -- automatic actions (model 8)


@pytest.mark.law(8)
def test_automatic_actions_are_taken_as_soon_as_their_rules_hold() -> None:
    """The first that holds, in the order written, then from the top again."""
    walk = Walk.begin(
        workflow(
            Stage(
                "a",
                ("one", "two", "three", "four"),
                role="author",
                may_edit={"one": "author"},
                actions=(
                    auto("never", "one", "four", rules=(has("body"), ~has("title"))),
                    auto("first", "one", "two", rules=has("body")),
                    auto("second", "one", "three", rules=has("body")),
                    auto("third", "two", "three"),
                ),
            )
        )
    )
    assert ("a.one",) == walk.marking

    event = walk.do("edit", ANN, {"body": "b"})

    assert [("a.first", "a.two"), ("a.third", "a.three")] == causes(event)
    assert "edit" == event.action


@pytest.mark.law(19)
def test_the_system_is_the_doer_of_what_happens_by_itself() -> None:
    """Rules of automatic actions see the system, not who happened to ask."""
    seen: list[str] = []

    @rule("look")
    def look(case: Any) -> None:
        seen.append(f"{case.member.id} {case.action}")

    Walk.begin(workflow(stage("a", auto(rules=look())), stage("b", enter=look())))

    assert {"system a.x", "system b.enter"} == set(seen)


@given(st.data())
@pytest.mark.law(8)
def test_after_settling_nothing_is_left_to_happen(data: st.DataObject) -> None:
    """A command that changes nothing causes no move once an item has come to rest."""
    made = attrs.evolve(data.draw(workflows()), rights={"assign": "*"})
    events = data.draw(histories(made))
    walk = Walk(made, rebuild(events), events, data.draw(facts))
    order = {"member": "ida", "stage": made.stages[0].name}
    for _ in range(2):
        moved = walk.item.ended or walk.do("assign", EVERYBODY, order).moves

    assert walk.item.ended or not moved
