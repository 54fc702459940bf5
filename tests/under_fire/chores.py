"""Chores of the desk: what is done with many items, with effects, and with what is old.

What has no key is asked for as somebody asks who does not know whether it has been done: they look
first, and do what is left.
"""

from __future__ import annotations

from typing import Any

from under_fire.databases import Rows
from under_fire.desk import NOON, TEAM, after, at
from under_fire.steps import Step

from socialflow import Action, Effect, Engine, Stage, Workflow
from socialflow.bulk import Task
from socialflow.channels import Outcome, delivered, unknown
from socialflow.erasing import erase
from socialflow.items import Item
from socialflow.migrations import migrate, plan_migration
from socialflow.outbox import Outbox
from socialflow.queries import Delivery, Effects, History
from socialflow.retiring import retire

__all__ = ["CHORES"]

LATER = after(20)
"""When everything that has been put off is ready again."""
OUTCOMES = {"publish": {"delivered": "heard"}}
"""By which action items hear; where there is none of that name, the effect becomes unconfirmed."""


def flyer(version: str, state: str) -> Workflow:
    """A workflow by itself; its versions call their states otherwise."""
    making = Stage(
        "making",
        ("raw", state),
        done=(),
        role="author",
        actions=(
            Action("make", "raw", state, effects=Effect("publish")),
            Action("heard", state, roles=("author", "system"), marks="public"),
            Action("drop", ("raw", state), goto="end.closed"),
        ),
    )
    rights = {"create": "*", "note": "*", "migrate": "chief"}
    return Workflow("flyer", [making], rights=rights).named("flyer", version)


FLYER, NEXT = flyer("1", "made"), flyer("2", "finished")


def flyers(engine: Engine, workflow: Workflow = FLYER) -> Engine:
    """The same desk, where flyers are made."""
    return Engine(engine.store, [workflow], TEAM, clock=at(NOON))


def make(engine: Engine) -> Any:
    """Two flyers, both or none."""
    desk = flyers(engine)
    tasks = [Task(name, "make", by="ann") for name in ("flyer 1", "flyer 2")]
    return desk.perform_many(tasks, key="made", atomic=True)


def print_flyer(name: str) -> Step:
    """A birth."""

    def do(engine: Engine) -> Any:
        return flyers(engine).create("flyer", by="ann", id=name, key=name)

    return Step(f"create {name}", do)


def many(engine: Engine) -> Any:
    """What can be done of many: what can be judged by itself at once, the family by itself."""
    child = next(one.id for one in engine.children("post") if one.data["account"] == "x")
    tasks = [
        Task("early", "note", data={"text": "one of many"}, by="ann"),
        Task("leaflet", "note", data={"text": "another"}, by="ann"),
        Task("early", "flag", by="nobody"),
        Task(child, "drop", by="ed"),
    ]
    answers = engine.perform_many(tasks, key="many")
    return [(one.item, one.error and one.error.code) for one in answers]


class Always:
    """A channel that always answers the same; it can do nothing about what it is not sure of."""

    can = "nothing"

    def __init__(self, answer: Outcome, can: str = "nothing") -> None:
        self.answer, self.can = answer, can

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        """What it always says."""
        return self.answer


SENT, LOST = Always(delivered("sent"), "deduplicate"), Always(unknown("no answer"))


def outbox(engine: Engine) -> Outbox:
    """What is published arrives; whether anybody is notified, nobody knows."""
    return Outbox(engine, {"publish": SENT, "notify": LOST}, outcomes=OUTCOMES)


def take(engine: Engine) -> Any:
    """Take what is ready to be published."""
    published = Outbox(engine, {"publish": SENT}, outcomes=OUTCOMES)
    return published._take(LATER, 100)


def record(engine: Engine) -> Any:
    """Write what came of everything that has been taken, and have the items hear of it."""
    box = outbox(engine)
    taken = sorted(engine.store.rows(Effects(state="taken")), key=lambda one: one.key)
    came = [(box._after(one, SENT.answer, LATER), SENT.answer, LATER) for one in taken]
    return box._hearing.tell(came)


def lose(engine: Engine) -> Any:
    """Hand over what somebody is to be notified of, one by one; then what was taken and left."""
    box = Outbox(flyers(engine), {"notify": LOST})
    return [box.deliver(moment, limit=1_000) for moment in (LATER, after(40))]


def without_attempts(rows: Rows) -> Rows:
    """What there is, but for how often and when it was tried to deliver something."""
    left = ("turn", "attempts", "due", "told", "seal")
    told = (
        (table, {k: v for k, v in row.items() if table != "socialflow_outbox" or k not in left})
        for table, row in rows
    )
    return sorted(told, key=repr)


def resolve(engine: Engine) -> Any:
    """Somebody has looked at what became of an effect."""
    one = last_told(engine)
    if one.state != "unconfirmed":
        return one
    return outbox(engine).resolve(one.key, "drop", by="ann", evidence="nobody was told")


def revive(engine: Engine) -> Any:
    """What was dropped is to be delivered after all."""
    one = last_told(engine)
    return outbox(engine).revive(one.key) if one.state == "dead" else one


def last_told(engine: Engine) -> Delivery:
    """The last effect that a leaflet has for the outside."""
    return max(engine.store.rows(Effects(item="leaflet")), key=lambda one: one.n)


def move(engine: Engine) -> Any:
    """Flyers go on under the next version."""
    desk = flyers(engine, NEXT)
    plan = plan_migration(desk, NEXT, states={"making.made": "making.finished"}, by="cleo")
    return migrate(desk, plan, by="cleo")


def forget(engine: Engine) -> Any:
    """Everything that was said of a leaflet is erased, once."""
    entries = [*engine.store.rows(History("leaflet"))]
    if entries[-1].event.erases is None:
        erase(engine.store, "leaflet", by="cleo", reason="by law", at=LATER)
    return engine.item("leaflet")


def drop(engine: Engine) -> Any:
    """A flyer comes to its end."""
    return flyers(engine, NEXT).perform("flyer 1", "drop", by="ann", key="drop it")


def remove(engine: Engine) -> Any:
    """Whatever ended long ago is removed."""
    told = {"by": "cleo", "reason": "it is old", "at": after(400)}
    return retire(engine.store, ended_before=after(365), **told)  # type: ignore[arg-type]


CHORES = (
    print_flyer("flyer 1"),
    print_flyer("flyer 2"),
    print_flyer("flyer 3"),
    Step("make", make),
    Step("many", many, commits=3, goes_on=True),
    Step("take", take, has_key=False),
    Step("record", record, commits=7, has_key=False),
    Step("lose", lose, commits=22, has_key=False, same=without_attempts),
    Step("resolve", resolve),
    Step("revive", revive),
    Step("migrate", move, commits=3, has_key=False),
    Step("erase", forget),
    Step("drop flyer", drop),
    Step("retire", remove, has_key=False),
)
