"""Errors: values with a sentence that says what was asked, what is so, and what would work."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator

import pytest

from socialflow import Objection, Refusal, errors
from socialflow.cases import FactMissing
from socialflow.errors import (
    Contended,
    DefinitionConflict,
    DefinitionError,
    DefinitionLost,
    Disproved,
    EffectNotFound,
    EndlessSettling,
    Finding,
    ItemExists,
    ItemNotFound,
    KeyTaken,
    LineError,
    LogError,
    MissingExtra,
    NaiveTime,
    NotPlain,
    Refused,
    SocialflowError,
    StaleDelivery,
    StaleItem,
    StoreError,
    StoreVersion,
    Uncertain,
    UnknownAction,
    UnknownMember,
    UnknownWorkflow,
    UsageError,
    WrongArgument,
    nearest,
)

SLOT = Objection("no_slot", "09:00 is taken", "choose another time", {"at": "09:00"}, ("lead",))
LATE = Objection("late", "it is too late")

SENTENCES = {
    DefinitionError(
        (
            Finding("empty", "blog", "it is empty", "add one"),
            Finding("odd", "blog / a", "it is odd"),
        )
    ): "blog: it is empty (add one)\nblog / a: it is odd",
    UnknownAction(
        "blog", "aprove", ("review.approve", "approve", "note")
    ): "workflow 'blog' has no action 'aprove': did you mean 'approve'?",
    UnknownWorkflow("blog", ("ads", "news")): "no workflow is called 'blog': known: ads, news",
    UnknownWorkflow("blog", ()): "no workflow is called 'blog': there are none",
    WrongArgument("by", "a text", "3"): "by must be a text, not 3",
    WrongArgument("how", "a word", "'agian'", "did you mean 'again'?"): "how must be a word, "
    "not 'agian' (did you mean 'again'?)",
    NotPlain("3 is no text"): (
        "data must be plain: 3 is no text; use a mapping of texts, finite numbers, booleans, "
        "lists and mappings, or an instance of the action's form"
    ),
    UnknownMember("zoe"): "the directory knows no member 'zoe': add them, or pass a Member",
    NaiveTime(
        "at", "datetime.datetime(2026, 5, 1, 0, 0)"
    ): "at must be timezone-aware, got datetime.datetime(2026, 5, 1, 0, 0): "
    "say datetime(..., tzinfo=UTC), or let the engine's clock say it",
    MissingExtra(
        "reading YAML", "yaml"
    ): "reading YAML needs an extra: pip install 'socialflow[yaml]'",
    LogError("log.csv", "line 3 has no item", "map one"): "log.csv: line 3 has no item (map one)",
    LogError("log.csv", "it is empty"): "log.csv: it is empty",
    LineError(
        3, "it was changed", "take another copy"
    ): "line 3: it was changed (take another copy)",
    LineError(3, "it was changed"): "line 3: it was changed",
    Refused(
        Refusal("publish.schedule", (SLOT, LATE))
    ): "publish.schedule: 09:00 is taken (choose another time; lead may waive it); it is too late",
    Disproved(("refuted: never in publish.live",)): "refuted: never in publish.live",
    EndlessSettling(
        "blog", ("a.x", "b.x", "a.x")
    ): "workflow 'blog' did not come to rest: a.x -> b.x -> a.x; "
    "give one of these automatic actions a rule that stops holding",
    ItemNotFound("p1"): "there is no item 'p1'; "
    "find(ref=...), or --ref, looks one up by the host's own key",
    ItemExists(
        "p1"
    ): "the id 'p1' is taken by another item; find(ref=...) gives the one that is there",
    ItemExists("", "post:42"): "the ref 'post:42' is taken by another item; find(ref=...) gives "
    "the one that is there",
    ItemExists("p1", "post:42"): "the id 'p1' or the ref 'post:42' is taken by another item; "
    "find(ref=...) gives the one that is there",
    StaleItem("p1", 3, 5): "item 'p1' is at version 5, not at 3: read it again, then decide",
    StaleItem("p1", 3): "item 'p1' has moved on, not at 3: read it again, then decide",
    KeyTaken("k"): "the key 'k' has been used already: ask for its answer",
    EffectNotFound("a/2/0"): (
        "there is no effect 'a/2/0'; letters() lists those that came to no end"
    ),
    StaleDelivery(
        "p1:3:0"
    ): "the effect 'p1:3:0' has come further since it was read: read it again",
    Contended(
        "content", "deadlock detected"
    ): "content: deadlock detected; nothing was written, ask again",
    Uncertain(
        "content", "connection timed out"
    ): "content: connection timed out; that was while this was committed, and whether "
    "it was written is not known: the same command with the same key tells",
    StoreVersion(
        "content.db", "no tables", "version 1", "create=True makes them"
    ): "content.db: found no tables, need version 1: create=True makes them",
    DefinitionConflict(
        "blog", "2", "a" * 64, "b" * 64
    ): "workflow 'blog' version '2' is stored with digest aaaaaaaaaaaa, "
    "the one given has bbbbbbbbbbbb: give it a new version",
    DefinitionLost(
        "blog", "c" * 64, ("p1", "p2"), "the rule 'x' is not installed"
    ): "definition 'blog' (cccccccccccc) of p1, p2 cannot be built: the rule 'x' is not installed",
    DefinitionLost(
        "blog", "c" * 64, tuple("abcdefg"), "it is gone"
    ): "definition 'blog' (cccccccccccc) of a, b, c, d, e ... cannot be built: it is gone",
    DefinitionLost(
        "blog", "c" * 64, (), "it is gone"
    ): "definition 'blog' (cccccccccccc) of no item cannot be built: it is gone",
}


def kinds(kind: type[SocialflowError] = SocialflowError) -> Iterator[type[SocialflowError]]:
    """Every class of error, leaves and branches."""
    yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)


@pytest.mark.parametrize(
    ("error", "sentence"), SENTENCES.items(), ids=lambda one: type(one).__name__
)
def test_an_error_says_what_was_asked_what_is_so_and_what_would_work(
    error: SocialflowError, sentence: str
) -> None:
    """The sentence of every error, word for word."""
    assert sentence == str(error)


@pytest.mark.parametrize("error", SENTENCES, ids=lambda one: type(one).__name__)
def test_an_error_survives_pickle_and_copy(error: SocialflowError) -> None:
    """An error that crossed a process has the same class, fields, code and sentence."""
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(error) is type(again)
        assert (str(error), error.code) == (str(again), again.code)
        assert vars(error) == vars(again) != {}


def test_every_error_has_its_sentence_pinned() -> None:
    """No class of error that is raised is missing above: the branches only group them."""
    branches = {SocialflowError, UsageError, StoreError}

    assert {type(error) for error in SENTENCES} == set(kinds()) - branches
    assert {kind.__name__ for kind in kinds()} <= set(errors.__all__)


def test_every_error_has_a_code_of_its_own() -> None:
    """A stable name per class, so that the documents can have a paragraph for each."""
    codes = [kind.code for kind in kinds()]

    assert len(codes) == len(set(codes))


def test_the_tree_of_errors_is_the_one_that_the_module_draws() -> None:
    """Every class of error stands in the drawing, below the one whose fault it is."""
    drawing = errors.__doc__ or ""

    assert [] == [kind.__name__ for kind in kinds() if kind.__name__ not in drawing]


def test_a_lost_fact_survives_pickle() -> None:
    """What a rule raises for want of a fact keeps its name and reason."""
    again = pickle.loads(pickle.dumps(FactMissing("claims", "it timed out")))

    assert ("claims", "it timed out") == (again.name, again.reason)


def test_an_objection_is_a_value_of_plain_data() -> None:
    """Objections compare and hash as values, and are told as JSON."""
    again = Objection(
        "no_slot", "09:00 is taken", "choose another time", {"at": "09:00"}, ("lead",)
    )

    assert (SLOT, hash(SLOT)) == (again, hash(again))
    assert ("09:00 is taken (choose another time; lead may waive it)", "it is too late") == (
        str(SLOT),
        str(LATE),
    )
    assert {
        "code": "no_slot",
        "message": "09:00 is taken",
        "remedy": "choose another time",
        "facts": {"at": "09:00"},
        "waivable_by": ["lead"],
    } == json.loads(json.dumps(SLOT.to_json()))


def test_a_refusal_holds_every_objection_in_order() -> None:
    """A refusal is its objections, and tells their codes."""
    refusal = Refusal("publish.schedule", (SLOT, LATE))

    assert [SLOT, LATE] == list(refusal)
    assert ("no_slot", "late") == refusal.codes
    assert refusal == pickle.loads(pickle.dumps(refusal))


def test_a_definition_error_tells_the_codes_of_its_findings() -> None:
    """All that is wrong is there, in order; one finding needs no tuple."""
    one = DefinitionError.because("empty", "blog", "it is empty", "add one")

    assert (("empty",), "error") == (one.codes, one.findings[0].severity)
    assert (Finding("empty", "blog", "it is empty", "add one"),) == one.findings


@pytest.mark.parametrize(
    ("wrong", "known", "hint"),
    [
        ("aprove", ["approve", "decline"], "did you mean 'approve'?"),
        ("x", ["b", "a"], "known: a, b"),
        ("x", [], "there are none"),
    ],
)
def test_the_nearest_right_spelling_is_named(wrong: str, known: list[str], hint: str) -> None:
    """Something close is suggested, otherwise everything there is."""
    assert hint == nearest(wrong, known)


def test_of_many_names_the_likest_are_listed() -> None:
    """Of a few, all, in order; of many, so many and how many more."""
    few, many = ("b", "a"), [f"field_{n}" for n in range(40)]

    assert "known: a, b" == nearest("zzz", few)
    told = nearest("x_37", many)
    assert told.startswith("known: field_37, ")
    assert told.endswith(", and 25 more")
