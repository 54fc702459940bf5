"""A company's own workflow, made from the department's."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from socialflow import Action, Member, Role, Stage, Workflow
from socialflow.content import ROLES, Reason, social_content
from socialflow.rules import four_eyes


def own() -> Workflow:
    """Without tone; a works council clears what it sees before anybody approves."""
    council = Stage(
        "council",
        ("waiting", "cleared"),
        role="works_council",
        signs="revision",
        actions=(
            Action("clear", "waiting", "cleared", rules=four_eyes()),
            Action("object", "waiting", goto="production", data=Reason),
        ),
    )
    department = social_content(roles=(*ROLES, Role("works_council")))
    return department.without("tone").insert(council, before="approval").named("acme", "3")


def test_a_companys_variant_is_short() -> None:
    """S1-32: each company's workflow is different, and saying how takes at most 15 lines."""
    assert len(inspect.getsource(own).splitlines()) <= 15


def test_a_companys_variant_leads_an_item_to_its_end(desk: Any) -> None:
    """Its own stage takes part with its own role and signature; the one left out asks nothing."""
    at = desk(own()).until("council.waiting")
    assert ("council", "approval") == at.workflow.unsigned(at.item)

    at.do(Member("wim", "works_council"), "clear")
    at.until("end.closed")

    assert ("end.closed",) == at.item.marking
    assert () == at.workflow.findings()


def test_a_companys_own_stage_can_send_the_content_back(desk: Any) -> None:
    """Its goto leads to the department's stages like any other."""
    at = desk(own()).until("council.waiting")

    at.do(Member("wim", "works_council"), "object", reason="a face is to be seen")

    assert ("production.drafting",) == at.item.marking


@pytest.mark.parametrize("name", ["tone", "promotion", "reshare", "publish"])
def test_a_stage_can_be_left_out_without_ado(name: str, desk: Any) -> None:
    """What only sends there shrinks, and an item still gets to its end."""
    shorter = social_content().without(name).named("acme", "1")

    at = desk(shorter).until("end.closed")

    assert name not in {token.stage for token in at.item.idle}
    assert () == shorter.findings()
