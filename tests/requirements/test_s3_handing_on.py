"""S3: who passes what, and where a message goes that is not ours to answer."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pytest
from house import DAY, House, at_work, everybody

from socialflow import Member
from socialflow.ballots import Ballot
from socialflow.content import roles, social_content
from socialflow.content.approval import CHAIN
from socialflow.content.notices import Message
from socialflow.content.rules import brand_checked, by_junior, is_asked
from socialflow.people import SYSTEM, Unit

WORDS: Mapping[str, str] = {"buy": "purchase", "broken": "complaint", "love": "praise"}
SNIPPET = Message("thanks", "Thank you for writing", "reply_snippet", unit="support")


def test_nothing_is_scheduled_that_nobody_has_approved() -> None:
    """S3-14: what is attached to the date is the approval of what goes out, word for word."""
    house = House()
    at = (house.now + DAY).isoformat()
    unseen = house.put("publish.ready", accounts=["blog"])
    passed = house.ready(accounts=["blog"])

    assert {"signed_off"} == set(house.refuses(unseen, "sam", "schedule", publish_at=at))
    assert ("publish.scheduled",) == house.do(passed, "sam", "schedule", publish_at=at).marking


def test_every_post_of_some_authors_goes_to_the_manager() -> None:
    """S3-14: a company adds a ballot by who wrote it; others need the usual one."""
    base = social_content()
    approve = next(one for one in base.stage("approval").actions if one.name == "approve")
    chain = (*CHAIN, Ballot("manager", roles.MANAGER, when=by_junior()))
    acme = base.amend("approval", actions=[attrs.evolve(approve, ballots=chain)]).named("acme")
    house = House(acme, team=everybody(Member("cleo", "content_creator", seniority="junior")))
    post = house.put("production.drafting")
    house.do(post, "cleo", "edit", body="I made it")
    house.do(post, "cora", "review", reviewed_by="cora")
    house.do(post, "cleo", "submit")
    house.do(post, "tony", "start")
    house.do(post, "tony", "approve_tone")

    assert ("approval.pending",) == house.do(post, "abe", "approve").marking
    assert ("publish.ready",) == house.do(post, "sam", "approve").marking


def test_what_does_not_sound_like_the_brand_is_not_approved() -> None:
    """S3-16: a company asks for the signature of tone before it asks for anybody's approval."""
    acme = social_content().with_rules({"approval.approve": brand_checked()}).named("acme")
    house = House(acme)
    skipped, checked = house.put("approval.pending"), house.put("tone.queued")
    house.do(checked, "tony", "start")
    house.do(checked, "tony", "approve_tone")

    assert ("brand_checked",) == house.refuses(skipped, "abe", "approve")
    assert ("publish.ready",) == house.do(checked, "abe", "approve").marking


def test_what_the_community_manager_cannot_answer_goes_to_customer_service() -> None:
    """S3-17: with what they have to know, and they hear of it at once."""
    house = House()
    comment = house.hear(house.put("response.listening"), text="it does not turn on")
    house.do(comment, "cora", "triage", intent="complaint")

    handed = house.do(comment, "cora", "hand_over", handed_to="support", summary="model 7")

    assert (("interaction.handed_off",), "support") == (handed.marking, handed.data["handed_to"])
    event = house.engine.history(comment)[-1].event
    assert ("model 7", {"whom": "specialists"}) == (
        event.command.data["summary"],
        dict(event.effects[0].data),
    )
    house.do(comment, "cyrus", "accept_handoff")
    assert ("accepted",) == house.engine.item(comment).marks


def intent_of(text: str) -> str:
    """What a host's classifier makes of a message; a fake one that knows three words."""
    return next((intent for word, intent in WORDS.items() if word in text), "question")


def test_who_wants_to_buy_becomes_a_lead_of_sales_and_what_it_came_to_comes_back() -> None:
    """S3-18: a classifier of the host's says so; sales hears of it if its author agrees."""
    house = House()
    post = house.put("response.listening")
    told = {"account": "blog", "author": "fan42", "text": "where can I buy a hundred?"}
    heard = {**told, "intent": intent_of(told["text"])}
    comment = house.engine.create("interaction", by=SYSTEM, parent=post, data=heard)
    assert "purchase" == comment.data["intent"]
    house.do(comment.id, "cora", "triage", intent=comment.data["intent"])
    lead = {"handed_to": "sales", "summary": "wants a hundred"}
    assert ("consented",) == house.refuses(comment.id, "cora", "hand_over", **lead)

    house.do(comment.id, "cora", "hand_over", **lead, consented=True)
    won = house.do(comment.id, "sal", "resolve_handoff", outcome="won", value=1200.0)

    assert ("won", 1200.0) == (won.data["outcome"], won.data["value"])


def test_an_approved_reply_is_a_beginning_and_stays_editable() -> None:
    """S3-23: it is answered in words of one's own, as long as what it began as is in force."""
    house = House(at_work(), messages=[SNIPPET])
    comment = house.hear(house.put("response.listening"))
    house.do(comment, "cora", "triage", intent="praise")
    house.do(comment, "cora", "take")
    house.do(comment, "cora", "draft_reply", reply=SNIPPET.text, snippet="thanks")
    house.do(comment, "cora", "draft_reply", reply="Thank you, Ida!", snippet="thanks")
    house.department = attrs.evolve(
        house.department, messages=[attrs.evolve(SNIPPET, status="retired")]
    )
    assert ("messages_valid",) == house.refuses(comment, "cora", "send_reply")

    house.department = attrs.evolve(house.department, messages=[SNIPPET])

    assert "Thank you, Ida!" == house.do(comment, "cora", "send_reply").data["reply"]


@pytest.mark.parametrize("named", ["abe", "hub", "approver"])
def test_whoever_makes_it_routes_it_to_those_who_are_to_approve(named: str) -> None:
    """S3-15: a person, a unit or a role, who hear of it; others who vote are warned."""
    hub = everybody(Member("abe", "approver", unit="hub"), units=[Unit("hub")])
    house = House(team=hub)
    post = house.put("production.drafting")
    house.do(post, "cleo", "request_approval", approvers=[named])
    event = house.engine.history(post)[-1].event
    assert [{"whom": "approvers"}] == [dict(one.data) for one in event.effects]

    house.do(post, "cleo", "submit")
    house.do(post, "tony", "start")
    house.do(post, "tony", "approve_tone")

    def warned(who: str) -> tuple[str, ...]:
        options = house.engine.options(post, by=who)
        approve = next(one for one in options if one.action == "approval.approve")
        return tuple(one.code for one in approve.warnings)

    assert ((), ("is_asked",)) == (warned("abe"), warned("spencer"))
    assert ("publish.ready",) == house.do(post, "abe", "approve").marking


def test_a_company_has_nobody_else_approve_than_whom_it_was_routed_to() -> None:
    """S3-15: within its policy, which makes of the warning a rule."""
    house = House(social_content().with_rules({"tone.start": is_asked("approvers")}).named("acme"))
    post = house.put("production.drafting")
    house.do(post, "cleo", "request_approval", approvers=["tone_editor"])
    house.do(post, "cleo", "submit")

    assert ("is_asked",) == house.refuses(post, "sam", "start")
    assert ("tone.adjusting",) == house.do(post, "tony", "start").marking
