"""The commands that every workflow has: the same in every stage, so that no stage writes them."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from scenes import ANN, ED, EVE, LEA, NOBODY, REVIEW, TOM, WRITING, Walk, finish, stage, workflow

from socialflow import Action, Member, Parallel, Workflow
from socialflow.errors import UnknownAction
from socialflow.standing import STANDING

RIGHTS = {"create": "*", "assign": "editor", "cancel": "editor", "reopen": "editor"}
ENDS = ("closed", "rejected", "cancelled")

Own = attrs.make_class("Own", {"remark": attrs.field(type=str)}, frozen=True)


def plain(**told: Any) -> Workflow:
    """Writing, review and live, with rights to the commands of every workflow."""
    return workflow(**({"rights": RIGHTS, "ends": ENDS} | told))


def side_by_side(**told: Any) -> Workflow:
    """Two stages that are open together, of the author and of the lawyer."""
    two = Parallel(
        stage("a", finish()), stage("b", finish(), role=("lawyer", "author")), stage("c", role="x")
    )
    return workflow(two, stage("d"), **({"rights": RIGHTS, "ends": ENDS} | told))


# -- claim and release


def test_who_claims_is_named_for_the_open_stage() -> None:
    """A claim names the member, needs the stage's role, and moves nothing."""
    walk = Walk.begin(plain())
    event = walk.do("claim", ANN)

    assert ("ann", ()) == (walk.item.responsible("writing"), event.moves)
    assert ("role",) == walk.refused("claim", ED).codes


def test_what_somebody_has_is_not_claimed_by_another() -> None:
    """One member is responsible at a time; to claim one's own again is fine."""
    walk = Walk.begin(plain())
    walk.do("claim", ANN)

    assert [
        "'ann' is responsible for writing already (ask ann to release it)",
    ] == [str(one) for one in walk.refused("claim", TOM)]
    assert walk.do("claim", ANN)


def test_only_the_one_responsible_or_their_delegate_releases() -> None:
    """A release leaves the duty to nobody."""
    walk = Walk.begin(plain())
    assert ["writing is not yours to release: nobody is responsible"] == [
        str(one) for one in walk.refused("release", ANN)
    ]
    walk.do("claim", ANN)
    assert [
        "writing is not yours to release: ann is responsible (assign somebody else instead)"
    ] == [str(one) for one in walk.refused("release", TOM)]

    walk.do("release", TOM, acting_for=("ann",))

    assert walk.item.responsible("writing") is None


@pytest.mark.law(2)
def test_of_several_open_stages_a_claim_says_which() -> None:
    """Without a stage the claim is ambiguous, and lists those that are open."""
    walk = Walk.begin(side_by_side())

    for command in ("claim", "release"):
        assert [
            f"'{command}' is open in several stages (say which by data={{'stage': ...}}: a, b, c)"
        ] == [str(one) for one in walk.refused(command, ANN)]
    walk.do("claim", ANN, {"stage": "b"})
    walk.do("claim", TOM, {"stage": "a"})

    assert ("tom", "ann") == (walk.item.responsible("a"), walk.item.responsible("b"))
    assert ("role",) == walk.refused("claim", LEA, {"stage": "a"}).codes
    walk.do("release", ANN, {"stage": "b"})
    assert walk.do("claim", LEA, {"stage": "b"})


@pytest.mark.parametrize("made", [plain(), side_by_side()], ids=["plain", "parallel"])
@pytest.mark.parametrize("command", ["claim", "release"])
@pytest.mark.parametrize("named", ["live", "d", "nowhere"])
def test_a_stage_that_is_not_open_is_neither_claimed_nor_released(
    made: Workflow, command: str, named: str
) -> None:
    """The role of the open stage opens no other one, and a stage that is not there is refused."""
    walk = Walk.begin(made)

    assert walk.refused(command, ANN, {"stage": named})


def test_a_claim_of_a_stage_alone_in_having_a_role_needs_no_stage() -> None:
    """Where one open stage only can be claimed, that one is meant."""
    two = Parallel(stage("a"), stage("b", role=()))
    walk = Walk.begin(workflow(two, stage("c")))

    walk.do("claim", ANN)

    assert "ann" == walk.item.responsible("a")
    assert walk.refused("claim", ANN, {"stage": "b"})


# -- assign


def test_assigning_names_somebody_for_any_stage_beforehand() -> None:
    """Without a stage the open one is meant; a stage to come keeps who was named for it."""
    walk = Walk.begin(plain())
    walk.do("assign", ED, {"member": "tom"})
    walk.do("assign", ED, {"member": "eve", "stage": "review"})
    assert ("tom", "eve") == (walk.item.responsible("writing"), walk.item.responsible("review"))

    walk.do("submit", ANN)

    token = walk.item.tokens[0]
    assert ("review.waiting", 1, "eve") == (token.state, token.visit, token.responsible)
    assert "tom" == walk.item.responsible("writing")


