"""Variants: what one account says otherwise is written, approved and published like the rest."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from socialflow import DefinitionError, Effect
from socialflow.content import REVISION, social_content

GERMAN = {"locale": "de-DE", "body": "Wie wir es machen"}


def published(at: Any) -> dict[str, Any]:
    """What goes out on each account."""
    return {one.data["account"]: one.data for one in at.engine.children(at.id, "publication")}


def test_an_account_says_what_its_variant_says(desk: Any) -> None:
    """S4-06: the publication has the words of its account; the others have those of the post."""
    at = desk(locale="en-GB", variants={"news": GERMAN}).until("publish.publishing")

    told = published(at)
    assert ("de-DE", "Wie wir es machen") == (told["news"]["locale"], told["news"]["body"])
    assert ("en-GB", "How we make it") == (told["blog"]["locale"], told["blog"]["body"])
    assert "Behind the scenes" == told["news"]["title"] == told["blog"]["title"]


def test_several_languages_pass_one_gate(desk: Any) -> None:
    """One approval is for all that is said; a word that changes in one of them asks for another."""
    at = desk(variants={"news": GERMAN}).until("publish.ready")

    at.do("sam", "edit", variants={"news": {**GERMAN, "body": "So machen wir es"}})

    assert ("approval.pending",) == at.item.marking
    assert ("four_eyes",) == at.refuses("sam", "approve")


def test_a_variant_is_checked_like_everything_else(desk: Any) -> None:
    """A field that no variant has, and a value of the wrong type, are refused with their place."""
    at = desk().until("production.drafting")

    assert ("data",) == at.refuses("cleo", "edit", variants={"news": {"text": "a"}})
    assert ("data",) == at.refuses("cleo", "edit", variants={"news": {"body": 3}})


def test_a_variant_for_an_account_that_it_does_not_go_to_is_a_slip(desk: Any) -> None:
    """It is seen at the latest when it is submitted."""
    at = desk(variants={"shop": GERMAN}).until("production.drafting")
    at.do("cleo", "edit", body="How we make it")
    assert ("variants_go_out",) == at.refuses("cleo", "submit")

    at.do("cleo", "edit", variants={"news": GERMAN})
    at.do("cleo", "submit")


@pytest.mark.parametrize(("said", "stops"), [("", True), (None, False), ("Anzeige", False)])
def test_a_tie_is_disclosed_on_every_account(said: str | None, stops: bool, desk: Any) -> None:
    """S2-06: an account that takes the words away stops it; one that says nothing has them."""
    told = {"ties": "paid", "disclosure": "ad", "variants": {"news": {"disclosure": said}}}
    at = desk(**told).until("tone.adjusting")

    answer = at.ask("tony", "approve_tone")
    assert stops == (getattr(answer, "codes", ()) == ("disclosed_everywhere",))


def test_variants_are_part_of_what_is_approved() -> None:
    """They stand among the fields of the revision."""
    assert "variants" in REVISION


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"copies": ("title", "body")}, "spawn"),
        ({"otherwise": "tags"}, "field_type"),
        ({"otherwise": "variant"}, "unknown_field"),
    ],
)
def test_what_is_otherwise_for_a_child_has_to_fit(told: dict[str, Any], code: str) -> None:
    """A table by texts, each entry of which says nothing that the child does not take over."""
    department = social_content()
    [action] = [one for one in department.stage("publish").actions if one.name == "publish_now"]
    said = {**action.effects[0].data, **told}

    with pytest.raises(DefinitionError) as caught:
        department.amend("publish", actions=[attrs.evolve(action, effects=Effect("spawn", said))])

    assert {code} == {*caught.value.codes}
