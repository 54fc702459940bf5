"""Diagrams show everything that a workflow declares, and nothing in them is taken for syntax."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow import Action, Parallel, Stage, Workflow, before
from socialflow.content import social_content
from socialflow.diagrams import dot, markdown, mermaid
from socialflow.rules import has
from socialflow.stages import stages_in
from socialflow.testing import strategies as own

DRAW = pytest.mark.parametrize("draw", [mermaid, dot, markdown])

POST = Workflow(
    "post",
    [
        Stage(
            "writing",
            ("drafting", "submitted"),
            role="author",
            actions=(Action("submit", "drafting", "submitted"), Action("save", "drafting")),
        ),
        Parallel(
            Stage(
                "legal",
                ("open", "cleared"),
                role="lawyer",
                actions=(
                    Action("clear", "open", "cleared"),
                    Action("object", "open", goto=("writing", "end.rejected"), roles="*"),
                ),
            ),
            Stage("brand", ("open", "fine"), actions=(Action("pass", "open", "fine"),)),
        ),
    ],
    (
        Action("withdraw", before("legal"), goto="end.rejected", roles="author"),
        Action("revive", "end.rejected", goto="legal", roles="author"),
    ),
    ends=("closed", "rejected"),
)

MERMAID = """\
stateDiagram-v2
    state "writing (author)" as stage_writing {
        [*] --> writing_IN_drafting
        state "drafting" as writing_IN_drafting
        state "submitted" as writing_IN_submitted
        writing_IN_drafting --> writing_IN_submitted : submit
        writing_IN_drafting --> writing_IN_drafting : save
    }
    state "legal + brand" as step_2 {
        state "legal (lawyer)" as stage_legal {
            [*] --> legal_IN_open
            state "open" as legal_IN_open
            state "cleared" as legal_IN_cleared
            legal_IN_open --> legal_IN_cleared : clear
        }
        --
        state "brand" as stage_brand {
            [*] --> brand_IN_open
            state "open" as brand_IN_open
            state "fine" as brand_IN_fine
            brand_IN_open --> brand_IN_fine : pass
        }
    }
    state "closed" as end_IN_closed
    state "rejected" as end_IN_rejected
    [*] --> stage_writing
    step_2 --> stage_writing : object (*) from legal.open
    step_2 --> end_IN_rejected : object (*) from legal.open
    stage_writing --> end_IN_rejected : withdraw (author) from drafting, submitted
    end_IN_rejected --> step_2 : revive (author) to legal
    stage_writing --> step_2 : done
    step_2 --> end_IN_closed : done
    end_IN_closed --> [*]
    end_IN_rejected --> [*]
