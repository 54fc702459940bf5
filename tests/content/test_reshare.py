"""Stage 9: what is worth it is shared again, with permission, credit, tone and approval."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialflow import Item, Refused
from socialflow.content import CANDIDATE, RESHARE_FAST, social_content
from socialflow.content.views.ripple import ripple
from socialflow.documents import dump_workflow, parse_workflow
from socialflow.people import SYSTEM

PHOTO = {
    "title": "Kim's balcony",
    "body": "Look what Kim made of it",
    "origin": "user",
    "credit": "Photo: @kim",
    "accounts": ["blog"],
    "derived_from": "mention-7",
}
FILM = {"title": "How we make it", "body": "From the yard to the shop", "origin": "own"}
YES = {"rights": "granted", "proof": "https://example.com/kim-says-yes"}
WHY = {"reason": "it has to be"}
MONTH = timedelta(days=30)


class Find:
    """A post that is live, and something below it that could be shared again."""

    def __init__(self, desk: Any, by: Any = "cora", **told: Any) -> None:
        self.at = desk().until("reshare.open")
        self.engine = self.at.engine
        data = told if "title" in told else {**PHOTO, **told}
        self.id = self.engine.create("candidate", by=by, parent=self.at.id, data=data).id

    @property
    def item(self) -> Item:
        """The candidate as it is."""
        return self.engine.item(self.id)

    @property
    def state(self) -> str:
        """Where it is."""
        [state] = self.item.marking
        return state

    @property
    def taken(self) -> set[str]:
        """Full names of all that has happened to it."""
        events = [entry.event for entry in self.engine.history(self.id)]
        return {name for one in events for name in (one.action, *(m.cause for m in one.moves))}

    @property
    def derived(self) -> tuple[Item, ...]:
        """What was made of it."""
        return self.engine.children(self.id, "reshare_fast", all_rounds=True)

    def do(self, who: Any, action: str, **data: Any) -> Find:
        """Have something done to the candidate."""
        self.engine.perform(self.id, action, by=who, data=data or None)
        return self

    def refuses(self, who: Any, action: str, **data: Any) -> tuple[str, ...]:
        """What stands in the way."""
        with pytest.raises(Refused) as no:
            self.do(who, action, **data)
        return no.value.refusal.codes

    def cleared(self) -> Find:
        """Its author was asked, and has agreed."""
        return self.do("cora", "request_rights").do("cora", "record_rights", **YES)

    def after(self, span: timedelta) -> Find:
        """Let time go by, and the system do what is due."""
        self.at.now += span
        self.engine.run_due()
        return self


# -- whose it is


def test_what_a_user_made_is_shared_after_they_have_agreed(desk: Any) -> None:
    """Asked, answered, derived; the proof stays where one finds it."""
    find = Find(desk).cleared()
    assert "candidate.cleared" == find.state

    find.do("cora", "derive")

    assert ("end.derived", YES["proof"]) == (find.state, find.item.data["proof"])


def test_a_user_who_does_not_agree_is_not_shared(desk: Any) -> None:
    """Refused is an end; and so is a permission that is taken back."""
    asked = Find(desk).do("cora", "request_rights").do("legolas", "rights_refused", **WHY)
    taken_back = Find(desk).cleared().do("cora", "rights_refused", **WHY)

    assert ("end.refused", "end.refused") == (asked.state, taken_back.state)
    assert () == asked.derived


def test_users_content_needs_their_consent_whatever_somebody_thinks(desk: Any) -> None:
    """For a user's content "not required" is no answer; for curated content it is one."""
    free = {"rights": "not_required", "proof": "it is a quotation"}
    users = Find(desk).do("cora", "record_rights", **free)
    curated = Find(desk, origin="curated").do("cora", "record_rights", **free)

    assert ("rights_granted",) == users.refuses("cora", "derive")
    assert "end.derived" == curated.do("cora", "derive").state


def test_what_is_our_own_is_cleared_by_itself(desk: Any) -> None:
    """Nobody has to be asked; and there is nobody who could be."""
    own = Find(desk, **FILM)

    assert "candidate.cleared" == own.state
    assert ("state",) == own.refuses("cora", "request_rights")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"credit": None}, "credited"),
        ({"body": "Write to kim@example.com"}, "no_personal_data"),
        ({"intent": "praise", "body": "Call her"}, None),
    ],
)
def test_what_is_derived_names_its_author_and_gives_nobody_away(
    told: dict[str, Any], code: str | None, desk: Any
) -> None:
    """Each rule with its stop, and something that just passes."""
    find = Find(desk, **told).cleared()

    if code is None:
        assert "end.derived" == find.do("cora", "derive").state
    else:
        assert (code,) == find.refuses("cora", "derive")


def test_a_complaint_is_not_spread(desk: Any) -> None:
    """Its rights are not even asked for; if it is our own, it is not cleared by itself either."""
    find = Find(desk, intent="complaint")
    own = Find(desk, **FILM, intent="crisis")

    assert ("not_a_complaint",) == find.refuses("cora", "request_rights")
    assert ("not_a_complaint",) == find.refuses("cora", "record_rights", **YES)
    assert "candidate.nominated" == own.state


