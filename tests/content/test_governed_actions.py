"""Every action on the page of governance is stopped by each of its rules, and by no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest
from offices import governed

from socialflow import Member, Refusal, Refused, Scope
from socialflow.content.department import (
    Account,
    Before,
    Blackout,
    Campaign,
    Channel,
    Freeze,
    Goal,
    Message,
    Slots,
)
from socialflow.content.governance import BELOW, GOVERNANCE
from socialflow.people import SYSTEM, Period
from socialflow.rules import Rule

HOUR = timedelta(hours=1)
TITLE = "Behind the scenes of our workshop"
ORDER = {"agency": "Loud", "brief": None, "due": None, "fee": 90}


EARLY = ("concept", "assignment", "production", "tone")


def go(at: Any, state: str) -> Any:
    """Take the usual road; whoever answers for the product passes what is claimed of it."""
    if state in at.item.marking:
        return at
    if not state.startswith(EARLY):
        at.until("approval.pending")
        at.engine.perform(at.id, "approve", by="prue")
    return at.until(state)


# -- how an item gets to where the action is open: its id, who asks, with which data


def _idea(at: Any) -> tuple[str, str, dict[str, Any]]:
    return at.id, "sam", {}


def _screened(at: Any) -> tuple[str, str, dict[str, Any]]:
    at.until("concept.screening").do("lea", "assign", member="cleo", stage="production")
    return at.id, "sam", at.screening(outsourced="partly")


def _unassigned(who: str, data: dict[str, Any]) -> Callable[[Any], tuple[str, str, dict[str, Any]]]:
    def reach(at: Any) -> tuple[str, str, dict[str, Any]]:
        at.until("concept.screening").do("sam", "accept", **at.screening(outsourced="partly"))
        at.do("sam", "assign", member="cleo", stage="production")
        return at.id, who, data

    return reach


def _offered(at: Any) -> tuple[str, str, dict[str, Any]]:
    _unassigned("sam", {})(at)
    at.do("sam", "offer")
    return at.id, "cleo", {}


def _on_the_road(
    state: str, who: str, **data: Any
) -> Callable[[Any], tuple[str, str, dict[str, Any]]]:
    def reach(at: Any) -> tuple[str, str, dict[str, Any]]:
        go(at, state)
        if state == "production.drafting":
            at.do("cleo", "edit", body="How we make it")
        soon = {"publish_at": at.now + HOUR} if "publish_at" in data else {}
        return at.id, who, {**data, **soon}

    return reach


def _due(at: Any) -> tuple[str, Any, dict[str, Any]]:
    go(at, "publish.ready").do("sam", "schedule", publish_at=at.now + HOUR)
    at.now += HOUR
    return at.id, SYSTEM, {}


def _failed(at: Any) -> tuple[str, str, dict[str, Any]]:
    go(at, "publish.publishing")
    for account in ("blog", "news"):
        at.have(account, SYSTEM, "fail", evidence="no answer")
    return at.id, "sam", {}


def _upload(state: str, who: str, **data: Any) -> Callable[[Any], tuple[str, str, dict[str, Any]]]:
    def reach(at: Any) -> tuple[str, str, dict[str, Any]]:
        go(at, "publish.publishing")
        if state == "failed":
            at.have("blog", SYSTEM, "fail", evidence="no answer")
        if state == "published":
            at.have("blog", SYSTEM, "accept", url="https://example.com/blog")
        return at.upload("blog"), who, data

    return reach


def _run(*steps: str, who: str = "paige") -> Callable[[Any], tuple[str, Any, dict[str, Any]]]:
    def reach(at: Any) -> tuple[str, Any, dict[str, Any]]:
        go(at, "promotion.open").do("paige", "plan_promotion", promotion_channels=["paid"])
        [run] = at.engine.children(at.id, "promotion_run")
        begins, ends = at.now + HOUR, at.now + 9 * HOUR
        plan = {"text": "Look", "budget": 40, "disclosure": "Ad"}
        plan |= {"starts_at": begins, "ends_at": ends}
        at.engine.perform(run.id, "edit", by="paige", data=plan)
        for step in steps:
            by = "abe" if step.startswith("approve") else "paige"
            at.engine.perform(run.id, step, by=by)
        return run.id, who, {}

    return reach


def _share(at: Any) -> tuple[str, str, dict[str, Any]]:
    go(at, "promotion.open").do("paige", "plan_promotion", promotion_channels=["employee"])
    [run] = at.engine.children(at.id, "promotion_run")
    plan = {"text": "Look", "disclosure": "I work there"}
    at.engine.perform(run.id, "edit", by="paige", data=plan)
    at.engine.perform(run.id, "approve", by="sam")
    at.engine.perform(run.id, "offer_to_advocates", by="sam", data={"kit": "a picture"})
    return run.id, "ada", {"account": "ada", "agrees": True, "names_employer": True}


def _run_due(at: Any) -> tuple[str, Any, dict[str, Any]]:
    id, _, _ = _run("approve_spending")(at)
    at.now += HOUR
    return id, SYSTEM, {}


def _comment(*steps: str, who: str = "cora", **data: Any) -> Callable[[Any], Any]:
    def reach(at: Any) -> Any:
        go(at, "response.listening")
        told = {"account": "blog", "author": "u1", "text": "how?", "thread": "t1"}
        new = at.engine.create("interaction", by="cora", data=told, parent=at.id)
        for step in steps:
            more = {
                "triage": {"intent": "question"},
                "draft_reply": {"reply": "So", "snippet": "warm"},
            }.get(step)
            at.engine.perform(new.id, step, by="cora", data=more)
        return new.id, who, data

    return reach


REPLY = ("triage", "take", "draft_reply")
SCENES: dict[str, Callable[[Any], tuple[str, Any, dict[str, Any]]]] = {
    "concept.start_screening": _idea,
    "concept.accept": _screened,
    "assignment.take": _unassigned("cleo", {}),
    "assignment.hand_out": _unassigned("sam", {}),
    "assignment.offer": _unassigned("sam", {}),
    "assignment.accept_offer": _offered,
    "assignment.outsource": _unassigned("sam", ORDER),
    "production.submit": _on_the_road("production.drafting", "cleo"),
    "tone.approve_tone": _on_the_road("tone.adjusting", "tony"),
    "approval.approve": _on_the_road("approval.pending", "abe"),
    "publish.schedule": _on_the_road("publish.ready", "sam", publish_at=None),
    "publish.publish_now": _on_the_road("publish.ready", "sam"),
    "publish.begin": _due,
    "publish.retry_failed": _failed,
    "publication.retry": _upload("failed", "sam"),
    "publication.upload": _upload("publishing", "ada", url="https://example.com/blog"),
    "publication.mend": _upload("published", "sam", wrong="teh", right="the"),
    "plan.approve_spending": _run(who="abe"),
    "run.start": _run("approve_spending"),
    "run.begin": _run_due,
    "run.continue": _run("approve_spending", "start", "pause"),
    "run.accept_share": _share,
    "interaction.send_reply": _comment(*REPLY),
    "interaction.approve_reply": _comment(*REPLY, "submit_reply", who="sam"),
    "interaction.hand_over": _comment("triage", handed_to="support", summary="a question"),
}


# -- what has to be otherwise for a rule to object; and what the command says then, if it matters


def _another(at: Any, state: str = "concept.idea", **data: Any) -> Any:
    """Another item of the department's."""
    told = {"title": "Something else", **data}
    return at.engine.adopt("department_content", at=state, by="sam", data=told)