"""

DOT = """\
digraph "post" {
    rankdir=LR
    node [shape=box, style=rounded]
    "start" [shape=point]
    subgraph "cluster_writing" {
        label="writing (author)"
        "writing.drafting" [label="drafting"]
        "writing.submitted" [label="submitted", peripheries=2]
    }
    subgraph "cluster 2" {
        label="together"
        subgraph "cluster_legal" {
            label="legal (lawyer)"
            "legal.open" [label="open"]
            "legal.cleared" [label="cleared", peripheries=2]
        }
        subgraph "cluster_brand" {
            label="brand"
            "brand.open" [label="open"]
            "brand.fine" [label="fine", peripheries=2]
        }
    }
    "end.closed" [label="closed", peripheries=3]
    "end.rejected" [label="rejected", peripheries=3]
    "start" -> "writing.drafting"
    "writing.drafting" -> "writing.submitted" [label="submit"]
    "writing.drafting" -> "writing.drafting" [label="save"]
    "legal.open" -> "legal.cleared" [label="clear"]
    "legal.open" -> "writing.drafting" [label="object (*)"]
    "legal.open" -> "end.rejected" [label="object (*)"]
    "brand.open" -> "brand.fine" [label="pass"]
    "writing.drafting" -> "end.rejected" [label="withdraw (author)"]
    "writing.submitted" -> "end.rejected" [label="withdraw (author)"]
    "end.rejected" -> "legal.open" [label="revive (author)"]
    "writing.submitted" -> "legal.open" [label="done", style=dashed]
    "writing.submitted" -> "brand.open" [label="done", style=dashed]
    "legal.cleared" -> "end.closed" [label="done", style=dashed]
    "brand.fine" -> "end.closed" [label="done", style=dashed]
}
"""


def test_a_small_workflow_looks_like_this_in_mermaid() -> None:
    """Two steps, one of them with two regions; ways out of a step are drawn from all of it."""
    assert MERMAID == mermaid(POST)


def test_a_small_workflow_looks_like_this_in_dot() -> None:
    """A cluster for each stage, and one around those that are open together."""
    assert DOT == dot(POST)


@given(own.workflows())
def test_every_state_is_drawn_once_and_every_action_at_least_once(workflow: Workflow) -> None:
    """In both languages, whatever the workflow."""
    in_mermaid, in_dot = mermaid(workflow), dot(workflow)
    drawn_actions = [
        set(re.findall(r" : ([a-z_]+)", in_mermaid)),
        set(re.findall(r' -> ".+?" \[label="([a-z_]+)', in_dot)),
    ]

    for state in workflow.states:
        declared = f" as {state.replace('.', '_IN_')}"
        assert 1 == [line.endswith(declared) for line in in_mermaid.splitlines()].count(True)
        assert 1 == len(re.findall(rf'^ +"{state}" \[', in_dot, re.MULTILINE))
    open_somewhere = {
        action.name
        for action in (*workflow.actions, *(a for s in workflow.stages for a in s.actions))
        if action not in workflow.actions or workflow.sources(action)
    }
    assert [open_somewhere | {"done"}] * 2 == drawn_actions


@given(own.workflows())
def test_dot_draws_every_way_from_state_to_state(workflow: Workflow) -> None:
    """The arrows are those of the workflow's machine, and the hand-overs."""
    drawn = set(re.findall(r'"(.+?)" -> "(.+?)" \[label="([a-z_]+)', dot(workflow)))
    machine = workflow.machine()
    declared = {
        (source, edge.dest or source, name.rpartition(".")[2])
        for name, event in machine.events.items()
        for source, edges in event.transitions.items()
        for edge in edges
    }
    for place, step in enumerate(workflow.steps):
        following = stages_in(workflow.steps[place + 1 : place + 2])
        targets = [stage.initial for stage in following] or [f"end.{workflow.ends[0]}"]
        for stage in stages_in((step,)):
            done = [stage.full(state) for state in stage.done]
            declared |= {(source, target, "done") for source in done for target in targets}

    assert declared == drawn


@given(own.workflows())
def test_mermaid_draws_no_arrow_from_one_composite_state_into_another(workflow: Workflow) -> None:
    """It would not be drawn: what leaves a step leaves all of it."""
    for line in mermaid(workflow).splitlines():
        arrow = re.fullmatch(r" +(\w+)_IN_\w+ --> (\w+)_IN_\w+( : .*)?", line)
        if arrow:
            assert arrow[1] == arrow[2]


@DRAW
@given(own.workflows())
def test_the_same_workflow_gives_the_same_diagram(
    draw: Callable[[Workflow], str], workflow: Workflow
) -> None:
    """Also when it has been made anew."""
    again = Workflow(
        workflow.name,
        workflow.steps,
        workflow.actions,
        fields=workflow.fields,
        ends=workflow.ends,
        roles=workflow.roles,
        rights=workflow.rights,
    )

    assert draw(workflow) == draw(again)


