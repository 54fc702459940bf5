"""Laws of deciding, on whatever workflow, item, member and command."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import (
    NOON,
)

from socialflow import (
    Command,
    Event,
    Member,
    Refusal,
    apply,
    decide,
    options,
    rebuild,
)
from socialflow.plans import plan_of
from socialflow.standing import STANDING
from socialflow.testing.strategies import (
    TEAM,
    commands,
    facts,
    fitting,
    histories,
    members,
    workflows,
)


@given(st.data())
def test_deciding_is_deterministic_and_applying_never_refuses(data: st.DataObject) -> None:
    """The same input gives the same output, and what was decided can always be applied."""
    made = data.draw(workflows())
    item = rebuild(data.draw(histories(made)))
    member = data.draw(st.sampled_from(TEAM))
    command, known = data.draw(commands(made, member)), data.draw(facts)

    one = decide(made, item, command, member, facts=known)
    two = decide(attrs.evolve(made), item, command, member, facts=known)

    assert one == two
    if isinstance(one, Event):
        assert apply(item, one) == apply(item, two)


@given(st.data())
def test_a_history_leads_to_the_item(data: st.DataObject) -> None:
    """Folding the events one by one, or all at once, gives the same item at every version."""
    made = data.draw(workflows())
    events = data.draw(histories(made))

    item = None
    for n, event in enumerate(events, 1):
        item = apply(item, event)
        assert item == rebuild(events[:n])


@given(st.data())
@pytest.mark.law(15)
def test_the_version_grows_by_one_per_accepted_command(data: st.DataObject) -> None:
    """Every event but a note takes the next version; a note changes nothing at all."""
    made = data.draw(workflows())
    events = data.draw(histories(made))
    item = rebuild(events)
    assert list(range(1, len(events) + 1)) == [event.version for event in events]

    known = data.draw(facts)
    note = Command("note", "ida", NOON, {"text": "a remark"})
    event = decide(made, item, note, TEAM[0], facts=known)

    if isinstance(event, Event):
        assert item == apply(item, event)


@given(st.data())
def test_a_refusal_has_a_reason_and_changes_nothing(data: st.DataObject) -> None:
    """A refusal names at least one objection; item, command and workflow are as they were."""
    made = data.draw(workflows())
    item = rebuild(data.draw(histories(made)))
    member = data.draw(st.sampled_from(TEAM))
    command = data.draw(commands(made, member))
    before = repr(item), repr(command), made.digest

    answer = decide(made, item, command, member)

    assert before == (repr(item), repr(command), made.digest)
    if isinstance(answer, Refusal):
        assert answer.objections
        assert all(one.code and one.message for one in answer)


@given(st.data())
def test_an_accepted_action_was_open_to_one_of_the_roles_held(data: st.DataObject) -> None:
    """Nothing is accepted but by a role that opens it, within its scope and period."""
    made = data.draw(workflows())
    item = rebuild(data.draw(histories(made)))
    member = data.draw(members())
    command = data.draw(commands(made, member))

    event = decide(made, item, command, member)

    if isinstance(event, Event):
        held = Member(member.id, member.grants).roles(item.scope, command.at)
        assert event.roles
        assert set(event.roles) <= held | {"*"}
        denied = {role.key for role in made.roles if role.deny}
        assert not denied & held or event.action not in {
            way.full for ways in plan_of(made).listed.values() for way in ways if way.denied & held
        }


@given(st.data())
def test_who_holds_no_known_role_is_given_nothing(data: st.DataObject) -> None:
    """An unknown role opens no more than no role at all."""
    made = data.draw(workflows())
    item = rebuild(data.draw(histories(made)))
    stranger, nobody = Member("zoe", ("stranger", "root")), Member("zoe")
    command = data.draw(commands(made, stranger))

    one = decide(made, item, command, stranger)
    two = decide(made, item, command, nobody)

    assert type(one) is type(two)
    if isinstance(one, Event):
        assert one == two
        assert ("*",) == one.roles


@given(st.data())
def test_the_quick_way_and_the_long_way_lead_to_the_same_event(data: st.DataObject) -> None:
    """What a member does in a plain step is the same where nothing is ever quick."""
    made = data.draw(workflows(parallel=False))
    events = data.draw(histories(made))
    item = rebuild(events)
    member = data.draw(st.sampled_from(TEAM))
    seen = [one for one in options(made, item, member, NOON) if one.action not in STANDING]
    if not seen:
        return
    command = data.draw(fitting(data.draw(st.sampled_from(seen)), member, NOON))
    slow = attrs.evolve(made)
    for ways in plan_of(slow).listed.values():
        for way in ways:
            way.step = None

    assert decide(slow, item, command, member) == decide(made, item, command, member)
