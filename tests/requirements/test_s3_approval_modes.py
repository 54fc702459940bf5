"""S3-19: how much is approved is one word of a company's own."""

from __future__ import annotations

from typing import Any

import pytest
from house import House

from socialflow import DefinitionError, Workflow
from socialflow.content import department_content, governed, social_content
from socialflow.content.approval_modes import MODES, with_approval
from socialflow.content.presets import preset
from socialflow.documents import load_workflow

WHY = {"reason": "like last week's"}
every_mode = pytest.mark.parametrize("mode", MODES)


def waiting(mode: str, **data: Any) -> tuple[House, str]:
    """A house in that mode, and a post that has just been found in tone."""
    house = House(with_approval(social_content(), mode).named("acme"))
    post = house.put("tone.queued", **data)
    house.do(post, "tony", "start")
    house.do(post, "tony", "approve_tone")
    return house, post


@every_mode
def test_a_company_says_its_approval_mode_in_one_word(mode: str) -> None:
    """S3-19: a document and the library mean the same, for what is derived as well."""
    told = {
        "base": "social_content",
        "name": "acme",
        "below": "approval",
        "replace": {"approval": f"approval_{mode}"},
    }

    acme = load_workflow(told)

    assert with_approval(social_content(), mode).named("acme") == acme
    derived = acme.kinds["candidate"].kinds["reshare_fast"]
    assert MODES[mode] == acme.stage("approval") == derived.stage("approval")
    assert () == tuple(one for one in acme.findings() if "denies" not in one.message)


@every_mode
def test_a_preset_takes_any_approval_mode(mode: str) -> None:
    """S3-19: and what a document amends, it amends of the mode."""
    told = {
        "base": "small_team",
        "name": "ours",
        "replace": {"approval": f"approval_{mode}"},
        "amend": {"approval": {"role": "department_lead"}},
    }

    ours = load_workflow(told)

    assert MODES[mode].states == ours.stage("approval").states
    assert ("department_lead",) == ours.stage("approval").role
    assert preset("small_team").workflow.stage("tone") == ours.stage("tone")


def test_in_the_mode_none_nothing_is_asked_and_nobody_has_signed() -> None:
    """S3-19: it passes by itself, which its history says."""
    house, post = waiting("none")

    assert ("publish.ready",) == house.at(post)
    assert "approval" not in {one.stage for one in house.engine.item(post).signatures}
    house.do(post, "sam", "edit", accounts=["blog"])
    assert ("publish.publishing",) == house.do(post, "sam", "publish_now").marking


def test_in_the_mode_optional_a_manager_sends_it_on_or_has_it_approved() -> None:
    """S3-19: with a reason, under their own name; once somebody has asked, it is approved."""
    house, post = waiting("optional")
    assert ("role",) == house.refuses(post, "cleo", "go_without", **WHY)
    assert ("denied",) == house.refuses(post, "agnes", "go_without", **WHY)
    assert ("reason_given",) == house.refuses(post, "sam", "go_without", reason=" ")
    assert ("publish.ready",) == house.do(post, "sam", "go_without", **WHY).marking

    house, post = waiting("optional")
    house.do(post, "cleo", "ask")
    assert ("state",) == house.refuses(post, "sam", "go_without", **WHY)
    assert ("publish.ready",) == house.do(post, "abe", "approve").marking


def test_in_the_mode_optional_what_could_do_harm_and_what_comes_back_is_approved() -> None:
    """S3-19: nobody waives that, the lead included."""
    house, post = waiting("optional", risk="high")
    assert ("one_of",) == house.refuses(post, "lea", "go_without", **WHY)

    house, post = waiting("optional")
    house.do(post, "sam", "go_without", **WHY)
    house.do(post, "legolas", "revoke", reason="that is not ours to say")
    assert ("loops_limited",) == house.refuses(post, "lea", "go_without", **WHY)


def test_in_the_mode_required_those_whom_it_concerns_say_yes() -> None:
    """S3-19: as in the department's workflow; a plain post concerns the brand alone."""
    house, post = waiting("required")

    assert ("publish.ready",) == house.do(post, "abe", "approve").marking
    assert social_content() == with_approval(social_content(), "required")


def test_in_the_mode_multi_level_one_level_comes_after_the_other() -> None:
    """S3-19: the brand, then claims, then law, then who answers for all of it."""
    house, post = waiting("multi_level", claims=["warm"], risk="high")
    order = ("abe", "prue", "legolas", "spencer")

    for n, who in enumerate(order):
        assert ("approval.pending",) == house.at(post)
        for later in order[n + 1 :]:
            assert ("ballot_order",) == house.refuses(post, later, "approve")
        house.do(post, who, "approve")

    assert ("publish.ready",) == house.at(post)


@every_mode
def test_a_department_in_any_approval_mode_is_governed_afterwards(mode: str) -> None:
    """S3-19: the department's data is asked wherever there is something to approve."""
    acme: Workflow = governed(with_approval(social_content(), mode))

    asked = {rule.name for one in acme.stage("approval").actions for rule in one.rules}
    assert ("budget_left" in asked) == (mode != "none")
    assert acme.stage("publish") == department_content().stage("publish")


def test_an_approval_mode_that_is_none_is_named_with_the_nearest_one() -> None:
    """S3-19: as every name."""
    with pytest.raises(DefinitionError, match="did you mean 'optional'"):
        with_approval(social_content(), "optonal")