def test_assigning_needs_the_right_to_it_and_a_stage_that_is_there() -> None:
    """Nobody assigns if the workflow gives no right, and a stage is named as it is spelt."""
    walk = Walk.begin(plain())

    assert ("role",) == walk.refused("assign", ANN, {"member": "tom"}).codes
    assert ["the workflow has no stage 'reviev' (did you mean 'review'?)"] == [
        str(one) for one in walk.refused("assign", ED, {"member": "tom", "stage": "reviev"})
    ]
    assert ("data",) == walk.refused("assign", ED).codes
    assert ("state",) == Walk.begin(workflow()).refused("assign", ED, {"member": "tom"}).codes


# -- edit


def test_who_may_edit_in_this_state_writes_the_content() -> None:
    """An edit says what is new; None takes a value away; who writes is a contributor."""
    walk = Walk.begin(plain())
    event = walk.do("edit", TOM, {"body": "b"})

    assert {"title": "a title", "body": "b"} == walk.item.data
    assert ((), ("body",)) == (event.moves, event.keeps)
    walk.do("edit", TOM, {"title": "c", "body": None})
    assert {"title": "c"} == walk.item.data
    assert ("ann", "tom") == walk.item.contributors


def test_an_edit_is_refused_to_others_and_elsewhere() -> None:
    """Each state says who may edit in it; where none may, it is not open."""
    walk = Walk.begin(plain())

    assert ("role",) == walk.refused("edit", ED, {"body": "b"}).codes
    walk.do("submit", ANN)
    assert ("role",) == walk.refused("edit", ANN, {"body": "b"}).codes
    walk.do("clear", ED)
    walk.do("go", ED)
    assert ("state",) == walk.refused("edit", ANN, {"body": "b"}).codes


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "an edit says what is new (give data={field: value})"),
        ({}, "an edit says what is new (give data={field: value})"),
        ({"body": 7}, "data.body: it must be str, not 7"),
        (
            {"bodi": "x"},
            "data.bodi: no field that may be edited is called bodi (did you mean 'body'?)",
        ),
    ],
)
def test_an_edit_of_nothing_or_of_what_does_not_fit_is_refused(data: Any, sentence: str) -> None:
    """Each field that does not fit is an objection."""
    walk = Walk.begin(plain())

    assert [sentence] == [
        str(one).replace("typing.Optional[str]", "str | None")
        for one in walk.refused("edit", ANN, data)
    ]


def test_what_is_fixed_is_told_at_birth_and_edited_by_nobody() -> None:
    """A fixed field has what the item was born with, until an action keeps another."""
    made = attrs.evolve(plain(), fixed="body")
    walk = Walk.begin(made, {"title": "t", "body": "b"})

    assert ("data",) == walk.refused("edit", ANN, {"body": "mine"}).codes
    walk.do("edit", ANN, {"title": "mine"})
    assert {"title": "mine", "body": "b"} == walk.item.data


@pytest.mark.law(13)
def test_an_edit_writes_the_fields_of_the_workflow_only() -> None:
    """A field of a stage is written by the actions that keep it, and by no edit."""
    keeps = Action("say", "drafting", data=Own, keeps="remark")
    own = attrs.evolve(WRITING, fields=Own, actions=(*WRITING.actions, keeps))
    walk = Walk.begin(workflow(own, REVIEW))

    assert ("data",) == walk.refused("edit", ANN, {"remark": "mine"}).codes
    walk.do("say", ANN, {"remark": "mine"})
    assert {"title": "a title", "remark": "mine"} == walk.item.data


def test_whoever_may_edit_in_one_open_stage_may_edit() -> None:
    """In a Parallel, one edit of the item is open to the editors of each member."""
    two = Parallel(
        stage("a", may_edit={"one": "author"}), stage("b", may_edit={"one": "lawyer"}), stage("c")
    )
    walk = Walk.begin(workflow(two))

    assert walk.do("edit", ANN, {"body": "a"})
    assert walk.do("edit", LEA, {"body": "b"})
    assert ("role",) == walk.refused("edit", ED, {"body": "c"}).codes


# -- note


@pytest.mark.law(15)
def test_a_note_is_remembered_and_changes_nothing() -> None:
    """A note is an event with its text, and takes no version; at an end too."""
    walk = Walk.begin(plain())
    before = walk.item
    event = walk.do("note", NOBODY, {"text": "well done"})

    assert before == walk.item
    assert (1, {"text": "well done"}) == (event.version, event.command.data)
    assert [("note", "writing.drafting", "writing.drafting")] == [tuple(m) for m in event.moves]
    walk.do("cancel", ED)
    assert walk.do("note", NOBODY, {"text": "a pity"})
    assert ("data",) == walk.refused("note", NOBODY).codes


def test_notes_may_be_kept_to_some() -> None:
    """A right that is given to nobody or some is theirs only."""
    walk = Walk.begin(plain(rights={"create": "*", "note": "editor"}))

    assert ("role",) == walk.refused("note", ANN, {"text": "x"}).codes
    assert walk.do("note", ED, {"text": "x"})


