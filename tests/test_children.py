"""Children: made and told in the parent's transaction, followed by the parent, and only then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import attrs
import pytest
from engines import KINDS, everything, store_of
from families_at_work import COMMENT, OUT, SYSTEM, TEAM, UPLOAD, Family, Post, parent
from hypothesis import given
from hypothesis import strategies as st

from socialflow import Action, Case, Engine, Objection, Refused, Scope, Stage, Workflow, rule
from socialflow.errors import ItemNotFound, UnknownWorkflow
from socialflow.kinds import Children, only, some, spawn
from socialflow.protocols import Store
from socialflow.queries import Items
from socialflow.rules import has, only_children, some_child
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of every kind."""
    return store_of(request, request.param, tmp_path)


# -- made together (model, the word "child"; 12, 15, 16)


def test_one_child_is_born_for_each_text(store: Store) -> None:
    """Spawning makes one child per text, with what it takes over, in one transaction."""
    family = Family.begin(store, parent(), "news", "blog")

    item = family.do("send")

    kids = family.engine.children(item.id)
    assert {"news", "blog"} == {one.data["account"] for one in kids}
    assert {("upload.queued",)} == {one.marking for one in kids}
    assert {item.id} == {one.parent for one in kids}
    assert {(2, 1)} == {(one.round, one.version) for one in kids}
    assert {"upload": 2} == item.rounds


@pytest.mark.law(15)
def test_births_have_rows_of_their_own_with_the_same_cause(store: Store) -> None:
    """What is spawned or told remembers the command that brought it about."""
    family = Family.begin(store, parent(), "news", "blog")
    item = family.do("send")

    assert [""] * 2 == family.causes(item.id)
    assert [f"{item.id}@2"] == family.causes(family.child("news").id)

    family.have("news", "begin", "fail")
    family.have("blog", "begin", "fail")
    family.do("send_all_again")
    version = family.parent.version
    told = family.engine.history(family.child("blog").id)[-1].event
    assert ("upload.retry", "system") == (told.action, told.by)
    cause, _, at = told.cause.partition("@")
    assert item.id == cause
    assert int(at) < version


def test_the_ids_of_the_children_follow_from_the_parent(store: Store) -> None:
    """The same event gives the same ids, and no two children share one."""
    family = Family.begin(store, parent(), "news", "blog")
    other = Family.begin(MemoryStore(), parent(), "news", "blog")
    family.do("send")
    other.do("send")

    ids = [one.id for one in family.engine.children(family.id)]
    assert 2 == len(set(ids))
    assert ids == [one.id for one in other.engine.children(other.id)]


def test_children_have_the_scope_of_their_parent(store: Store) -> None:
    """A child belongs where its parent does, unless it is said."""
    family = Family.begin(store, parent(), "news")
    post = family.engine.create(
        "post",
        by="ann",
        scope=Scope(brand="acme"),
        data={"title": "x", "accounts": ["a"]},
    )
    family.engine.perform(post.id, "send", by="ann")
    said = family.engine.create("comment", by="ed", parent=post.id, scope=Scope(brand="other"))

    (upload,) = family.engine.children(post.id, "upload")
    assert (Scope(brand="acme"), Scope(brand="other")) == (upload.scope, said.scope)


def test_nothing_is_written_if_one_birth_is_refused(store: Store) -> None:
    """The whole family or nothing: a child that cannot be born refuses the parent's command."""
    strict = attrs.evolve(
        UPLOAD.stages[0], enter=(has("publish_at"),), name="sending", actions=(), done="pulled"
    )
    child = Workflow(
        "upload",
        [Stage("gate", ("here",)), strict],
        fields=UPLOAD.fields,
    )
    stage = attrs.evolve(OUT, follows=None, actions=OUT.actions[:1])
    family = Family.begin(store, parent(stage, children=[child]), "news")
    before = everything(store)

    with pytest.raises(Refused) as no:
        family.do("send")

    assert ("has",) == no.value.refusal.codes
    assert before == everything(store)


def test_the_children_of_nothing_are_a_round_without_any(store: Store) -> None:
    """A list without texts spawns nobody; the parent's rules are there to forbid that."""
    family = Family.begin(store, parent())

    with pytest.raises(Refused) as no:
        family.do("send")

    assert ("has",) == no.value.refusal.codes


# -- made one by one


@pytest.mark.law(16)
def test_a_comment_is_made_below_its_parent_without_touching_it(store: Store) -> None:
    """A new comment is `create(parent=)`, never an action of the parent."""
    family = Family.begin(store, parent(), "news")

    comment = family.engine.create("comment", by="nobody", parent=family.id)

    assert (family.id, 0) == (comment.parent, comment.round)
    assert 1 == family.parent.version
    assert (comment,) == family.engine.children(family.id, "comment")


