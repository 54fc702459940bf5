"""Written: refuted properties as a file of tests, which fail now and pass once they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialflow.verify.verdicts import Verdict

__all__ = ["written"]

WORDS = (
    "always_possible",
    "approval",
    "at_most_once",
    "different_people",
    "eventually",
    "never",
    "precedes",
    "someone_can_act",
)


def written(verdicts: Iterable[Verdict], workflow: str, team: str) -> str:
    """The file.

    Args:
        workflow: Where the workflow is to be had: ``"package.module:name"``.
        team: Where the team is.
    """
    several = tuple(verdicts)
    tests = [_test(n, one) for n, one in enumerate(several, 1)]
    used = [word for word in WORDS if any(f"{word}(" in test for test in tests)]
    lines = [
        '"""What `socialflow.verify` has found; each test passes once its property holds."""',
        "",
        _imported(team, "team"),
        _imported(workflow, "workflow"),
        f"from socialflow.verify import {', '.join(sorted(['check', *used]))}",
    ]
    return "\n".join(lines) + "\n" + "".join(tests)


def _imported(place: str, name: str) -> str:
    module, _, own = place.partition(":")
    return f"from {module} import {own}" + (f" as {name}" if own != name else "")


def _test(n: int, one: Verdict) -> str:
    name = re.sub(r"\W+", "_", str(one.sentence)).strip("_").lower()[:60].rstrip("_")
    steps = one.trace.lines() if one.trace is not None else ()
    told = [
        "",
        "",
        f"def test_{n}_{name}() -> None:",
        f'    """{str(one.sentence)[:1].upper()}{str(one.sentence)[1:]}.',
        "",
        *(f"    {k}. {line}" for k, line in enumerate(steps, 1)),
        '    """',
        f"    check(workflow, team, {one.sentence!r}).raise_if_refuted()",
        "",
    ]
    return "\n".join(told)
