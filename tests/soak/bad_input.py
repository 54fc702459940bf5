"""Ten thousand mutations of valid things: the answer is success, or an error of the library's own.

The law: whatever comes in, nothing but a `SocialflowError` comes out, it has a sentence, and the
dump of the store is what it was. At the end every class of error and every code has been met, by a
mutation or by one of the cases in `wrong_cases`.
"""

from __future__ import annotations

import json
import shutil
import time
import traceback
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from inspect import signature
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import valid_things as valid
from mutations import mutate
from mutations_of_input import Order
from soak.campaign import Outcome, options
from wrong_cases import CASES, LEFT_OUT, tamper
from wrong_codes import error_classes, wanted_codes

from socialflow import Engine, Grant, Member, Team, Workflow
from socialflow.documents import load_team, load_workflow, parse_workflow
from socialflow.errors import DefinitionConflict, DefinitionError, Refused, SocialflowError
from socialflow.logs import read_log
from socialflow.mappings import load_mapping
from socialflow.rehearsal import Rehearsal
from socialflow.stores.sql import SqlStore
from socialflow.stores.sql.tables import SCHEMA_VERSION

__all__ = ["OPTIONS", "Campaign", "run"]

OPTIONS = options("bad_input", __doc__, examples=10_000, seed=1)

UNPARSED = {"syntax", "unreadable", "too_large", "unknown_format"}
"""Codes of texts that nobody could read; whatever else is wrong about a text was read first."""

SLOW = 5.0
"""Seconds of work beyond which an answer counts as none; of waiting for others nobody asks."""


@attrs.frozen
class Violation:
    """Something else than success or one of the library's own errors.

    Attributes:
        example: Number of the example, or name of the case.
        mutations: What made it wrong.
        what: What came out.
        given: What went in.
    """

    example: str
    mutations: tuple[str, ...]
    what: str
    given: str


