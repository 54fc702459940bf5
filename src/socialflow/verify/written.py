"""Written: refuted properties as a file of tests, which fail now and pass once they hold.

A test takes the steps of the trace on the definition as it is, and says what must not come of them:
so it is of use wherever there is an engine, and says by itself what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from socialflow.plans import plan_of
from socialflow.policies import BY_ROLE
from socialflow.stores.memory import MemoryStore
from socialflow.verify.concrete import Concrete
from socialflow.verify.properties import Safety
from socialflow.verify.prospects import AlwaysPossible, Eventually, SomeoneCanAct

if TYPE_CHECKING:
    from socialflow.verify.verdicts import Verdict

__all__ = ["written"]

DOCUMENTS = (".toml", ".json", ".yaml", ".yml")
STANDARD = {"contextlib", "datetime", "pathlib"}
FROM = {
    "suppress(": ("contextlib", "suppress"),
    "datetime.": ("datetime", "datetime"),
    "Path(": ("pathlib", "Path"),
    "Engine(": ("socialflow", "Engine"),
    "Refused,": ("socialflow", "Refused"),
    "Scope(": ("socialflow", "Scope"),
    "load_team(": ("socialflow.documents", "load_team"),
    "load_workflow(": ("socialflow.documents", "load_workflow"),
    "UnknownAction)": ("socialflow.errors", "UnknownAction"),
    "MemoryStore(": ("socialflow.stores.memory", "MemoryStore"),
    " check(": ("socialflow.verify", "check"),
    "always_possible(": ("socialflow.verify", "always_possible"),
    "approval(": ("socialflow.verify", "approval"),
    "at_most_once(": ("socialflow.verify", "at_most_once"),
    "different_people(": ("socialflow.verify", "different_people"),
    "eventually(": ("socialflow.verify", "eventually"),
    " never(": ("socialflow.verify", "never"),
    "precedes(": ("socialflow.verify", "precedes"),
    "someone_can_act(": ("socialflow.verify", "someone_can_act"),
}
"""What a test may name, as it stands there, and where that is from."""


def written(verdicts: Iterable[Verdict], workflow: str, team: str) -> str:
    """The file.

    Args:
        workflow: Where the workflow is to be had: ``"package.module:name"``, or a document.
        team: Where the team is.
    """
    named: dict[str, set[str]] = {}
    made = [
        told
        for place, name in ((workflow, "workflow"), (team, "team"))
        for told in _had(place, name, named)
    ]
    tests = "".join(_test(n, one) for n, one in enumerate(verdicts, 1))
    told = "\n".join(made)
    for spelled, (module, name) in FROM.items():
        if spelled in tests or spelled in told:
            named.setdefault(module, set()).add(name)
    lines = [
        '"""What `socialflow.verify` has found; each test passes once its property holds."""',
        "",
        *(one for one in _imports(named, ours=False)),
        "",
        *(one for one in _imports(named, ours=True)),
        *(["", *made] if made else []),
    ]
    return "\n".join(lines) + "\n" + tests


def _had(place: str, name: str, named: dict[str, set[str]]) -> Iterator[str]:
    """How the file comes by a definition: by an import, or by reading a document beside it."""
    if PurePosixPath(place).suffix.lower() in DOCUMENTS:
        yield f"{name} = load_{name}(Path(__file__).parent / {place!r})"
        return
    module, _, own = place.partition(":")
    named.setdefault(module, set()).add(own if own == name else f"{own} as {name}")


def _imports(named: dict[str, set[str]], *, ours: bool) -> Iterator[str]:
    for module in sorted(named):
        if (module not in STANDARD) is ours:
            yield f"from {module} import {', '.join(sorted(named[module], key=str.lower))}"


def _test(n: int, one: Verdict) -> str:
    name = re.sub(r"\W+", "_", str(one.sentence)).strip("_").lower()[:60].rstrip("_")
    steps = one.trace.lines() if one.trace is not None else ()
    lines = [
        "",
        "",
        f"def test_{n}_{name}() -> None:",
        f'    """{str(one.sentence)[:1].upper()}{str(one.sentence)[1:]}.',
        "",
        *(f"    {k}. {line}" for k, line in enumerate(steps, 1)),
        '    """',
        *(f"    {line}" for line in _body(one)),
        "",
    ]
    return "\n".join(lines)


def _body(one: Verdict) -> list[str]:
    """The steps, and what must not be; the property itself where they cannot be taken as they are.

    They cannot where a rule of your own has a say in it, or something from outside.
    """
    checked = [f"check(workflow, team, {one.sentence!r}).raise_if_refuted()"]
    setting = one.setting
    if setting is None or one.trace is None or one.names or not one.confirmed:
        return checked
    if setting.policy is not BY_ROLE or setting.is_below:
        return checked
    run = Concrete(setting, one.trace, MemoryStore(), None)
    played = run.played()
    if played.why or played.item is None:
        return checked
    marking = played.item.marking
    wrong = f"assert engine.item(item).marking != {marking!r}"
    if isinstance(one.sentence, AlwaysPossible | SomeoneCanAct):
        here = sorted(set(run.open_to(played.item.id)))
        ways = [
            plan_of(setting.workflow).ways[state].get(name) for state in marking for name in here
        ]
        if any(way.targets for way in ways if way is not None):
            return checked
        known = f"{{{', '.join(map(repr, here))}}}"
        wrong = f"assert {{one.action for one in seen if one.answer != 'no'}} - {known}"
        if not here:
            wrong = "assert any(one.answer != 'no' for one in seen)"
        seen = "seen = [one for who in team.members for one in engine.options(item, by=who.id)]"
        run.lines.append(seen)
    elif isinstance(one.sentence, Safety):
        if not played.breaks(setting, one.sentence):
            return checked
    elif not isinstance(one.sentence, Eventually):
        return checked
    return [
        f"now = datetime.fromisoformat({setting.at.isoformat()!r})",
        "engine = Engine(MemoryStore(), workflow, team, clock=lambda: now)",
        "with suppress(Refused, UnknownAction):",
        *(f"    {line}" for line in run.lines),
        f"    {wrong}",
    ]
