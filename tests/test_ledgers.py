"""Ledgers: what the kit writes down itself agrees with what a right core makes of an item."""

from __future__ import annotations

import attrs
from blogs import BLOG, TEAM
from hypothesis import given
from hypothesis import strategies as st

from socialflow import Engine, Member
from socialflow.decisions import apply
from socialflow.stores.memory import MemoryStore
from socialflow.testing.ledgers import Ledger
from socialflow.testing.steps import Step
from socialflow.testing.strategies import histories, workflows


@given(st.data())
def test_a_ledger_agrees_with_every_item(data: st.DataObject) -> None:
    """Whatever happens to an item, entered step by step: data, writers, holders and marks."""
    workflow = data.draw(workflows())
    item, ledger = None, Ledger()

    for event in data.draw(histories(workflow)):
        by = Member(event.by)
        step = Step(event.action, by, event.command.data, event.command.to)
        ledger = ledger.entered(workflow, step, (event.by,), event)
        item = apply(item, event)

        assert [] == [*ledger.unlike(Ledger.of(item))]


def test_what_a_core_forgets_is_told_by_its_name() -> None:
    """A sentence for each thing that is otherwise: what it should be, and what it is."""
    engine = Engine(MemoryStore(), BLOG, TEAM)
    item = engine.create("blog", by="ann", data={"title": "t"}, id="a")
    right = Ledger.of(item)
    wrong = attrs.evolve(item, contributors=(), data={})

    assert [
        "its data should be {'title': 't'}, and is {}",
        "its contributors should be ('ann',), and is ()",
    ] == [*right.unlike(Ledger.of(wrong))]


def test_a_ledger_knows_what_has_to_object() -> None:
    """Claims of what somebody has, releases of what is another's, and all that a hold stops."""
    held = Ledger(holders={"writing": "ann"}, marks=("on_hold",), where=("writing.drafting",))
    free = attrs.evolve(held, marks=())
    about = {"stage": "writing"}

    def against(ledger: Ledger, action: str, by: str) -> str | None:
        return ledger.against(BLOG, Step(action, Member(by), about), (by,))

    assert ("taken", None) == (against(free, "claim", "ida"), against(free, "claim", "ann"))
    assert ("not_yours", None) == (against(free, "release", "ida"), against(free, "release", "ann"))
    assert ("on_hold", None) == (
        against(held, "writing.submit", "ann"),
        against(held, "note", "ann"),
    )
    assert ("on_hold", "already") == (
        against(held, "hold", "cleo"),
        against(free, "resume", "cleo"),
    )
