"""Living: what people do with what is live, and with what they learn from it (stages 7 to 10)."""

from __future__ import annotations

from desk import Desk

__all__ = ["LIVING"]


# -- promotion


def promote(desk: Desk) -> None:
    """What has a budget goes through a paid channel; the rest has to do without."""
    desk.claim()
    runs, tests = desk.below("promotion_run"), desk.below("experiment")
    if desk.says("budget") and not runs:
        desk.ask("plan_promotion", promotion_channels=("paid",))
    elif desk.waited(days=1) and all(one.ended for one in (*runs, *tests)):
        through = tuple(one.data["channel"] for one in runs)
        cost = sum(one.data.get("cost") or 0.0 for one in runs)
        desk.ask("settle_promotion", promoted_through=through, promotion_cost=cost)


def plan(desk: Desk) -> None:
    """What it says, how long it runs, what it may cost."""
    if not desk.says("ends_at"):
        above = desk.office.engine.item(desk.item.parent or "")
        desk.ask(
            "edit",
            text=above.data["title"],
            disclosure="Ad",
            ends_at=desk.later(days=3),
            budget=above.data["budget"],
            currency="EUR",
        )


def pay(desk: Desk) -> None:
    """Whoever answers for the money passes it."""
    if desk.says("ends_at") and desk.may("approve_spending"):
        desk.ask("approve_spending")


def run(desk: Desk) -> None:
    """It starts, if there is money left; otherwise it is planned for less."""
    desk.ask("start")
    if "budget_left" in desk.objections:
        desk.ask("edit", budget=desk.says("budget") * 0.75)


