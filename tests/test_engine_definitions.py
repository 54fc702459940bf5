"""Definitions and time: a store outlives the version of a workflow that its items began under."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from engines import KINDS, engine_on, everything, open_store, post, store_of
from scenes import LIVE, REVIEW, WRITING, finish, stage

from socialflow import Action, Case, Objection, rule
from socialflow.chain import audit
from socialflow.errors import DefinitionConflict, DefinitionLost, SocialflowError, UnknownWorkflow
from socialflow.plugins import Registry
from socialflow.protocols import Store
from socialflow.queries import Definitions, Items

TITLE = {"title": "a title"}
NEWER = post(WRITING, LIVE, version="2")


@rule("tone_is_right")
def tone_is_right(case: Case) -> Iterator[Objection]:
    """A rule of the host's own."""
    yield from ()


OWN = post(stage("desk", finish(rules=tone_is_right())))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_of(request, request.param, tmp_path)


def test_a_store_keeps_the_definition_of_its_items(store: Store) -> None:
    """With the first item that is made of it, and once."""
    engine = engine_on(store, post(), post().named("other"))
    assert [] == list(store.rows(Definitions()))

    for _ in range(3):
        engine.create("post", by="ann", data=TITLE)

    [kept] = store.rows(Definitions())
    assert (post().digest, "post", "1") == (kept.digest, kept.name, kept.version)


def test_an_item_stays_with_the_definition_it_began_under(store: Store) -> None:
    """An engine with a newer version moves old items the old way, and new ones the new way."""
    old = engine_on(store).create("post", by="ann", data=TITLE)
    ids = iter(["newer item"])

    engine = engine_on(store, NEWER, new_id=lambda: next(ids))
    new = engine.create("post", by="ann", data=TITLE)

    assert ("review.waiting",) == engine.perform(old.id, "submit", by="ann").marking
    assert ("live.ready",) == engine.perform(new.id, "submit", by="ann").marking
    assert ("live.ready",) == engine.perform(old.id, "clear", by="ed").marking
    assert ("end.closed",) == engine.perform(old.id, "go", by="ed").marking
    assert ("1", "2") == (engine.workflow(old).version, engine.workflow(new).version)
    assert () == audit(store)


def test_an_old_item_is_moved_by_the_first_command_of_a_new_engine(store: Store) -> None:
    """Its definition is looked up when it is needed, in the store that is being written to."""
    item = engine_on(store).create("post", by="ann", data=TITLE)

    assert 2 == engine_on(store, NEWER).perform(item.id, "submit", by="ann").version


def test_an_old_item_can_be_asked_about(store: Store) -> None:
    """By an engine that was never given its definition."""
    item = engine_on(store).create("post", by="ann", data=TITLE)

    engine = engine_on(store, NEWER)

    assert ["ann", "tom"] == [member.id for member in engine.who_can(item.id, "submit")]
    assert ("review.waiting",) == engine.preview(item.id, "submit", by="ann").marking
    assert engine.why_not(item.id, "submit", by="ann") is None


def test_an_engine_without_workflows_moves_what_is_there(store: Store) -> None:
    """It can make nothing new, which it says."""
    item = engine_on(store).create("post", by="ann", data=TITLE)

    engine = engine_on(store, NEWER.named("advert"))

    assert 2 == engine.perform(item.id, "submit", by="ann").version
    with pytest.raises(UnknownWorkflow, match="advert"):
        engine.create("post", by="ann", data=TITLE)


def test_a_repeated_birth_is_answered_by_a_newer_version_too(store: Store) -> None:
    """The same call under the same key happens once, though the workflow was changed meanwhile."""
    item = engine_on(store).create("post", by="ann", data=TITLE, key="k")

    assert item == engine_on(store, NEWER).create("post", by="ann", data=TITLE, key="k")


def test_an_older_definition_with_an_own_rule_is_built_from_the_registry(store: Store) -> None:
    """Where the rule is known, the definition is the same as ever."""
    item = engine_on(store, OWN).create("post", by="ann", data=TITLE)
    registry = Registry.standard().add("rules", tone_is_right)

    engine = engine_on(store, NEWER, registry=registry)

    assert OWN == engine.workflow(item)
    assert 2 == engine.perform(item.id, "finish", by="ann").version