# -- cancel and reopen (model 25)


def test_cancelling_ends_the_item_wherever_it_is() -> None:
    """A cancelled item rests at its end, from a plain step and from a Parallel."""
    for made in (plain(), side_by_side()):
        walk = Walk.begin(made)
        assert ("role",) == walk.refused("cancel", ANN).codes

        event = walk.do("cancel", ED, {"reason": "too late"})

        assert ("end.cancelled",) == walk.marking
        assert {"reason": "too late"} == event.command.data
        assert ("state",) == walk.refused("cancel", ED).codes


def test_what_may_have_gone_out_is_not_cancelled() -> None:
    """From the first stage on that releases, cancelling is not open to anybody."""
    walk = Walk.begin(plain())
    walk.do("submit", ANN)
    assert "yes" == walk.answers(ED)["cancel"]
    walk.do("clear", ED)

    assert ("state",) == walk.refused("cancel", ED).codes
    assert "cancel" not in walk.answers(ED)


@pytest.mark.parametrize("to", ["writing", "writing.drafting", "review", "live.ready"])
@pytest.mark.law(25)
def test_reopening_takes_the_item_to_a_stage_of_ones_choice(to: str) -> None:
    """An end is a source; the stage is entered anew, by name or by its first state."""
    walk = Walk.begin(plain())
    walk.do("claim", ANN)
    walk.do("cancel", ED)

    walk.do("reopen", ED, to=to)

    (token,) = walk.item.tokens
    assert to.partition(".")[0] == token.stage
    assert (2, "ann") if token.stage == "writing" else (1, None) == (token.visit, token.responsible)
    assert not walk.item.ended


def test_reopening_says_where_to_and_is_open_at_an_end_only() -> None:
    """Without a stage, or with one that is not there, it is refused; so it is while live."""
    walk = Walk.begin(plain())
    assert ("state",) == walk.refused("reopen", ED, to="writing").codes
    walk.do("cancel", ED)

    assert ["'reopen' goes to several places (say to=, one of writing, review, live)"] == [
        str(one) for one in walk.refused("reopen", ED)
    ]
    assert ("to",) == walk.refused("reopen", ED, to="nowhere").codes
    assert ("role",) == walk.refused("reopen", ANN, to="writing").codes


def test_a_workflow_of_one_stage_is_reopened_there() -> None:
    """Where there is no choice, nothing need be said."""
    walk = Walk.begin(workflow(stage("a", finish()), rights=RIGHTS, ends=ENDS))
    walk.do("finish", ANN)
    walk.do("reopen", ED)

    assert [("a.one", 2)] == [(token.state, token.visit) for token in walk.item.tokens]


@pytest.mark.law(10)
def test_reopening_voids_the_signatures_from_there_on() -> None:
    """What is entered again signs again."""
    stop = Action("stop", "*", goto="end.rejected", roles="editor")
    walk = Walk.begin(plain(actions=[stop]))
    walk.do("submit", ANN)
    walk.do("clear", ED)
    walk.do("stop", ED)
    assert walk.item.signatures

    walk.do("reopen", ED, to="review")

    assert () == walk.item.signatures


@pytest.mark.law(25)
def test_actions_of_an_end_are_the_workflows() -> None:
    """An action may leave an end for a stage."""
    revive = Action("revive", "end.rejected", goto="writing", roles="author")
    stop = Action("stop", "*", goto="end.rejected", roles="author")
    walk = Walk.begin(workflow(actions=[revive, stop]))
    walk.do("stop", ANN)
    assert ("end.rejected",) == walk.marking

    walk.do("revive", ANN)

    assert ("writing.drafting",) == walk.marking


# -- who has no right


@pytest.mark.parametrize("command", sorted({*STANDING} - {"create", "adopt"}))
def test_a_command_of_every_workflow_is_known_even_where_nobody_may(command: str) -> None:
    """It is refused, not unknown; to begin an item is no command to one that is there."""
    bare = workflow(stage("a", role=()), rights={"note": ()})

    assert ("state",) == Walk.begin(workflow(stage("a", role=()), rights={"create": "*"})).refused(
        "reopen", ANN
    ).codes
    walk = Walk.begin(attrs.evolve(bare, rights={"create": "*", "note": ()}))
    assert ("state",) == walk.refused(command, EVE).codes
    for birth in ("create", "adopt"):
        with pytest.raises(UnknownAction):
            walk.ask(birth, EVE)


def test_a_denied_role_may_not_even_with_the_right() -> None:
    """Denials reach the commands of every workflow."""
    from socialflow import Role

    roles = ("author", "editor", Role("intern", deny=("note", "edit")))
    walk = Walk.begin(plain(roles=roles))
    intern = Member("kit", ("author", "intern"))

    assert ("denied",) == walk.refused("note", intern, {"text": "x"}).codes
    assert ("denied",) == walk.refused("edit", intern, {"body": "x"}).codes
    assert walk.do("claim", intern)
