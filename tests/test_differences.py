"""What is different between two definitions: told part by part, and nothing else."""

from __future__ import annotations

import json

import attrs
import pytest
from families_at_work import COMMENT, OUT, UPLOAD, parent
from hypothesis import given
from hypothesis import strategies as st
from scenes import LIVE, REVIEW, WRITING, Reason, finish, stage, workflow

from socialflow import Action, Parallel, Role, Workflow
from socialflow.ballots import Ballot
from socialflow.migrations import Changed, diff
from socialflow.moments import days
from socialflow.rules import four_eyes, has
from socialflow.testing.strategies import workflows

BASE = workflow()


@attrs.frozen
class Longer:
    """One field more, and one that may not be left out any more."""

    title: str
    body: str
    channel: str | None = None


CLEAR = REVIEW.actions[0]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (BASE.named("post", "2"), []),
        (BASE.named("other"), []),
        (
            BASE.insert(stage("legal", finish()), after="writing"),
            [
                "~ order of the stages: writing, review, live -> writing, legal, review, live",
                "+ stage legal",
            ],
        ),
        (
            workflow(WRITING, Parallel(REVIEW, LIVE)),
            [
                "~ order of the stages: writing, review, live -> writing, (review + live)",
            ],
        ),
        (
            BASE.amend("review", role=("editor", "lawyer"), signs="visit"),
            ["~ stage review: role editor -> editor, lawyer; signs revision -> visit"],
        ),
        (
            BASE.amend("live", states=("ready", "held", "out")),
            ["+ state live.held"],
        ),
        (
            BASE.amend("live", may_edit={"ready": "editor"}),
            ["~ state live.ready: edited by author -> editor"],
        ),
        (attrs.evolve(BASE, ends=("closed", "shelved", "rejected")), ["+ end shelved"]),
        (
            BASE.amend("review", actions=[attrs.evolve(CLEAR, rules=(has("body"),))]),
            ["+ rule review.clear: has(field=body)", "- rule review.clear: four_eyes"],
        ),
        (
            BASE.amend("review", actions=[attrs.evolve(CLEAR, rules=~four_eyes())]),
            ["+ rule review.clear: four_eyes(negated=true)", "- rule review.clear: four_eyes"],
        ),
        (
            BASE.amend("review", actions=[attrs.evolve(CLEAR, roles="lawyer", due=days(1))]),
            ["~ action review.clear: roles none -> lawyer; due none -> P1D"],
        ),
        (
            BASE.amend("review", drop="send_back"),
            ["- action review.send_back"],
        ),
        (
            BASE.amend(
                "review",
                actions=[Action("send_back", "waiting", goto="end.rejected", data=Reason)],
            ),
            ["~ target review.send_back: to: writing, end.rejected -> end.rejected"],
        ),
        (
            BASE.amend(
                "review", actions=[attrs.evolve(CLEAR, ballots=Ballot("b", "editor", quorum=2))]
            ),
            ["+ ballot review.clear: b"],
        ),
        (
            BASE.amend("review", enter=has("body")),
            ["+ rule review: enter, has(field=body)"],
        ),
        (
            BASE.with_roles(Role("author"), Role("editor"), Role("lawyer", inherits="editor")),
            ["+ role author", "+ role editor", "+ role lawyer"],
        ),
        (
            attrs.evolve(BASE, rights={"create": "author", "note": "*", "migrate": "editor"}),
            ["~ right create: * -> author", "+ right migrate"],
        ),
        (
            attrs.evolve(BASE, fields=Longer),
            ["+ field channel", "~ field body: str? -> str"],
        ),
        (
            attrs.evolve(BASE, content="title", fixed="title"),
            [
                "~ content of a revision: body, title -> title",
                "~ content that nobody edits: none -> title",
            ],
        ),
    ],
)
def test_a_difference_is_told_in_a_line(new: Workflow, told: list[str]) -> None:
    """Added, removed or changed; of what is new or gone as a whole its parts are not told."""
    found = diff(BASE, new)

    assert sorted(told) == sorted(map(str, found.changes))
    assert bool(told) == bool(found)


def test_kinds_below_are_told_with_their_name() -> None:
    """What is new or gone, and what both have otherwise."""
    louder = UPLOAD.amend("upload", role="chief")
    advert = COMMENT.named("advert")

    found = diff(parent(), parent(OUT, children=[louder, advert]))

    assert [
        "+ child advert",
        "- child comment",
        "~ stage upload/upload: role editor -> chief",
    ] == list(map(str, found.changes))


@given(workflows(), workflows())
def test_two_definitions_differ_if_and_only_if_their_digests_do(
    one: Workflow, other: Workflow
) -> None:
    """Nothing that makes a difference is overlooked, and a definition is like itself."""
    assert (one.digest != other.digest) == bool(diff(one, other))
    assert () == diff(one, one.named("generated", "2")).changes


def named(changes: tuple[Changed, ...]) -> set[tuple[str, str]]:
    return {(one.kind, one.name) for one in changes}


@given(workflows(), workflows(), st.sampled_from(("added", "removed")))
def test_what_one_way_is_added_is_removed_the_other_way(
    one: Workflow, other: Workflow, how: str
) -> None:
    """A difference can be read in both directions."""
    there, back = diff(one, other), diff(other, one)
    opposite = {"added": "removed", "removed": "added"}[how]

    assert {(c.kind, c.name) for c in there.of(how)} == {
        (c.kind, c.name) for c in back.of(opposite)
    }
    assert len(there.of("changed")) == len(back.of("changed"))


def test_a_difference_goes_to_json() -> None:
    """As plain data that says how."""
    found = diff(BASE, BASE.amend("review", role="lawyer").named("post", "2"))

    told = json.loads(json.dumps(found.to_json()))

    [change] = told["changes"]
    assert ("post 1", "post 2", "changed") == (told["old"], told["new"], change["how"])
    assert ("stage", ["lawyer"]) == (change["kind"], change["now"]["role"])
    assert "post 1 -> post 2\nnothing is different" == str(diff(BASE, BASE.named("post", "2")))
