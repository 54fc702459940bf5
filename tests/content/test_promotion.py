"""Stage 7: planned, passed and run, channel by channel, each an item of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow import Item, Member, Refused
from socialflow.content import PROMOTION_RUN

WHY = {"reason": "it has to be"}
FREELY = {"account": "ada@example", "agrees": True, "names_employer": True}
WORDS = {"text": "Come and see", "disclosure": "We work there"}
DAY = timedelta(days=1)


class Push:
    """A post that is live, and the promotion of it through one channel."""

    def __init__(self, desk: Any, channel: str = "organic", by: str = "cora", **told: Any) -> None:
        self.at = desk().until("promotion.open")
        data = {"channel": channel, "text": "Come and see", **told}
        self.id = self.engine.create("promotion_run", by=by, parent=self.at.id, data=data).id

    @property
    def engine(self) -> Any:
        """The engine of the desk."""
        return self.at.engine

    @property
    def item(self) -> Item:
        """The run as it is."""
        return self.engine.item(self.id)

    @property
    def state(self) -> str:
        """Where it is."""
        [state] = self.item.marking
        return state

    @property
    def taken(self) -> set[str]:
        """Full names of all that has happened to it."""
        return {entry.event.action for entry in self.engine.history(self.id)}

    @property
    def sent(self) -> list[str]:
        """What the last event asks of the outside."""
        return [effect.name for effect in self.engine.history(self.id)[-1].event.effects]

    def do(self, who: Any, action: str, **data: Any) -> Push:
        """Have something done to the run."""
        self.engine.perform(self.id, action, by=who, data=data or None)
        return self

    def refuses(self, who: Any, action: str, **data: Any) -> tuple[str, ...]:
        """What stands in the way."""
        with pytest.raises(Refused) as no:
            self.do(who, action, **data)
        return no.value.refusal.codes

    def later(self, span: timedelta) -> Push:
        """Let time go by, and do what is due."""
        self.at.now += span
        self.engine.run_due()
        return self

    def moment(self, span: timedelta) -> str:
        """So long from now."""
        return (self.at.now + span).isoformat()


def paid(desk: Any, **told: Any) -> Push:
    """A paid run that says all that it has to, planned by the specialist."""
    plan = {"budget": 500.0, "disclosure": "Ad", "ends_at": "2026-06-01T00:00Z", **told}
    return Push(desk, "paid", "paige", **plan)


def running(desk: Any, **told: Any) -> Push:
    """An organic run that has been started."""
    return Push(desk, **told).do("sam", "approve").do("cora", "start")


# -- planning


def test_several_channels_are_planned_at_once(desk: Any) -> None:
    """Stage 7 goes through different channels: one item for each, with the item's disclosure."""
    at = desk(disclosure="A gift").until("promotion.open")
    at.do("sam", "plan_promotion", promotion_channels=["paid", "email"])

    runs = at.engine.children(at.id, "promotion_run")
    assert {"paid", "email"} == {run.data["channel"] for run in runs}
    assert {("plan.planned",)} == {run.marking for run in runs}
    assert {"A gift"} == {run.data["disclosure"] for run in runs}


def test_a_channel_that_is_none_is_refused_and_nothing_is_planned(desk: Any) -> None:
    """Of several channels all are planned, or none."""
    at = desk().until("promotion.open")
    with pytest.raises(Refused):
        at.engine.perform(
            at.id, "plan_promotion", by="sam", data={"promotion_channels": ["email", "pigeon"]}
        )

    assert () == tuple(at.engine.children(at.id, "promotion_run"))


def test_new_channels_are_planned_in_bulk_only_when_the_former_are_over(desk: Any) -> None:
    """Otherwise a round that still runs would no longer count."""
    push = Push(desk)
    told = {"promotion_channels": ["email"]}
    assert ("only_children",) == push.at.refuses("sam", "plan_promotion", **told)

    push.do("sam", "drop")
    push.at.do("sam", "plan_promotion", **told)


@pytest.mark.parametrize("who", ["sam", "paige", "cora", "agnes"])
def test_whoever_promotes_may_plan(who: str, desk: Any) -> None:
    """Manager, paid media, community management, and the agency (S2-02)."""
    assert "plan.planned" == Push(desk, by=who).state