# -- who nominates, and who does not


def test_the_system_nominates_what_many_liked(desk: Any) -> None:
    """A host that counts likes says so; people decide what becomes of it."""
    find = Find(desk, by=SYSTEM, pitch="likes >= 500")

    assert ("candidate.nominated", "likes >= 500") == (find.state, find.item.data["pitch"])
    assert () == find.item.contributors


def test_an_agency_proposes_and_decides_nothing(desk: Any) -> None:
    """S2-02: it may nominate, and that is all."""
    find = Find(desk, by="agnes")

    assert ("role",) == find.refuses("agnes", "request_rights")
    assert ("role",) == find.refuses("agnes", "skip", **WHY)


def test_nobody_makes_derived_content_past_its_candidate(desk: Any) -> None:
    """Or rights, credit and privacy would be asked of nobody."""
    find = Find(desk)

    with pytest.raises(Refused) as no:
        find.engine.create("reshare_fast", by="sam", parent=find.id, data={"title": "Kim's"})
    assert ("role",) == no.value.refusal.codes


# -- when the stage is settled


def test_the_stage_is_settled_when_no_candidate_is_open(desk: Any) -> None:
    """Whatever was nominated is decided first, one way or the other; then one says what it was."""
    find = Find(desk)
    at = find.at
    shared = {"reshared": ["post:43"]}
    assert ("only_children",) == at.refuses("cora", "settle_reshare", **shared)
    assert ("only_children",) == at.refuses("cora", "skip_reshare", **WHY)

    find.do("cora", "skip", **WHY)
    at.do("cora", "settle_reshare", **shared)

    assert "end.skipped" == find.state
    assert ("post:43",) == at.item.data["reshared"]


def test_the_stage_does_not_wait_for_what_comes_back_every_month(desk: Any) -> None:
    """A repeat goes on for months, below an item that has long been evaluated."""
    find = Find(desk, **FILM).do("sam", "repeat", **_for(find_from=desk, months=2))

    find.at.do("cora", "skip_reshare", **WHY)

    assert "candidate.repeating" == find.state


# -- what is derived


def test_what_is_derived_takes_over_words_credit_and_origin(desk: Any) -> None:
    """S2-05: it says whose it is, where it was found, and who made it."""
    find = Find(desk).cleared().do("cora", "derive")
    (derived,) = find.derived

    kept = {name: derived.data[name] for name in ("title", "body", "credit", "origin", "rights")}

    assert {**{name: PHOTO[name] for name in kept if name != "rights"}, "rights": "granted"} == kept
    assert ("reshare", "mention-7") == (derived.data["kind"], derived.data["derived_from"])
    assert (find.id, ("production.drafting",)) == (derived.parent, derived.marking)


ROAD = (
    ("cleo", "submit", {}),
    ("tony", "start", {}),
    ("tony", "approve_tone", {}),
    ("abe", "approve", {}),
    ("sam", "publish_now", {}),
)


def _published(find: Find) -> Item:
    (derived,) = find.derived
    for who, action, data in ROAD:
        find.engine.perform(derived.id, action, by=who, data=data or None)
    (upload,) = find.engine.children(derived.id, "publication")
    find.engine.perform(upload.id, "accept", by=SYSTEM, data={"url": "https://example.com/2"})
    find.engine.perform(upload.id, "verify", by="cora", data=find.at.check())
    return find.engine.item(derived.id)


def test_what_is_derived_goes_through_tone_and_approval_like_anything_else(desk: Any) -> None:
    """S0-16: whoever shares it, the look is right; concept and assignment are not asked for."""
    live = _published(Find(desk).cleared().do("cora", "derive"))

    assert ("promotion.open", "response.listening") == live.marking
    assert ("approval", "tone") == tuple(sorted(one.stage for one in live.signatures))
    assert {"concept", "assignment", "reshare"}.isdisjoint(RESHARE_FAST.places)


def test_who_wrote_the_candidate_does_not_approve_what_is_derived(desk: Any) -> None:
    """Four eyes reach below: the words are the same, and so are those who wrote them."""
    find = Find(desk).cleared().do("sam", "edit", body="Look!").do("cora", "derive")
    (derived,) = find.derived
    for who, action, data in ROAD[:3]:
        find.engine.perform(derived.id, action, by=who, data=data or None)

    refusal = find.engine.why_not(derived.id, "approve", by="sam")

    assert ("cora", "sam") == derived.contributors
    assert ("four_eyes",) == refusal.codes
    assert find.engine.why_not(derived.id, "approve", by="abe") is None


def test_users_content_does_not_go_out_without_credit(desk: Any) -> None:
    """What the candidate was asked is asked again where it fires: credit may be edited away."""
    find = Find(desk).cleared().do("cora", "derive")
    (derived,) = find.derived
    find.engine.perform(derived.id, "edit", by="cleo", data={"credit": None})
    for who, action, data in ROAD[:4]:
        find.engine.perform(derived.id, action, by=who, data=data or None)

    with pytest.raises(Refused) as no:
        find.engine.perform(derived.id, "publish_now", by="sam")
    assert ("credited",) == no.value.refusal.codes