def test_a_kind_that_the_parent_does_not_have_is_unknown(store: Store) -> None:
    """A typed error names the kinds there are, and nothing is written."""
    family = Family.begin(store, parent(), "news")
    before = everything(store)

    with pytest.raises(UnknownWorkflow, match="comment"):
        family.engine.create("coment", by="ann", parent=family.id)
    with pytest.raises(ItemNotFound):
        family.engine.create("comment", by="ann", parent="nowhere")
    with pytest.raises(UnknownWorkflow):
        family.engine.create("comment", by="ann")

    assert before == everything(store)


# -- followed: paragraphs 12 and 16


@pytest.mark.law(16)
def test_the_parent_follows_the_first_line_that_holds(store: Store) -> None:
    """The state of a stage that follows is a summary of its children."""
    family = Family.begin(store, parent(), "news", "blog")
    family.do("send")
    seen = [family.parent.marking]
    for account, action in (
        ("news", "begin"),
        ("blog", "begin"),
        ("news", "fail"),
        ("blog", "fail"),
        ("news", "retry"),
        ("news", "begin"),
        ("news", "check"),
        ("blog", "drop"),
    ):
        family.have(account, action)
        seen.append(family.parent.marking)

    assert [
        "out.sending",
        "out.sending",
        "out.sending",
        "out.sending",
        "out.failed",
        "out.sending",
        "out.sending",
        "out.partly",
        "end.closed",
    ] == [marking[0] for marking in seen]


@pytest.mark.law(16)
def test_a_child_that_changes_nothing_about_the_whole_leaves_the_parent_alone(
    store: Store,
) -> None:
    """The parent is settled only if the set of inhabited states has changed."""
    family = Family.begin(store, parent(), "a", "b", "c")
    family.do("send")
    family.have("a", "begin")
    before = family.parent

    family.have("b", "begin")
    family.have("b", "fail")
    family.have("c", "begin")

    assert before == family.parent
    assert ["create", "out.send"] == family.actions()


def test_what_the_parent_becomes_by_following_may_end_it(store: Store) -> None:
    """A line may lead to an end; children are untouched, and remember their parent."""
    family = Family.begin(store, parent(), "a", "b")
    family.do("send")
    family.do("pull_all")

    assert ("end.pulled",) == family.parent.marking
    assert {("upload.pulled",)} == {one.marking for one in family.engine.children(family.id)}


def test_a_repeated_order_is_answered_with_what_the_parent_became_by_it(store: Store) -> None:
    """Following the children it has told is part of the order: the same key, the same answer."""
    family = Family.begin(store, parent(), "a", "b")
    family.do("send")

    first = family.do("pull_all", key="once")
    again = family.do("pull_all", key="once")

    assert (("end.pulled",), first) == (first.marking, again)


@pytest.mark.law(16)
def test_telling_reaches_those_of_the_newest_round_who_are_there(store: Store) -> None:
    """`tell` moves the children in the states it names, and no others."""
    family = Family.begin(store, parent(), "a", "b", "c")
    family.do("send")
    for account in "abc":
        family.have(account, "begin")
    family.have("a", "fail")
    family.have("b", "fail")
    family.have("c", "check")
    assert ("out.partly",) == family.parent.marking

    family.have("c", "pull")
    family.do("send_all_again")

    states = {one.data["account"]: one.marking[0] for one in family.engine.children(family.id)}
    assert {"a": "upload.queued", "b": "upload.queued", "c": "upload.pulled"} == states
    assert ("out.sending",) == family.parent.marking


def test_telling_where_leaves_the_others_alone(store: Store) -> None:
    """Who could do it, and is not where the order is for, does not do it."""
    family = Family.begin(store, parent(), "a", "b")
    family.do("send")
    family.have("a", "begin", "fail")
    family.have("b", "begin")
    family.do("pull_failed")

    states = {one.data["account"]: one.marking[0] for one in family.engine.children(family.id)}
    assert {"a": "upload.pulled", "b": "upload.sending"} == states


@rule("reachable", needs="reachable")
def reachable(case: Case) -> Iterator[Objection]:
    """The account of the upload can be reached."""
    if not case.facts["reachable"]:
        yield Objection("reachable", f"{case.item.data['account']} is down")


def test_what_children_are_told_is_judged_with_facts_of_their_own(store: Store) -> None:
    """Fetched for each child before the transaction; one that may not stops them all."""
    up = {"a"}
    told = parent(children=[UPLOAD.with_rules({"upload.retry": reachable()}), COMMENT])
    facts = {"reachable": lambda item, _at: item.data["account"] in up}
    family = Family.begin(store, told, "a", "b", facts=facts)
    family.do("send")
    for account in "ab":
        family.have(account, "begin", "fail")

    with pytest.raises(Refused, match="b is down") as caught:
        family.do("send_all_again")
    up.add("b")
    family.do("send_all_again")

    assert ("reachable",) == caught.value.refusal.codes
    assert {"upload.queued"} == {family.child(account).marking[0] for account in "ab"}


