"""Derivation: a document that says only what differs does what the same changes do in Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow import Action, DefinitionError, Parallel, Role, Stage, Workflow
from socialflow.documents import (
    derive,
    dump_workflow,
    load_workflow,
    parse_workflow,
    workflow_schema,
)
from socialflow.plugins import Registry
from socialflow.rules import four_eyes, has
from socialflow.testing import strategies as own

SCHEMA = jsonschema.Draft202012Validator(workflow_schema())

BASE = Workflow(
    "post",
    [
        Stage(
            "writing",
            ("drafting", "submitted"),
            role="author",
            actions=(Action("submit", "drafting", "submitted"),),
        ),
        Stage(
            "tone",
            ("queued", "fine"),
            role="editor",
            actions=(Action("pass", "queued", "fine"), Action("redo", "queued", goto="writing")),
        ),
        Stage(
            "approval",
            ("pending", "approved", "expired"),
            done="approved",
            role="editor",
            signs="revision",
            actions=(
                Action("approve", "pending", "approved", rules=four_eyes(), data=own.Reason),
                Action("expire", "pending", "expired"),
                Action("request_changes", "pending", goto=("writing", "tone")),
            ),
        ),
    ],
    (Action("withdraw", ("tone", "approval"), goto="writing", roles="author"),),
    fields=own.Post,
    roles=("author", "editor"),
    rights={"create": "*"},
    version="7",
)
REGISTRY = Registry.standard().add("workflows", BASE)
LEGAL = Stage(
    "legal",
    ("open", "cleared"),
    role="editor",
    actions=(Action("clear", "open", "cleared", rules=has("title")),),
)
LEGAL_DOCUMENT = {
    "name": "legal",
    "states": ["open", "cleared"],
    "role": "editor",
    "actions": [
        {
            "name": "clear",
            "sources": "open",
            "target": "cleared",
            "rules": {"rule": "has", "field": "title"},
        }
    ],
}

APPROVAL = BASE.stage("approval")
APPROVE, EXPIRE, REQUEST = APPROVAL.actions

SAME: dict[str, tuple[dict[str, Any], Workflow]] = {
    "nothing": ({}, BASE),
    "name": ({"name": "acme"}, BASE.named("acme")),
    "name and version": ({"name": "acme", "version": "3"}, BASE.named("acme", "3")),
    "version": ({"version": "8"}, BASE.named("post", "8")),
    "without": ({"without": ["tone"]}, BASE.without("tone")),
    "without, redirected": (
        {"without": "writing", "redirect": {"writing": "tone"}},
        BASE.without("writing", redirect={"writing": "tone"}),
    ),
    "replace": (
        {
            "replace": {"tone": LEGAL_DOCUMENT},
            "amend": {"approval": {"actions": [{"name": "request_changes", "goto": "writing"}]}},
            "actions": [{"name": "withdraw", "sources": ["legal", "approval"]}],
        },
        Workflow(
            "post",
            [
                BASE.steps[0],
                LEGAL,
                Stage(
                    "approval",
                    APPROVAL.states,
                    done="approved",
                    role="editor",
                    signs="revision",
                    actions=(APPROVE, EXPIRE, Action("request_changes", "pending", goto="writing")),
                ),
            ],
            (Action("withdraw", ("legal", "approval"), goto="writing", roles="author"),),
            fields=own.Post,
            roles=BASE.roles,
            rights=BASE.rights,
            version="7",
        ),
    ),
    "replace under the same name": (
        {"replace": {"tone": {k: v for k, v in LEGAL_DOCUMENT.items() if k != "name"}}},
        BASE.replace("tone", Stage("tone", LEGAL.states, role="editor", actions=LEGAL.actions)),
    ),
    "amend attributes": (
        {"amend": {"tone": {"role": ["author", "editor"], "signs": "visit"}}},
        BASE.amend("tone", role=("author", "editor"), signs="visit"),
    ),
    "amend an action in part": (
        {"amend": {"approval": {"actions": [{"name": "approve", "roles": "author"}]}}},
        BASE.amend(
            "approval",
            actions=[
                Action(
                    "approve",
                    "pending",
                    "approved",
                    roles="author",
                    rules=four_eyes(),
                    data=own.Reason,
                )
            ],
        ),
    ),
    "amend an action's way": (
        {"amend": {"approval": {"actions": [{"name": "request_changes", "target": "expired"}]}}},
        BASE.amend("approval", actions=[Action("request_changes", "pending", "expired")]),
    ),
    "amend a target into a goto": (
        {"amend": {"approval": {"actions": [{"name": "expire", "goto": "tone"}]}}},
        BASE.amend("approval", actions=[Action("expire", "pending", goto="tone")]),
    ),
    "amend null": (
        {"amend": {"approval": {"actions": [{"name": "approve", "data": None, "rules": []}]}}},
        BASE.amend("approval", actions=[Action("approve", "pending", "approved")]),
    ),
    "an action said anew": (
        {
            "amend": {
                "approval": {
                    "drop": ["approve"],
                    "actions": [{"name": "approve", "sources": "pending", "target": "approved"}],
                }
            }
        },
        BASE.amend("approval", actions=[Action("approve", "pending", "approved")]),
    ),
    "an action added": (
        {"amend": {"tone": {"actions": [{"name": "skip", "sources": "queued", "target": "fine"}]}}},
        BASE.amend("tone", actions=[Action("skip", "queued", "fine")]),
    ),
    "an action dropped": (
        {"amend": {"approval": {"drop": "expire"}}},
        BASE.amend("approval", drop=["expire"]),
    ),
    "insert after": (
        {"insert": [{"after": "tone", "stage": LEGAL_DOCUMENT}]},
        BASE.insert(LEGAL, after="tone"),
    ),
    "insert before": (
        {"insert": [{"before": "tone", "stage": LEGAL_DOCUMENT}]},
        BASE.insert(LEGAL, before="tone"),
    ),
    "insert beside": (
        {"insert": [{"beside": "approval", "stage": LEGAL_DOCUMENT}]},
        BASE.insert(LEGAL, beside="approval"),
    ),
    "insert a parallel": (
        {
            "insert": [
                {
                    "after": "tone",
                    "stage": {"parallel": [LEGAL_DOCUMENT, {"name": "brand", "states": "open"}]},
                }
            ]
        },
        BASE.insert(Parallel(LEGAL, Stage("brand", ("open",))), after="tone"),
    ),
}


SAME["more rules"] = (
    {"with_rules": {"writing.submit": ["four_eyes"]}},
    BASE.with_rules({"writing.submit": four_eyes()}),
)


@pytest.mark.parametrize("case", SAME)
def test_a_derivation_does_what_the_same_change_does_in_python(case: str) -> None:
    """One kind of change each; the schema accepts them all."""
    said, expected = SAME[case]
    document = {"base": "post", **said}

    assert expected == derive(document, REGISTRY)
    SCHEMA.validate(document)


def test_changes_are_applied_in_their_order() -> None:
    """Out, replaced, amended, in; then actions and attributes; only the outcome is checked."""
    document = {
        "base": "post",
        "name": "acme",
        "without": ["tone"],
        "amend": {"approval": {"role": "lead"}},
        "insert": [
            {"after": "writing", "stage": LEGAL_DOCUMENT},
            {"beside": "legal", "stage": {"name": "brand", "states": ["open", "fine"]}},
        ],
        "actions": [{"name": "escalate", "sources": "legal", "goto": "writing", "roles": "lead"}],
        "drop_actions": ["withdraw"],
        "roles": ["lead", {"key": "author", "title": "Author"}],
        "rights": {"cancel": "lead"},
        "ends": ["closed", "cancelled"],
        "content": "title",
    }

    workflow = derive(document, REGISTRY)

    assert ["writing", "legal", "brand", "approval"] == [stage.name for stage in workflow.stages]
    assert {"legal", "brand"} == {*workflow.together("legal")}
    assert ("lead",) == workflow.stage("approval").role
    assert (Action("escalate", "legal", goto="writing", roles="lead"),) == workflow.actions
    assert (Role("editor"), Role("lead"), Role("author", "Author")) == workflow.roles
    assert {"create": ("*",), "cancel": ("lead",)} == workflow.rights
    assert ("closed", "cancelled") == workflow.ends
    assert (("acme", "1"), ("title",)) == ((workflow.name, workflow.version), workflow.content)
    SCHEMA.validate(document)


@given(own.workflows(), st.sampled_from(("toml", "json", "yaml")))
def test_a_derivation_that_changes_nothing_gives_its_base(base: Workflow, format: str) -> None:
    """Whatever the base."""
    registry = Registry().add("workflows", base)
    text = {
        "toml": 'base = "generated"',
        "json": '{"base": "generated"}',
        "yaml": "base: generated",
    }

    assert base == parse_workflow(text[format], format, registry)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "base": ({"base": "pots"}, "unknown_base", "base"),
    "type of base": ({"base": 7}, "wrong_type", "base"),
    "base by a path": ({"base": "post.toml"}, "unknown_base", "base"),
    "key": ({"inserts": []}, "unknown_key", "document"),
    "steps": ({"steps": []}, "unknown_key", "document"),
    "without": ({"without": "tnoe"}, "unknown_stage", "without"),
    "dangling": (
        {"without": "writing"},
        "dangling",
        "without / tone / redo",
    ),
    "replace": ({"replace": {"tnoe": LEGAL_DOCUMENT}}, "unknown_stage", "replace / tnoe"),
    "stage of replace": ({"replace": {"tone": {"name": "t"}}}, "missing_key", "replace / tone"),
    "amend": ({"amend": {"tnoe": {}}}, "unknown_stage", "amend / tnoe"),
    "key of amend": ({"amend": {"tone": {"name": "x"}}}, "unknown_key", "amend / tone"),
    "drop": ({"amend": {"tone": {"drop": "skip"}}}, "unknown_action", "amend / tone / drop"),
    "new action": (
        {"amend": {"tone": {"actions": [{"name": "skip"}]}}},
        "missing_key",
        "amend / tone / actions / skip",
    ),
    "nameless action": (
        {"amend": {"tone": {"actions": [{"roles": "editor"}]}}},
        "missing_key",
        "amend / tone / actions / #1",
    ),
    "insert": ({"insert": [{"after": "tone"}]}, "missing_key", "insert / #1"),
    "insert nowhere": ({"insert": [{"stage": LEGAL_DOCUMENT}]}, "insert", "insert / #1"),
    "insert at a wrong place": (
        {"insert": [{"after": "tnoe", "stage": LEGAL_DOCUMENT}]},
        "unknown_stage",
        "insert / #1",
    ),
    "insert at two places": (
        {"insert": [{"after": "tone", "before": "tone", "stage": LEGAL_DOCUMENT}]},
        "insert",
        "insert / #1",
    ),
    "drop_actions": ({"drop_actions": "escalate"}, "unknown_action", "drop_actions"),
    "with_rules": ({"with_rules": {"tone.x": ["four_eyes"]}}, "unknown_action", "with_rules"),
    "role": ({"amend": {"tone": {"role": "edtior"}}}, "unknown_role", "post / tone"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_about_a_derivation_is_told(case: str) -> None:
    """With its place in the derivation, or in the workflow that would come out."""
    said, code, where = WRONG[case]

    with pytest.raises(DefinitionError) as caught:
        derive({"base": "post"} | said, REGISTRY)

    finding = caught.value.findings[0]
    assert (code, where) == (finding.code, finding.where)


@pytest.mark.parametrize("case", ["key", "steps", "key of amend", "insert", "nameless action"])
def test_the_schema_refuses_a_misspelt_derivation(case: str) -> None:
    """Keys of a derivation are fixed like all others."""
    assert not SCHEMA.is_valid({"base": "post"} | WRONG[case][0])


def test_an_action_that_is_there_twice_is_said_in_full() -> None:
    """In part it would be unclear which of the two is meant."""
    several = (Action("go", "queued", "fine"), Action("go", "fine", "queued"))
    registry = Registry().add("workflows", BASE.amend("tone", actions=several))
    amended = {"name": "go", "sources": "queued", "target": "fine", "roles": "author"}

    with pytest.raises(DefinitionError, match="sources is missing"):
        derive(
            {"base": "post", "amend": {"tone": {"actions": [{"name": "go", "roles": "author"}]}}},
            registry,
        )
    tone = derive({"base": "post", "amend": {"tone": {"actions": [amended]}}}, registry).stage(
        "tone"
    )

    assert ["pass", "redo", "go"] == [action.name for action in tone.actions]
    assert ("author",) == tone.actions[2].roles


def test_what_is_said_of_a_stage_may_hold_for_the_items_below() -> None:
    """Where they have a stage of that name; a right for nobody is for nobody there."""
    inner = BASE.without("tone", redirect={"tone": "writing"}).named("inner")
    only = Stage("only", ("open", "closed"), role="editor")
    middle = Workflow("middle", [only], children=inner, rights={"create": "*", "archive": "*"})
    registry = Registry.standard().add("workflows", attrs.evolve(BASE, children=middle))
    change = {
        "base": "post",
        "amend": {"approval": {"role": "author"}},
        "rights": {"archive": []},
    }

    alone = derive(change, registry)
    wide = derive({**change, "below": "approval"}, registry)

    assert middle == alone.children[0]
    (below,) = wide.children
    assert ("author",) == below.children[0].stage("approval").role
    assert middle.stages == below.stages
    assert {"create": ("*",), "archive": ()} == dict(below.rights)


def test_derive_wants_a_base() -> None:
    """A whole workflow is loaded, not derived."""
    with pytest.raises(DefinitionError, match="base is missing"):
        derive(BASE.describe(), REGISTRY)


def test_a_base_can_be_another_document(tmp_path: Path) -> None:
    """Its path is relative to the document that names it; formats may differ."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "post.yaml").write_text(dump_workflow(BASE, "yaml"))
    (tmp_path / "shared" / "short.json").write_text(
        json.dumps({"base": "post.yaml", "without": "tone"})
    )
    (tmp_path / "acme.toml").write_text('base = "shared/short.json"\nname = "acme"\n')
    expected = BASE.without("tone").named("acme")

    assert expected == load_workflow(tmp_path / "acme.toml")
    assert expected == derive({"base": "acme.toml", "name": "acme"}, folder=tmp_path)
    assert expected == parse_workflow('base = "acme.toml"', "toml", folder=tmp_path)


def test_a_document_cannot_derive_from_itself(tmp_path: Path) -> None:
    """Not over any number of steps, and however the path is written."""
    (tmp_path / "one.toml").write_text('base = "two.toml"')
    (tmp_path / "two.toml").write_text(f'base = "../{tmp_path.name}/one.toml"')

    with pytest.raises(DefinitionError, match=r"one\.toml -> two\.toml -> one\.toml") as caught:
        load_workflow(tmp_path / "one.toml")

    assert ("cycle",) == caught.value.codes


def test_a_base_has_no_absolute_path(tmp_path: Path) -> None:
    """A document that works here works wherever its folder is."""
    (tmp_path / "post.json").write_text(dump_workflow(BASE, "json"))

    with pytest.raises(DefinitionError, match="no path relative to a file"):
        derive({"base": str(tmp_path / "post.json")}, folder=tmp_path)
