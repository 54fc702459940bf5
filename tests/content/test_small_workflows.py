"""Messages and duties: small workflows of their own, read back where rules ask about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from offices import governed

from socialflow import Engine, Item, Refused
from socialflow.content.department import Department, Message
from socialflow.content.duty import DUTIES, recurring
from socialflow.content.freeze import FREEZE
from socialflow.content.message import MESSAGE
from socialflow.content.onboarding import ONBOARDING
from socialflow.content.records import messages_in, monitoring_in, recorded
from socialflow.documents import dump_workflow, parse_workflow
from socialflow.moments import days

DAY = timedelta(days=1)
SMALL = (FREEZE, MESSAGE, ONBOARDING, *DUTIES)
FACT = {"kind": "product_fact", "text": "twice as fast", "unit": "product"}
SLOGAN = {"kind": "brand_message", "text": "made by hand", "unit": "marketing"}


def written(engine: Engine, told: dict[str, Any], by: str = "cleo") -> Item:
    """A message that content can name as ``fast``."""
    return engine.create("message", by=by, data=told, ref="fast")


def refused(engine: Engine, item: Item, action: str, by: str) -> tuple[str, ...]:
    """The codes of what stands in the way."""
    with pytest.raises(Refused) as caught:
        engine.perform(item.id, action, by=by)
    return caught.value.refusal.codes


@pytest.mark.parametrize("workflow", SMALL, ids=[one.name for one in SMALL])
def test_a_small_workflow_is_sound_and_survives_its_document(workflow: Any) -> None:
    """No finding; to text and back is the same digest."""
    told = dump_workflow(workflow, "toml")

    assert () == workflow.findings()
    assert workflow.digest == parse_workflow(told, "toml").digest


# -- messages


def test_content_waits_until_the_product_owner_has_passed_what_it_claims(desk: Any) -> None:
    """S0-20: unknown, a draft, usable, being written anew, retired; read anew each time."""
    at = governed(desk)(claims=["fast"]).until("production.drafting")
    at.do("cleo", "edit", body="Twice as fast")

    assert ("claims_approved",) == at.refuses("cleo", "submit")
    message = written(at.engine, FACT)
    assert ("messages_valid",) == at.refuses("cleo", "submit")
    at.engine.perform(message.id, "approve", by="prue")
    assert "production.submit" in at.offered("cleo")
    at.engine.perform(message.id, "revise", by="cleo")
    assert ("messages_valid",) == at.refuses("cleo", "submit")
    at.engine.perform(message.id, "approve", by="prue")
    at.engine.perform(message.id, "retire", by="sam", data={"reason": "no longer so"})
    assert ("claims_approved",) == at.refuses("cleo", "submit")


def test_nobody_but_the_product_owner_passes_a_fact_about_a_product(desk: Any) -> None:
    """Also one that they have written themselves: it is they who answer for it."""
    engine = governed(desk)().engine
    fact = written(engine, FACT, by="prue")

    assert ("ballot",) == refused(engine, fact, "approve", "abe")
    assert ("use.usable",) == engine.perform(fact.id, "approve", by="prue").marking


def test_the_words_of_the_brand_are_passed_by_somebody_else(desk: Any) -> None:
    """S0-19: no matter whether whoever has written them may approve."""
    engine = governed(desk)().engine
    slogan = written(engine, SLOGAN, by="sam")

    assert ("four_eyes",) == refused(engine, slogan, "approve", "sam")
    assert ("ballot",) == refused(engine, slogan, "approve", "prue")
    assert ("use.usable",) == engine.perform(slogan.id, "approve", by="abe").marking


def test_a_message_without_a_unit_that_answers_for_it_is_not_approved(desk: Any) -> None:
    """Everything that may be said has an owner."""
    engine = governed(desk)().engine
    nobodys = written(engine, {**SLOGAN, "unit": None})

    assert ("has",) == refused(engine, nobodys, "approve", "abe")


def test_a_message_runs_out_on_its_date_and_can_be_renewed(desk: Any) -> None:
    """Whoever answers for it is told; written anew it is passed anew."""
    at = governed(desk)()
    message = written(at.engine, {**SLOGAN, "until": at.now + DAY})
    at.engine.perform(message.id, "approve", by="abe")

    at.now += DAY
    [done] = at.engine.run_due()
    assert ["notify"] == [effect.name for effect in done.event.effects]
    assert ("end.retired",) == at.engine.item(message.id).marking

    at.engine.perform(message.id, "renew", by="cleo")
    assert ("wording.draft",) == at.engine.item(message.id).marking


def test_a_message_is_read_with_all_that_is_known_of_it(desk: Any) -> None:
    """Its dates, its unit, and how often it was written anew."""
    at = governed(desk)()
    until, embargo = at.now + 9 * DAY, at.now + DAY
    message = written(at.engine, {**FACT, "until": until, "embargo_until": embargo})
    for action in ("approve", "revise", "approve"):
        at.engine.perform(message.id, action, by="prue")
        at.now += timedelta(minutes=1)

    assert [
        Message(
            "fast",
            "twice as fast",
            unit="product",
            until=until,
            embargo_until=embargo,
            version=2,
        )
    ] == [*messages_in(at.engine.store)]


# -- duties


def test_a_duty_comes_round_after_it_was_done(desk: Any) -> None:
    """Its clock begins anew when somebody says so, also before its time."""
    at = governed(desk)()
    brief = at.engine.create("daily_brief", by="lea", data={})

    at.now += DAY - timedelta(hours=1)
    assert ("duty.resting",) == at.engine.perform(brief.id, "finish", by="sam", data={}).marking
    at.now += timedelta(hours=2)
    assert () == at.engine.run_due()
    at.now += DAY
    assert ["duty.fall_due"] == [done.event.action for done in at.engine.run_due()]
    assert ("duty.due",) == at.engine.item(brief.id).marking


def test_the_lead_hears_of_a_duty_that_nobody_does(desk: Any) -> None:
    """Again and again, until it is done; then it is late no more."""
    at = governed(desk)()
    brief = at.engine.create("daily_brief", by="lea", data={})
    told = []
    for _ in range(3):
        at.now += DAY
        told += [done.event.action for done in at.engine.run_due()]

    assert ["duty.fall_due", "duty.remind", "duty.remind"] == told
    assert ("late",) == at.engine.item(brief.id).marks
    assert () == at.engine.perform(brief.id, "finish", by="sam", data={"outcome": "calm"}).marks


def test_a_department_has_the_duties_that_come_round_everywhere() -> None:
    """S1-18, S1-35, S3-21, S3-24; a company adds its own."""
    names = [one.name for one in DUTIES]

    assert 6 == len({*names})
    assert {"monitoring", "idea_review", "kpi_report"} <= {*names}
    assert days(3) == recurring("walk", days(3), "department_lead").stages[0].actions[0].due


def test_whoever_watches_something_as_a_duty_covers_it(desk: Any) -> None:
    """S1-18: assigned, resting and due; what nobody is assigned to is not watched."""
    at = governed(desk)()
    watched = {"dimension": "brand", "value": "acme"}
    duty = at.engine.create("monitoring", by="lea", data=watched)
    assert () == tuple(monitoring_in(at.engine.store))
    at.engine.perform(duty.id, "assign", by="lea", data={"member": "cora"})

    told = recorded(Department(), at.engine.store)
    assert () == told.unmonitored("brand", ("acme",))
    assert () == told.overdue(at.now)

    at.now += DAY
    assert ["acme"] == [one.value for one in told.overdue(at.now)]
    at.engine.run_due()
    assert ["acme"] == [
        one.value for one in recorded(Department(), at.engine.store).overdue(at.now)
    ]


def test_what_is_recorded_stands_beside_what_the_file_says(desk: Any) -> None:
    """And before it, if both have one key."""
    at = governed(desk)()
    file = Department(messages=[Message("fast", "fast"), Message("warm", "warm")])
    written(at.engine, FACT)
    at.declare("lea", "the site is down")

    told = recorded(file, at.engine.store)

    assert {"fast": "twice as fast", "warm": "warm"} == {m.key: m.text for m in told.messages}
    assert [("lea", "the site is down")] == [(one.by, one.reason) for one in told.freezes]
