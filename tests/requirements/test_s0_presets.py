"""Presets: companies are organised in different ways, and each of them has a beginning."""

from __future__ import annotations

import attrs
from house import NOON, House

from socialflow.content.presets import preset
from socialflow.content.views.raci import raci


def house_of(name: str) -> House:
    """A house that works as that preset says, with its own people."""
    found = preset(name)
    return House(found.workflow, team=found.team)


def units_at_work(name: str) -> dict[str, set[str]]:
    """What each stage of a preset is for: the functions of those who are responsible for it."""
    found = preset(name)
    functions = {unit.key: unit.function for unit in found.team.units}
    units = {one.id: functions[one.unit] for one in found.team.members if one.unit}
    table = raci(found.workflow, found.team, NOON)
    return {row.stage: {units[id] for id in row.responsible} for row in table}


def test_who_does_other_work_proposes_and_learns_before_doing_more() -> None:
    """S0-07: without "social" in the title one has ideas and says so; the rest takes a course."""
    house = house_of("holistic")
    eva = house.team.member("eva")
    assert eva is not None
    untrained = attrs.evolve(eva, credentials=())
    idea = house.engine.create("holistic", by=untrained, data={"title": "our lab"})
    work = house.put("assignment.unassigned")

    house.do(idea.id, untrained, "note", text="I have pictures")
    assert {"assignment.take", "vote", "edit"}.isdisjoint(house.offered(work, untrained))
    assert ("role",) == house.refuses(work, untrained, "take")
    assert ("production.drafting",) == house.do(work, eva, "take").marking


def test_each_department_has_its_place_in_the_process() -> None:
    """S0-09: marketing makes it, the board lets it go out, customer service answers."""
    units = units_at_work("seed_example")

    assert ({"marketing"}, {"executive"}, {"support"}) == (
        units["production"],
        units["approval"],
        units["response"],
    )


def test_where_marketing_owns_the_platforms_it_hands_out_all_work() -> None:
    """S0-13: nobody takes it from a queue; whoever of another department is named, writes."""
    house = house_of("centralised")
    work = house.put("assignment.unassigned")

    def handing_out(who: str) -> set[str]:
        return {one for one in house.offered(work, who) if one.startswith("assignment.")}

    assert {"assignment.hand_out"} == handing_out("milo")
    assert set() == handing_out("saul")
    house.do(work, "milo", "hand_out")
    house.do(work, "milo", "assign", member="saul", stage="production")
    assert ("tone.queued",) == house.do(work, "saul", "submit").marking


def test_every_department_of_a_large_company_takes_part() -> None:
    """S0-23: people, sales, marketing, product, online, support: each has something to do."""
    found = preset("enterprise")
    busy = {one.unit for one in found.team.members if one.grants}

    assert {"hr", "sales", "marketing", "product", "online", "support"} <= {
        unit.function for unit in found.team.units if unit.key in busy
    }


def test_spokes_pass_their_own_and_the_hub_passes_everybodys() -> None:
    """S0-26: hub and spoke: drafted and approved there, compared and approved here."""
    house = house_of("hub_and_spoke")
    post = house.put("tone.adjusting", where={"unit": "north"})
    house.do(post, "hugo", "approve_tone")

    assert ("role",) == house.refuses(post, "sofia", "pass")
    house.do(post, "nora", "pass")
    house.do(post, "hugo", "compare", alike=[])
    assert "approval.approve" not in house.offered(post, "nora")
    assert ("publish.ready",) == house.do(post, "hana", "approve").marking