def test_a_rule_that_is_no_longer_installed_is_named_with_its_items(store: Store) -> None:
    """The items can still be read; nothing is written to them."""
    first = engine_on(store, OWN)
    ids = [first.create("post", by="ann", data=TITLE).id for _ in range(7)]
    engine = engine_on(store, NEWER)
    before = everything(store)

    for call in (
        lambda: engine.perform(ids[0], "finish", by="ann"),
        lambda: engine.preview(ids[0], "finish", by="ann"),
        lambda: engine.options(ids[0], by="ann"),
        lambda: engine.workflow(engine.item(ids[0])),
    ):
        with pytest.raises(DefinitionLost) as caught:
            call()
        sentence = str(caught.value)
        assert "tone_is_right" in sentence
        assert all(id in sentence for id in ids[:5])
        assert "..." in sentence
        assert ("post", OWN.digest) == (caught.value.workflow, caught.value.digest)

    assert before == everything(store)
    assert ("desk.one",) == engine.item(ids[0]).marking
    assert (1, 7) == (len(engine.history(ids[0])), len(engine.worklist()))


def test_a_definition_that_the_store_does_not_have_is_named(tmp_path: Path) -> None:
    """It is the store that is incomplete, and the sentence says so."""
    store = open_store("sqlite file", tmp_path)
    item = engine_on(store).create("post", by="ann", data=TITLE)
    _edit(tmp_path, "DELETE FROM socialflow_definition")

    with pytest.raises(DefinitionLost, match="the store has no such definition"):
        engine_on(store, NEWER).perform(item.id, "submit", by="ann")


def test_a_definition_that_was_edited_is_not_used(tmp_path: Path) -> None:
    """Items are pinned to a digest: what has another one is not theirs."""
    store = open_store("sqlite file", tmp_path)
    item = engine_on(store).create("post", by="ann", data=TITLE)
    _edit(
        tmp_path,
        "UPDATE socialflow_definition SET document = replace(document, 'four_eyes', 'signed_off')",
    )

    with pytest.raises(DefinitionLost):
        engine_on(store, NEWER).perform(item.id, "submit", by="ann")


@pytest.mark.parametrize("document", ["garbage", "{}", "[]", '{"name":"post"}'])
def test_a_definition_that_cannot_be_read_is_named(tmp_path: Path, document: str) -> None:
    """Whatever is wrong about it."""
    store = open_store("sqlite file", tmp_path)
    item = engine_on(store).create("post", by="ann", data=TITLE)
    _edit(tmp_path, f"UPDATE socialflow_definition SET document = '{document}'")

    with pytest.raises(DefinitionLost, match=item.id):
        engine_on(store, NEWER).perform(item.id, "submit", by="ann")


def _edit(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "content.db")) as connection, connection:
        connection.execute(statement)


def test_one_name_and_version_stand_for_one_definition(store: Store) -> None:
    """An engine with another one is refused at its start, and told what to do."""
    engine_on(store).create("post", by="ann", data=TITLE)
    other = post(WRITING, REVIEW)

    with pytest.raises(DefinitionConflict, match="give it a new version") as caught:
        engine_on(store, other)

    assert ("post", "1", post().digest, other.digest) == (
        caught.value.workflow,
        caught.value.version,
        caught.value.stored,
        caught.value.given,
    )


def test_a_new_label_is_no_new_definition(store: Store) -> None:
    """Identity is name and digest: the version is a label, and may be changed."""
    item = engine_on(store).create("post", by="ann", data=TITLE)

    engine = engine_on(store, post(version="1.1"))
    engine.perform(item.id, "submit", by="ann")
    engine.create("post", by="ann", data=TITLE, id="second")

    assert 1 == len(list(store.rows(Definitions())))
    assert 2 == len(list(store.rows(Items(workflow=post().digest))))


def test_a_definition_that_nobody_used_is_in_nobodys_way(store: Store) -> None:
    """Only what items were made of is kept, so a draft of a workflow leaves no trace."""
    engine_on(store, post(stage("draft", Action("finish", "one", "two"))))

    assert engine_on(store).create("post", by="ann", data=TITLE)


def test_one_engine_has_one_workflow_of_a_name(store: Store) -> None:
    """Two of the same name are an error, not a silent choice."""
    with pytest.raises(SocialflowError, match="post"):
        engine_on(store, post(), NEWER)
