"""Comments and messages: answered, handed over, escalated, each an item of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow import Item, Member, Refused
from socialflow.content import INTERACTION
from socialflow.errors import ItemExists
from socialflow.people import SYSTEM

WHY = {"reason": "it has to be"}
SAID = {"account": "blog", "author": "fan42", "text": "where can I buy it?"}
SUMMARY = {"summary": "wants to buy a hundred"}
AGREED = {**SUMMARY, "consented": True}


class Talk:
    """A post that is live, and one comment below it."""

    def __init__(self, desk: Any) -> None:
        self.at = desk().until("response.listening")
        new = self.engine.create("interaction", by=SYSTEM, parent=self.at.id, data=SAID)
        self.id = new.id

    @property
    def engine(self) -> Any:
        """The engine of the desk."""
        return self.at.engine

    @property
    def item(self) -> Item:
        """The comment as it is."""
        return self.engine.item(self.id)

    def do(self, who: Any, action: str, **data: Any) -> Item:
        """Have something done to the comment."""
        return self.engine.perform(self.id, action, by=who, data=data or None)

    def refuses(self, who: Any, action: str, **data: Any) -> tuple[str, ...]:
        """What stands in the way."""
        with pytest.raises(Refused) as no:
            self.do(who, action, **data)
        return no.value.refusal.codes

    def taken(self) -> set[str]:
        """What has happened to the comment."""
        events = [entry.event for entry in self.engine.history(self.id)]
        return {name for one in events for name in (one.action, *(m.cause for m in one.moves))}


@pytest.fixture
def talk(desk: Any) -> Talk:
    """A comment on a post that is live."""
    return Talk(desk)


def triaged(talk: Talk, **told: Any) -> Talk:
    """The comment, looked at once."""
    talk.do("cora", "triage", **({"intent": "question"} | told))
    return talk


def taken(talk: Talk, who: str = "cyrus") -> Talk:
    """The comment, in somebody's hands."""
    triaged(talk).do(who, "take")
    return talk


def test_a_question_is_answered_and_closed(talk: Talk) -> None:
    """Stage 8: triage, draft, send; the sending is an effect for the outside."""
    taken(talk).do("cyrus", "draft_reply", reply="In our shop")
    talk.do("cyrus", "send_reply")
    last = talk.engine.history(talk.id)[-1].event
    assert ["reply"] == [one.name for one in last.effects]

    talk.do("cora", "close")
    assert ("end.closed",) == talk.item.marking


def test_nothing_is_sent_before_it_is_written(talk: Talk) -> None:
    """Neither is what has been written down as nothing."""
    assert ("state",) == taken(talk).refuses("cyrus", "send_reply")
    talk.do("cyrus", "draft_reply", reply="")

    assert ("has",) == talk.refuses("cyrus", "send_reply")
    assert ("has",) == talk.refuses("cyrus", "submit_reply")


def test_a_reply_that_is_submitted_is_passed_by_somebody_else(talk: Talk) -> None:
    """S3-01: who is not sure has somebody look at it; nobody passes their own words."""
    taken(talk, "cora").do("cora", "draft_reply", reply="In our shop")
    talk.do("cora", "submit_reply")
    assert ("four_eyes",) == talk.refuses("cora", "approve_reply")

    talk.do("sam", "reject_reply", **WHY)
    assert ("state",) == talk.refuses("cora", "submit_reply")
    talk.do("cora", "draft_reply", reply="In our shop, round the corner")
    talk.do("cora", "submit_reply")
    talk.do("legolas", "approve_reply")
    assert ("interaction.answered",) == talk.item.marking


def test_a_lead_goes_to_sales_and_its_outcome_comes_back(talk: Talk) -> None:
    """S3-18: sales resolves it, and what came of it stays with the comment."""
    triaged(talk, intent="purchase").do("cora", "hand_over", handed_to="sales", **AGREED)
    talk.do("sal", "accept_handoff")
    assert ("accepted",) == talk.item.marks
    assert ("role", "is_addressed") == talk.refuses("cora", "resolve_handoff", outcome="won")

    talk.do("sal", "resolve_handoff", outcome="won", value=1200.0)

    assert ("interaction.answered",) == talk.item.marking
    assert ("sales", "won", 1200.0) == tuple(
        talk.item.data[name] for name in ("handed_to", "outcome", "value")
    )


def test_what_does_not_belong_there_comes_back(talk: Talk) -> None:
    """S3-17: a hand-over may be returned with a reason, even if it was accepted at first."""
    taken(talk).do("cyrus", "hand_over", handed_to="legal", **SUMMARY)
    talk.do("legolas", "accept_handoff")
    talk.do("legolas", "return_handoff", **WHY)

    assert (("interaction.assigned",), ()) == (talk.item.marking, talk.item.marks)


