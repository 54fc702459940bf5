"""Messages: what may be said, in which words, how often, and what nobody says in a crisis."""

from __future__ import annotations

import pytest
from house import DAY, NOON, House, at_work, everybody

from socialflow import Item, Member, Refused, Scope
from socialflow.content.department import Account, Message
from socialflow.content.duty import DUTIES
from socialflow.content.freeze import FREEZE
from socialflow.content.message import MESSAGE
from socialflow.content.views.digest import digest
from socialflow.people import Credential


@pytest.mark.parametrize("who", ["cleo", "carl"])
def test_every_department_says_the_same_of_a_product(who: str) -> None:
    """S0-10: whoever writes it, a fact is one of those that have been written down."""
    house = House(
        at_work(),
        team=everybody(Member("carl", "content_creator")),
        messages=[Message("fast", "twice as fast")],
    )
    right, wrong = (
        house.put("production.drafting", claims=[claim]) for claim in ("fast", "fastest")
    )

    assert ("claims_approved",) == house.refuses(wrong, who, "submit")
    assert ("tone.queued",) == house.do(right, who, "submit").marking


def test_what_is_like_something_else_is_shown_to_whoever_passes_it() -> None:
    """S0-15: two departments, one story: the second is stopped, and the first is named."""
    house = House(at_work())
    story = {"title": "Our new blue boat", "body": "It floats, it is blue, and it is new this year"}
    first = house.put("approval.pending", where={"unit": "sales"}, **story)
    second = house.put("tone.adjusting", where={"unit": "service"}, **story)

    with pytest.raises(Refused) as no:
        house.do(second, "tony", "approve_tone")

    (objection,) = no.value.refusal.objections
    assert "no_duplicate" == objection.code
    assert first in str(objection.facts)
    house.engine.perform(
        second, "approve_tone", by="sam", waive={"no_duplicate": "they know of it, and want both"}
    )


def written(house: House, who: str, **told: str) -> Item:
    """A message that somebody has written."""
    wording = {"kind": "brand_message", "unit": "marketing", **told}
    return house.engine.create("message", by=who, ref="promise", data=wording)


def test_the_official_words_are_written_once_and_used_by_all() -> None:
    """S0-19: somebody writes them, somebody else passes them, and from then on posts may say so."""
    house = House(at_work(), others=[MESSAGE])
    message = written(house, "cleo", text="we answer within a day")
    post = house.put("production.drafting", claims=["promise"])

    assert ("messages_valid",) == house.refuses(post, "cleo", "submit")
    house.do(message.id, "abe", "approve")

    assert ("tone.queued",) == house.do(post, "cleo", "submit").marking


def test_what_the_product_team_has_not_released_is_not_said() -> None:
    """S0-20: a fact has somebody who answers for it, and a day before which it is not told."""
    house = House(at_work(), others=[MESSAGE])
    until = (NOON + DAY).isoformat()
    fact = written(house, "prue", text="it flies", kind="product_fact", embargo_until=until)
    post = house.put("production.drafting", claims=["promise"])

    assert ("role",) == house.refuses(fact.id, "cleo", "approve")
    house.do(fact.id, "prue", "approve")
    assert ("messages_valid",) == house.refuses(post, "cleo", "submit")
    house.now += DAY
    assert ("tone.queued",) == house.do(post, "cleo", "submit").marking


@pytest.mark.parametrize(
    ("who", "consent", "disclosure", "stops"),
    [
        ("ada", True, "I work at Acme", 0),
        ("ada", False, "I work at Acme", 1),
        ("ada", True, None, 1),
        ("sam", True, "I work at Acme", 1),
    ],
)
def test_a_private_account_stays_its_owners(
    who: str, consent: bool, disclosure: str | None, stops: int
) -> None:
    """S0-14: its owner posts there, has agreed to it, and says whom they work for."""
    agreed = [Credential("consent", "ada's")] if consent else []
    house = House(
        at_work(),
        team=everybody(Member("ada", "employee_advocate", credentials=agreed)),
        accounts=[Account("ada's", "web", owner="ada")],
    )
    post = house.ready(accounts=["ada's"], disclosure=disclosure)
    house.do(post, "sam", "publish_now")
    (upload,) = house.engine.children(post, "publication")
    link = {"url": "https://example.com/ada/1"}

    if stops:
        assert ("owner_consented",) * stops == house.refuses(upload.id, who, "upload", **link)
    else:
        assert ("publication.published",) == house.do(upload.id, who, "upload", **link).marking


def test_every_two_weeks_they_meet_over_what_the_month_brings() -> None:
    """S0-17: the meeting falls due, sees the month, and what it decides is written down."""
    house = House(others=DUTIES)
    for days in (3, 20, 40):
        house.put("publish.ready", accounts=["blog"], planned_for=NOON + days * DAY)
    meeting = house.engine.create("fortnightly_meeting", by="lea").id

    house.now += 14 * DAY
    house.engine.run_due()
    month = digest(house.store, house.department, house.team, NOON, NOON + 30 * DAY)
    outcome = f"{month.items} posts; sales and service write the second one together"
    done = house.do(meeting, "lea", "finish", outcome=outcome)

    assert 2 == month.items
    assert outcome == done.data["outcome"]
    assert NOON + 28 * DAY == done.tokens[0].due


def test_in_a_crisis_nothing_goes_out_before_two_say_that_all_is_clear() -> None:
    """S0-34: what was scheduled where it strikes waits; elsewhere the work goes on."""
    house = House(at_work(), others=[FREEZE])
    north, south = (
        house.ready(where={"region": region}, accounts=["blog"], title=region, body=words)
        for region, words in (("north", "Herring is back"), ("south", "A new shop by the sea"))
    )
    flood = house.engine.create(
        "freeze", by="lea", data={"reason": "a flood"}, scope=Scope(region="north")
    ).id

    assert ("no_freeze",) == house.refuses(north, "sam", "publish_now")
    house.do(south, "sam", "publish_now")
    house.do(flood, "lea", "all_clear")
    assert ("no_freeze",) == house.refuses(north, "sam", "publish_now")
    house.do(flood, "legolas", "all_clear")
    assert ("publish.publishing",) == house.do(north, "sam", "publish_now").marking
