"""The same durable step by peers: who checks and returns a post, with a history, on SQLite NORMAL.

Each does what its documentation shows: reads the item, checks state and role, steps, writes the
item and a row of history, commits.  None of them chains its history, or knows of four eyes.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from durable import ITEMS, filled, ours
from ratios import Pair

TIMES = 200
Run = Callable[[], None]


def turns() -> Iterator[tuple[str, str]]:
    """Item by item: check, then return."""
    for n in range(TIMES):
        yield f"post-{n % ITEMS}", "check" if n // ITEMS % 2 == 0 else "return"


def django_fsm(path: Path) -> Run:
    """django-fsm-2 on Django's ORM, with a row of history, in one transaction."""
    import django
    from django.conf import settings
    from django.db import connection, models, transaction

    options = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}
    engine = "django.db.backends.sqlite3"
    settings.configure(
        DATABASES={"default": {"ENGINE": engine, "NAME": path, "OPTIONS": options}},
        INSTALLED_APPS=[],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from django_fsm import FSMField, has_transition_perm
    from django_fsm import transition as step

    def edits(_: Any, user: str) -> bool:
        return user == "ed"

    class Post(models.Model):
        id = models.CharField(primary_key=True, max_length=40)
        state = FSMField(default="waiting")
        title = models.CharField(max_length=100)

        class Meta:
            app_label = "peers"

        @step(field=state, source="waiting", target="checked", permission=edits)
        def check(self) -> None:
            """Look at it."""

        @step(field=state, source="checked", target="waiting", permission=edits)
        def back(self) -> None:
            """Give it back."""

    class Entry(models.Model):
        post = models.ForeignKey(Post, on_delete=models.PROTECT)
        action = models.CharField(max_length=40)
        by = models.CharField(max_length=40)
        at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "peers"

    with connection.schema_editor() as editor:
        editor.create_model(Post)
        editor.create_model(Entry)
    for n in range(ITEMS):
        Post.objects.create(id=f"post-{n}", title="a")

    def run() -> None:
        for id, action in turns():
            with transaction.atomic():
                post = Post.objects.select_for_update().get(pk=id)
                method = post.check if action == "check" else post.back
                if not has_transition_perm(method, "ed"):
                    raise PermissionError("ed")
                method()
                post.save()
                Entry.objects.create(post=post, action=action, by="ed")

    return run


def xstate(path: Path) -> Run:
    """xstate-statemachine's persisted mode, with its log."""
    from xstate_statemachine import MachineLogic, create_machine
    from xstate_statemachine.persistence import SQLiteStore
    from xstate_statemachine.persistence.locking import persisted
    from xstate_statemachine.persistence.log import SQLiteLog, TransitionLogPlugin

    states = {
        "waiting": {"on": {"check": {"target": "checked", "guard": "edits"}}},
        "checked": {"on": {"return": {"target": "waiting", "guard": "edits"}}},
    }
    machine = create_machine(
        {"id": "post", "initial": "waiting", "context": {}, "states": states},
        logic=MachineLogic(guards={"edits": lambda _, event: event.payload.get("by") == "ed"}),
    )
    store = SQLiteStore(path)
    log = TransitionLogPlugin(SQLiteLog(store))

    def run() -> None:
        for id, action in turns():
            with persisted(store, id, machine, plugins=[log]) as post:
                post.send(action, by="ed")

    return run


def spiff(path: Path) -> Run:
    """SpiffWorkflow with its JSON serializer and a table, as its documentation keeps workflows."""
    from SpiffWorkflow import TaskState, Workflow
    from SpiffWorkflow.serializer.json import JSONSerializer
    from SpiffWorkflow.specs import Simple, StartTask, WorkflowSpec

    spec = WorkflowSpec("post")
    before = spec.start = StartTask(spec)
    for n in range(TIMES // ITEMS + 1):
        task = Simple(spec, f"step {n}", manual=True)
        before.connect(task)
        before = task
    serializer = JSONSerializer()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE post (id TEXT PRIMARY KEY, body TEXT);"
        "CREATE TABLE entry (n INTEGER PRIMARY KEY, post TEXT, action TEXT, by TEXT);"
    )

    def anew() -> None:
        for n in range(ITEMS):
            workflow = Workflow(spec)
            workflow.run_all(halt_on_manual=True)
            body = serializer.serialize_workflow(workflow)
            connection.execute("INSERT OR REPLACE INTO post VALUES (?, ?)", (f"post-{n}", body))

    def run() -> None:
        anew()
        for id, action in turns():
            connection.execute("BEGIN IMMEDIATE")
            ((body,),) = connection.execute("SELECT body FROM post WHERE id = ?", (id,))
            workflow = serializer.deserialize_workflow(body)
            workflow.get_next_task(state=TaskState.READY).run()
            body = serializer.serialize_workflow(workflow)
            connection.execute("UPDATE post SET body = ? WHERE id = ?", (body, id))
            row = id, action, "ed"
            connection.execute("INSERT INTO entry (post, action, by) VALUES (?, ?, ?)", row)
            connection.execute("COMMIT")

    return run


def pairs(folder: Path) -> Iterator[Pair]:
    """How many of our steps fit into one of theirs."""
    peers = (("Django + django-fsm-2", django_fsm, 5.0), ("xstate persisted", xstate, 3.0))
    for name, peer, goal in (*peers, ("SpiffWorkflow + a store", spiff, 2.0)):
        engine = filled(folder / f"beside {name[:6]}.db", "NORMAL")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = peer(folder / f"{name[:6]}.db")
        yield Pair(f"beside {name}", ours(engine, TIMES), theirs, TIMES, goal, True)
