"""Mutants: the core with one thing changed at a time, which some test has to object to.

Cosmic Ray says what can be changed in `decisions`, `rules`, `policies` and `definitions`; each
mutant is written into a copy of the sources, and the tests of its module run against it until one
fails.  What no test objects to survives, and so does what takes too long.  Survivors that stand in
`tests/mutants.toml`, with the reason why they may, are no violations.
"""

from __future__ import annotations

import ast
import difflib
import re
import tomllib
from argparse import Namespace
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from random import Random
from tempfile import TemporaryDirectory

import attrs
import coverage
from soak.campaign import Outcome, options
from soak.planted import PASSED, ROOT, copy_of_source, status_of

__all__ = ["OPTIONS", "Mutant", "mutants_of", "run", "survives"]

OPTIONS = options("mutants", __doc__, examples=10_000, seed=1)
OPTIONS.add_argument("names", nargs="*", metavar="MODULE", help="only those of these modules")

MODULES = ("decisions", "rules", "policies", "definitions")
TESTS = (
    *("decisions", "options", "commands", "waivers", "rules", "policies", "people", "definitions"),
    *("variants", "findings", "derivations", "documents", "delegations", "moments", "children"),
    *("engine", "engine_facts", "settling", "machine", "until", "votes", "birth", "write_path"),
    *("wrong_documents", "laws", "obligations", "diagrams", "staffing", "engine_keys", "signals"),
    *("due", "cycles"),
)
FILES = (
    *(f"tests/test_{name}.py" for name in TESTS),
    "tests/content/test_rules_about_people.py",
    "tests/content/test_rules_about_content.py",
    "tests/model",
)
"""Which tests look at the core; of these, a mutant meets those that come by its line."""

MOST = 200
"""Tests that a mutant meets; of more than that come by its line, so many by chance."""

LONGEST = 180
"""Seconds after which a mutant counts as survived."""

POINTLESS = re.compile(r"Bit(Or|And)_(Add|Mul|Div|FloorDiv|Mod|Pow|RShift|LShift)$")
"""Arithmetic on sets: a TypeError wherever it runs."""


@attrs.frozen
class Mutant:
    """A module with one thing changed.

    Attributes:
        module: Its name.
        inside: The definition in which that is; empty outside of any.
        code: All of it.
        line: Which line is another.
        was: How it was.
        now: How it is.
    """

    module: str
    inside: str
    code: str = attrs.field(repr=False)
    line: int
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.module}.py, line {self.line}, in {self.inside}: {self.was}  ->  {self.now}"


def path_of(module: str) -> Path:
    """Where a module stands, below the sources."""
    return Path("socialflow") / f"{module}.py"