@pytest.mark.law(12)
def test_publishing_again_never_counts_old_children(store: Store) -> None:
    """Only the newest round of a kind counts, and none of an earlier visit."""
    family = Family.begin(store, parent(), "a")
    family.do("send")
    family.have("a", "begin", "fail")

    assert ("out.ready",) == family.do("start_over").marking
    assert () == family.engine.children(family.id, "upload")
    again = family.do("send")

    assert ("out.sending",) == again.marking
    assert ["upload.failed", "upload.queued"] == sorted(
        one.marking[0] for one in family.engine.children(family.id, "upload", all_rounds=True)
    )
    family.have("a", "begin")
    family.have("a", "check")
    assert ("end.closed",) == family.parent.marking


@pytest.mark.law(12)
def test_an_old_child_moves_its_parent_no_more(store: Store) -> None:
    """What becomes of an earlier round is no longer the parent's matter."""
    family = Family.begin(store, parent(), "a")
    family.do("send")
    old = family.have("a", "begin", "fail")
    family.do("start_over")
    family.do("send")
    before = family.parent

    family.engine.perform(old.id, "drop", by="ed")

    assert before == family.parent


def test_grandparents_follow_too(store: Store) -> None:
    """What a parent becomes by following is followed by its own parent."""
    inner = parent()
    step = Stage(
        "all",
        ("open", "done"),
        role="editor",
        follows=Children("post", (("done", only("end.closed")), ("open", some("out.sending")))),
        actions=(Action("begin", "open", effects=spawn("post", copies=("title", "accounts"))),),
    )
    outer = Workflow("campaign", [step], fields=inner.fields, children=[inner])
    family = Family.begin(store, outer, "a")
    family.do("begin")
    (post,) = family.engine.children(family.id)
    family.engine.perform(post.id, "send", by="ann")
    (upload,) = family.engine.children(post.id)

    family.engine.perform(upload.id, "begin", by=SYSTEM)
    last = family.engine.perform(upload.id, "check", by="ed")

    assert ("end.closed",) == family.engine.item(post.id).marking == family.parent.marking
    assert {f"{upload.id}@{last.version}"} == {
        family.causes(post.id)[-1],
        family.causes(family.id)[-1],
    }


# -- rules that ask about children


def asking(*rules: Any) -> Workflow:
    """A parent that may be closed by hand, as far as these rules let it."""
    close = Action("close", "open", "shut", rules=rules)
    return parent(Stage("talk", ("open", "shut"), role="editor", actions=(close,)))


@pytest.mark.law(16)
def test_a_rule_asks_which_states_are_inhabited(store: Store) -> None:
    """Rules ask which states children are in; options and why_not see the same."""
    family = Family.begin(store, asking(only_children("comment", "end.closed")), "a")
    assert "yes" == family.engine.options(family.id, by="ann")[0].answer
    comment = family.engine.create("comment", by="ed", parent=family.id)

    with pytest.raises(Refused) as no:
        family.do("close")
    assert ("only_children",) == no.value.refusal.codes
    assert no.value.refusal == family.engine.why_not(family.id, "close", by="ann")

    family.engine.perform(comment.id, "answer", by="ed")
    assert ("end.closed",) == family.engine.preview(family.id, "close", by="ann").marking
    assert ("end.closed",) == family.do("close").marking


def test_a_rule_may_ask_for_a_child(store: Store) -> None:
    """`some_child` wants one, and its negation none."""
    family = Family.begin(store, asking(some_child("comment", ("comment.new",))), "a")
    assert ("some_child",) == family.engine.why_not(family.id, "close", by="ann").codes  # type: ignore[union-attr]

    family.engine.create("comment", by="ed", parent=family.id)
    assert ("end.closed",) == family.do("close").marking


# -- a law, against a naive count


MOVES = ("begin", "fail", "retry", "check", "pull", "drop", "look_again")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(MOVES)), max_size=25))
@pytest.mark.law(16)
def test_the_parent_is_written_exactly_when_its_summary_changes(
    moves: list[tuple[str, str]],
) -> None:
    """One row for each change of the summary, and none for anything else."""
    family = Family.begin(MemoryStore(), parent(), "a", "b", "c")
    family.do("send")
    rows, summary = 2, "sending"
    states = dict.fromkeys("abc", "queued")
    for account, move in moves:
        try:
            child = family.have(account, move)
        except Refused:
            continue
        states[account] = child.marking[0].partition(".")[2]
        if summary in ("live", "pulled"):
            continue
        now = _summary(set(states.values()), summary)
        rows += now != summary
        summary = now

        assert rows == len(family.actions())
        shown = {"live": "end.closed", "pulled": "end.pulled"}.get(summary, f"out.{summary}")
        assert (shown,) == family.parent.marking


