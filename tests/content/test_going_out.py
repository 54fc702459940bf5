"""Stage 6: uploaded by one, looked at by another, tried again within limits, mended or recalled."""

from __future__ import annotations

from typing import Any

import pytest

from socialflow import Refused
from socialflow.people import SYSTEM

WHY = {"reason": "it has to be"}
URL = {"url": "https://example.com/1"}


def refused(at: Any, account: str, who: Any, action: str, **told: Any) -> tuple[str, ...]:
    """What stands in the way of doing something to the publication on an account."""
    with pytest.raises(Refused) as no:
        at.have(account, who, action, **told)
    return no.value.refusal.codes


def test_who_uploaded_it_is_not_who_checks_it(desk: Any) -> None:
    """Two duties of two people; what one has uploaded the other may check, account by account."""
    at = desk().until("publish.publishing")
    at.have("blog", "sam", "upload", **URL)
    at.have("news", SYSTEM, "accept", **URL)
    assert ("four_eyes",) == refused(at, "blog", "sam", "verify", **desk.check())
    assert () == at.engine.item(at.upload("news")).contributors

    at.have("news", "sam", "verify", **desk.check())
    at.have("blog", "cora", "verify", **desk.check())

    assert "response.listening" in at.item.marking


def test_an_employee_posts_on_their_own_account_themselves(desk: Any) -> None:
    """S0-14: by hand, and they say where it can be seen; somebody else looks at it."""
    at = desk(accounts=["ada-private"], kind="employee_post").until("publish.publishing")
    assert ("data",) == refused(at, "ada-private", "ada", "upload")

    at.have("ada-private", "ada", "upload", **URL)

    assert ("role", "four_eyes") == refused(at, "ada-private", "ada", "verify", **desk.check())
    at.have("ada-private", "cora", "verify", **desk.check())


def test_it_is_not_tried_for_ever(desk: Any) -> None:
    """After three attempts somebody finds out first; a manager may go on all the same."""
    at = desk(accounts=["blog"]).until("publish.publishing")
    at.have("blog", SYSTEM, "fail", evidence="503", attempts=2)
    at.have("blog", "sam", "retry")
    at.have("blog", SYSTEM, "fail", evidence="503", attempts=3)
    assert ("retry_limit",) == refused(at, "blog", "sam", "retry")
    with pytest.raises(Refused):
        at.do("sam", "retry_failed")

    waive = {"retry_limit": "they have mended it"}
    at.engine.perform(at.upload("blog"), "retry", by="sam", waive=waive)

    assert ("publish.publishing",) == at.item.marking


def test_a_slip_that_anybody_sees_is_mended_and_looked_at_again(desk: Any) -> None:
    """Beside everything that is open by then; the mark goes with the next look at it."""
    at = desk(accounts=["blog"]).until("response.listening")
    id = at.upload("blog")
    at.have("blog", "eve", "report_defect", defect="it says Ahna")
    assert ("defective",) == at.engine.item(id).marks

    event = at.have("blog", "sam", "mend", wrong="Ahna", right="Anna")
    assert ["mend"] == [one.name for one in event.effects]
    assert ("publication.published",) == at.engine.item(id).marking
    at.have("blog", "cora", "verify", **desk.check())

    assert ((), ("publication.verified",)) == (at.engine.item(id).marks, at.engine.item(id).marking)
    assert ("promotion.open", "reshare.open", "response.listening") == at.item.marking


@pytest.mark.parametrize("who", ["eve", "cleo", "cora"])
def test_only_a_manager_mends_without_another_approval(who: str, desk: Any) -> None:
    """Anything more than a slip is corrected, and approved again."""
    at = desk(accounts=["blog"]).until("response.listening")

    assert ("role",) == refused(at, "blog", who, "mend", wrong="a", right="b")


def test_what_is_confidential_does_not_go_out(desk: Any) -> None:
    """S2-06: neither now nor on a date, until somebody says that it may be said."""
    at = desk(confidential=True).until("publish.ready")
    assert ("not_confidential",) == at.refuses("sam", "publish_now")
    date = {"publish_at": "2026-05-10T09:00Z"}
    assert ("not_confidential",) == at.refuses("sam", "schedule", **date)

    at.do("lea", "edit", confidential=False)
    at.do("sam", "schedule", **date)


def test_a_risk_that_is_seen_late_keeps_it_in(desk: Any) -> None:
    """S3-21: it is judged once more before it goes out, and its date passes without it."""
    at = desk(accounts=["blog"]).until("publish.ready")
    at.do("sam", "schedule", publish_at="2026-05-06T09:00Z")
    at.do("lea", "edit", risk="high")
    assert ("approval.pending",) == at.item.marking

    at.now = at.now.replace(day=7)
    at.engine.run_due()

    assert "approval.pending" in at.item.marking
    assert () == tuple(at.engine.children(at.id, "publication"))


def test_it_is_scheduled_anew_and_taken_off_again(desk: Any) -> None:
    """The last date holds; taken off by a slip, it is put back."""
    at = desk().until("publish.ready")
    for day in ("06", "07"):
        at.do("sam", "schedule", publish_at=f"2026-05-{day}T09:00:00+00:00")
    at.do("sam", "unschedule")
    at.do("sam", "undo")

    assert ("publish.scheduled",) == at.item.marking
    assert "2026-05-07T09:00:00+00:00" == at.item.data["publish_at"]


def test_an_account_is_dropped_before_and_after(desk: Any) -> None:
    """Before, that is another revision to be approved; after a failure, the others are enough."""
    at = desk(accounts=["blog", "news", "shop"]).until("publish.ready")
    at.do("sam", "edit", accounts=["blog", "news"])
    assert ("approval.pending",) == at.item.marking

    at.until("publish.publishing")
    at.have("news", SYSTEM, "fail", evidence="no such account")
    at.have("news", "sam", "drop", **WHY)
    at.have("blog", SYSTEM, "accept", **URL)
    at.have("blog", "cora", "verify", **desk.check())

    assert "response.listening" in at.item.marking
