"""The system: one reserved member, which only the host itself can speak for."""

from __future__ import annotations

import pytest
from engines import everything
from families_at_work import SYSTEM, Family, parent

from socialflow import Action, DefinitionError, Member, Refused, Stage
from socialflow.policies import BY_ROLE, any_of, deny
from socialflow.stores.memory import MemoryStore


def sent() -> Family:
    """A parent whose one child waits."""
    family = Family.begin(MemoryStore(), parent(), "news")
    family.do("send")
    return family


@pytest.mark.law(19)
def test_the_host_reports_an_outcome_as_the_system() -> None:
    """`by=SYSTEM` opens what names the system as its role; the event says so."""
    family = sent()

    item = family.have("news", "begin", by=SYSTEM)

    event = family.engine.history(item.id)[-1].event
    assert ("system", ("system",)) == (event.by, event.roles)


@pytest.mark.law(22)
def test_what_the_system_may_report_is_an_option_of_the_systems() -> None:
    """Its options are a yes where the outcome would be taken in, and nowhere else."""
    family = sent()

    shown = family.engine.options(family.child("news").id, by=SYSTEM)

    assert {"upload.begin"} == {one.action for one in shown if one.answer == "yes"}
    assert family.have("news", "begin", by=SYSTEM)


@pytest.mark.law(19)
def test_nobody_is_the_system_by_calling_themself_so() -> None:
    """A text comes from outside, and is never the system."""
    family = sent()
    before = everything(family.engine.store)

    for who in ("system", Member("system")):
        with pytest.raises(Refused) as no:
            family.have("news", "begin", by=who)
        assert ("reserved",) == no.value.refusal.codes

    assert before == everything(family.engine.store)


@pytest.mark.law(19)
def test_the_system_may_do_nothing_that_does_not_name_it() -> None:
    """It holds no role, and no policy is asked to make an exception."""
    family = sent()
    family.have("news", "begin", by=SYSTEM)

    with pytest.raises(Refused) as no:
        family.have("news", "check", by=SYSTEM)
    assert ("role",) == no.value.refusal.codes


def test_outcomes_do_not_depend_on_the_hosts_policy() -> None:
    """What comes back from outside is taken in, whatever people are denied."""
    family = Family.begin(
        MemoryStore(), parent(), "news", policy=any_of(BY_ROLE, deny("employee", "upload.*"))
    )
    family.do("send")

    assert ("upload.failed",) == family.have("news", "begin", "fail", by=SYSTEM).marking


@pytest.mark.law(21)
def test_outcomes_are_taken_in_while_an_item_is_on_hold() -> None:
    """What has happened outside has happened."""
    wait = Stage(
        "wait",
        ("sent", "back"),
        role="editor",
        actions=(
            Action("come_back", "sent", "back", roles="system"),
            Action("give_up", "sent", "back"),
        ),
    )
    family = Family.begin(MemoryStore(), parent(wait, rights={"create": "*", "hold": "editor"}))
    family.do("hold", data={"reason": "the press asks"})

    with pytest.raises(Refused) as no:
        family.do("give_up")
    assert ("on_hold",) == no.value.refusal.codes
    assert ("end.closed",) == family.do("come_back", by=SYSTEM).marking


@pytest.mark.law(19)
def test_no_grant_can_name_the_system() -> None:
    """A member with that id and a grant cannot be made."""
    with pytest.raises(DefinitionError):
        Member("system", "editor")