def mutants_of(module: str) -> Iterator[Mutant]:
    """Everything that can be changed in a module, but for annotations, which nobody evaluates."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.ast.ast_query import ASTQuery
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    code = (ROOT / "src" / path_of(module)).read_text(encoding="utf-8")
    passive, seen = {*annotated(code)}, {code}
    for name in operator_names():
        operator = get_operator(name)
        if operator.arguments() or POINTLESS.search(name):
            continue
        places = (
            (node, begin)
            for node in ast_nodes(get_ast(code))
            for begin, _ in operator().mutation_positions(node)
        )
        for occurrence, (node, begin) in enumerate(places):
            changed = mutate_code(code, operator(), occurrence)
            if begin not in passive and changed not in seen:
                seen.add(changed)
                inside = ASTQuery(node).get_definition_name() or ""
                yield Mutant(module, inside, changed, begin[0], *differing(code, changed))


def annotated(code: str) -> Iterator[tuple[int, int]]:
    """Every place that is inside of an annotation: line and column."""
    for node in ast.walk(ast.parse(code)):
        for told in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if told is not None:
                lines = code.splitlines()[told.lineno - 1 : told.end_lineno]
                for line, text in enumerate(lines, told.lineno):
                    first = told.col_offset if line == told.lineno else 0
                    last = told.end_col_offset if line == told.end_lineno else len(text)
                    yield from ((line, column) for column in range(first, last))


def differing(before: str, after: str) -> tuple[str, str]:
    """The lines that are not the same, as they were and as they are."""
    told = [*difflib.ndiff(before.splitlines(), after.splitlines())]
    return tuple(
        " ".join(line[2:].strip() for line in told if line.startswith(sign)) for sign in "-+"
    )  # type: ignore[return-value]


def survives(mutant: Mutant, source: Path, tests: list[str]) -> bool:
    """Whether none of the tests objects to a mutant, put into these sources."""
    place = source / path_of(mutant.module)
    before = place.read_bytes()
    place.write_text(mutant.code, encoding="utf-8")
    try:
        return status_of(tests, source, within=LONGEST) in (PASSED, None)
    finally:
        place.write_bytes(before)


def coming_by(source: Path) -> dict[tuple[str, int], list[str]]:
    """The tests that come by each line of the modules, which all have to be green."""
    status = status_of(FILES, source, f"--cov={source}", "--cov-context=test", "--cov-report=")
    if status != PASSED:
        raise RuntimeError(f"without any mutant pytest ended with {status}")
    data = coverage.CoverageData(str(source.parent / "coverage"))
    data.read()
    found = {}
    for module in MODULES:
        for line, contexts in data.contexts_by_lineno(str(source / path_of(module))).items():
            found[module, line] = sorted({one.rpartition("|")[0] for one in contexts} - {""})
    return found


def explained() -> dict[tuple[str, str, str], str]:
    """Why survivors may survive, by module, definition and changed line."""
    text = (ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8")
    return {
        (one["module"], one["inside"], one["now"]): one["why"]
        for one in tomllib.loads(text).get("survivor", ())
    }


@attrs.frozen
class Hunt:
    """Two copies of the sources, in which mutants are tried side by side.

    Attributes:
        free: Those in which none is.
        tests: Which tests come by each line.
        rng: Chooses, if there are too many.
    """

    free: SimpleQueue[Path]
    tests: Mapping[tuple[str, int], list[str]]
    rng: Random

    def met_by(self, mutant: Mutant) -> list[str]:
        """The tests that a mutant meets; of a line that is run at import, any of its module."""
        near = self.tests.get((mutant.module, mutant.line), [])
        known = near or sorted(
            {
                test
                for (module, _), all in self.tests.items()
                if module == mutant.module
                for test in all
            }
        )
        return known if len(known) <= MOST else sorted(self.rng.sample(known, MOST))

    def tried(self, mutant: Mutant, tests: list[str]) -> bool:
        """Whether it survives."""
        source = self.free.get()
        try:
            return survives(mutant, source, tests)
        finally:
            self.free.put(source)

    def outcome(self, module: str, examples: int, seed: int) -> Outcome:
        """Try the mutants of a module, or so many of them."""
        mutants = [*mutants_of(module)]
        chosen = self.rng.sample(mutants, min(examples, len(mutants)))
        with ThreadPoolExecutor(2) as pool:
            lives = pool.map(self.tried, chosen, map(self.met_by, chosen))
            survivors = [one for one, survived in zip(chosen, lives, strict=True) if survived]
        reasons = explained()
        known = {one: reasons.get((one.module, one.inside, one.now), "") for one in survivors}
        report = (
            f"{module}: {len(chosen)} of {len(mutants)} mutants, "
            f"{1 - len(survivors) / max(len(chosen), 1):.1%} killed, {len(survivors)} survived, "
            f"{sum(map(bool, known.values()))} of them explained",
            *(f"  {one}\n      {why or 'NOT EXPLAINED'}" for one, why in known.items()),
        )
        unexplained = [str(one) for one, why in known.items() if not why]
        return Outcome(f"mutants / {module}", len(chosen), unexplained, seed, report)


def run(asked: Namespace) -> list[Outcome]:
    """Try the mutants of each module."""
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        free: SimpleQueue[Path] = SimpleQueue()
        sources = [copy_of_source(Path(folder)) for folder in (first, second)]
        for source in sources:
            free.put(source)
        hunt = Hunt(free, coming_by(sources[0]), Random(asked.seed))
        return [hunt.outcome(name, asked.examples, asked.seed) for name in asked.names or MODULES]