@pytest.mark.parametrize("who", ["eve", "ana", "cyrus", "lea", "legolas"])
def test_whoever_does_not_promote_may_not_plan(who: str, desk: Any) -> None:
    """The near miss of it."""
    with pytest.raises(Refused) as no:
        Push(desk, by=who)
    assert ("role",) == no.value.refusal.codes


# -- approval


def test_an_organic_run_is_passed_by_who_runs_the_department(desk: Any) -> None:
    """And not by those who answer for money, nor by a specialist."""
    push = Push(desk)
    for who in ("abe", "spencer", "paige"):
        assert ("role",) == push.refuses(who, "approve")
    assert ("has", "has") == push.refuses("abe", "approve_spending")

    assert "run.approved" == push.do("sam", "approve").state


def test_a_paid_run_is_passed_by_those_who_answer_for_the_money(desk: Any) -> None:
    """S3-08: paid apart from organic; the manager's own yes is not enough."""
    push = paid(desk)
    assert ("one_of", "not_has") == push.refuses("sam", "approve")
    assert ("role",) == push.refuses("sam", "approve_spending")

    assert "run.approved" == push.do("abe", "approve_spending").state


def test_a_stand_at_a_fair_that_costs_money_is_passed_like_what_is_paid(desk: Any) -> None:
    """Whatever the channel: an amount is passed by those who answer for it; none is not."""
    push = Push(desk, "event", budget=900.0, ends_at="2026-06-01T00:00Z")
    assert ("not_has",) == push.refuses("sam", "approve")

    assert "run.approved" == push.do("spencer", "approve_spending").state


def test_what_goes_through_a_paid_channel_has_a_budget(desk: Any) -> None:
    """Leaving the amount out is no way round those who answer for it."""
    push = paid(desk, budget=None)

    assert ("one_of",) == push.refuses("sam", "approve")
    assert ("has",) == push.refuses("abe", "approve_spending")


@pytest.mark.parametrize("who", ["abe", "spencer", "lea"])
def test_each_of_those_who_answer_for_the_money_may_pass_it(who: str, desk: Any) -> None:
    """Approver, sponsor or lead."""
    assert "run.approved" == paid(desk).do(who, "approve_spending").state


@pytest.mark.parametrize(
    ("channel", "action", "role"),
    [("organic", "approve", "social_media_manager"), ("paid", "approve_spending", "approver")],
)
def test_who_has_planned_it_does_not_pass_it(
    channel: str, action: str, role: str, desk: Any
) -> None:
    """Four eyes, whatever other roles they hold; somebody else with the same role may."""
    both = Member("hy", ("paid_media_specialist", role))
    other = Member("bo", ("paid_media_specialist", role))
    told = {"budget": 5.0, "ends_at": "2026-06-01T00:00Z"} if channel == "paid" else {}
    push = Push(desk, channel, disclosure="Ad", by=both, **told)
    assert ("four_eyes",) == push.refuses(both, action)

    assert "run.approved" == push.do(other, action).state


def test_who_has_written_into_a_plan_made_in_bulk_does_not_pass_it(desk: Any) -> None:
    """Planned in bulk it says nothing yet; whoever says it is its planner."""
    at = desk().until("promotion.open")
    at.do("sam", "plan_promotion", promotion_channels=["email"])
    [run] = at.engine.children(at.id, "promotion_run")
    at.engine.perform(run.id, "edit", by="sam", data={"text": "Come and see"})

    assert ("four_eyes",) == at.engine.why_not(run.id, "approve", by="sam").codes
    assert at.engine.why_not(run.id, "approve", by="lea") is None


@pytest.mark.parametrize(
    ("missing", "code"),
    [("budget", "has"), ("ends_at", "has"), ("disclosure", "disclosed_through")],
)
def test_money_is_passed_with_an_amount_an_end_and_a_disclosure(
    missing: str, code: str, desk: Any
) -> None:
    """What a paid run has to say, one by one."""
    push = paid(desk, **{missing: None})
    assert (code,) == push.refuses("abe", "approve_spending")

    told = {"budget": 5.0, "ends_at": push.moment(DAY), "disclosure": "Ad"}
    push.do("paige", "edit", **{missing: told[missing]}).do("abe", "approve_spending")
    assert "run.approved" == push.state