def test_nobody_is_sold_to_who_has_not_agreed(talk: Talk) -> None:
    """Customers are told about before sales hears of them; other desks only help."""
    triaged(talk, intent="purchase")
    assert ("consented",) == talk.refuses("cora", "hand_over", handed_to="sales", **SUMMARY)

    talk.do("cora", "hand_over", handed_to="product", **SUMMARY)
    assert talk.item.data["consented"] is False


@pytest.mark.parametrize("action", ["accept_handoff", "return_handoff", "resolve_handoff"])
def test_a_desk_answers_for_what_was_handed_to_it(action: str, talk: Talk) -> None:
    """Sales does not resolve what went to legal."""
    told = {"return_handoff": WHY, "resolve_handoff": {"outcome": "solved"}}.get(action, {})
    triaged(talk).do("cora", "hand_over", handed_to="legal", **SUMMARY)

    assert ("is_addressed",) == talk.refuses("sal", action, **told)
    talk.do("legolas", action, **told)


def test_of_several_candidates_the_last_stands(talk: Talk) -> None:
    """A new draft supersedes the one before, one that waits to be passed as well; all are kept."""
    taken(talk, "cora").do("cora", "draft_reply", reply="In our shop")
    talk.do("cora", "submit_reply")
    talk.do("cyrus", "draft_reply", reply="In every shop", snippet="where-to-buy")
    assert ("state",) == talk.refuses("sam", "approve_reply")
    talk.do("cyrus", "submit_reply")
    talk.do("sam", "approve_reply")

    assert ("In every shop", "where-to-buy") == (talk.item.data["reply"], talk.item.data["snippet"])
    events = [entry.event for entry in talk.engine.history(talk.id)]
    drafts = [one.command.data["reply"] for one in events if one.action.endswith("draft_reply")]
    assert ["In our shop", "In every shop"] == drafts


def test_a_conversation_goes_on(talk: Talk) -> None:
    """S4-10: who is answered may say more, and that wants another answer, not the same again."""
    taken(talk).do("cyrus", "draft_reply", reply="In our shop")
    talk.do("cyrus", "send_reply")
    talk.do(SYSTEM, "hear", text="and where is that?")

    assert (("interaction.triaged",), "and where is that?") == (
        talk.item.marking,
        talk.item.data["text"],
    )
    talk.do("cyrus", "take")
    assert ("state",) == talk.refuses("cyrus", "send_reply")


@pytest.mark.parametrize(("intent", "state"), [("crisis", "escalated"), ("complaint", "triaged")])
def test_a_crisis_is_escalated_at_once(intent: str, state: str, talk: Talk) -> None:
    """S0-34: nobody has to think of it; a complaint is only a complaint."""
    triaged(talk, intent=intent)

    assert (f"interaction.{state}",) == talk.item.marking
    assert (("crisis",) if intent == "crisis" else ()) == talk.item.marks


def test_triage_says_what_an_answer_depends_on(talk: Talk) -> None:
    """S4-12, S4-14: how urgent it is, whether one is asked for, and what it is found by."""
    triaged(talk, priority="high", asked=True, tags=["b2b"])

    assert ("high", True, ("b2b",)) == tuple(
        talk.item.data[name] for name in ("priority", "asked", "tags")
    )


def test_past_its_date_it_is_escalated_by_itself(talk: Talk) -> None:
    """The clock goes on while it is handed over; the lead hears of it, and takes it over."""
    due = talk.at.now + timedelta(hours=4)
    triaged(talk, sla_due=due.isoformat())
    talk.do("cora", "hand_over", handed_to="support", **SUMMARY)
    talk.at.now = due
    talk.engine.run_due()

    assert (("interaction.escalated",), ("late",)) == (talk.item.marking, talk.item.marks)
    talk.do("lea", "take_over")
    assert ("interaction.assigned",) == talk.item.marking


def test_the_response_is_closed_when_everything_is_answered(talk: Talk) -> None:
    """Closing asks for nothing open below; for silence it does not ask."""
    close = {"answered": 1, "handed_over": 0, "voices": ["more"]}
    assert ("only_children",) == talk.at.refuses("cora", "close_response", **close)
    talk.do("cora", "escalate", **WHY)
    assert ("only_children",) == talk.at.refuses("cora", "close_response", **close)

    talk.do("sam", "take_over")
    talk.do("cyrus", "draft_reply", reply="In our shop")
    talk.do("cyrus", "send_reply")
    talk.at.do("cora", "close_response", **close)
    assert talk.at.item.token("response").state == "response.closed"


