"""The texts of documents: TOML, JSON and YAML, in files, within bounds, with extras or without."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from written import FORMATS, one_stage

from socialflow import DefinitionError, Effect
from socialflow.content.freeze import FREEZE
from socialflow.documents import dump_workflow, load_workflow, parse_workflow
from socialflow.documents.formats import LARGEST
from socialflow.errors import MissingExtra

LIKE_NULL: list[Any] = [None, {"null": True}, {"null'": True}, {"null''": True}, {"null": None}]


@pytest.mark.parametrize("value", [*LIKE_NULL, [LIKE_NULL], {"null": False}, {"null": True, "": 1}])
def test_what_looks_like_null_in_toml_is_not_taken_for_it(value: Any) -> None:
    """TOML has no null; what stands for it is told from the same thing meant as such."""
    workflow = one_stage(effects=Effect("notify", {"it": value}))

    text = dump_workflow(workflow, "toml")
    [effect] = parse_workflow(text, "toml").stages[0].actions[0].effects

    assert Effect("notify", {"it": value}) == effect


def test_what_looks_like_something_else_in_yaml_is_a_text() -> None:
    """Days, times and words that older YAML takes for numbers, dates and truth values."""
    text = """
        name: post
        steps:
        - name: one
          states: [open, done]
          actions:
          - {name: go, sources: open, effects: {effect: notify, on: 2026-05-01, at: 12:30, off: no}}
    """

    [effect] = parse_workflow(text, "yaml").stages[0].actions[0].effects

    assert {"on": "2026-05-01", "at": "12:30", "off": "no"} == effect.data


@pytest.mark.parametrize("format", FORMATS)
def test_a_document_can_be_kept_in_a_file(format: str, tmp_path: Path) -> None:
    """The suffix says the format; ``.yml`` is YAML, too, and a byte order mark does no harm."""
    text = dump_workflow(FREEZE, format)
    path = tmp_path / f"flow.{format}"
    path.write_text(text, encoding="utf-8-sig")
    short = tmp_path / f"flow.{format.replace('yaml', 'YML')}"
    short.write_text(text, encoding="utf-8")

    assert FREEZE == load_workflow(path)
    assert FREEZE == load_workflow(str(short))


BAD_TEXT = {
    "no JSON": ("json", "{'name': 1}", "syntax", "no JSON"),
    "a key twice": ("json", '{"name": "a", "name": "b"}', "syntax", "'name' is there twice"),
    "NaN": ("json", '{"name": NaN}', "syntax", "no number"),
    "a number too large": ("json", '{"name": 1e999}', "wrong_type", "inf"),
    "half a character": ("json", '{"name": "\\ud800"}', "wrong_type", "no valid text"),
    "no TOML": ("toml", "name = ", "syntax", "no TOML"),
    "a TOML key twice": ("toml", "name = 1\nname = 2", "syntax", "no TOML"),
    "nan": ("toml", "name = nan", "wrong_type", "nan"),
    "no YAML": ("yaml", "name: [", "syntax", "no YAML"),
    "a YAML key twice": ("yaml", "name: a\nname: b", "syntax", "duplicate key"),
    "an alias": ("yaml", "a: &x [1]\nb: *x", "syntax", "alias *x"),
    "a tag": ("yaml", "!!python/object/apply:os.getcwd []", "syntax", "constructor"),
    "a set": ("yaml", "name: !!set {a}", "wrong_type", "nothing a document can say"),
    "a key that is no text": ("yaml", "1: a", "wrong_type", "a key is a text"),
    "two documents": ("yaml", "a: 1\n---\nb: 2", "syntax", "single document"),
    "deep JSON": ("json", "[" * 100_000, "too_large", "deeper"),
    "rather deep JSON": ("json", "[" * 65 + "]" * 65, "too_large", "deeper"),
    "deep TOML": ("toml", "a = " + "[" * 100_000, "too_large", "deeper"),
    "a deep TOML key": ("toml", ".".join("a" * 50_000) + " = 1", "too_large", "deeper"),
    "deep YAML": ("yaml", "[" * 1000, "too_large", "deeper"),
    "a long text": ("json", " " * (LARGEST + 1), "too_large", "larger"),
    "another format": ("tmol", "", "unknown_format", "'toml'"),
}


@pytest.mark.parametrize("case", BAD_TEXT)
def test_a_text_that_cannot_be_read_is_refused(case: str) -> None:
    """Syntax, size and depth; nothing in a text is ever run."""
    format, text, code, told = BAD_TEXT[case]

    with pytest.raises(DefinitionError) as caught:
        parse_workflow(text, format)

    assert (code,) == caught.value.codes
    assert told in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Missing, of no known format, no UTF-8, too large: each says so and names the file."""
    (tmp_path / "latin.toml").write_bytes(b"name = '\xfc'")
    (tmp_path / "large.json").write_bytes(b" " * (LARGEST + 1))
    (tmp_path / "flow.ini").write_text("")
    (tmp_path / "folder.json").mkdir()

    for name, code in {
        "gone.toml": "unreadable",
        "latin.toml": "unreadable",
        "flow.ini": "unreadable",
        "folder.json": "unreadable",
        "large.json": "too_large",
    }.items():
        with pytest.raises(DefinitionError, match=name) as caught:
            load_workflow(tmp_path / name)
        assert (code,) == caught.value.codes


def test_an_error_says_in_which_file_it_is(tmp_path: Path) -> None:
    """The findings have the place in the document; a note has the document."""
    path = tmp_path / "acme.toml"
    path.write_text('name = "acme"\n')

    with pytest.raises(DefinitionError) as caught:
        load_workflow(path)

    assert [f"in {path}"] == caught.value.__notes__


@pytest.mark.parametrize(
    ("module", "format", "extra"), [("ruamel.yaml", "yaml", "yaml"), ("tomli_w", "toml", "toml")]
)
def test_a_missing_extra_is_named(
    module: str, format: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lacks an optional dependency is told what to install."""
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingExtra, match=rf"socialflow\[{extra}\]"):
        dump_workflow(FREEZE, format)


def test_reading_yaml_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading TOML and JSON needs nothing."""
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)

    with pytest.raises(MissingExtra):
        parse_workflow("name: post", "yaml")