def _busy(at: Any) -> None:
    other = _another(at, "production.drafting", effort_hours=15)
    at.engine.perform(other.id, "assign", by="sam", data={"member": "cleo", "stage": "production"})


def _reply_on_its_way(at: Any) -> None:
    _comment(*REPLY, "submit_reply")(at)


def _owned_by(at: Any, owner: str) -> None:
    at.change(accounts=[Account("blog", "web", owner=owner), Account("news", "facebook")])


BREAKS: dict[str, Callable[[Any], dict[str, Any] | None]] = {
    "no_freeze": lambda at: at.change(freezes=[Freeze("f", "a crisis", "lea")]),
    "not_in_blackout": lambda at: at.change(blackouts=[Blackout("b", "an election")]),
    "in_slot": lambda at: at.change(slots=[Slots("blog", ("03:00",))]),
    "slot_free": lambda at: _another(
        at, "publish.scheduled", accounts=["blog"], publish_at=at.now + HOUR * at.later
    ),
    "account_allows": lambda at: at.change(
        accounts=[Account("blog", "web", status="paused"), Account("news", "facebook")]
    ),
    "accounts_belong": lambda at: at.change(
        accounts=[
            Account("blog", "web", scope=Scope(brand="globex")),
            Account("news", "facebook"),
        ]
    ),
    "fits_channel": lambda at: at.change(
        channels=[Channel("web", ("edit",), {"characters": 9}), Channel("facebook")]
    ),
    "claims_approved": lambda at: at.change(messages=[]),
    "messages_valid": lambda at: at.change(messages=[Message("warm", "x", status="retired")]),
    "campaign_order": lambda at: at.change(
        campaigns=[Campaign("spring", ("awareness",), order=[Before("post:1", at.id)])]
    ),
    "goal_set": lambda at: at.change(goals=[Goal("awareness", until=at.now)]),
    "goals_shared": lambda at: at.change(goals=[Goal("awareness", units=("sales",))]),
    "outsourcing_allowed": lambda at: at.change(outsourcing=False),
    "no_duplicate": lambda at: _another(at, title=TITLE, body="How we make it"),
    "within_limit": _busy,
    "not_absent": lambda at: at.otherwise.update(
        cleo=Member("cleo", "content_creator", absent=[Period(None, at.now + HOUR)])
    ),
    "assignee_has_role": lambda at: at.otherwise.update(cleo=Member("cleo", "data_analyst")),
    "skilled": lambda at: None,
    "budget_left": lambda at: at.change(
        budgets=[attrs.evolve(one, spent=one.amount - 1) for one in at.department.budgets]
    ),
    "owner_consented": lambda at: _owned_by(at, "ada"),
    "reply_allowed": lambda at: at.change(
        accounts=[Account("blog", "web", response_policy="none"), Account("news", "facebook")]
    ),
    "alone_in_thread": _reply_on_its_way,
    "handover_target": lambda at: {"handed_to": "product"},
}


