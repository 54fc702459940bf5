"""Commands that ask a store: show, history, worklist, options, audit."""

from __future__ import annotations

from argparse import Namespace
from difflib import get_close_matches
from typing import Any

from socialflow.cli.printing import print_json
from socialflow.cli.sources import open_to_read, store_of
from socialflow.engine import Engine
from socialflow.errors import ItemNotFound, nearest
from socialflow.forms import json_schema
from socialflow.items import Entry, Item
from socialflow.options import Option
from socialflow.people import Member, Team
from socialflow.queries import Definitions, Duty

__all__ = ["audit", "history", "options", "show", "worklist"]


def show(asked: Namespace) -> int:
    """Show one item."""
    engine = _engine(asked)
    item = engine.item(_id(asked, engine))
    name, version = _label(engine, item)
    if asked.json:
        print_json(_item(item) | {"workflow": _workflow(name, version, item)})
    else:
        from socialflow.cli import pages

        pages.show_item(item, f"{name} {version}")
    return 0


def history(asked: Namespace) -> int:
    """Tell everything that happened to one item."""
    engine = _engine(asked)
    entries = engine.history(_id(asked, engine))
    if asked.json:
        print_json([_entry(entry) for entry in entries])
    else:
        from socialflow.cli import pages

        pages.show_history(entries)
    return 0


def worklist(asked: Namespace) -> int:
    """List open duties."""
    engine = _engine(asked)
    duties = engine.worklist(asked.by, stage=asked.stage, limit=asked.limit)
    if asked.json:
        print_json([_duty(duty) for duty in duties])
    else:
        from socialflow.cli import pages

        pages.show_worklist(duties, _not_meant(engine, asked.stage) if not duties else "")
    return 0


def options(asked: Namespace) -> int:
    """Tell what a member may do with one item."""
    by: str | Member
    if asked.team:
        from socialflow.documents import load_team

        team, by = load_team(asked.team), asked.by
    else:
        roles = [role.strip() for role in asked.roles.split(",") if role.strip()]
        team, by = Team(()), Member(asked.by, roles)
    engine = _engine(asked, team)
    seen = engine.options(_id(asked, engine), by=by)
    if asked.json:
        print_json([_option(option) for option in seen])
    else:
        from socialflow.cli import pages

        pages.show_options(seen)
    return 0


def audit(asked: Namespace) -> int:
    """Find what does not agree with itself."""
    from socialflow.chain import audit as audited

    store = store_of(asked)
    if asked.anchor is None:
        findings = audited(store)
    else:
        with open_to_read(asked.anchor) as lines:
            findings = audited(store, lines)
    if asked.json:
        from socialflow.cli.printing import plain_findings

        print_json(plain_findings(findings))
    else:
        from socialflow.cli import pages

        pages.show_findings(findings, "every history is whole, and leads to its item")
        listed = getattr(store, "tenants", tuple)
        pages.say_whose(asked.tenant, [name for name in listed() if name not in ("", asked.tenant)])
    return int(bool(findings))


def _engine(asked: Namespace, team: Team | None = None) -> Engine:
    return Engine(store_of(asked), people=team)


def _id(asked: Namespace, engine: Engine) -> str:
    if asked.ref is None:
        return str(asked.item)
    item = engine.find(ref=asked.ref)
    if item is None:
        raise ItemNotFound(asked.ref)
    return item.id


def _not_meant(engine: Engine, stage: str | None) -> str:
    """A stage where something is waiting, and which is spelt much like the one asked about."""
    waiting = {duty.stage for duty in engine.worklist()} if stage else set()
    return nearest(stage, waiting) if stage and get_close_matches(stage, waiting) else ""


def _label(engine: Engine, item: Item) -> tuple[str, str]:
    """Name and version of the item's definition, which need not be one that can be built here."""
    for stored in engine.store.rows(Definitions()):
        if stored.digest == item.workflow:
            return stored.name, stored.version
    workflow = engine.workflow(item)
    return workflow.name, workflow.version


def _workflow(name: str, version: str, item: Item) -> dict[str, str]:
    return {"name": name, "version": version, "digest": item.workflow}


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "ref": item.ref,
        "version": item.version,
        "marking": item.marking,
        "tokens": [
            {
                "state": token.state,
                "visit": token.visit,
                "entered": token.entered.isoformat(),
                "responsible": token.responsible,
            }
            for token in item.tokens
        ],
        "scope": item.scope.to_plain(),
        "data": item.data,
        "contributors": item.contributors,
        "authors": item.authors,
        "signatures": [
            {"stage": one.stage, "visit": one.visit, "revision": one.revision or None}
            for one in item.signatures
        ],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    event, command = entry.event, entry.event.command
    return {
        "n": entry.n,
        "version": event.version,
        "at": event.at.isoformat(),
        "by": event.by,
        "action": event.action,
        "roles": event.roles,
        "data": command.data,
        "to": command.to,
        "key": command.key,
        "waive": command.waive,
        "moves": [move._asdict() for move in event.moves],
        "marking": [token.state for token in event.tokens],
        "hash": entry.hash,
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "item": duty.item,
        "stage": duty.stage,
        "state": duty.state,
        "entered": duty.entered.isoformat(),
        "responsible": duty.responsible,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "action": option.action,
        "answer": option.answer,
        "objections": [one.to_json() for one in option.refusal or ()],
        "form": json_schema(option.form) if option.form else None,
        "targets": option.targets,
        "stage": option.stage or None,
    }