def test_the_ripple_is_read_over_three_generations(desk: Any) -> None:
    """S1-01: a tree, not a line; what was made of an idea out of it is part of it as well."""
    find = Find(desk).cleared().do("cora", "derive")
    (derived,) = find.derived
    store = find.engine.store
    told = {"title": "A series", "derived_from": derived.id, "source": "evaluation"}
    series = find.engine.create("social_content", by="eve", data=told)

    found = ripple(store, find.at.id)

    line = [(0, find.at.id), (1, find.id), (2, derived.id), (3, series.id)]
    assert line == [(one.ring, one.item) for one in found]


def test_a_ripple_that_leads_back_to_itself_ends(desk: Any) -> None:
    """References are the host's words, and may go round in a circle."""
    at = desk()
    a = at.engine.create("social_content", by="eve", data={"title": "A", "derived_from": "b"})
    b = at.engine.create(
        "social_content", by="eve", ref="b", data={"title": "B", "derived_from": a.id}
    )

    assert [a.id, b.id] == [one.item for one in ripple(at.engine.store, a.id)]


# -- what comes back


def _for(find_from: Any, months: float) -> dict[str, str]:
    first = find_from().now + timedelta(days=10)
    return {
        "repost_at": first.isoformat(),
        "repost_until": (first + months * MONTH).isoformat(),
    }


def test_our_own_content_comes_back_every_month_until_its_last_day(desk: Any) -> None:
    """Once for each month, each time as an item that is looked at; then it is over by itself."""
    find = Find(desk, **FILM).do("sam", "repeat", **_for(desk, 1.5))
    counts = [len(find.after(timedelta(days=9)).derived)]
    for _ in range(3):
        counts.append(len(find.after(timedelta(days=15)).derived))
    find.after(MONTH)

    assert ([0, 1, 1, 2], 2) == (counts, len(find.derived))
    assert "end.derived" == find.state
    assert {("production.drafting",)} == {one.marking for one in find.derived}


def test_a_repeat_is_stopped_at_any_time(desk: Any) -> None:
    """What came back so far stays; nothing more does."""
    find = Find(desk, **FILM).do("sam", "repeat", **_for(desk, 3)).after(timedelta(days=11))

    find.do("cora", "stop", **WHY).after(MONTH)

    assert ("end.derived", 1) == (find.state, len(find.derived))


def test_only_what_is_our_own_comes_back(desk: Any) -> None:
    """A user has agreed to one post, not to one every month."""
    find = Find(desk).cleared()

    assert ("one_of",) == find.refuses("sam", "repeat", **_for(desk, 2))


@pytest.mark.parametrize(("months", "codes"), [(5.9, ()), (6, ("repeats_limited",))])
def test_it_comes_back_six_times_at_most(months: float, codes: Any, desk: Any) -> None:
    """The limit is on the page, and a company may say another."""
    find = Find(desk, **FILM)

    if codes:
        assert codes == find.refuses("sam", "repeat", **_for(desk, months))
    else:
        assert "candidate.repeating" == find.do("sam", "repeat", **_for(desk, months)).state


def test_what_would_end_before_it_begins_does_not_come_back(desk: Any) -> None:
    """Not a single time."""
    find = Find(desk, **FILM)

    assert ("repeats_limited",) == find.refuses("sam", "repeat", **_for(desk, -0.1))


# -- the definitions


def test_every_action_of_a_candidate_is_reached(desk: Any) -> None:
    """No action is there that nobody can ever take."""
    own = Find(desk, **FILM).do("sam", "repeat", **_for(desk, 1)).after(timedelta(days=11))
    taken = Find(desk).cleared().do("cora", "derive").taken
    taken |= Find(desk).cleared().do("cora", "rights_refused", **WHY).taken
    taken |= Find(desk).do("cora", "skip", **WHY).taken
    taken |= own.after(MONTH).taken
    again = Find(desk, **FILM).do("sam", "repeat", **_for(desk, 1))
    taken |= again.do("cora", "stop", **WHY).taken

    assert set() == {*CANDIDATE.action_names} - taken


@pytest.mark.parametrize("workflow", [CANDIDATE, RESHARE_FAST], ids=["candidate", "reshare_fast"])
def test_nothing_about_it_is_suspicious(workflow: Any) -> None:
    """No state that is never reached or never left."""
    assert () == workflow.findings()


@pytest.mark.parametrize("syntax", ["toml", "json"])
def test_a_family_of_three_generations_travels_as_a_document(syntax: str) -> None:
    """What is below what is below is written down, and is the same when it is read again."""
    department = social_content()

    again = parse_workflow(dump_workflow(department, syntax), syntax)

    assert department.digest == again.digest
    assert [*department.kinds["candidate"].kinds] == [*again.kinds["candidate"].kinds]