def rows() -> Iterator[tuple[str, Rule]]:
    """Every action of the page, with every rule that stands before it."""
    below = [table for kind, table in BELOW.items() if kind != "reshare_fast"]
    tables = (GOVERNANCE, *below)
    return ((name, rule) for table in tables for name, row in table.items() for rule in row)


def judged(at: Any, id: str, who: Any, name: str, data: Any) -> tuple[str, ...]:
    """The codes of what stands against an action that somebody asks for, or that is due."""
    if who is SYSTEM:
        [done] = [one for one in at.engine.run_due() if one.duty.item == id]
        return done.refusal.codes if done.refusal else ()
    short = name.rpartition(".")[2]
    try:
        at.engine.preview(id, short, by=who, data=data or None)
    except Refused as no:
        return tuple(dict.fromkeys(no.refusal.codes))
    return ()


@pytest.mark.parametrize(("name", "rule"), [*rows()], ids=lambda one: getattr(one, "name", one))
def test_a_governed_action_is_stopped_by_its_rule_alone(desk: Any, name: str, rule: Rule) -> None:
    """What breaks the rule stops the action under its code; a warning is shown, and lets it by."""
    at = governed(desk)(title=TITLE, claims=["warm"], budget=40)
    id, who, data = SCENES[name](at)
    at.later = 1 if name == "publish.schedule" else 0

    more = BREAKS[rule.name](at)
    data = {**data, **(more if isinstance(more, dict) else {})}

    if rule.advisory:
        at.engine.perform(id, name.rpartition(".")[2], by=who, data=data or None)
        assert rule.name in at.engine.history(id)[-1].event.warned
    else:
        assert (rule.name,) == judged(at, id, who, name, data)


@pytest.mark.parametrize("name", SCENES)
def test_a_governed_action_is_open_as_long_as_nothing_is_broken(desk: Any, name: str) -> None:
    """The near miss of all its rules: the same scene, and nothing otherwise."""
    at = governed(desk)(title=TITLE, claims=["warm"], budget=40)
    id, who, data = SCENES[name](at)

    assert () == judged(at, id, who, name, data)


def test_every_action_of_the_page_has_its_scene() -> None:
    """And every rule something that breaks it."""
    assert {name for name, _ in rows()} == {*SCENES}
    assert {rule.name for _, rule in rows()} == {*BREAKS}


def test_a_refusal_names_everything_at_once(desk: Any) -> None:
    """Two rules that are broken are two objections."""
    at = governed(desk)().until("publish.ready")
    for rule in ("no_freeze", "account_allows"):
        BREAKS[rule](at)

    answer = at.ask("sam", "publish_now")

    assert isinstance(answer, Refusal)
    assert ("no_freeze", "account_allows") == answer.codes