@given(st.text(min_size=1))
def test_no_role_can_break_out_of_its_label(role: str) -> None:
    """Roles are free texts; the lines of the diagram stay as they are."""
    plain = Workflow("post", [Stage("one", ("open",), role="author")])
    odd = Workflow("post", [Stage("one", ("open",), role=role)])

    [label] = re.findall(r'state "(one \(.*)" as stage_one', mermaid(odd))
    assert not set(re.sub(r"#\d+;", "", label)) & set('"#;{}<>:\n\r-[]%')
    assert [mermaid(plain).count("\n")] == [mermaid(odd).count("\n")]
    quoted = re.search(r'label="((?:[^"\\]|\\.)*)"\n', dot(odd), re.DOTALL)
    assert quoted is not None
    assert f"one ({role})" == re.sub(
        r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), quoted[1], flags=re.DOTALL
    )


@DRAW
def test_the_social_content_workflow_can_be_drawn(draw: Callable[[Workflow], str]) -> None:
    """All of its ten stages are in the text."""
    text = draw(social_content())

    assert [] == [stage.name for stage in social_content().stages if stage.name not in text]


def test_drawing_needs_nothing_but_the_library() -> None:
    """Neither Graphviz nor anything else has to be installed."""
    code = (
        "import sys; from socialflow import Stage, Workflow; import socialflow.diagrams as d\n"
        "w = Workflow('post', [Stage('one', ('open',))]); d.dot(w); d.mermaid(w)\n"
        "print(sorted({'transitions', 'cattrs', 'sqlalchemy', 'graphviz'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "[]\n" == ran.stdout


MARKDOWN = """\
## writing

States, in bold where it is done: drafting, **submitted**. Responsible: author.

| action | from | to | who | data | rules |
| --- | --- | --- | --- | --- | --- |
| submit | drafting | submitted | author |  | not_has(field=title), unless editor waives it |
| edit | drafting |  | author | fields of the item |  |

## review

States, in bold where it is done: waiting, **passed**. To come here: has(field=title).

| action | from | to | who | data | rules |
| --- | --- | --- | --- | --- | --- |
| approve | waiting | passed | anybody | tags: list\\[str\\], due: date or null, \
kind: post or video = "post", score: int? |  |
| send_back | waiting | end.rejected | by itself |  | not_has(field=title) |

## In several stages

| action | from | to | who | data | rules |
| --- | --- | --- | --- | --- | --- |
| drop | anywhere | writing.drafting or end.rejected | a\\|b |  |  |

## In every workflow

| action | who | data |
| --- | --- | --- |
| create | author, editor | fields of the item |
| adopt | nobody | fields of the item |
| edit | whom the stage names | fields of the item |
| assign | nobody | member: str, stage: str? |
| claim | who is responsible for the stage | stage: str? |
| release | editor | stage: str? |
| note | anybody | text: str |
| cancel | nobody | reason: str? |
| reopen | nobody | reason: str? |
"""


@attrs.frozen
class Titled:
    """An item with a title."""

    title: str = ""


@attrs.frozen
class Verdict:
    """A form with a field of every sort."""

    tags: tuple[str, ...]
    due: date | None
    kind: Literal["post", "video"] = "post"
    score: int | None = None


def test_a_small_workflow_looks_like_this_in_markdown() -> None:
    """A table for each stage, one for what is open in several, one for what is in all workflows."""
    workflow = Workflow(
        "post",
        [
            Stage(
                "writing",
                ("drafting", "submitted"),
                role="author",
                may_edit={"drafting": "author"},
                actions=[
                    Action(
                        "submit",
                        "drafting",
                        "submitted",
                        rules=(~has("title")).waivable("editor"),
                    )
                ],
            ),
            Stage(
                "review",
                ("waiting", "passed"),
                enter=has("title"),
                actions=[
                    Action("approve", "waiting", "passed", roles="*", data=Verdict),
                    Action(
                        "send_back",
                        "waiting",
                        goto="end.rejected",
                        rules=~has("title"),
                        automatic=True,
                    ),
                ],
            ),
        ],
        (Action("drop", "*", goto=("writing", "end.rejected"), roles="a|b"),),
        fields=Titled,
        ends=("closed", "rejected"),
        rights={"create": ("author", "editor"), "release": "editor"},
    )

    assert MARKDOWN == markdown(workflow)