def count(desk: Desk) -> None:
    """What came of it is counted as long as it runs."""
    reach = desk.chance.randint(2000, 9000)
    desk.ask("measure", reach=reach, cost=desk.says("budget") * 0.9, reactions=reach // 40)


def test(desk: Desk) -> None:
    """Two texts are shown in turn."""
    desk.ask("start_experiment")


def compare(desk: Desk) -> None:
    """Somebody names a winner as soon as there is a figure, and is told to wait."""
    sample = (desk.says("sample") or 0) + desk.chance.randint(300, 500)
    arms = sorted(desk.says("arms"))
    figures = {arm: float(sample // 10 + desk.chance.randint(0, 20)) for arm in arms}
    desk.ask("record_result", sample=sample, results=figures)
    desk.ask("choose_winner", winner=max(arms, key=lambda arm: (figures[arm], arm)))


# -- response


def triage(desk: Desk) -> None:
    """What does somebody want, and until when?"""
    meant = desk.channels.meaning(desk.says("text"))
    hours = 4 if meant["intent"] == "complaint" else 30
    if meant["intent"] == "spam":
        desk.ask("dismiss", reason="spam")
    else:
        desk.ask("triage", **meant, sla_due=desk.later(hours=hours))


def answer(desk: Desk) -> None:
    """A complaint goes to customer service; everybody else gets an answer, where we give any."""
    if desk.says("intent") == "complaint":
        desk.ask("hand_over", handed_to="support", summary="something arrived broken")
        return
    if desk.duty.state == "interaction.triaged":
        desk.ask("take")
    desk.ask("draft_reply", reply=f"Thank you, {desk.says('author')}!", snippet="thanks")
    desk.ask("send_reply")
    if "reply_allowed" in desk.objections:
        desk.ask("no_reply", reason="on this account we answer those who ask")


def solve(desk: Desk) -> None:
    """Customer service takes it on, and a while later has solved it."""
    if "accepted" in desk.item.marks:
        desk.ask("resolve_handoff", outcome="sent a new one")
    else:
        desk.ask("accept_handoff")


def take_over(desk: Desk) -> None:
    """What has waited too long is somebody's at last."""
    desk.ask("take_over")


def close(desk: Desk) -> None:
    """Nothing more has come."""
    if desk.waited(days=1):
        desk.ask("close")


def sum_up(desk: Desk) -> None:
    """After three days there is little more to come; some do not look whether all are answered."""
    desk.claim()
    heard = desk.below("interaction")
    silent = all(one.ended or "interaction.answered" in one.marking for one in heard)
    if desk.waited(days=3) and (silent or desk.once_in(4)):
        handed = sum(bool(one.data.get("handed_to")) for one in heard)
        answered = sum(bool(one.data.get("reply")) for one in heard)
        voices = tuple(dict.fromkeys(one.data["text"] for one in heard))[:3]
        desk.ask("close_response", answered=answered, handed_over=handed, voices=voices)


# -- re-share


def share(desk: Desk) -> None:
    """What came of the candidates; mostly there was none."""
    found = desk.below("candidate")
    if not desk.waited(days=2) or not all(one.ended for one in found):
        return
    derived = [new for one in found for new in desk.office.below(one.id, "reshare_fast")]
    if derived:
        desk.ask("settle_reshare", reshared=tuple(one.id for one in derived))
    else:
        desk.ask("skip_reshare", reason="nothing that others would want to see")


def ask_author(desk: Desk) -> None:
    """Whose it is, is asked first."""
    desk.ask("request_rights")


def record(desk: Desk) -> None:
    """The author has said yes."""
    desk.ask("record_rights", rights="granted", proof=f"message of {desk.office.now:%d %B}")


def derive(desk: Desk) -> None:
    """It is made into something of its own."""
    desk.ask("derive")


# -- evaluation, and what comes of it


def analyse(desk: Desk) -> None:
    """What people said, and every figure that was promised; the first time one may be missing."""
    desk.claim()
    reach = float(desk.chance.randint(800, 9000))
    figures = {"reach": reach, "reactions": reach // 30}
    promised = desk.says("metrics") or ()
    if desk.once_in(6):
        figures.pop("reactions")
    known = {name: figures[name] for name in promised if name in figures}
    desk.ask("analyse", feedback="warm, and many questions", results=known or figures)


def report(desk: Desk) -> None:
    """What it means; now and then it gives somebody a new idea."""
    reached = desk.says("results")["reach"] >= 3000
    verdict = "reached" if reached else "partly"
    ideas = (f"More like {desk.says('title')!r}",) if desk.once_in(9) else ()
    desk.ask(
        "report",
        verdict=verdict,
        goal_results=dict.fromkeys(desk.says("goals") or (), verdict),
        lessons="short titles, and pictures of people" if reached else "not on a Monday",
        reported_by=desk.me.id,
        new_ideas=ideas,
    )


def read(desk: Desk) -> None:
    """The lead reads the report of somebody else."""
    desk.ask("accept_report")


def take_up(desk: Desk) -> None:
    """An idea out of an evaluation becomes a piece of content, two days later."""
    if desk.waited(days=2):
        above = desk.office.engine.item(desk.item.parent or "")
        new = desk.office.bring(
            desk.me.id,
            desk.office.workflow.name,
            id=f"{above.id}-again",
            scope=above.scope,
            title=desk.says("text"),
            pitch=f"We have learnt: {desk.says('lessons')}",
            source="evaluation",
            derived_from=desk.item.id,
            accounts=above.data["accounts"],
            goals=above.data["goals"],
        )
        if new is not None:
            desk.ask("take_up", taken_up_as=new.id)


PAID, LEAD = "paid_media_specialist", "department_lead"
COMMUNITY, SERVICE = "community_manager", "customer_service_rep"

LIVING = {
    "promotion.open": {PAID: promote},
    "plan.planned": {PAID: plan, "approver": pay, "executive_sponsor": pay},
    "run.approved": {PAID: run},
    "run.running": {PAID: count},
    "experiment.designed": {PAID: test},
    "experiment.measuring": {PAID: compare},
    "interaction.new": {COMMUNITY: triage, SERVICE: triage},
    "interaction.triaged": {COMMUNITY: answer, SERVICE: answer},
    "interaction.assigned": {COMMUNITY: answer},
    "interaction.handed_off": {SERVICE: solve},
    "interaction.escalated": {COMMUNITY: take_over},
    "interaction.answered": {COMMUNITY: close},
    "response.listening": {COMMUNITY: sum_up},
    "reshare.open": {COMMUNITY: share},
    "candidate.nominated": {COMMUNITY: ask_author},
    "candidate.rights_pending": {COMMUNITY: record},
    "candidate.cleared": {COMMUNITY: derive},
    "evaluation.collecting": {"data_analyst": analyse},
    "evaluation.analysing": {"data_analyst": report},
    "evaluation.reported": {LEAD: read},
    "idea.noted": {"social_media_manager": take_up},
}
"""What each role does with what lies in each state."""
