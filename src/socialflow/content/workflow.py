"""The ten stages of a social-media department, in one workflow."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial

from socialflow import Role, Workflow
from socialflow.content.across import ACROSS
from socialflow.content.candidate import CANDIDATE
from socialflow.content.post import FIXED, REVISION, Post
from socialflow.content.roles import ROLES
from socialflow.content.ten_stages import BELOW, ENDS, RIGHTS, STAGES

__all__ = ["social_content"]


_department = partial(
    Workflow,
    "social_content",
    STAGES,
    ACROSS,
    fields=Post,
    content=REVISION,
    fixed=FIXED,
    ends=ENDS,
    rights=RIGHTS,
    children=(*BELOW, CANDIDATE),
)


def social_content(*, roles: Iterable[Role] = ROLES) -> Workflow:
    """The workflow of a social-media department, from the idea to the lessons learnt.

    Args:
        roles: Who takes part; a company with a role of its own says ``(*ROLES, Role("..."))``.

    Example:
        >>> shorter = social_content().without("promotion").named("acme", "3")
        >>> len(shorter.stages)
        9
    """
    return _made(tuple(roles))


@cache
def _made(roles: tuple[Role, ...]) -> Workflow:
    """One value for the same roles: it is made, and checked, but once."""
    return _department(roles=roles)
