"""What is said of many rows at once: all of it, and each item's second step behind its first."""

from __future__ import annotations

from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from socialflow.stores.sql.statements import Statement
from socialflow.stores.sql.steps import Said, in_bulk
from socialflow.testing.changes import born

STATEMENTS = [Statement(sql, itemgetter("id")) for sql in ("insert", "update", "delete")]
STEPS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(STATEMENTS)), max_size=20)


@given(STEPS)
def test_what_is_said_together_is_said_whole_and_in_each_items_order(
    steps: list[tuple[str, Statement]],
) -> None:
    """Nothing is left out or said twice; of one item, everything keeps its order."""
    said = [Said(statement, {"id": id}, born(id)) for id, statement in steps]

    groups = in_bulk(said)

    together = [one for group in groups for one in group]
    for id in "abcd":
        assert [one for one in said if one.values["id"] == id] == [
            one for one in together if one.values["id"] == id
        ]
    assert len(said) == len(together)
    for group in groups:
        assert 1 == len({one.statement for one in group})
        assert len(group) == len({one.values["id"] for one in group})


def test_two_steps_of_each_of_many_items_are_two_statements() -> None:
    """First all that come first, then all that come second."""
    said = [Said(STATEMENTS[0], {"id": id}, born(id)) for id in ("a", "b", "c", "a", "b", "c")]

    assert [said[:3], said[3:]] == in_bulk(said)
