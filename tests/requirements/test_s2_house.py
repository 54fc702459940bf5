"""S2: what stays in the house, what is said openly, and who takes part."""

from __future__ import annotations

import attrs
import pytest
from house import CHECKED, NOON, House, everybody

from socialflow import Grant, Member, Role, Workflow
from socialflow.content import roles, social_content
from socialflow.content.views.load import load
from socialflow.content.views.setup import validate_setup
from socialflow.content.views.unanswered import published_without_response
from socialflow.people import SYSTEM, Credential

GRANTED = [*{role.key for role in roles.ROLES}]
AGENCY = Member("agnes", GRANTED, kind="agency", seniority="senior")


def test_an_agency_makes_and_promotes_and_never_speaks_with_customers() -> None:
    """S2-02: whatever other roles its people hold, a customer is answered by the house."""
    house = House(team=everybody(AGENCY))
    draft = house.put("production.drafting", outsourced="yes")
    live = house.put("promotion.open")
    comment = house.hear(live)

    for name in ("triage", "assign", "note"):
        assert "denied" in house.refuses(comment, "agnes", name)
    assert not [name for name in house.offered(comment, "agnes") if name.startswith("interaction.")]
    assert {"edit", "production.submit"} <= house.offered(draft, "agnes")
    assert "promotion.settle_promotion" in house.offered(live, "agnes")
    assert "interaction.triage" in house.offered(comment, "cora")


def test_years_of_cooperation_open_nothing_and_a_new_definition_does() -> None:
    """S2-03: a denial is taken away by a version of its own, which earlier items do not follow."""
    years = Credential("contract", "studio", since=NOON.replace(year=1999))
    old = Member("agnes", [Grant(one, since=years.since) for one in GRANTED], credentials=years)
    open_to_all = social_content().with_roles(Role("agency_member")).named("acme", "2")
    house = House(team=everybody(old))
    comment = house.hear(house.put("response.listening"))

    assert ("denied",) == house.refuses(comment, "agnes", "triage", intent="praise")
    assert social_content().digest != open_to_all.digest
    changed = House(open_to_all, team=everybody(old))
    other = changed.hear(changed.put("response.listening"))
    triaged = changed.do(other, "agnes", "triage", intent="praise")
    assert ("interaction.triaged",) == triaged.marking
    assert ("acme", "2") == (open_to_all.name, open_to_all.version)


def test_what_others_have_made_is_not_shown_as_if_it_were_our_own() -> None:
    """S2-05: whose it is stands with it; a user's praise goes out with their name and consent."""
    house = House()
    told = {"origin": "user", "rights": "granted"}
    nameless, named = house.ready(**told), house.ready(**told, credit="by ida, with thanks")
    for post in (nameless, named):
        house.do(post, "sam", "edit", ties="none")

    assert ("has", "credited") == house.refuses(nameless, "sam", "publish_now")
    assert ("has",) == house.refuses(named, "sam", "publish_now")
    assert "user" == house.engine.item(named).data["origin"]


@pytest.mark.parametrize("who", ["cleo", "legolas"])
def test_authors_and_legal_alike_say_that_something_is_confidential(who: str) -> None:
    """S2-06: as long as anybody has said so, nothing of it goes out."""
    house = House()
    post = house.put("tone.queued", accounts=["blog"])

    house.do(post, who, "assess", risk="low", reason="it names a client", confidential=True)
    house.do(post, "tony", "start")
    house.do(post, "tony", "approve_tone")
    house.do(post, "abe", "approve")

    assert ("not_confidential",) == house.refuses(post, "sam", "publish_now")


def test_what_is_paid_for_says_so_before_it_is_in_tone() -> None:
    """S2-06: transparency is a line in the content, and not a promise beside it."""
    house = House()
    post = house.put("tone.adjusting", ties="gifted")
    assert ("disclosed",) == house.refuses(post, "tony", "approve_tone")

    house.do(post, "tony", "edit", disclosure="We were given the kettle")

    assert ("approval.pending",) == house.do(post, "tony", "approve_tone").marking


