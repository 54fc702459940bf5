"""Stages 1 and 2: ideas are found, screened together, and given to somebody who can make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from socialflow import Action, Engine, Item, Member, Scope, Team, Workflow
from socialflow.ballots import Ballot
from socialflow.content import social_content
from socialflow.content.assignees import (
    Strategy,
    best_skill,
    candidates,
    least_loaded,
    manual,
    round_robin,
)
from socialflow.content.department import Department
from socialflow.content.providers import providers
from socialflow.content.rules import all_named
from socialflow.people import Capacity
from socialflow.stores.memory import MemoryStore

WHY = {"reason": "it has to be"}
TEN = tuple(stage.name for stage in social_content().stages)


# -- stage 1


def test_whoever_had_an_idea_finds_better_words_for_it(desk: Any) -> None:
    """The proposer may reword it; somebody else of the company writes a note instead."""
    at = desk()
    assert ("own_words",) == at.refuses("cleo", "reword", title="Ours")

    at.do("eve", "reword", title="How we make it", pitch="people ask for it")

    assert ("How we make it", "people ask for it") == (at.item.data["title"], at.item.data["pitch"])
    at.do("sam", "start_screening")
    assert ("state",) == at.refuses("eve", "reword", title="Ours")


def test_an_idea_says_where_it_comes_from_and_whom_it_concerns(desk: Any) -> None:
    """S1-24, S0-04: its source, what suggested it, tags, who is consulted and who watches."""
    told = {
        "source": "evaluation",
        "derived_from": "post:41",
        "category": "employer brand",
        "tags": ["people", "workshop"],
        "consulted": ["prue"],
        "informed": ["cora"],
        "confidential": True,
    }

    at = desk(**told)

    assert told["derived_from"] == at.item.data["derived_from"]
    assert ("people", "workshop") == at.item.data["tags"]
    assert (("prue",), ("cora",)) == (at.item.data["consulted"], at.item.data["informed"])


def together() -> Workflow:
    """The answers are written down by one, and carried by three of the department."""
    [accept] = [one for one in social_content().stage("concept").actions if one.name == "accept"]
    return social_content().amend(
        "concept",
        states=("idea", "screening", "answered", "accepted", "shelved"),
        actions=(
            attrs.evolve(accept, name="answer", target="answered"),
            Action("accept", "answered", "accepted", ballots=Ballot("department", "*", quorum=3)),
        ),
    )


def test_ideas_may_be_screened_by_the_department_together(desk: Any) -> None:
    """S1-26: the answers stand first, and three members say yes; whose idea it is has no vote."""
    at = desk(together().named("acme")).until("concept.screening")
    at.do("sam", "answer", **desk.screening())
    at.do("cleo", "accept")
    assert ("four_eyes",) == at.refuses("eve", "accept")
    at.do("ana", "vote", action="accept", choice="no", note="we had that")
    assert ("concept.answered",) == at.item.marking

    at.do("cora", "accept")
    at.do("lea", "accept")

    assert ("assignment.unassigned",) == at.item.marking
    assert ("awareness",) == at.item.data["goals"]


def test_a_step_that_was_a_slip_is_undone_by_whoever_took_it(desk: Any) -> None:
    """Only the last one, and only where nothing has followed from it."""
    at = desk()
    at.do("sam", "start_screening")
    assert ("not_yours",) == at.refuses("lea", "undo")

    at.do("sam", "undo")
    assert ("concept.idea",) == at.item.marking
    at.until("assignment.unassigned")
    assert ("irreversible",) == at.refuses("sam", "undo")


# -- stage 2


def test_nobody_starts_before_all_ten_are_named_if_a_company_wants_that(desk: Any) -> None:
    """S1-33: production is entered when each stage has somebody, and says for which one nobody."""
    strict = social_content().amend("production", enter=all_named(TEN)).named("acme")
    at = desk(strict).until("assignment.unassigned")
    for stage in TEN[1:]:
        at.do("lea", "assign", member="cleo", stage=stage)
    assert ("all_named",) == at.refuses("cleo", "take")

    at.do("lea", "assign", member="sam", stage="concept")
    at.do("cleo", "take")

    assert ("production.drafting",) == at.item.marking


@pytest.mark.parametrize("state", ["unassigned", "offered"])
def test_it_is_planned_while_it_is_given_out(state: str, desk: Any) -> None:
    """The manager sets accounts, dates and priority; whoever makes it does not, not yet."""
    at = desk(at=f"assignment.{state}")
    at.do("sam", "edit", priority="high", planned_for="2026-05-08T09:00Z", accounts=["blog"])

    assert ("role",) == at.refuses("cleo", "edit", priority="low")


MAKERS = (
    Member("ann", "content_creator", skills={"web": 1}, hours=Capacity(6, 10)),
    Member("bob", "content_creator", skills={"web": 3}, hours=Capacity(6, 10)),
    Member("cat", "content_creator", skills={"web": 2}, hours=Capacity(6, 10)),
)


@pytest.mark.parametrize(
    ("strategy", "chosen"),
    [
        (least_loaded, "cat"),
        (best_skill("web"), "bob"),
        (round_robin("bob"), "cat"),
        (round_robin(None), "ann"),
        (manual, None),
    ],
)
def test_a_strategy_chooses_who_is_then_given_the_work(
    strategy: Strategy, chosen: str | None
) -> None:
    """S1-22: by skill, by load, in turn, or by hand; the load is that of the items at hand."""
    store, team = MemoryStore(), Team([Member("sam", "social_media_manager"), *MAKERS])
    engine = Engine(store, social_content(), team)

    def new(state: str, hours: float) -> Item:
        data = {"title": "a", "effort_hours": hours}
        return engine.adopt("social_content", at=state, by="sam", data=data)

    for maker, hours in (("ann", 5), ("bob", 4)):
        busy = new("production.drafting", hours)
        engine.perform(busy.id, "assign", by="sam", data={"member": maker})
    item = new("assignment.unassigned", 2)
    now = item.tokens[0].entered
    load = providers(Department(), reader=store, team=team)["workload"](item, now)
    able = candidates(team, "content_creator", Scope(), now)

    found = strategy(able, {id: one.hours for id, one in load.items()})

    assert chosen == (found.id if found else None)
    if found is not None:
        told = {"member": found.id, "stage": "production"}
        engine.perform(item.id, "assign", by="sam", data=told)
        made = engine.perform(item.id, "hand_out", by="sam", data={})
        assert chosen == made.responsible("production")


def test_the_lead_brings_work_back_into_the_house(desk: Any) -> None:
    """S0-27: from then on the agency neither takes nor submits it, and what it made is kept."""
    at = desk().until("concept.screening")
    at.do("sam", "accept", **desk.screening(outsourced="yes"))
    at.do("sam", "assign", member="agnes", stage="production")
    at.do("sam", "offer", brief="a film")
    at.do("agnes", "accept_offer")
    at.do("agnes", "edit", media=["film.mp4"])
    assert ("role",) == at.refuses("sam", "insource", **WHY)

    at.do("lea", "insource", **WHY)

    assert ("assignment.unassigned",) == at.item.marking
    assert ("no", ("film.mp4",)) == (at.item.data["outsourced"], at.item.data["media"])
    at.do("sam", "offer", brief="a film")
    assert ("agency_has_order",) == at.refuses("agnes", "accept_offer")


def test_an_idea_on_the_shelf_comes_back_on_its_day(desk: Any) -> None:
    """S1-25: later is no never."""
    at = desk()
    back = at.now + timedelta(days=30)
    at.do("sam", "shelve", review_at=back.isoformat(), **WHY)
    at.now = back
    at.engine.run_due()

    assert ("concept.idea",) == at.item.marking
