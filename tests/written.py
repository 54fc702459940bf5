"""What the tests of documents share: documents that are right, and any plain data."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from socialflow import Action, Stage, Workflow
from socialflow.plugins import Registry
from socialflow.testing import strategies as own

FORMATS = ("toml", "json", "yaml")
REGISTRY = Registry.standard().add("rules", own.cleared).add("rules", own.brief)

formats = st.sampled_from(FORMATS)
atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(("no", "null", "1e3", "2026-05-01", "12:30", "=", "<<", "~", "*a", "\x85")),
)
keys = st.one_of(st.text(), st.sampled_from(("null", "null'", "<<", "=", "~", "rule")))
plain = st.recursive(
    atoms, lambda inner: st.one_of(st.lists(inner), st.dictionaries(keys, inner)), max_leaves=12
)


def one_stage(**changes: Any) -> Workflow:
    """A workflow of one stage, with something said about its one action."""
    action = Action("go", "open", "done", **changes)
    return Workflow("post", [Stage("one", ("open", "done"), role="author", actions=(action,))])


def plain_document() -> dict[str, Any]:
    """The document of a workflow that has one of everything."""
    steps = [
        {
            "name": "writing",
            "states": ["drafting", "submitted"],
            "role": "author",
            "may_edit": {"drafting": "author"},
            "fields": {"form": "Post", "fields": {"title": "str", "tags": {"type": "list[str]"}}},
            "actions": [
                {
                    "name": "submit",
                    "sources": "drafting",
                    "target": "submitted",
                    "rules": ["four_eyes", {"rule": "has", "field": "title"}],
                    "effects": {"effect": "notify", "to": "editor"},
                }
            ],
        },
        {"parallel": [{"name": "legal", "states": "open"}, {"name": "brand", "states": "open"}]},
    ]
    roles = ["author", {"key": "editor", "inherits": "author"}]
    return {"name": "post", "steps": steps, "roles": roles, "rights": {"create": "author"}}
