"""Back doors: ways by which an event comes into a store without somebody's command.

What came of an effect, what somebody says came of it, what falls due, what is imported and what is
migrated.  Each is tried in a room of its own, a tenant of the store, and says itself what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cache
from io import StringIO
from typing import Any

import attrs
from content.test_who_may import BY_POLICY, FLOWS, NEEDED, NOON
from content.who_may import MAY_MIGRATE, REPORTED, ROLES, WHO_MAY

from socialflow import Action, Effect, Engine, Event, Item, Member, Team, Workflow
from socialflow.chain import anchor, audit
from socialflow.chain.links import entry_of, link
from socialflow.channels import Outcome, delivered, unknown
from socialflow.codec import encode
from socialflow.decisions import rebuild
from socialflow.errors import DefinitionError, LineError, Refused, SocialflowError
from socialflow.hearing import Attempt
from socialflow.items import Command
from socialflow.migrations import migrate, plan_migration
from socialflow.outbox import Outbox
from socialflow.people import SYSTEM
from socialflow.queries import Delivery, Items
from socialflow.stores.memory import MemoryStore
from socialflow.stores.sql import SqlStore
from socialflow.transfer import export, import_into
from socialflow.transfer.lines import of_entry, of_item
from socialflow.transfer.tallies import Tally

__all__ = ["BACK_DOORS", "TEAM", "Tried", "codes_of", "open_to_all"]

TEAM = Team([Member(short, role) for short, role in ROLES.items()] + [Member("outsider")])
RING = Action("ring", "*", roles="*", effects=Effect("ring"))
"""What everybody may, everywhere: something is to be done outside."""
SOON = timedelta(hours=1)


@attrs.frozen
class Tried:
    """Who asks for what, and where.

    Attributes:
        name: Of the workflow.
        state: Of the item.
        action: In full.
        who: Short for a role, or the outsider.
    """

    name: str
    state: str
    action: str
    who: str

    @property
    def may(self) -> bool:
        """Whether the table names them."""
        return self.is_for_all or self.who in WHO_MAY[self.name][self.action]

    @property
    def is_for_all(self) -> bool:
        """Whether it is open to everybody."""
        return WHO_MAY[self.name][self.action] == {*ROLES}

    @property
    def roles(self) -> set[str]:
        """The roles that the table names, in full."""
        return {ROLES[short] for short in WHO_MAY[self.name][self.action]}


@attrs.frozen
class Room:
    """An item by itself, in the state.

    Attributes:
        engine: On a tenant of the store.
        tried: What is tried there.
        item: As it was.
        entries: How many its history had then.
    """

    engine: Engine
    tried: Tried
    item: Item
    entries: int = 1

    @classmethod
    def of(cls, store: Any, tried: Tried, flow: Workflow, by: str = "outsider") -> Room:
        """A new one; *by* adopts the item."""
        engine = Engine(store, [flow], TEAM, clock=lambda: NOON)
        told = {"at": tried.state, "data": NEEDED[tried.name], "id": "one"}
        return cls(engine, tried, engine.adopt(tried.name, by=by, **told))

    def left(self) -> list[Event]:
        """What has been left in the history of the item since."""
        return [one.event for one in self.engine.history(self.item.id)[self.entries :]]

    def asked(self) -> set[str]:
        """What is objected where they ask for it themselves."""
        tried = self.tried
        return codes_of(lambda: self.engine.perform(self.item.id, tried.action, by=tried.who))

    def wrong_of_asking(self) -> Iterator[str]:
        """What is wrong about the answer to somebody who asks for it themselves."""
        codes = self.asked()
        if codes != {"state"} and self.tried.may is not BY_POLICY.isdisjoint(codes):
            yield f"then asked for, it is answered {sorted(codes)}"


Door = Callable[[SqlStore, Tried], Iterator[str]]


def codes_of(ask: Callable[[], object]) -> set[str]:
    """What was objected; nothing if nothing was."""
    try:
        ask()
    except Refused as no:
        return {*no.refusal.codes}
    except SocialflowError as error:
        return {error.code}
    return set()


@cache
def open_to_all(name: str) -> Workflow:
    """A workflow in which everybody may adopt, so that there is an item in every state."""
    return attrs.evolve(FLOWS[name], rights={**FLOWS[name].rights, "adopt": "*"})


@cache
def ringing(name: str) -> Workflow:
    """The same, where something may always be done outside."""
    flow = open_to_all(name)
    return attrs.evolve(flow, actions=(*flow.actions, RING))


@cache
def renewed(name: str) -> Workflow:
    """A newer version of it."""
    return ringing(name).named(name, "2")


# -- what came of an effect


@attrs.frozen
class Answering:
    """A channel that always answers the same, and can do nothing about what it is not sure of."""

    answer: Outcome
    can: str = "nothing"

    def deliver(self, delivery: Delivery, item: Item) -> Outcome:
        """What it always says."""
        return self.answer


def rung(room: Room, answer: Outcome, word: str) -> tuple[Room, Outbox, Attempt]:
    """Something is done outside, and its item is to hear of it by the action."""
    engine, tried = room.engine, room.tried
    item = engine.perform(room.item.id, "ring", by="outsider")
    told = {"channels": {"ring": Answering(answer)}, "outcomes": {"ring": {word: tried.action}}}
    outbox = Outbox(engine, **told)  # type: ignore[arg-type]
    (attempt,) = outbox.deliver()
    return attrs.evolve(room, item=item, entries=2), outbox, attempt


def heard(store: SqlStore, tried: Tried) -> Iterator[str]:
    """An outcome is the system's word: it is taken in only where the system may report it.

    What the channel says of who and of roles is nobody's command.
    """
    said = delivered("done", by="LEAD", roles=["department_lead"], waive={"role": "x"})
    room = Room.of(store, tried, ringing(tried.name))
    if room.item.ended:  # it did not rest in that state
        return
    room, _, attempt = rung(room, said, "delivered")
    reported = tried.is_for_all or tried.action in REPORTED.get(tried.name, ())
    for event in room.left():
        if not reported or (event.action, event.by) != (tried.action, SYSTEM.id):
            yield f"{event.by} is said to have done {event.action}"
    if not room.left() and (not attempt.unheard or attempt.delivery.state != "unconfirmed"):
        yield f"nothing was taken in, and it is {attempt.delivery.state}"


def resolved(store: SqlStore, tried: Tried) -> Iterator[str]:
    """Who says what became of an effect has its item do what they may ask for, and no more."""
    room = Room.of(store, tried, ringing(tried.name))
    if room.item.ended:
        return
    room, outbox, attempt = rung(room, unknown("no answer"), "found")
    told = {"by": tried.who, "evidence": "I looked"}
    key = attempt.delivery.key
    codes = codes_of(lambda: outbox.resolve(key, "delivered", **told))
    (effect,) = (one for one in outbox.letters("delivered") + outbox.letters("unconfirmed"))
    if bool(codes) is bool(room.left()) or bool(codes) is (effect.state == "delivered"):
        yield f"{sorted(codes)}, it is {effect.state}, and there is {room.left()}"
    for event in room.left():
        if event.by != tried.who or not (event.action == "note" or named_so(event, tried)):
            yield f"{event.by} is said to have done {event.action}"
        if event.action == "note" and is_open(room):
            yield "there is a note, where the action was open"
    if codes and is_open(room) and tried.may is not BY_POLICY.isdisjoint(codes):
        yield f"it is answered {sorted(codes)}"


def named_so(event: Event, tried: Tried) -> bool:
    """Whether it is the action that was tried, done by those whom the table names."""
    is_theirs = {*event.roles} <= tried.roles or event.roles == ("*",)
    return event.action == tried.action and tried.may and is_theirs


def is_open(room: Room) -> bool:
    """Whether the action is open where the item is."""
    shown = room.engine.options(room.item.id, by=room.tried.who)
    return any(one.action == room.tried.action for one in shown)


# -- what falls due


@cache
def falling_due(name: str, full: str) -> Workflow:
    """The same workflow, where that action is taken by the system after an hour."""
    flow = open_to_all(name)
    stage = full.rpartition(".")[0]
    if not stage:
        actions = (due(one) if one.name == full else one for one in flow.actions)
        return attrs.evolve(flow, actions=tuple(actions))
    place = flow.stage(stage)
    (action,) = (one for one in place.actions if f"{stage}.{one.name}" == full)
    return flow.amend(stage, actions=[due(action, place.role)])


def due(action: Action, role: tuple[str, ...] = ()) -> Action:
    """An action that nobody asks for, and that nothing but a role stands in the way of.

    Who has a say in it by a ballot has that role.
    """
    roles = (*(action.roles or role), *(one for ballot in action.ballots for one in ballot.roles))
    plain = {"data": None, "keeps": (), "ballots": (), "rules": (), "effects": ()}
    return attrs.evolve(action, due=SOON, roles=roles, reversible=False, **plain)


def fallen_due(store: SqlStore, tried: Tried) -> Iterator[str]:
    """What falls due is done if whoever has brought it about might have done it themselves."""
    try:
        flow = falling_due(tried.name, tried.action)
    except DefinitionError:
        return  # what has to be told something falls never due
    try:
        room = Room.of(store, tried, flow, by=tried.who)
    except Refused:
        return  # an agency brings nothing about by itself
    done = [one for one in room.engine.run_due(NOON + SOON) if one.duty.item == room.item.id]
    codes = {code for one in done if one.refusal is not None for code in one.refusal.codes}
    if not tried.may and tried.action in (event.action for event in room.left()):
        yield f"it was done, though {tried.who} may not"
    is_due = any(token.due == NOON + SOON for token in room.item.tokens)
    if is_due and tried.may is not bool(room.left()):
        yield f"there is {room.left()}, and it was refused with {sorted(codes)}"
    for event in room.left():
        if event.by != SYSTEM.id or event.roles:
            yield f"{event.by} is said to have done {event.action} as {event.roles}"
        if event.action != tried.action and event.action in WHO_MAY[tried.name]:
            yield f"{event.action} was done, which does not fall due"


# -- what comes with an import


def imported(store: SqlStore, tried: Tried) -> Iterator[str]:
    """An import gives nobody a right, and brings nothing in that is not sealed.

    What was sealed anew is the same as another store's: who has an anchor from before sees that an
    entry is another one; what was put behind the last one is let in, as if a store had written it.
    """
    origin = Room.of(MemoryStore(), tried, open_to_all(tried.name))
    seen = StringIO()
    anchor(origin.engine.store, at=NOON, to=seen)
    lines = [*export(origin.engine.store)]
    (entry,) = origin.engine.history(origin.item.id)
    forged = attrs.evolve(
        entry.event,
        roles=tuple(sorted(tried.roles)),
        command=attrs.evolve(entry.event.command, by=tried.who),
    )
    done = Command(tried.action, tried.who, NOON)
    more = Event("one", 2, tried.action, done, forged.roles, (), origin.item.tokens)
    for events in ([forged], [entry.event, more]):
        codes = codes_of(importing(store, unsealed(lines, events)))
        if codes != {LineError.code} or any(store.rows(Items())):
            yield f"what is not sealed is answered {sorted(codes)}, and there is something"
            return
    elsewhere = MemoryStore()
    import_into(elsewhere, sealed(lines, [forged]))
    found = audit(elsewhere, seen.getvalue().splitlines())
    if not any("one" in one.where for one in found):
        yield "nobody finds that an entry is another one"
    import_into(store, sealed(lines, [entry.event, more]))
    engine = Engine(store, [open_to_all(tried.name)], TEAM, clock=lambda: NOON)
    yield from Room(engine, tried, engine.item("one")).wrong_of_asking()


def importing(store: SqlStore, lines: list[str]) -> Callable[[], object]:
    """An import that can be asked for."""
    return lambda: import_into(store, lines)


def unsealed(lines: list[str], events: list[Event]) -> list[str]:
    """The export with that history, sealed as it was."""
    told = json.loads(next(line for line in lines if line.startswith('{"entry"')))
    seals = {"digest": told["digest"], "hash": told["hash"]}
    return retold(lines, events, seals)


def sealed(lines: list[str], events: list[Event]) -> list[str]:
    """The export with that history, sealed anew."""
    return retold(lines, events, {})


def retold(lines: Iterable[str], events: list[Event], seals: dict[str, str]) -> list[str]:
    """The export of one item with another history."""
    made, previous = [of_item(rebuild(events))], ""
    for n, event in enumerate(events, 1):
        entry = entry_of(event, link(event, n, previous))
        previous = entry.hash
        made.append(encode(json.loads(of_entry(entry)) | seals))
    kept = [line for line in lines if not line.startswith(('{"item"', '{"entry"', '{"end"'))]
    told = [line for line in kept if not line.startswith('{"record"')]
    whole = [*told, *made, *(line for line in kept if line.startswith('{"record"'))]
    tally = Tally()
    for line in whole:
        tally.add(line)
    return [*whole, tally.line]


# -- what is migrated


def migrated(store: SqlStore, tried: Tried) -> Iterator[str]:
    """Only who has the right has an item go on under another definition; nobody gets more by it."""
    room = Room.of(store, tried, open_to_all(tried.name))
    plan = plan_migration(room.engine, renewed(tried.name), by=tried.who)
    report = migrate(room.engine, plan, by=tried.who)
    may = tried.who in MAY_MIGRATE.get(tried.name, ())
    told = [(event.action, event.by, event.roles) for event in room.left()]
    if told != ([("migrate", tried.who, (ROLES[tried.who],))] if may else []):
        yield f"there is {told}"
    codes = {one.code for left in report.left for one in left.objections}
    if may is bool(codes) or not codes <= BY_POLICY:
        yield f"it is answered {sorted(codes)}"
    yield from room.wrong_of_asking()


def led_past(store: SqlStore, tried: Tried) -> Iterator[str]:
    """Who has the right leads an item past its gates, and what has to be signed is still not."""
    if tried.name not in MAY_MIGRATE:
        return
    room = Room.of(store, tried, open_to_all(tried.name))
    if len(room.item.marking) > 1 or room.item.ended:
        return
    states = {room.item.marking[0]: "publish.ready"}
    plan = plan_migration(room.engine, renewed(tried.name), states=states, by="LEAD")
    migrate(room.engine, plan, by="LEAD")
    if room.engine.item(room.item.id).marking != ("publish.ready",):
        yield "it was not led there"
    codes = codes_of(lambda: room.engine.perform(room.item.id, "publish_now", by=tried.who))
    if "signed_off" not in codes:
        yield f"it is published without a signature: {sorted(codes)}"


BACK_DOORS: dict[str, Door] = {
    door.__name__: door for door in (heard, resolved, fallen_due, imported, migrated, led_past)
}