def _summary(inhabited: set[str], before: str) -> str:
    """The lines of the example, said again in plain Python."""
    if inhabited & {"queued", "sending"}:
        return "sending"
    if inhabited <= {"pulled", "closed"}:
        return "pulled"
    if inhabited <= {"checked", "pulled", "closed"}:
        return "live"
    if "checked" in inhabited:
        return "partly"
    return "failed" if "failed" in inhabited else before


# -- many (what it must show)


def test_a_hundred_children_settled_by_eight_threads_move_the_parent_once(tmp_path: Path) -> None:
    """Nothing is lost and nothing happens twice, however many settle at once."""
    store = SqlStore(f"sqlite:///{tmp_path}/many.db", create=True, synchronous="NORMAL")
    accounts = tuple(f"account {n}" for n in range(100))
    family = Family.begin(store, parent(), *accounts)
    family.do("send")
    ids = [one.id for one in family.engine.children(family.id)]
    for id in ids:
        family.engine.perform(id, "begin", by=SYSTEM)
    failures: list[BaseException] = []

    def settle(mine: list[str]) -> None:
        try:
            for id in mine:
                family.engine.perform(id, "check", by="ed")
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=settle, args=(ids[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == failures
    assert ["create", "out.send", "settled"] == family.actions()
    assert ("end.closed",) == family.parent.marking
    assert 100 == len(list(store.rows(Items(parent=family.id, kind="upload"))))


def test_a_child_costs_the_same_below_a_thousand_as_below_ten(tmp_path: Path) -> None:
    """Steps of SQLite's machine, the join included: at most half as many again."""
    few = _steps(tmp_path, 10)

    assert 0 < _steps(tmp_path, 1000) <= 1.5 * few


def _steps(folder: Path, n: int) -> int:
    """How many steps a child's action takes that brings one new state among *n* children."""
    store = SqlStore(f"sqlite:///{folder}/{n}.db", create=True, synchronous="NORMAL")
    family = Family.begin(store, parent(), *(f"account {i}" for i in range(n)))
    family.do("send")
    first, second = family.engine.children(family.id)[:2]
    family.engine.perform(first.id, "begin", by=SYSTEM)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    writer: sqlite3.Connection = store.database.own.raw
    writer.set_progress_handler(count, 1)
    family.engine.perform(second.id, "begin", by=SYSTEM)
    family.engine.perform(second.id, "fail", by=SYSTEM)
    writer.set_progress_handler(None, 1)
    return steps


# -- where only they lead on


WATCHING = Workflow(
    "post",
    [
        Stage(
            "out",
            ("ready", "waiting", "live"),
            done="live",
            role="editor",
            follows=Children(
                "upload", (("waiting", some("queued", "sending")), ("live", some("checked")))
            ),
            actions=(
                Action("send", "ready", effects=spawn("upload", each="accounts", into="account")),
            ),
        )
    ],
    fields=Post,
    children=(attrs.evolve(UPLOAD, rights={"adopt": "*"}),),
    rights={"adopt": "*", "force": "editor"},
)
DATA = {"title": "a", "accounts": ["here"]}


def test_nothing_is_adopted_where_only_children_lead_on(store: Store) -> None:
    """It would be there for good; it begins before that, and follows those that come below it."""
    engine = Engine(store, [WATCHING], TEAM)

    with pytest.raises(Refused) as caught:
        engine.adopt("post", at="out.waiting", by="ann", data=DATA)
    (objection,) = caught.value.refusal
    item = engine.adopt("post", at=objection.facts["states"][0], by="ann", data=DATA)
    told = {"by": "ann", "data": {"account": "here"}, "parent": item.id}
    engine.adopt("upload", at="upload.sending", **told)

    assert ("childless", "upload") == (objection.code, objection.facts["kind"])
    assert ("out.ready", "out.live") == objection.facts["states"]
    assert ("out.waiting",) == engine.item(item.id).marking


def test_nothing_is_forced_where_only_children_lead_on(store: Store) -> None:
    """Unless there are some."""
    engine = Engine(store, [WATCHING], TEAM)
    item = engine.adopt("post", at="out.ready", by="ann", data=DATA)
    why = {"reason": "it has to be"}

    with pytest.raises(Refused) as caught:
        engine.perform(item.id, "force", by="ann", to="out.waiting", data=why)
    assert ("childless",) == caught.value.refusal.codes
    below = {"by": "ann", "data": {"account": "here"}, "parent": item.id}
    engine.adopt("upload", at="upload.failed", **below)

    for member in ("ann", "ed"):
        engine.perform(item.id, "force", by=member, to="out.waiting", data=why)
    assert ("out.waiting",) == engine.item(item.id).marking