def test_one_person_in_too_many_stages_is_seen() -> None:
    """S2-07: a single social media manager cannot do it all; two stages are fine, four are not."""
    house = House()
    for state in (
        "production.drafting",
        "tone.queued",
        "approval.pending",
        "evaluation.collecting",
    ):
        house.do(house.put(state), "lea", "assign", member="sam", stage=state.partition(".")[0])
    house.do(house.put("tone.queued"), "lea", "assign", member="tony", stage="tone")

    desks = {one.member: one for one in load(house.store, house.team, house.now).desks}

    assert (4, True) == (desks["sam"].stages, desks["sam"].scattered)
    assert (1, False) == (desks["tony"].stages, desks["tony"].scattered)


def test_on_any_number_of_accounts_a_person_looks_at_each() -> None:
    """S2-08: people matter more than tools; the system uploads, and calls nothing live."""
    house = House()
    accounts = ["facebook:acme", "facebook:acme-de", "blog"]
    post = house.ready(accounts=accounts)
    house.do(post, "sam", "publish_now")

    for upload in house.engine.children(post, "publication"):
        assert {"publish.publishing"} == set(house.at(post))
        house.do(upload.id, SYSTEM, "accept", url="https://example.com/1")
        assert "role" in house.refuses(upload.id, SYSTEM, "verify", **CHECKED)
        house.do(upload.id, "cora", "verify", **CHECKED)

    assert "response.listening" in house.at(post)


def test_nobody_is_answered_by_a_machine() -> None:
    """S2-08: no action that sends a reply is taken by itself, or is open to the system."""
    stage = social_content().kinds["interaction"].stage("interaction")
    sending = [one for one in stage.actions if "reply" in {effect.name for effect in one.effects}]

    assert ["send_reply", "approve_reply"] == [one.name for one in sending]
    assert not any(one.automatic or one.due for one in sending)
    assert not any(SYSTEM.id in (one.roles or stage.role) for one in sending)


def test_nothing_sounds_right_that_says_only_what_we_do() -> None:
    """S2-01: the tone editor answers whether it says who we are, by the profile of the brand."""
    house = House()
    post = house.put("tone.adjusting")
    told = {"profile": "acme: warm and plain", "flags": ["long sentences"]}
    assert ("check_passed",) == house.refuses(post, "tony", "approve_tone", who_we_are=False)

    house.do(post, "tony", "approve_tone", who_we_are=True, **told)

    said = house.engine.history(post)[-1].event
    assert ("tony", "acme: warm and plain") == (said.by, said.command.data["profile"])


def test_a_workflow_that_ends_with_publishing_is_not_complete() -> None:
    """S2-04: published is not done; what is missing is told before anybody begins."""
    house = House()
    cut = social_content().without("response").named("cut")

    def told(workflow: Workflow) -> set[str]:
        missing = validate_setup(house.department, house.team, workflow, house.now)
        return {one.what for one in missing if one.what.startswith("published is not done")}

    assert set() == told(social_content())
    assert {
        "published is not done: nobody answers those who react, for there is no stage 'response'"
    } == told(cut)


def test_what_is_out_and_speaks_with_nobody_is_told() -> None:
    """S2-04: a post on a blog is not yet social; one answer makes the difference."""
    house = House()
    mute, spoken = house.live(), house.live()
    comment = house.hear(spoken)
    for action, data in (
        ("triage", {"intent": "praise"}),
        ("take", {}),
        ("draft_reply", {"reply": "Thank you"}),
        ("send_reply", {}),
    ):
        house.do(comment, "cora", action, **data)

    assert [mute] == [one.item for one in published_without_response(house.store)]


@pytest.mark.parametrize("owner", ["customer_service_rep", "product_owner"])
def test_the_department_belongs_to_whom_the_company_says(owner: str) -> None:
    """S2-09: customer service may own it all, and marketing then has no say over its ideas."""
    base = social_content()
    start = next(one for one in base.stage("concept").actions if one.name == "start_screening")
    theirs = attrs.evolve(start, roles=owner)
    house = House(base.amend("concept", role=owner, actions=[theirs]).named("acme"))
    idea = house.put("concept.idea")
    who = next(one.id for one in house.team.holders(owner))

    assert ("role",) == house.refuses(idea, "sam", "start_screening")
    assert ("concept.screening",) == house.do(idea, who, "start_screening").marking