@pytest.mark.parametrize("channel", ["partner", "employee"])
def test_who_speaks_for_us_says_so(channel: str, desk: Any) -> None:
    """S0-14, S2-06: partners and employees disclose whose interest it is; the others need not."""
    assert ("disclosed_through",) == Push(desk, channel).refuses("sam", "approve")

    assert "run.approved" == Push(desk, channel, disclosure="Ours").do("sam", "approve").state
    assert "run.approved" == Push(desk, "event").do("sam", "approve").state


def test_what_says_nothing_is_not_passed(desk: Any) -> None:
    """The near miss of a text."""
    assert ("has",) == Push(desk, text=None).refuses("sam", "approve")


def test_a_period_that_ends_before_it_begins_is_not_passed(desk: Any) -> None:
    """The end comes after the beginning, by however little."""
    begins = "2026-05-20T12:00:00+00:00"
    push = Push(desk, starts_at=begins, ends_at=begins)
    assert ("in_order",) == push.refuses("sam", "approve")

    push.do("cora", "edit", ends_at="2026-05-20T12:00:01+00:00").do("sam", "approve")
    assert "run.approved" == push.state


def test_what_is_over_by_its_own_date_is_not_passed(desk: Any) -> None:
    """Nobody passes what would end at once."""
    push = Push(desk)
    push.do("cora", "edit", ends_at=push.moment(timedelta(minutes=1)))
    push.at.now += timedelta(minutes=2)
    assert ("before_deadline",) == push.refuses("sam", "approve")

    push.do("cora", "edit", ends_at=push.moment(timedelta(minutes=1))).do("sam", "approve")
    assert "run.approved" == push.state


@pytest.mark.parametrize("pauses", [False, True])
def test_a_changed_plan_is_passed_anew(pauses: bool, desk: Any) -> None:
    """The signature is on the plan, and votes on the former one no longer count."""
    push = paid(desk).do("abe", "approve_spending")
    if pauses:
        push.do("paige", "start").do("paige", "pause")

    push.do("paige", "edit", budget=5000.0)

    assert "plan.planned" == push.state
    assert "run.approved" == push.do("abe", "approve_spending").state


def test_who_changes_a_plan_that_was_passed_is_its_writer_then(desk: Any) -> None:
    """Passing it releases those who wrote it before."""
    push = Push(desk, by="sam").do("lea", "approve").do("cora", "edit", text="Come again")

    assert ("cora",) == push.item.contributors
    assert "run.approved" == push.do("sam", "approve").state


def test_what_runs_is_paused_before_it_is_changed(desk: Any) -> None:
    """No edit reaches what the public sees."""
    push = running(desk)
    assert ("state",) == push.refuses("cora", "edit", text="Come again")

    assert "plan.planned" == push.do("cora", "pause").do("cora", "edit", text="Come again").state


# -- running


def test_a_run_begins_pauses_goes_on_and_ends_and_each_tells_the_outside(desk: Any) -> None:
    """What goes out, and what no longer does, is an effect."""
    push = Push(desk).do("sam", "approve")
    steps = [("start", "promote"), ("pause", "halt"), ("continue", "promote"), ("end", "halt")]
    for action, sent in steps:
        push.do("cora", action)
        assert [sent if sent == "promote" else "halt_promotion"] == push.sent

    assert "end.ended" == push.state


def test_a_run_begins_and_ends_by_date(desk: Any) -> None:
    """Nobody has to remember either date."""
    push = Push(desk)
    push.do("cora", "edit", starts_at=push.moment(DAY), ends_at=push.moment(3 * DAY))
    push.do("sam", "approve")

    assert "run.approved" == push.later(DAY - timedelta(minutes=1)).state
    assert "run.running" == push.later(timedelta(minutes=1)).state
    assert "run.running" == push.later(2 * DAY - timedelta(minutes=1)).state
    assert "end.ended" == push.later(timedelta(minutes=1)).state
    assert {"run.begin", "run.finish"} <= push.taken


def test_nothing_begins_by_date_that_nobody_has_passed(desk: Any) -> None:
    """The date alone is no approval."""
    push = Push(desk)
    push.do("cora", "edit", starts_at=push.moment(DAY))

    assert "plan.planned" == push.later(2 * DAY).state


@pytest.mark.parametrize("action", ["start", "pause"])
def test_a_run_that_waits_or_pauses_ends_on_its_date_as_well(action: str, desk: Any) -> None:
    """Whether or not anything went out."""
    push = Push(desk)
    push.do("cora", "edit", ends_at=push.moment(DAY)).do("sam", "approve")
    if action == "pause":
        push.do("cora", "start").do("cora", "pause")

    assert "end.ended" == push.later(DAY).state


