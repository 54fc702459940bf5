"""Making: how people get an idea out, and where they slip (stages 1 to 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from desk import Desk

from socialflow.content.assignees import candidates, least_loaded
from socialflow.content.providers import workload
from socialflow.content.views.reading import open_content

__all__ = ["MAKING"]

FILLER = "And there is so much more to say about it that we hardly know where to begin. " * 3


# -- concept and assignment


def screen(desk: Desk) -> None:
    """The social media manager looks at an idea."""
    desk.ask("start_screening")


def accept(desk: Desk) -> None:
    """Three answers; what cannot be said of an idea brings it to its end, or to a colleague."""
    hours = desk.says("effort_hours") or 3.0
    desk.ask(
        "accept",
        fits_goals=True,
        goals=desk.says("goals") or ("engagement",),
        resources_suffice=True,
        measurable=True,
        effort_hours=hours,
        outsourced=desk.says("outsourced") or "no",
        metrics=("reach", "reactions"),
        method="the figures of the platforms",
        forecast={"reach": 900.0 * hours},
        evaluate_at=desk.later(days=12),
    )
    if {"goal_set", "no_duplicate"} & {*desk.objections}:
        desk.ask("reject", reason="there is something like it, or it leads nowhere")


def hand_out(desk: Desk) -> None:
    """To the agency what was outsourced, to whoever has least what nobody has taken."""
    office = desk.office
    if desk.says("outsourced") == "yes":
        due = (office.now + timedelta(days=4)).date().isoformat()
        desk.ask("outsource", agency="brightside", brief="as it was screened", due=due, fee=400.0)
    elif desk.waited(hours=3):
        there = candidates(office.team, "content_creator", desk.item.scope, office.now)
        taken = {id: one.hours for id, one in workload(open_content(office.store)).items()}
        one = least_loaded(there, taken)
        if one is not None and desk.ask("assign", member=one.id, stage="production"):
            due = (office.now + timedelta(days=2)).date().isoformat()
            desk.ask("hand_out", due=due, brief="like last time, and shorter")


def take(desk: Desk) -> None:
    """A creator takes what is nobody's, as long as it sounds like them."""
    if desk.says("outsourced") != "yes" and desk.once_in(2) and desk.ask("take"):
        desk.ask("claim", stage="production")


# -- production and tone


def write(desk: Desk) -> None:
    """First it is written, and the next time it is submitted; not everybody knows when to stop."""
    if (desk.says("outsourced") == "yes") != (desk.me.kind == "agency"):
        return
    if desk.duty.responsible not in (None, desk.me.id):
        return
    if desk.me.kind != "agency":
        desk.claim()
    if not desk.says("body"):
        long = FILLER if desk.once_in(5) else ""
        body = f"{desk.says('title')}. {desk.says('pitch') or 'See for yourself'}. {long}".strip()
        desk.ask("edit", body=body, media=(f"{desk.item.id}.jpg",))
        return
    desk.ask("submit", proofread=True, rights_cleared=True)
    if "fits_channel" in desk.objections:
        desk.ask("edit", body=desk.says("body").removesuffix(FILLER.strip()).strip())
    elif {"claims_approved", "messages_valid"} & {*desk.objections}:
        desk.ask("edit", claims=())


def review(desk: Desk) -> None:
    """Somebody looks at what a junior has written, if it is not forgotten."""
    writer = desk.office.team.member(desk.duty.responsible or "")
    if writer is not None and writer.seniority == "junior" and desk.says("body"):
        desk.ask("review", reviewed_by=desk.me.id)


def listen(desk: Desk) -> None:
    """The tone editor begins."""
    if desk.ask("start"):
        desk.claim()


def tune(desk: Desk) -> None:
    """It goes back, is changed, or is right as it is."""
    if desk.once_in(12):
        desk.ask("return_to_production", reason="this is not us", notes=("the first line",))
        return
    if desk.once_in(4):
        desk.ask("edit", body=f"{desk.says('body')} Promised.")
    if not desk.ask("approve_tone", profile=f"{desk.item.scope}") and desk.objections:
        if "disclosed" in desk.objections:
            desk.ask("edit", disclosure="Ad: we were paid, or gave something away")
        elif "no_duplicate" in desk.objections:
            desk.ask("return_to_production", reason="we have said this already")