@attrs.define
class Campaign:
    """Valid things made wrong, and what came of them.

    Attributes:
        folder: Where files are written.
        seed: Of chance.
    """

    folder: Path
    seed: int
    kinds: Counter[str] = attrs.field(factory=Counter)
    parsed: Counter[str] = attrs.field(factory=Counter)
    accepted: Counter[str] = attrs.field(factory=Counter)
    used: Counter[str] = attrs.field(factory=Counter)
    classes: Counter[str] = attrs.field(factory=Counter)
    codes: Counter[str] = attrs.field(factory=Counter)
    violations: list[Violation] = attrs.field(factory=list)
    documents: list[dict[str, Any]] = attrs.field(factory=valid.documents)
    _now: tuple[str, tuple[str, ...], str] = ("", (), "")
    _unparsed: bool = False

    def __attrs_post_init__(self) -> None:
        if not (self.folder / "filled.db").exists():
            valid.fill_store(self.folder / "filled.db")

    def anew(self) -> Campaign:
        """The same campaign, which has tried nothing yet."""
        return Campaign(self.folder, self.seed)

    def run(self, examples: int) -> Campaign:
        """Try so many examples, each from a seed of its own."""
        ways = (self.document, self.order, self.log, self.people)
        for n in range(examples):
            self._unparsed = accepted = False
            way = ways[n % len(ways)]
            began = time.process_time()
            with self.guarded(str(n)):
                accepted = way(Random(f"{self.seed} {n}"))
            if time.process_time() - began > SLOW:
                self.break_law(f"it took {time.process_time() - began:.0f} seconds")
            self.kinds[way.__name__] += 1
            self.parsed[way.__name__] += not self._unparsed
            self.accepted[way.__name__] += accepted
        return self

    def run_cases(self, names: Iterable[str] = tuple(CASES)) -> Campaign:
        """Try what no mutation comes to."""
        for name, case in ((name, CASES[name]) for name in names):
            with self.guarded(name), self.store() as store:
                self._now = (name, (), case.__doc__ or "")
                self.tried(store, lambda case=case, store=store: self.ask(store, case(store)))
        return self

    def run_tampered(self) -> Campaign:
        """Audit stores that were tampered with."""
        with self.guarded("audit"):
            for name, findings in tamper(self.folder / "filled.db", self.folder):
                self._now = (name, (), "")
                self.note(findings)
        return self

    def ask(self, store: SqlStore, told: Any) -> None:
        """Note what a case has told, or call what it has prepared."""
        self.note(self.tried(store, told) if callable(told) else told)

    # -- the law

    @contextmanager
    def guarded(self, example: str) -> Iterator[None]:
        """Whatever is raised outside of `tried` breaks the law as well, unless it is ours."""
        self._now = (example, (), "")
        try:
            yield
        except SocialflowError as error:
            self.met(error)
        except Exception as error:
            self.break_law(in_short(error))

    def tried(self, store: SqlStore, call: Callable[[], Any]) -> Any:
        """What *call* gives; None if it was refused, whereupon the store is as it was."""
        before = store.dump()
        try:
            return call()
        except SocialflowError as error:
            self.met(error)
            if store.dump() != before:
                self.break_law(f"refused, and the store has changed: {error!r}")
        except Exception as error:
            self.break_law(in_short(error))
        return None

    def met(self, error: SocialflowError) -> None:
        """Count an error, its class, and every code that it carries."""
        self.classes.update(one.__name__ for one in type(error).__mro__)
        if isinstance(error, DefinitionError):
            self._unparsed = self._unparsed or not UNPARSED.isdisjoint(error.codes)
            self.note(error.findings)
        if isinstance(error, Refused):
            self.note(error.refusal)
        if not str(error):
            self.break_law(f"an error without a sentence: {error!r}")

    def note(self, found: Any) -> None:
        """Count the codes of findings and objections."""
        self.codes.update(one.code for one in found or ())

    def break_law(self, what: str) -> None:
        self.violations.append(Violation(*self._now[:2], what, self._now[2]))

    # -- examples

    def made_wrong(self, rng: Random, kinds: tuple[str, ...], thing: Any) -> Any:
        """*thing* after one to three mutations."""
        names = []
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            name, thing = mutate(rng, kinds, thing)
            names.append(name)
        self.used.update(names)
        self._now = (self._now[0], (*self._now[1], *names), repr(thing)[:600])
        return thing

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        """A copy of the filled store, of which nothing is left behind."""
        with TemporaryDirectory(dir=self.folder) as folder:
            path = Path(folder) / "copy.db"
            shutil.copyfile(self.folder / "filled.db", path)
            with closing(valid.open_store(path)) as store:
                yield store

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def document(self, rng: Random) -> bool:
        """A workflow, as a mapping or as text; and an item's first steps in it."""
        if rng.random() < 0.3:
            suffix, text = rng.choice(valid.texts())
            content = self.made_wrong(rng, ("text",), text.encode())
            workflow = load_workflow(self.file(f"workflow.{suffix}", content), valid.REGISTRY)
        else:
            document = deepcopy(rng.choice(self.documents))
            document = self.made_wrong(rng, ("plain", "workflow"), document)
            if rng.random() < 0.5:
                workflow = load_workflow(document, valid.REGISTRY)
            else:
                try:
                    text = json.dumps(document)
                except (TypeError, ValueError):
                    text = json.dumps(document, default=str, skipkeys=True)
                workflow = parse_workflow(text, "json", valid.REGISTRY)
        self.note(workflow.findings())
        with self.store() as store:
            self.walk(rng, store, workflow)
        return True

    def walk(self, rng: Random, store: SqlStore, workflow: Workflow) -> None:
        """A few steps by somebody who may do anything, on a store that knows the original."""
        roles = {role.key for role in workflow.roles} | {
            key for stage in workflow.stages for key in stage.role
        }
        doer = Member("ann", [Grant(role) for role in sorted(roles)])

        def engine() -> Engine:
            return Engine(store, [workflow], Team([doer]), registry=valid.REGISTRY)

        try:
            told = engine()
        except DefinitionConflict as error:
            self.met(error)
            workflow = workflow.named(workflow.name, f"{workflow.version} mutant")
            told = engine()
        item = self.tried(
            store, lambda: told.create(workflow.name, by="ann", data={"title": "x"}, id="mutant")
        )
        for _ in range(4 if item else 0):
            options = self.tried(store, lambda: told.options("mutant", by="ann"))
            if not options:
                return
            option = rng.choice(options)
            self.note(option.refusal)
            data = {"title": "y"} if option.action == "edit" else None
            to = rng.choice(option.targets) if option.targets else None
            self.tried(
                store,
                lambda option=option, data=data, to=to: told.perform(
                    "mutant", option.action, by="ann", data=data, to=to
                ),
            )

    def order(self, rng: Random) -> bool:
        """A call of an engine on a store with items."""
        order: Order = self.made_wrong(rng, ("order",), deepcopy(rng.choice(valid.orders())))
        with self.store() as store:
            if order.schema != SCHEMA_VERSION:
                with store.engine.begin() as connection:
                    connection.exec_driver_sql(
                        "UPDATE socialflow_about SET value = ?", (order.schema,)
                    )

            def call() -> Any:
                used = valid.open_store(Path(str(store.url.database)), **order.store)
                with closing(used):
                    engine = valid.engine_on(used)
                    method = getattr(engine, order.call)
                    taken = signature(method).parameters
                    return method(**{k: v for k, v in order.given.items() if k in taken})

            answer = self.tried(store, lambda: (call(),))
            if answer and order.call == "why_not":
                self.note(answer[0])
        return answer is not None

    def log(self, rng: Random) -> bool:
        """A log as CSV or JSON lines, with a mapping, replayed."""
        table = valid.log_table()
        mutating = rng.choice((("table",), ("table",), ("table", "text"), ("text",)))
        if "table" in mutating:
            self.made_wrong(rng, ("table",), table)
        lines = rng.random() < 0.3
        text = valid.as_json_lines(table) if lines else valid.as_csv(table)
        if "text" in mutating:
            text = self.made_wrong(rng, ("text",), text)
        path = self.file("log.jsonl" if lines else "log.csv", text)
        with self.store() as store:
            told = self.tried(store, lambda: read_log(path, valid.MAPPING.columns))
            self._unparsed = told is None
            on_refusal = rng.choice(("record", "stop"))
            return told is not None and self.replay(store, told, valid.MAPPING, on_refusal)

    def replay(self, store: SqlStore, told: Any, mapping: Any, on_refusal: Any) -> bool:
        """All of a log; its codes are met whether they refused, or were waived."""
        rehearsal = self.tried(
            store,
            lambda: Rehearsal(told, mapping, valid.BLOG, store, on_refusal=on_refusal),
        )
        if rehearsal is None:
            return False
        outcomes = rehearsal.play()
        while outcome := self.tried(store, lambda: next(outcomes, None)):
            self.codes.update(outcome.codes)
        return self.tried(store, rehearsal.report) is not None

    def people(self, rng: Random) -> bool:
        """A team or a mapping, as plain data or as TOML, and what is done with it."""
        kind, load, text = rng.choice(
            (("team", load_team, valid.TEAM_TEXT), ("mapping", load_mapping, valid.MAPPING_TEXT))
        )
        if rng.random() < 0.3:
            source: Any = self.file(f"{kind}.toml", self.made_wrong(rng, ("text",), text.encode()))
        else:
            source = self.made_wrong(rng, ("plain", "people"), valid.plain_of(text))
        with self.store() as store:
            made = self.tried(store, lambda: load(source))
            if made is None:
                return False
            if kind == "mapping":
                table = self.file("log.csv", valid.as_csv(valid.log_table(6)))
                told = self.tried(store, lambda: read_log(table, made.columns))
                if told is not None:
                    self.replay(store, told, made, "record")
                return True
            self.note(made.check(role.key for role in valid.WORKFLOW.roles))
            engine = Engine(store, [valid.WORKFLOW], made, registry=valid.REGISTRY)
            for member in (*made.members, Member("ann")):
                for by in (member, member.id):
                    self.tried(store, lambda by=by: engine.perform("first", "submit", by=by))
                    self.tried(store, lambda by=by: engine.options("second", by=by))
        return True

    # -- what came of it

    def unmet(self) -> tuple[list[str], list[str]]:
        """Classes and codes that nothing has come to."""
        names = (kind.__name__ for kind in error_classes())
        classes = [name for name in names if name not in LEFT_OUT and not self.classes[name]]
        return classes, sorted(wanted_codes() - {*LEFT_OUT, *(+self.codes)})

    def report(self) -> str:
        """A table of what was tried, what was met, and what broke the law."""
        lines = [f"{'what':<10} {'tried':>6} {'parsed':>7} {'accepted':>9}"]
        for kind, tried in self.kinds.items():
            shares = (self.parsed[kind] / tried, self.accepted[kind] / tried)
            lines.append(f"{kind:<10} {tried:>6} {shares[0]:>7.0%} {shares[1]:>9.0%}")
        total = sum(self.kinds.values())
        if total:
            shares = (sum(self.parsed.values()) / total, sum(self.accepted.values()) / total)
            lines.append(f"{'all':<10} {total:>6} {shares[0]:>7.0%} {shares[1]:>9.0%}")
        lines += ["", f"{len(self.used)} mutations", ""]
        known = {kind.__name__ for kind in error_classes()}
        for title, counted, wanted in (
            ("class", self.classes, known),
            ("code", self.codes, wanted_codes()),
        ):
            lines += [f"{title:<22} {'met':>7}"]
            lines += [f"{name:<22} {counted[name]:>7}" for name in sorted(wanted)]
            lines += [f"{sum(counted[n] > 0 for n in wanted)} of {len(wanted)} met", ""]
        lines += [f"left out: {code}: {why}" for code, why in LEFT_OUT.items()]
        for name in (name for names in self.unmet() for name in names):
            lines.append(f"never met: {name}")
        return "\n".join([*lines, *self.broken(), f"{len(self.violations)} violations"])

    def broken(self) -> Iterator[str]:
        """Every kind of violation, how often it came, and the shortest way to it."""
        by_kind: dict[str, list[Violation]] = {}
        for one in self.violations:
            by_kind.setdefault(one.what, []).append(one)
        for what, several in by_kind.items():
            short = min(several, key=lambda one: (len(one.mutations), len(one.given)))
            yield f"VIOLATION ({len(several)} times): {what}"
            yield f"  example {short.example}, {', '.join(short.mutations)}: {short.given}"


def in_short(error: Exception) -> str:
    """What was raised, and where in the library."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if "socialflow" in Path(frame.filename).parts]
    last = inside[-1] if inside else frames[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, {last.name}, line {last.lineno}"


def run(asked: Namespace) -> list[Outcome]:
    """Break valid things; that something was never met is a violation too."""
    with TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), asked.seed).run(asked.examples).run_cases().run_tampered()
    never = [f"never met: {name}" for names in campaign.unmet() for name in names]
    violations = [*map(attrs.asdict, campaign.violations), *never]
    return [
        Outcome("bad_input", asked.examples, violations, asked.seed, (campaign.report(),)),
    ]