def test_calling_off_says_why(desk: Any) -> None:
    """By who runs the department; and nothing more goes out. A mere plan is dropped."""
    assert "end.cancelled" == Push(desk).do("lea", "drop").state
    push = running(desk)
    assert ("role",) == push.refuses("cora", "call_off", **WHY)
    assert ("reason_given",) == push.refuses("sam", "call_off", reason=" ")

    push.do("sam", "call_off", **WHY)
    assert ("end.cancelled", ["halt_promotion"]) == (push.state, push.sent)


def test_figures_are_taken_while_it_runs_and_after(desk: Any) -> None:
    """The last ones stand on the item; what was there before is in its history."""
    push = running(desk).do("cora", "measure", reach=100).do("cora", "end")
    push.do("paige", "measure", reach=1200, cost=490.5, conversions=7)

    assert (1200, 490.5, 7) == tuple(
        push.item.data[name] for name in ("reach", "cost", "conversions")
    )
    assert "end.ended" == push.state


def test_a_plan_has_no_figures_and_what_was_called_off_has(desk: Any) -> None:
    """What has been paid by then is known, however it came to an end."""
    push = Push(desk)
    assert ("state",) == push.refuses("cora", "measure", reach=1)

    push.do("sam", "approve").do("cora", "start").do("sam", "call_off", **WHY)
    assert 80.0 == push.do("cora", "measure", reach=5, cost=80.0).item.data["cost"]


# -- the agency


@pytest.mark.parametrize(
    ("channel", "action", "plan"),
    [
        ("organic", "approve", {}),
        ("paid", "approve_spending", {"budget": 5.0, "ends_at": "2026-06-01T00:00Z"}),
    ],
)
def test_an_agency_passes_no_plan(channel: str, action: str, plan: Any, desk: Any) -> None:
    """S2-02: denied, whatever other roles its people hold; without that one they may."""
    roles = ("social_media_manager", "approver")
    push = Push(desk, channel, disclosure="Ad", **plan)

    assert ("denied",) == push.refuses(Member("al", ("agency_member", *roles)), action)
    assert "run.approved" == push.do(Member("al", roles), action).state


@pytest.mark.parametrize("action", ["start", "pause", "continue", "end"])
def test_an_agency_runs_promotions_but_sends_no_private_messages(action: str, desk: Any) -> None:
    """S2-02: advertising and public relations yes, messages never; nor by another role."""
    before = {"start": (), "continue": ("start", "pause")}.get(action, ("start",))
    for channel in ("event", "dm"):
        push = Push(desk, channel).do("sam", "approve")
        for one in before:
            push.do("cora", one)
        if channel == "event":
            push.do("agnes", action)
        else:
            loaned = Member("al", "community_manager", kind="agency")
            assert ("not_the_agencys",) == push.refuses("agnes", action)
            assert ("not_the_agencys",) == push.refuses(loaned, action)
            push.do("cora", action)


# -- employees


def offered(desk: Any) -> Push:
    """A run through employees, with a kit for them."""
    push = Push(desk, "employee", disclosure="I work there").do("sam", "approve")
    return push.do("sam", "offer_to_advocates", kit="three pictures and a text")


def test_an_employee_shares_what_was_offered(desk: Any) -> None:
    """S0-14: on their own account, and it is known who and where; before it runs, and then."""
    push = offered(desk).do("ada", "accept_share", **FREELY).do("cora", "start")
    assert ["share"] == push.do("ada", "accept_share", **FREELY).sent

    last = push.engine.history(push.id)[-1].event
    assert ("ada", "ada@example") == (last.by, last.command.data["account"])


@pytest.mark.parametrize("said", ["agrees", "names_employer"])
def test_nobody_shares_against_their_will_or_without_saying_whom_they_work_for(
    said: str, desk: Any
) -> None:
    """Each of the two is asked for."""
    push = offered(desk)

    assert ("shared_freely",) == push.refuses("ada", "accept_share", **FREELY | {said: False})


