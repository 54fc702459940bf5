"""Staffing: what is found about a team in front of a workflow is what an engine then shows."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialflow import (
    Action,
    Engine,
    Grant,
    Member,
    Role,
    Scope,
    Stage,
    Team,
    Workflow,
)
from socialflow.ballots import Ballot
from socialflow.kinds import spawn
from socialflow.people import Credential, Delegation
from socialflow.policies import BY_ROLE, any_of, deny
from socialflow.rules import four_eyes, has
from socialflow.stores.memory import MemoryStore
from socialflow.verify import staffing

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@attrs.frozen
class Text:
    """The data of every item here."""

    body: str
    claims: tuple[str, ...] = ()


def text(*passing: Action, roles: Any = (), **more: Any) -> Workflow:
    """A workflow of two stages: somebody writes it, somebody passes it."""
    writing = Stage(
        "writing",
        ("open", "ready"),
        role="author",
        may_edit={"open": "author"},
        actions=[Action("submit", "open", "ready")],
    )
    review = Stage("review", ("waiting", "passed"), role="editor", actions=passing)
    kept = {"fields": Text, "content": "body", "rights": {"create": "author"}, **more}
    return Workflow("text", [writing, review], roles=roles, **kept)


PASS = Action("pass", "waiting", "passed", rules=four_eyes())
SEEN = text(PASS)


def balloted(*ballots: Ballot, **more: Any) -> Workflow:
    """The same, passed by ballot."""
    return text(Action("pass", "waiting", "passed", ballots=ballots), **more)


def found(workflow: Workflow, *members: Member, **how: Any) -> list[tuple[str, str, str]]:
    """Severity, code and place of everything that is found."""
    team = how.pop("team", None) or Team(members)
    findings = staffing(workflow, team, **{"at": NOON, **how})
    return [(one.severity, one.code, one.where) for one in findings]


def remedies(workflow: Workflow, *members: Member) -> list[str]:
    """What would help."""
    return [one.remedy for one in staffing(workflow, Team(members), at=NOON)]


ANN = Member("ann", "author")
ED = Member("ed", "editor")
BOTH = Member("bo", ["author", "editor"])


# -- what is found, and a near miss


def test_a_team_that_has_somebody_for_everything_is_fine() -> None:
    """An author and an editor: there is nothing to say."""
    assert [] == found(SEEN, ANN, ED)


def test_an_action_that_nobody_may_do_is_found() -> None:
    """A warning if there is another way on; the stage stands still if there is none."""
    other = text(PASS, Action("wave", "waiting", "passed", roles="chief"))

    assert [("warning", "nobody", "text / review / wave")] == found(other, ANN, ED)
    assert [
        ("warning", "nobody", "text / review / pass"),
        ("warning", "nobody_responsible", "text / review"),
        ("error", "stands_still", "text / review"),
    ] == found(SEEN, ANN)


def test_what_the_system_reports_needs_nobody() -> None:
    """An outcome from outside, and what happens by itself, is not for members."""
    alone = [Action("pass", "waiting", "passed", roles="system")]
    by_itself = [Action("pass", "waiting", "passed", automatic=True)]

    assert [] == found(text(*alone), ANN, ED)
    assert [] == found(text(*by_itself), ANN, ED)


def test_what_happens_by_itself_in_some_cases_does_not_help_the_others() -> None:
    """Where members act as well, an automatic action with rules is no way on."""
    sometimes = Action("skip", "waiting", "passed", automatic=True, rules=~has("claims"))

    assert "stands_still" in [code for _, code, _ in found(text(PASS, sometimes), ANN)]
    assert "stands_still" not in [code for _, code, _ in found(text(sometimes), ANN)]


def test_what_always_happens_by_itself_is_a_way_on() -> None:
    """So is a choice that the system alone has: whoever is missing before it is missed."""
    always = Action("skip", "waiting", "passed", automatic=True)
    choice = Stage(
        "review",
        ("waiting", "seen", "passed"),
        actions=[
            Action("look", "waiting", "seen", roles="chief"),
            Action("pass", "seen", "passed", automatic=True, rules=has("body")),
        ],
    )

    assert "stands_still" not in [code for _, code, _ in found(text(PASS, always), ANN)]
    assert ("error", "stands_still", "text / review") in found(
        text().replace("review", choice), ANN
    )


def test_a_state_that_nobody_can_bring_an_item_to_does_not_count() -> None:
    """Whoever cannot shelve it need not be able to take it out again."""
    shelf = Stage(
        "shelf",
        ("open", "shelved", "done"),
        role="author",
        actions=[
            Action("finish", "open", "done"),
            Action("shelve", "open", "shelved", roles="chief"),
            Action("revive", "shelved", "done", roles="chief"),
        ],
    )
    shelve = attrs.evolve(shelf.actions[1], roles=("author",))
    shelving = attrs.evolve(shelf, actions=[shelf.actions[0], shelve, shelf.actions[2]])

    still = ("error", "stands_still", "text / shelf")
    assert still not in found(Workflow("text", [shelf]), ANN)
    assert still in found(Workflow("text", [shelving]), ANN)


def test_a_stage_without_anybody_responsible_is_found() -> None:
    """Although others may do what there is to do."""
    open_to_all = text(attrs.evolve(PASS, roles=("author", "editor")))
    heir = text(
        attrs.evolve(PASS, roles=("author",)),
        roles=["author", "editor", Role("chief", inherits="editor")],
    )

    two = ANN, Member("al", "author")
    assert [("warning", "nobody_responsible", "text / review")] == found(open_to_all, *two)
    assert [] == found(heir, *two, Member("chi", "chief"))


def test_four_eyes_with_one_person_are_found() -> None:
    """One who writes and edits cannot pass what they have written; a second one can."""
    assert [("error", "four_eyes", "text / review / pass")] == found(SEEN, BOTH)
    assert [] == found(SEEN, BOTH, attrs.evolve(BOTH, id="cy"))


def test_the_only_editor_who_also_writes_is_warned_about() -> None:
    """What the other one writes can be passed, what the editor writes cannot."""
    assert [("warning", "four_eyes", "text / review / pass")] == found(SEEN, BOTH, ANN)
    assert [] == found(SEEN, ED, ANN)


def test_four_eyes_off_the_road_are_a_warning() -> None:
    """Nobody can praise it who has not written it; it can be passed all the same."""
    praise = attrs.evolve(PASS, name="praise")
    either = text(attrs.evolve(PASS, rules=()), praise)

    assert [("warning", "four_eyes", "text / review / praise")] == found(either, BOTH)


def test_two_ballots_that_leave_no_author_over_are_found() -> None:
    """Each could be carried; but of the two who write, each is needed in one of them."""
    two = balloted(Ballot("brand", "editor"), Ballot("law", "lawyer"))
    ann, bob = Member("ann", ["author", "editor"]), Member("bob", ["author", "lawyer"])

    assert [("error", "four_eyes", "text / review / pass / brand")] == found(two, ann, bob)
    assert [] == found(two, ANN, ED, Member("law", "lawyer"))


def test_a_quorum_that_one_person_cannot_make_is_found() -> None:
    """Two votes take two persons, whatever roles one of them holds."""
    two = balloted(Ballot("brand", ("editor", "chief"), quorum=2))
    one = Member("ed", ["editor", "chief"])

    assert ("warning", "too_few", "text / review / pass / brand") in found(two, ANN, one)
    assert [] == found(two, ANN, ED, Member("chi", "chief"))


def test_whoever_stands_in_for_another_is_no_second_person() -> None:
    """A delegate counts as both, so that the two of them are one vote."""
    two = balloted(Ballot("brand", "editor", quorum=2))
    members = ANN, ED, Member("eva", "editor")

    assert [] == found(two, *members)
    assert ("warning", "too_few", "text / review / pass / brand") in found(
        two, team=Team(members, delegations=[Delegation("ed", "eva")])
    )


def test_a_ballot_for_all_of_nobody_is_found() -> None:
    """All of one is fine."""
    every = balloted(Ballot("law", "lawyer", quorum="all"))

    assert ("warning", "too_few", "text / review / pass / law") in found(every, ANN, ED)
    assert [] == found(every, ANN, ED, Member("law", "lawyer"))


def test_where_all_have_to_agree_those_who_wrote_it_are_not_asked() -> None:
    """Nor is anybody to whom it is denied."""
    roles = ["author", "editor", Role("agency", deny="review.*")]
    every = balloted(Ballot("brand", "editor", quorum="all"), roles=roles)

    assert [] == found(every, BOTH, ED)
    assert [] == found(every, ANN, ED, Member("out", ["editor", "agency"]))


def test_whoever_stands_in_for_the_author_is_no_second_pair_of_eyes() -> None:
    """Where one is enough another can pass it; where all have to agree they are waited for."""
    members = ANN, ED, Member("eva", "editor")
    team = Team(members, delegations=[Delegation("ann", "ed")])
    one, every = (balloted(Ballot("brand", "editor", quorum=many)) for many in ("any", "all"))

    assert [] == found(one, team=team)
    assert [("warning", "four_eyes", "text / review / pass / brand")] == found(every, team=team)


def test_a_ballot_that_is_asked_for_in_some_cases_is_found_as_well() -> None:
    """Content that makes claims would stand still."""
    claims = Ballot("claims", "owner", when=has("claims"))
    some = balloted(Ballot("brand", "editor"), claims)

    assert [
        ("warning", "too_few", "text / review / pass / claims"),
        ("error", "stands_still", "text / review"),
    ] == found(some, ANN, ED)


def test_members_whom_another_role_denies_it_do_not_count() -> None:
    """Of an agency, and an editor: neither edits nor is asked for a yes."""
    roles = ["author", "editor", Role("agency", deny="review.*")]
    outside = Member("out", ["editor", "agency"])

    for workflow in (text(PASS, roles=roles), balloted(Ballot("b", "editor"), roles=roles)):
        assert ("error", "stands_still", "text / review") in found(workflow, ANN, outside)
        assert [] == found(workflow, ANN, outside, ED)
        told = " ".join(map(str, staffing(workflow, Team([ANN, outside]), at=NOON)))
        assert "it is denied to out by another role" in told


def test_a_policy_may_deny_it() -> None:
    """The policy of the engine is asked, not only the roles."""
    outside = Member("out", "editor", kind="agency")
    policy = any_of(BY_ROLE, deny("agency", "review.*"))

    assert [] == found(SEEN, ANN, outside)
    assert ("error", "stands_still", "text / review") in found(SEEN, ANN, outside, policy=policy)


def test_roles_that_do_not_exist_are_found() -> None:
    """With the nearest one that does; those that only a child knows exist."""
    child = Workflow("reply", [Stage("reply", ("open", "sent"), role="sender")])
    family = text(PASS, children=child)

    assert [("warning", "unknown_role", "Team / out")] == found(
        SEEN, ANN, ED, Member("out", "edtor")
    )
    assert [] == found(family, ANN, ED, Member("out", "sender"))


def test_leads_who_overlap_are_found() -> None:
    """Two leads of one place, not two of different places, nor two of another role."""
    here, there = Grant("editor", Scope(brand="a")), Grant("editor", Scope(brand="b"))
    overlap = ("warning", "overlap", "Team / editor")
    ann = Member("ann", "author")

    two = ann, Member("ed", here), Member("eva", here)
    assert overlap in found(SEEN, *two, leads=["editor"])
    assert overlap not in found(SEEN, *two)
    assert overlap not in found(SEEN, ann, Member("ed", here), Member("eva", there), leads="editor")


def test_children_are_looked_at() -> None:
    """A comment that nobody may answer stands still below an item that is fine."""
    reply = Workflow(
        "reply",
        [Stage("reply", ("open", "sent"), role="editor", actions=[Action("send", "open", "sent")])],
    )
    opening = Action("open_up", "waiting", roles="editor", effects=spawn("reply"))
    family = text(PASS, opening, children=reply)
    nobody = attrs.evolve(reply, steps=[attrs.evolve(reply.steps[0], role="chief")])

    assert [] == found(family, ANN, ED)
    assert ("error", "stands_still", "text / reply / reply") in found(
        attrs.evolve(family, children=nobody), ANN, ED
    )


def test_a_workflow_below_two_others_is_looked_at_once() -> None:
    """What is found about it is said at its first place."""
    send = Action("send", "open", "sent")
    reply = Workflow("reply", [Stage("reply", ("open", "sent"), role="chief", actions=[send])])
    other = Workflow(
        "other", [Stage("b", ("open", "sent"), role="editor", actions=[send])], children=reply
    )
    found_ = found(text(PASS, children=[reply, other]), ANN, ED)

    assert [("error", "stands_still", "text / reply / reply")] == [
        one for one in found_ if "stands_still" in one and "reply" in one[2]
    ]


def test_stages_that_stand_still_without_one_member_are_found() -> None:
    """If that is asked for; a second editor is enough."""
    waits = [
        ("warning", "stands_still", "text / writing"),
        ("warning", "stands_still", "text / review"),
    ]

    assert [] == found(SEEN, ANN, ED)
    assert waits == found(SEEN, ANN, ED, absent=1)
    assert waits[:1] == found(SEEN, ANN, ED, Member("eva", "editor"), absent=1)


def test_of_those_who_may_be_away_together_only_the_fewest_are_named() -> None:
    """With two away: both editors; not the author together with anybody."""
    three = ANN, ED, Member("eva", "editor")
    told = [str(one) for one in staffing(SEEN, Team(three), at=NOON, absent=2)]

    assert [
        "text / writing: it stands still while ann is away "
        "(give a role that is needed there to one more member)",
        "text / review: it stands still while ed and eva is away "
        "(give a role that is needed there to one more member)",
    ] == told


def test_who_is_left_may_not_have_written_it_either() -> None:
    """Two who pass each other's work: while one is away, nobody passes the other's."""
    pair = BOTH, attrs.evolve(BOTH, id="cy")

    assert [] == found(SEEN, *pair)
    assert [("warning", "stands_still", "text / review")] * 2 == found(SEEN, *pair, absent=1)


def test_every_place_that_a_grant_names_is_looked_at() -> None:
    """An editor of the north does not help the south; one who holds it everywhere does."""
    north, south = Scope(unit="north"), Scope(unit="south")
    authors = Member("ann", Grant("author", Scope(unit=["north", "south"])))
    ed = Member("ed", Grant("editor", north))

    assert ("error", "stands_still", "text / review (unit=south)") in found(SEEN, authors, ed)
    assert [] == found(SEEN, authors, ed, scopes=[north])
    assert [] == found(SEEN, authors, Member("ed", ["editor", Grant("editor", south)]))


def test_grants_hold_at_the_moment_that_is_looked_at() -> None:
    """Those that are over, and those that lack a credential, open nothing."""
    over = Member("ed", Grant("editor", until=NOON))
    trained = text(PASS, roles=["author", Role("editor", requires="training:tone")])
    held = Credential("training", "tone")

    assert ("error", "stands_still", "text / review") in found(SEEN, ANN, over)
    assert ("error", "stands_still", "text / review") in found(trained, ANN, ED)
    assert [] == found(trained, ANN, attrs.evolve(ED, credentials=held))


@pytest.mark.parametrize(
    ("members", "remedy"),
    [
        ((BOTH,), "bring in somebody who does not write it, as editor"),
        ((BOTH, Member("kim")), "grant editor to somebody who does not write it: kim, for example"),
        ((BOTH, Member("out", "agency")), "bring in somebody who does not write it, as editor"),
    ],
)
def test_a_finding_says_what_would_help(members: tuple[Member, ...], remedy: str) -> None:
    """Somebody of the team to whom the role would open it, or else somebody new."""
    roles = ["author", "editor", Role("agency", deny="review.*")]

    assert [remedy] == remedies(text(PASS, roles=roles), *members)


# -- the same by trying


some_roles = st.sets(st.sampled_from(("author", "editor", "lawyer", "chief", "agency")), max_size=3)
some_ballots = st.builds(
    Ballot,
    st.sampled_from(("brand", "law")),
    st.sampled_from((("editor",), ("lawyer",), ("editor", "lawyer"), ("*",))),
    quorum=st.sampled_from(("any", "all", 1, 2, 3)),
    four_eyes=st.booleans(),
)
ways_to_pass = st.one_of(
    st.builds(
        lambda roles, seen: Action(
            "pass", "waiting", "passed", roles=roles, rules=four_eyes() if seen else ()
        ),
        st.sampled_from((("editor",), ("lawyer", "editor"), ("*",))),
        st.booleans(),
    ),
    st.builds(
        lambda ballots, seen: Action(
            "pass", "waiting", "passed", ballots=ballots, rules=four_eyes() if seen else ()
        ),
        st.lists(some_ballots, min_size=1, max_size=2, unique_by=lambda one: one.name),
        st.booleans(),
    ),
)
ROLES = (
    Role("author"),
    Role("editor"),
    Role("lawyer"),
    Role("chief", inherits="editor"),
    Role("agency", deny="review.pass"),
    Role("host"),
)
HOST = Member("host", "host")


@st.composite
def teams(draw: st.DrawFn) -> Team:
    """One to four people with some roles, of whom one may stand in for another."""
    ids = ("ann", "bob", "cy", "dee")[: draw(st.integers(1, 4))]
    members = [Member(id, sorted(draw(some_roles))) for id in ids]
    pairs = st.sampled_from(
        [(one, other) for one in ids for other in ids if one != other] or [None]
    )
    stands_in = draw(st.one_of(st.none(), pairs))
    return Team(members, delegations=[Delegation(*stands_in)] if stands_in else ())


def passes(workflow: Workflow, team: Team, author: Member) -> bool:
    """Whether some order in which the members ask brings what *author* has written to its end."""
    for order in permutations(team.members):
        engine = Engine(MemoryStore(), workflow, team, clock=lambda: NOON)
        item = engine.create("text", by=author, data={"body": "said"}).id
        engine.perform(item, "submit", by=HOST)
        for one in order:
            if one.id in {other.id for other in engine.who_can(item, "pass")}:
                engine.perform(item, "pass", by=one.id)
            if engine.item(item).marking == ("end.closed",):
                return True
    return False


@settings(deadline=None)
@given(ways_to_pass, teams())
def test_what_is_found_is_what_an_engine_shows(action: Action, team: Team) -> None:
    """
    Too few or nobody: not even what somebody from outside has written comes to its end. Four eyes,
    as an error: that does, and whatever a member of the team has written does not. A warning about
    four eyes: some of them.
    """
    rights = {"create": ("author", "host")}
    workflow = text(action, roles=ROLES, rights=rights)
    workflow = workflow.amend(
        "writing", actions=[Action("submit", "open", "ready", roles=("author", "host"))]
    )
    authors = [
        one
        for one in map(team.member, [one.id for one in team.members])
        if one and "author" in one.roles(Scope(), NOON)
    ]

    findings = staffing(workflow, team, at=NOON)

    codes = {one.code: one.severity for one in findings if "review / pass" in one.where}
    outside = passes(workflow, team, HOST)
    inside = [passes(workflow, team, one) for one in authors]
    assert outside == codes.keys().isdisjoint(("nobody", "too_few"))
    expected = None
    if outside and not all(inside):
        expected = "warning" if any(inside) else "error"
    assert expected == codes.get("four_eyes")