def test_an_answer_does_not_touch_the_post(talk: Talk) -> None:
    """Two people who answer two comments never collide on the post."""
    before = talk.at.item
    taken(talk).do("cyrus", "draft_reply", reply="In our shop")

    assert before == talk.at.item


@pytest.mark.parametrize("action", ["triage", "take", "draft_reply", "send_reply", "hand_over"])
def test_an_agency_does_not_speak_with_customers(action: str, talk: Talk) -> None:
    """S2-02, S2-03: denied, whatever other roles its people hold."""
    both = Member("agnes", ("agency_member", "community_manager"), kind="agency")
    if action != "triage":
        triaged(talk)
    if action not in ("triage", "take"):
        talk.do("cora", "take")
    if action == "send_reply":
        talk.do("cora", "draft_reply", reply="In our shop")

    refusal = talk.engine.why_not(talk.id, action, by=both)
    assert "denied" in refusal.codes


@pytest.mark.parametrize("action", ["create", "note", "claim", "assign"])
def test_what_every_workflow_has_is_denied_to_an_agency_as_well(action: str, talk: Talk) -> None:
    """S2-02: nothing on an interaction is the agency's; a remark on the post is."""
    both = Member("agnes", ("agency_member", "community_manager"), kind="agency")

    if action == "create":
        with pytest.raises(Refused) as no:
            talk.engine.create("interaction", by=both, parent=talk.at.id, data=SAID)
        refusal = no.value.refusal
    else:
        refusal = talk.engine.why_not(talk.id, action, by=both)

    assert "denied" in refusal.codes
    assert talk.engine.why_not(talk.at.id, "note", by=both) is None


def test_a_claim_is_free_again_after_a_working_day(talk: Talk) -> None:
    """Whoever claims a comment has eight hours; then somebody else may."""
    talk.do("cora", "claim")
    talk.at.now += timedelta(hours=7)
    assert ("taken",) == talk.refuses("cyrus", "claim")

    talk.at.now += timedelta(hours=1)
    assert "cyrus" == talk.do("cyrus", "claim").responsible("interaction")


def test_what_was_taken_in_twice_is_there_once(desk: Any) -> None:
    """A listener that repeats itself is told: the reference is taken; a key answers again."""
    at = desk().until("response.listening")
    told = {"parent": at.id, "data": SAID, "by": SYSTEM, "ref": "blog:comment:7"}
    first = at.engine.create("interaction", key="7", **told)

    assert first == at.engine.create("interaction", key="7", **told)
    with pytest.raises(ItemExists):
        at.engine.create("interaction", **told)


def test_every_action_on_an_interaction_is_taken_somewhere(desk: Any) -> None:
    """No action is there that nobody can ever take."""
    seen: set[str] = set()
    for steps in (
        [("cora", "dismiss", WHY)],
        [("cora", "triage", {"intent": "spam"}), ("cora", "no_reply", WHY)],
        [
            ("cora", "triage", {"intent": "question"}),
            ("cora", "take", {}),
            ("cora", "draft_reply", {"reply": "a"}),
            ("cora", "submit_reply", {}),
            ("sam", "reject_reply", WHY),
            ("cora", "draft_reply", {"reply": "b"}),
            ("cora", "submit_reply", {}),
            ("sam", "approve_reply", {}),
            ("cora", "hear", {"text": "thank you"}),
            ("cora", "no_reply", WHY),
        ],
        [
            ("cora", "triage", {"intent": "crisis"}),
            ("lea", "take_over", {}),
            ("cora", "escalate", WHY),
            ("lea", "take_over", {}),
            ("cora", "hand_over", {"handed_to": "product", **SUMMARY}),
            ("prue", "return_handoff", WHY),
            ("cora", "hand_over", {"handed_to": "product", **SUMMARY}),
            ("prue", "accept_handoff", {}),
            ("prue", "resolve_handoff", {"outcome": "noted"}),
        ],
        [
            ("cora", "triage", {"intent": "question", "sla_due": "2026-05-05T09:00Z"}),
            ("cora", "take", {}),
            ("cora", "draft_reply", {"reply": "a"}),
            ("cora", "send_reply", {}),
            ("cora", "close", {}),
        ],
        [("cora", "triage", {"intent": "question", "sla_due": "2026-05-05T09:00Z"})],
    ):
        talk = Talk(desk)
        for who, action, data in steps:
            talk.do(who, action, **data)
        talk.at.now += timedelta(days=9)
        talk.engine.run_due()
        seen |= talk.taken()

    assert set() == {*INTERACTION.action_names} - seen