def test_only_advocates_of_the_house_share_and_only_what_was_offered(desk: Any) -> None:
    """No kit, no advocate or an agency's advocate: each is stopped by itself."""
    push = Push(desk, "employee", disclosure="I work there").do("sam", "approve")
    assert ("has",) == push.refuses("ada", "accept_share", **FREELY)

    push.do("sam", "offer_to_advocates", kit="a text")
    assert ("role",) == push.refuses("eve", "accept_share", **FREELY)
    hired = Member("al", "employee_advocate", kind="agency")
    assert ("in_house",) == push.refuses(hired, "accept_share", **FREELY)


def test_only_what_goes_through_employees_is_offered_to_them(desk: Any) -> None:
    """The near miss: another channel."""
    push = Push(desk).do("sam", "approve")

    assert ("one_of",) == push.refuses("sam", "offer_to_advocates", kit="a text")


# -- the post


OPEN_ROADS = {
    "planned": (),
    "approved": (("sam", "approve"),),
    "running": (("sam", "approve"), ("cora", "start")),
    "paused": (("sam", "approve"), ("cora", "start"), ("cora", "pause")),
}


@pytest.mark.parametrize("state", OPEN_ROADS)
def test_the_stage_is_settled_only_when_no_run_is_open(state: str, desk: Any) -> None:
    """Planned, approved, running and paused are open; ended is not."""
    push = Push(desk)
    for who, action in OPEN_ROADS[state]:
        push.do(who, action)
    assert ("only_children",) == push.at.refuses("paige", "settle_promotion")

    if state == "planned":
        push.do("sam", "drop")
    else:
        push.do("cora", "end")
    push.at.do("paige", "settle_promotion", promoted_through=["organic"], promotion_cost=12.5)
    assert "promotion.settled" == push.at.item.token("promotion").state
    assert (("organic",), 12.5) == tuple(
        push.at.item.data[name] for name in ("promoted_through", "promotion_cost")
    )


@pytest.mark.parametrize("state", OPEN_ROADS)
def test_what_is_unpublished_is_no_longer_promoted(state: str, desk: Any) -> None:
    """Nothing leads people to what is not there any more."""
    push = Push(desk)
    for who, action in OPEN_ROADS[state]:
        push.do(who, action)

    push.at.do("legolas", "unpublish", **WHY)

    assert ("end.cancelled" if state == "planned" else "end.ended") == push.state


def test_what_is_corrected_pauses_until_somebody_starts_it_again(desk: Any) -> None:
    """Nobody pays for leading people to a mistake; what does not run yet is left alone."""
    push = running(desk)
    waits = push.engine.create(
        "promotion_run", by="cora", parent=push.at.id, data={"channel": "email"}
    )

    push.at.do("sam", "correct", **WHY)

    assert "run.paused" == push.state
    assert ("plan.planned",) == push.engine.item(waits.id).marking
    assert "run.running" == push.do("cora", "continue").state


def test_the_evaluation_has_it_promoted_further(desk: Any) -> None:
    """S2-14: what works goes on; new channels are planned, and settled again."""
    at = desk().until("evaluation.analysing")
    at.do("sam", "extend", to="promotion", **WHY)
    at.do("sam", "plan_promotion", promotion_channels=["event"])
    assert ("only_children",) == at.refuses("paige", "settle_promotion")

    [run] = at.engine.children(at.id, "promotion_run")
    at.engine.perform(run.id, "drop", by="sam")
    at.do("paige", "settle_promotion")
    assert ("evaluation.collecting",) == at.item.marking


def test_a_run_does_not_touch_the_post(desk: Any) -> None:
    """Two people who run two channels never collide on the post."""
    push = Push(desk)
    before = push.at.item
    push.do("sam", "approve").do("cora", "start").do("cora", "measure", reach=5)

    assert before == push.at.item


def test_every_action_on_a_run_is_taken_somewhere(desk: Any) -> None:
    """No action is there that nobody can ever take."""
    asked = running(desk).do("cora", "pause").do("cora", "continue").do("cora", "measure", reach=1)
    dated = paid(desk, starts_at="2026-05-06T09:00Z").do("abe", "approve_spending").later(30 * DAY)
    shared = offered(desk).do("ada", "accept_share", **FREELY).do("sam", "call_off", **WHY)

    dropped = Push(desk).do("sam", "drop")

    taken = asked.do("cora", "end").taken | dated.taken | shared.taken | dropped.taken
    assert set() == {*PROMOTION_RUN.action_names} - taken
