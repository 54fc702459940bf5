"""Units: the departments, spokes and agencies that members belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from socialflow.errors import DefinitionError, Finding, nearest
from socialflow.members import Member

__all__ = ["KINDS", "Unit", "wrong_units"]

KINDS = ("hub", "spoke", "agency", "external")
"""What a unit may be."""


@attrs.frozen
class Unit:
    """A part of the organisation.

    Attributes:
        key: What members call it: ``"north"``.
        kind: ``"hub"``, ``"spoke"``, ``"agency"`` or ``"external"``.
        function: What it is there for: ``"marketing"``, ``"support"`` ... : the host's word.
        parent: Key of the unit above it, if any.
        lead: Id of the member who leads it; they need not belong to it.

    Raises:
        DefinitionError: There is no such kind.
    """

    key: str
    kind: str = "hub"
    function: str = ""
    parent: str | None = attrs.field(default=None, kw_only=True)
    lead: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DefinitionError.because(
                "unit",
                f"Unit / {self.key}",
                f"a unit cannot be of kind {self.kind!r}",
                nearest(self.kind, KINDS),
            )


def wrong_units(units: Mapping[str, Unit], members: Iterable[Member]) -> Iterator[Finding]:
    """What is wrong about *units* by key, and about the members' places in them."""
    ids = {member.id for member in members}
    for unit in units.values():
        where = f"Team / {unit.key}"
        if unit.parent is not None and unit.parent not in units:
            yield _unknown_unit(where, "the parent", unit.parent, units)
        elif unit.key in _above(unit, units):
            yield Finding("cycle", where, f"{unit.key!r} is above itself", "break the circle")
        if unit.lead is not None and unit.lead not in ids:
            message = f"its lead {unit.lead!r} is no member of the team"
            yield Finding("unknown_member", where, message, nearest(unit.lead, ids))
    for member in members:
        yield from _misplaced(member, units)


def _misplaced(member: Member, units: Mapping[str, Unit]) -> Iterator[Finding]:
    where = f"Team / {member.id}"
    if member.unit is None:
        return
    unit = units.get(member.unit)
    if unit is None:
        yield _unknown_unit(where, "the unit", member.unit, units)
    elif unit.kind == "agency" and member.kind != "agency":
        yield Finding(
            "unit",
            where,
            f"{unit.key!r} is an agency, and {member.id!r} is of kind {member.kind!r}",
            'whoever belongs to an agency is of kind="agency"',
        )


def _above(unit: Unit, units: Mapping[str, Unit]) -> set[str]:
    """Keys of the units above one, as far as they are known."""
    above: set[str] = set()
    parent = unit.parent
    while parent is not None and parent in units and parent not in above:
        above.add(parent)
        parent = units[parent].parent
    return above


def _unknown_unit(where: str, what: str, key: str, units: Mapping[str, Unit]) -> Finding:
    return Finding("unknown_unit", where, f"{what} {key!r} is not there", nearest(key, units))
