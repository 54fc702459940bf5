"""The laws: each lets an office work for a while, and looks at what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from agencies import Agencies
from approvals import Approvals
from books import Book
from closings import Closings
from companies import company
from dead_ends import DeadEnds
from histories import Histories
from offers import Offers
from office import Office
from refusals import Refusals
from uploads import Uploads
from votes import Votes

from socialflow.protocols import Store

__all__ = ["EXAMPLES", "LAWS", "STEPS", "Law", "at_work"]

Law = Callable[[Random], Office]
STEPS = 60
EXAMPLES = 3


def at_work(chance: Random, *books: Book, store: Store | None = None, agencies: int = 1) -> Office:
    """An office of some company that has opened, and has not done anything yet."""
    return Office(chance, company(chance), books, store=store, agencies=agencies).open()


def in_a_rush(chance: Random, book: Book) -> Office:
    """An office whose first item is taken on from its first signature until it goes out."""
    workflow = company(chance)
    signing = [stage.initial for stage in workflow.stages if stage.signs]
    return Office(chance, workflow, [book]).open(*signing[:1]).rush()


def approvals(chance: Random) -> Office:
    """Nothing is queued for publication but what every stage that signs has passed as it is."""
    return in_a_rush(chance, Approvals()).work(STEPS)


def votes(chance: Random) -> Office:
    """What is decided by ballot was decided by enough people who had a say in it, each once."""
    return at_work(chance, Votes()).work(STEPS)


def uploads(chance: Random) -> Office:
    """Nothing goes out twice, and what nobody knows about is found out before it is repeated."""
    return in_a_rush(chance, Uploads()).work(STEPS)


def histories(chance: Random, store: Store | None = None) -> Office:
    """Every item is what its history leads to, without a gap; an audit finds nothing."""
    book = Histories()
    office = at_work(chance, book, store=store).work(STEPS)
    book.look(office)
    return office


def offers(chance: Random) -> Office:
    """What is shown as open is open, and what is shown as refused is, for that reason."""
    office, book = at_work(chance), Offers()
    for _ in range(STEPS // 6):
        office.work(6)
        book.look(office, members=2)
    return office


def dead_ends(chance: Random) -> Office:
    """Wherever an item is, somebody can do something that leads on, or something is due."""
    office, book = at_work(chance), DeadEnds()
    for _ in range(STEPS // 6):
        office.work(6)
        book.look(office)
    return office


def closings(chance: Random) -> Office:
    """What was evaluated is closed with its goals answered and nothing escalated, or waived."""
    return at_work(chance, Closings()).work(STEPS)


def refusals(chance: Random, store: Store | None = None) -> Office:
    """What is refused has changed nothing, and nobody was told anything."""
    return at_work(chance, Refusals(), store=store).work(STEPS)


def agencies(chance: Random) -> Office:
    """Whoever works for an agency neither decides nor speaks with customers."""
    return at_work(chance, Agencies(), agencies=3).work(STEPS)


LAWS: Mapping[str, Law] = {
    law.__name__: law
    for law in (
        approvals,
        votes,
        uploads,
        histories,
        offers,
        dead_ends,
        closings,
        refusals,
        agencies,
    )
}