# -- approval, and out it goes


def approve(desk: Desk) -> None:
    """Whoever is asked says yes; now and then they mend a word first, and must not any more."""
    if desk.has_voted or not desk.may("approve"):
        return
    if "approver" in {grant.role for grant in desk.me.grants} and desk.once_in(12):
        desk.ask("edit", body=f"{desk.says('body')} See you there.")
    desk.ask("approve")


def judge(desk: Desk) -> None:
    """Legal reads more slowly, and finds something every third time."""
    if desk.has_voted or not desk.may("approve"):
        return
    if desk.once_in(3):
        desk.ask("request_changes", to="tone", reason="this promises too much")
    else:
        desk.ask("approve")


def sponsor(desk: Desk) -> None:
    """The board is asked where there is money in it, or where nobody else is left to ask."""
    if desk.says("budget") or desk.waited(days=2):
        approve(desk)


def step_in(desk: Desk) -> None:
    """The lead passes what has been waiting for more than a day."""
    if desk.waited(days=1) and not desk.has_voted and desk.may("approve"):
        desk.ask("approve")


def ask_again(desk: Desk) -> None:
    """Too late for its date: without one it waits again."""
    desk.ask("resubmit", planned_for=None)


def schedule(desk: Desk) -> None:
    """On the day that was wished for, or in the next free slot; now and then without looking."""
    wish = desk.says("planned_for")
    if wish and desk.later(minutes=30) < wish and desk.ask("schedule", publish_at=wish):
        return
    taken = set() if desk.once_in(4) else desk.taken_slots(days=8)
    for moment in _slots(desk):
        accounts = desk.says("accounts")
        if not any((account, moment) in taken for account in accounts):
            if desk.ask("schedule", publish_at=moment.isoformat()):
                return
            if "slot_free" not in desk.objections:
                return


def _slots(desk: Desk) -> Iterator[datetime]:
    """Slots from tomorrow on."""
    for ahead in range(1, 8):
        day = desk.office.now + timedelta(days=ahead)
        if day.weekday() < 5:
            yield from (day.replace(hour=hour) for hour in (10, 13, 16))


def send_again(desk: Desk) -> None:
    """What an account has rejected is tried again, until it is enough."""
    if not desk.ask("retry") and "retry_limit" in desk.objections:
        desk.ask("drop", reason="this account does not want it")


def find_out(desk: Desk) -> None:
    """Nobody knows whether it is up: somebody looks."""
    if desk.channels.shows(desk.item.id):
        desk.ask("resolve_published", evidence="it is there, I have seen it")
    else:
        desk.ask("resolve_failed", evidence="it is not there")


def verify(desk: Desk) -> None:
    """Somebody looks at it where the public sees it."""
    desk.ask("verify", **desk.channels.look(desk.item.id))
    if "check_passed" in desk.objections and "defective" not in desk.item.marks:
        desk.ask("report_defect", defect="the link leads nowhere")


def mend(desk: Desk) -> None:
    """What was found to be wrong is put right."""
    if "defective" in desk.item.marks:
        desk.ask("mend", wrong="a link that leads nowhere", right="one that does not")


MANAGER, LEAD, CREATOR = "social_media_manager", "department_lead", "content_creator"

MAKING = {
    "concept.idea": {MANAGER: screen},
    "concept.screening": {MANAGER: accept},
    "assignment.unassigned": {CREATOR: take, MANAGER: hand_out},
    "production.drafting": {
        CREATOR: write,
        "agency_member": write,
        "tone_editor": review,
    },
    "tone.queued": {"tone_editor": listen},
    "tone.adjusting": {"tone_editor": tune},
    "approval.pending": {
        "approver": approve,
        "product_owner": approve,
        "executive_sponsor": sponsor,
        "legal_compliance": judge,
        LEAD: step_in,
    },
    "approval.expired": {MANAGER: ask_again},
    "publish.ready": {MANAGER: schedule},
    "publication.failed": {MANAGER: send_again},
    "publication.unconfirmed": {MANAGER: find_out},
    "publication.published": {"community_manager": verify, MANAGER: mend},
}
"""What each role does with what lies in each state."""
