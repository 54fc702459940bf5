"""Force and waivers: two who mean the same may go on, for a reason, and it is written down."""

from __future__ import annotations

import pytest
from engines import engine_on, everything, refused
from scenes import ANN, ED, EVE, LIVE, REVIEW, WRITING, finish, stage, workflow

from socialflow import Action, Engine, Item, Member, Refused, Role, Team
from socialflow.people import Delegation
from socialflow.policies import BY_ROLE, any_of, deny
from socialflow.protocols import Store
from socialflow.rules import has

FOR_PRESS = {"reason": "the press is waiting"}
RIGHTS = {"create": "*", "note": "*", "force": ("editor", "agent")}
UMA = Member("uma", "editor")
AGENCY = Member("agn", ("editor", "agent"), kind="agency")
PEOPLE = Team([ANN, ED, EVE, UMA, AGENCY])


def begun(store: Store, **told: object) -> tuple[Engine, Item]:
    """An item of Ann's in its first stage, of three."""
    roles = ("author", "editor", Role("agent", deny="force"))
    made = workflow(WRITING, REVIEW, LIVE, rights=RIGHTS, roles=roles)
    engine = engine_on(store, made, **({"people": PEOPLE} | told))  # type: ignore[arg-type]
    return engine, engine.create("post", by="ann", data={"title": "a"})


def force(engine: Engine, item: Item, by: str, to: str = "live", reason: str = "now") -> Item:
    """Have somebody ask to force the item."""
    return engine.perform(item.id, "force", by=by, to=to, data={"reason": reason})


@pytest.mark.law(23)
def test_two_who_mean_the_same_force_an_item_to_where_it_is_needed(store: Store) -> None:
    """One alone moves nothing; the second carries it, to any state, over every rule."""
    engine, item = begun(store)
    assert ("writing.drafting",) == force(engine, item, "ed").marking
    with pytest.raises(Refused) as no:
        force(engine, item, "ed")
    assert ("voted",) == no.value.refusal.codes, "still one person"

    assert ("live.ready",) == force(engine, item, "eve").marking


@pytest.mark.law(23)
def test_another_target_or_another_reason_is_another_matter(store: Store) -> None:
    """Force is a ballot on both; who means something else has not agreed."""
    engine, item = begun(store)
    force(engine, item, "ed", reason="the press")
    force(engine, item, "eve", reason="the boss")
    assert ("writing.drafting",) == force(engine, item, "uma", "end.rejected", "the press").marking

    assert ("live.ready",) == force(engine, item, "eve", reason="the press").marking


@pytest.mark.law(9, 23)
def test_a_delegate_is_no_second_person(store: Store) -> None:
    """Who stands in for the other one forces nothing with them."""
    away = Team(PEOPLE.members, delegations=[Delegation("ed", "eve")])
    engine, item = begun(store, people=away)
    force(engine, item, "ed")

    assert ("writing.drafting",) == force(engine, item, "eve").marking
    assert ("live.ready",) == force(engine, item, "uma").marking


@pytest.mark.law(23)
def test_force_records_the_signatures_it_went_without(store: Store) -> None:
    """The stage that was passed is signed by force, for this revision; the reason is kept."""
    engine, item = begun(store)
    force(engine, item, "ed", reason="the press")
    forced = force(engine, item, "eve", reason="the press")

    (signature,) = forced.signatures
    assert ("review", "force", ("force",)) == (
        signature.stage,
        signature.action,
        signature.ballots,
    )
    assert engine.workflow(forced).revision(forced) == signature.revision
    reasons = [one.event.command.data for one in engine.history(item.id)[1:]]
    assert [{"reason": "the press"}] * 2 == reasons


@pytest.mark.law(23)
def test_force_needs_a_reason(store: Store) -> None:
    """Without one nobody is asked at all."""
    engine, item = begun(store)
    before = everything(store)

    assert ("data",) == refused(engine.perform, item.id, "force", by="ed", to="live")
    assert before == everything(store)


@pytest.mark.law(23)
def test_a_denial_is_neither_waived_nor_forced(store: Store) -> None:
    """Whom a role or a policy denies it may hold another role that has the right: still not."""
    strict = any_of(BY_ROLE, deny("agency", "force"))
    roles = workflow(rights=RIGHTS).named("second")
    engine, item = begun(store)
    other = engine_on(store, roles, people=PEOPLE, policy=strict, new_id=lambda: "other")
    other.create("second", by="ann", data={"title": "a"})

    for one, id in ((engine, item.id), (other, "other")):
        waive = {"denied": "it is urgent", "role": "it is urgent"}
        told = {"by": "agn", "to": "live", "data": FOR_PRESS, "waive": waive}
        assert ("denied",) == refused(one.perform, id, "force", **told)


@pytest.mark.law(23)
def test_a_waiver_and_its_reason_stand_in_the_event(store: Store) -> None:
    """Who may waive goes on, for a reason; who may not is told so, and nothing is written."""
    rule = has("body").waivable("editor")
    engine = engine_on(store, workflow(stage("desk", finish(rules=rule, roles="*")), stage("b")))
    item = engine.create("post", by="ann", data={"title": "a"})
    waive = {"has": "the picture says it all"}
    before = everything(store)
    assert ("has",) == refused(engine.perform, item.id, "finish", by="ann", waive=waive)
    assert ("has",) == refused(engine.perform, item.id, "finish", by="ed", waive={"has": " "})
    assert before == everything(store)

    engine.perform(item.id, "finish", by="ed", waive=waive)

    assert waive == engine.history(item.id)[-1].event.command.waive


@pytest.mark.law(23)
def test_what_the_next_stage_demands_is_not_forced_upon_a_single_person(store: Store) -> None:
    """The near miss: a right to force lends no right to waive."""
    gate = stage("desk", finish(rules=has("body"), roles="*"), Action("wait", "one"))
    engine = engine_on(store, workflow(gate, stage("b"), rights=RIGHTS))
    item = engine.create("post", by="ann", data={"title": "a"})

    assert ("has",) == refused(engine.perform, item.id, "finish", by="ed", waive={"has": "now"})
