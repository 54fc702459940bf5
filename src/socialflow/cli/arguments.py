"""What can be said on the command line."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["parser"]

ADDRESS = "sqlite:///content.db, or postgresql://user@host/database"
IN_MEMORY = "memory:"
STATES = ("queued", "taken", "delivered", "unconfirmed", "dead")


def parser() -> argparse.ArgumentParser:
    """Reads every command; ``run`` says where its function is, as ``"module:function"``."""
    whole = argparse.ArgumentParser(
        prog="socialflow", description="Content workflows: look at them, and rehearse them."
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _replay(commands)
    _about_a_store(commands)
    _about_all_of_it(commands)
    _about_a_department(commands)
    _about_a_definition(commands)
    _over_time(commands)
    return whole


def _command(commands: Commands, name: str, place: str, about: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.set_defaults(run=f"socialflow.cli.{place}:{name}")
    return command


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON, for programs")


def _store(command: argparse.ArgumentParser) -> None:
    command.add_argument("--store", metavar="URL", required=True, help=ADDRESS)
    _tenant(command)


def _tenant(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--tenant", metavar="NAME", default="", help="of this tenant; else of no tenant"
    )


def _item(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("item", metavar="ITEM", nargs="?", help="its id")
    which.add_argument("--ref", help="the host's own row instead")


def _replay(commands: Commands) -> None:
    replay = _command(
        commands, "replay", "replaying", "drive a log of what people did through a workflow"
    )
    replay.add_argument("log", metavar="LOG", help="CSV with a header, or .jsonl")
    replay.add_argument("--mapping", metavar="FILE", required=True, help="what the log means")
    replay.add_argument(
        "--workflow", metavar="NAME-or-FILE", required=True, help="what it is driven through"
    )
    replay.add_argument(
        "--store",
        metavar="URL",
        default=IN_MEMORY,
        help="where to keep what comes of it: sqlite:///content.db; nowhere, if left out",
    )
    _tenant(replay)
    replay.add_argument(
        "--on-refusal",
        choices=("record", "stop"),
        default="record",
        help="go on by waiving where that may be (record), or leave the item there (stop)",
    )
    _json(replay)


def _about_a_store(commands: Commands) -> None:
    show = _command(commands, "show", "asking", "show one item as it is now")
    history = _command(commands, "history", "asking", "tell everything that happened to an item")
    worklist = _command(commands, "worklist", "asking", "list open duties, longest waiting first")
    worklist.add_argument("--by", metavar="MEMBER", help="only those of this member")
    worklist.add_argument("--stage", help="only those of this stage")
    worklist.add_argument("--limit", type=int, default=50, help="at most so many (50)")
    options = _command(commands, "options", "asking", "tell what a member may do, and why not")
    options.add_argument("--by", metavar="MEMBER", required=True, help="who asks")
    who = options.add_mutually_exclusive_group(required=True)
    who.add_argument("--team", metavar="FILE", help="where the member and their roles are listed")
    who.add_argument("--roles", metavar="A,B", help="roles that you vouch for")
    outbox = _command(commands, "outbox", "sending", "count the effects, or list some of them")
    outbox.add_argument("--state", choices=STATES, help="list those in this state")
    outbox.add_argument("--item", help="list those of this item: its id")
    outbox.add_argument("--limit", type=int, default=50, help="at most so many (50)")
    for command in (show, history, options):
        _item(command)
    for command in (show, history, worklist, options, outbox):
        _store(command)
        _json(command)


def _about_all_of_it(commands: Commands) -> None:
    audit = _command(commands, "audit", "asking", "find what does not agree with itself")
    audit.add_argument("--anchor", metavar="FILE", help="nor with what `socialflow anchor` printed")
    anchor = _command(commands, "anchor", "moving", "print what proves how a store looks now")
    export = _command(commands, "export", "moving", "print everything in a store, line by line")
    export.add_argument("--no-book", action="store_true", help="without anchors and the like")
    takes_in = _command(commands, "import", "moving", "take in what was exported from a store")
    takes_in.set_defaults(run="socialflow.cli.moving:import_")
    takes_in.add_argument("file", metavar="FILE", help="what `socialflow export` printed; or -")
    tenants = _command(commands, "tenants", "moving", "list for whom there is something in a store")
    tenants.add_argument("--store", metavar="URL", required=True, help=ADDRESS)
    for command in (audit, anchor, export, takes_in):
        _store(command)
    for command in (audit, takes_in, tenants):
        _json(command)


def _about_a_department(commands: Commands) -> None:
    ask = _command(commands, "ask", "questions", "answer a question that a lead asks")
    ask.add_argument(
        "question", metavar="QUESTION", nargs="?", help="which one; if left out, they are listed"
    )
    ask.add_argument("--store", metavar="URL", help=ADDRESS)
    _tenant(ask)
    ask.add_argument("--team", metavar="FILE", help="where the people are listed")
    ask.add_argument("--department", metavar="FILE", help="where accounts and the like are listed")
    ask.add_argument(
        "--workflow",
        metavar="NAME-or-FILE",
        default="social_content",
        help="in whose order the stages stand (social_content)",
    )
    ask.add_argument("--at", metavar="MOMENT", help="as of when; now, if left out")
    ask.add_argument("--since", metavar="MOMENT", help="from when on; a fortnight ago")
    ask.add_argument("--until", metavar="MOMENT", help="until when; in a fortnight")
    ask.add_argument("--member", help="whose: an id")
    ask.add_argument("--item", help="of which item: its id")
    ask.add_argument("--ref", help="of which item: the row of the host's that it belongs to")
    ask.add_argument("--entry", type=int, help="of which entry of its history; of the last")
    ask.add_argument("--account", help="only what goes out on this account")
    ask.add_argument("--unit", help="only what goes out on accounts of this unit")
    ask.add_argument("--campaign", help="only what is part of this campaign")
    ask.add_argument("--what", help="only what lacks this: approval, four_eyes ...")
    _json(ask)


def _about_a_definition(commands: Commands) -> None:
    check = _command(commands, "check", "defining", "look for what is wrong with a workflow")
    check.add_argument("--team", metavar="FILE", help="whether these people can do it")
    check.add_argument("--absent", type=int, default=0, help="with so many of them away (0)")
    check.add_argument("--leads", metavar="A,B", default="", help="roles that one holds in a place")
    check.add_argument(
        "--prove", action="store_true", help="prove what has to be so in a department (slow)"
    )
    check.add_argument(
        "--budget", type=int, default=200_000, help="how many states a proof may look at (200000)"
    )
    _json(check)
    diagram = _command(commands, "diagram", "defining", "draw a workflow")
    diagram.add_argument(
        "--format",
        choices=("mermaid", "dot", "markdown"),
        default="mermaid",
        help="as which text (mermaid)",
    )
    diagram.add_argument("--json", action="store_true", help="print the text as a JSON object")
    for command in (check, diagram):
        command.add_argument("workflow", metavar="FILE-or-NAME", help="what it is about")


def _allowed(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--allowed", action="store_true", help="tell what is newly allowed and refused (slow)"
    )


def _over_time(commands: Commands) -> None:
    diff = _command(commands, "diff", "migrating", "tell what one workflow says otherwise")
    diff.add_argument("old", metavar="OLD", help="a workflow: its file or name")
    diff.add_argument("new", metavar="NEW", help="another")
    diff.add_argument("--team", metavar="FILE", help="these people; else two for each role")
    _allowed(diff)
    _json(diff)
    migrate = _command(
        commands, "migrate", "migrating", "have items go on under another definition"
    )
    migrate.add_argument("store", metavar="STORE", help=ADDRESS)
    _tenant(migrate)
    migrate.add_argument(
        "--to", metavar="FILE-or-NAME", required=True, help="what they go on under"
    )
    migrate.add_argument(
        "--of", metavar="NAME-or-DIGEST", help="what holds them now; what is called alike"
    )
    migrate.add_argument(
        "--states",
        metavar="OLD=NEW",
        nargs="+",
        default=(),
        help="where states lead that have another name; of a kind below: upload/upload.sent=...",
    )
    migrate.add_argument(
        "--data", metavar="FIELD=TEXT", nargs="+", default=(), help="for fields that are missing"
    )
    migrate.add_argument(
        "--drop", metavar="FIELD", nargs="+", default=(), help="fields that may be left out"
    )
    migrate.add_argument("--below", action="store_true", help="the items below as well")
    migrate.add_argument("--by", metavar="MEMBER", help="who does it; the system, if left out")
    migrate.add_argument("--team", metavar="FILE", help="where the member is listed")
    migrate.add_argument("--limit", type=int, help="move so many at most")
    migrate.add_argument(
        "--dry-run", action="store_true", help="only tell what would become of them"
    )
    _allowed(migrate)
    _json(migrate)
    upgrade = _command(
        commands, "upgrade", "upgrading", "bring the tables of a store to the present schema"
    )
    upgrade.add_argument("store", metavar="STORE", help=ADDRESS)
    upgrade.add_argument(
        "--prefix", default="socialflow_", help="of the names of its tables (socialflow_)"
    )
    upgrade.add_argument("--schema", help="of PostgreSQL: in which its tables are")
    upgrade.add_argument(
        "--dry-run", action="store_true", help="only print the SQL that would do it"
    )
    _json(upgrade)
