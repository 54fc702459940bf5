"""The documents: what they promise is so, and nothing that can be looked up is missing."""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tempfile
import types
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from doctest import ELLIPSIS, OutputChecker
from io import StringIO
from pathlib import Path
from pkgutil import iter_modules

import attrs
import pytest

import socialflow
from socialflow import Action, Engine, Grant, Member, Role, Stage, Team, Workflow, errors
from socialflow.ballots import Ballot
from socialflow.cli.arguments import parser
from socialflow.content import department, social_content
from socialflow.content.department import Department
from socialflow.content.presets import WORKFLOWS
from socialflow.diagrams import markdown
from socialflow.documents.derivation import AMENDMENT, DERIVATION, INSERTION
from socialflow.documents.shapes import attributes
from socialflow.kinds import Children
from socialflow.logs import Columns
from socialflow.mappings import MAPPING, STEP
from socialflow.offers import KINDS, content, library
from socialflow.plugins import Registry
from socialflow.questions import Questions
from socialflow.signals import Signals

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SOURCES = ROOT / "src" / "socialflow"
ON_A_SERVER = DOCS / "how-to" / "keep-items-in-postgresql.md"
PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("examples/*/*.md")],
)

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) +(.+?) *$", re.MULTILINE)


def path_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=path_of)


# -- snippets


def printed_by(page: Path, **told: str) -> Iterator[tuple[str, str]]:
    """Runs the snippets of a page in one namespace: what each is said to print, and prints."""
    module = types.ModuleType("page")
    vars(module).update(told)
    printed = ""
    for language, body in BLOCK.findall(page.read_text()):
        if language == "text" and printed:
            yield body, printed
            printed = ""
        elif language == "python":
            if printed:
                yield "", printed
            with redirect_stdout(StringIO()) as output:
                exec(compile(body, str(page), "exec"), vars(module))
            printed = output.getvalue()
    if printed:
        yield "", printed


def shows_what_its_snippets_print(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **told: str
) -> None:
    """Whatever a snippet prints stands in a ``text`` block behind it; ``...`` is any text.

    The folder that it is tried in is left as it was: files are written to temporary ones.
    """
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))

    for said, printed in printed_by(page, **told):
        assert OutputChecker().check_output(said.strip(), printed.strip(), ELLIPSIS), printed
    assert [] == list(here.iterdir())


@pytest.mark.parametrize("page", [one for one in PAGES if one != ON_A_SERVER], ids=path_of)
def test_a_page_shows_what_its_snippets_print(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a snippet prints stands in a ``text`` block behind it."""
    shows_what_its_snippets_print(page, tmp_path, monkeypatch)


def test_the_page_about_a_server_shows_what_its_snippets_print(
    pg_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told the address of a database."""
    shows_what_its_snippets_print(ON_A_SERVER, tmp_path, monkeypatch, url=pg_url)


def test_the_store_of_the_how_to_keeps_the_contract(tmp_path: Path) -> None:
    """The two files that the page shows are a store, and a test file that is green."""
    page = (DOCS / "how-to" / "write-a-store.md").read_text()
    files = dict(re.findall(r"^```py(?:thon)?\n# (\w+\.py)\n(.*?)^```$", page, re.M | re.S))
    assert {"my_store.py", "test_my_store.py"} == set(files)
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_my_store.py"]
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SOURCES.parent)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == ran.returncode, ran.stdout


# -- links


def headings(page: Path) -> list[tuple[int, str]]:
    """Level and text of every heading."""
    prose = BLOCK.sub("", page.read_text())
    return [(len(marks), text) for marks, text in HEADING.findall(prose)]


def anchors(page: Path) -> set[str]:
    """What a link to a heading says behind ``#``."""
    seen: Counter[str] = Counter()
    made = set()
    for _, text in headings(page):
        words = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        made.add(f"{words}-{seen[words]}" if seen[words] else words)
        seen[words] += 1
    return made


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Where a page leads within the repository: the file, and the anchor."""
    for target in LINK.findall(BLOCK.sub("", page.read_text())):
        if not re.match(r"\w+:", target):
            name, _, anchor = target.partition("#")
            yield ((page.parent / name).resolve() if name else page), anchor


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """To a file that is there, and to a heading of it if the link names one."""
    for target, anchor in links(page):
        assert target.is_file(), f"{path_of(page)}: no file {target}"
        assert not anchor or anchor in anchors(target), f"{path_of(page)}: no #{anchor}"


def test_every_document_is_found_from_the_index() -> None:
    """Whoever begins at the index and follows links comes to every page."""
    found: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in found:
            found.add(page)
            waiting += [target for target, _ in links(page) if target.suffix == ".md"]

    assert set() == set(DOCS.rglob("*.md")) - found


def test_the_title_of_a_how_to_begins_with_a_verb() -> None:
    """It is what its file is called, so that nobody searches twice."""
    for page in (DOCS / "how-to").glob("*.md"):
        level, title = headings(page)[0]
        first = page.stem.partition("-")[0]
        assert (1, first) == (level, title.partition(" ")[0].lower())


# -- codes


def called(node: ast.AST) -> tuple[str, ast.expr] | None:
    """The name of what is called, and its first argument."""
    if not (isinstance(node, ast.Call) and node.args):
        return None
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    return name, node.args[0]


def codes_in_sources(*makers: str) -> Iterator[tuple[str, str]]:
    """The file and the code of everything that *makers* make; ``{}`` for what varies."""
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            name, code = called(node) or ("", None)
            if name in makers and isinstance(code, ast.Constant):
                yield file.name, str(code.value)
            elif name in makers and isinstance(code, ast.JoinedStr):
                parts = (getattr(part, "value", "{}") for part in code.values)
                yield file.name, "".join(p if isinstance(p, str) else "{}" for p in parts)


def error_codes(kind: type[errors.SocialflowError] = errors.SocialflowError) -> Iterator[str]:
    yield kind.code
    for below in kind.__subclasses__():
        if below.__module__.startswith("socialflow."):
            yield from error_codes(below)


MADE_UP = ("inventing.py",)
"""Rules that are there for tests only."""


def objection_codes() -> Iterator[str]:
    yield from (code for file, code in codes_in_sources("Objection") if file not in MADE_UP)
    yield from Registry(library, content).names("rules")
    yield "not_…"


AUDITING = ("audits.py", "promises.py", "retelling.py")
SAYING = ("_about", "_entry", "_effect")


def finding_codes(of_audit: bool) -> Iterator[str]:
    for file, code in codes_in_sources("Finding", "because", "report", *SAYING):
        if of_audit == (file in AUDITING) and code != "unknown_{}":
            yield code
    if not of_audit:
        yield from (f"unknown_{kind.noun}" for kind in KINDS.values())
        yield from ("unknown_field", "unknown_stage", "unknown_mark")


def section(page: Path, title: str) -> str:
    """The text under a heading, up to the next one of its level."""
    text = page.read_text()
    begin = re.search(rf"^(#+) {re.escape(title)}$", text, re.M)
    assert begin is not None, f"{path_of(page)} has no heading {title!r}"
    rest = text[begin.end() :]
    end = re.search(rf"^#{{1,{len(begin[1])}}} ", BLOCK.sub(lambda m: "." * len(m[0]), rest), re.M)
    return rest[: end.start()] if end else rest


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Errors", [*error_codes()]),
        ("Objections", [*objection_codes()]),
        ("Findings about definitions", [*finding_codes(of_audit=False)]),
        ("Findings of an audit", [*finding_codes(of_audit=True)]),
    ],
)
def test_every_code_has_a_paragraph(title: str, codes: list[str]) -> None:
    """No code in the sources is missing from the catalogue, and none in it is gone."""
    told = re.findall(r"^### `(\S+)`$", section(DOCS / "reference" / "errors.md", title), re.M)

    assert sorted(set(codes)) == sorted(told)


# -- catalogues


def listed(text: str, *, column: int = 0) -> list[str]:
    """What the tables in *text* have in back quotes in their first column."""
    rows = re.findall(r"^\| (.*) \|$", BLOCK.sub("", text), re.M)
    cells = (re.split(r" \| ?", row)[column] for row in rows)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


API = DOCS / "reference" / "api.md"
DOCUMENTS = DOCS / "reference" / "documents.md"


def test_every_public_name_is_listed() -> None:
    """The menu of the package, in its order."""
    assert socialflow.__all__ == listed(section(API, "`socialflow`"))


def test_every_method_of_the_engine_is_listed() -> None:
    """All that can be called."""
    methods = [
        name
        for one in (Engine, Questions)
        for name, told in vars(one).items()
        if callable(told) and name[0] != "_"
    ]

    assert methods == listed(section(API, "`Engine`"))


def test_every_module_is_listed() -> None:
    """Either to import from, or as one that is inside."""
    told = [
        *listed(section(API, "Modules to import from"), column=0),
        *listed(section(API, "Modules inside"), column=0),
    ]
    modules = (f"socialflow.{one.name}" for one in iter_modules(socialflow.__path__))

    assert sorted(one for one in modules if "._" not in one) == sorted(told)


def test_every_signal_is_listed() -> None:
    """With what it carries."""
    told = listed((DOCS / "reference" / "signals.md").read_text())

    assert [field.name for field in attrs.fields(Signals)] == told[: len(attrs.fields(Signals))]


def test_every_group_of_entry_points_is_listed() -> None:
    """A group for each kind of plugin."""
    told = listed((DOCS / "reference" / "entry-points.md").read_text())

    assert [f"socialflow.{kind}" for kind in KINDS] == [one for one in told if "." in one]


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Stages", [*attributes(Stage)]),
        ("Actions", [*attributes(Action), *attributes(Ballot), *attributes(Children)]),
        ("Roles", [*attributes(Role)]),
        ("Rules", ["rule", "negated", "waivable_by", "advisory"]),
        ("A derivation", [*DERIVATION, *({*AMENDMENT} - {*attributes(Stage)}), *INSERTION]),
        ("Teams", [*attributes(Team), *attributes(Member), *attributes(Grant)]),
        ("Mappings", [*MAPPING, *STEP]),
    ],
)
def test_every_key_of_a_document_is_listed(title: str, keys: list[str]) -> None:
    """Whatever a document can say has a line, and nothing else has."""
    told = listed(section(DOCUMENTS, title))

    assert sorted({*keys}) == sorted({*told})


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("The document", [*attributes(Department)]),
        ("Channels", [*attributes(department.Channel)]),
        ("Accounts", [*attributes(department.Account)]),
        ("Slots", [*attributes(department.Slots)]),
        ("Goals", [*attributes(department.Goal)]),
        ("Campaigns", [*attributes(department.Campaign)]),
        ("Budgets", [*attributes(department.Budget)]),
        ("Messages", [*attributes(department.Message)]),
        ("Freezes", [*attributes(department.Freeze)]),
        ("Blackouts", [*attributes(department.Blackout)]),
        ("Monitoring", [*attributes(department.MonitoringAssignment)]),
    ],
)
def test_every_key_of_the_department_is_listed(title: str, keys: list[str]) -> None:
    """Whatever the department's document can say has a line, and nothing else has."""
    told = listed(section(DOCS / "reference" / "department.md", title))

    assert sorted({*keys}) == sorted({*told})


def test_every_key_of_a_workflow_is_listed() -> None:
    """Those of the workflow itself stand first."""
    keys = [*attributes(Workflow)]

    assert sorted(keys) == sorted(listed(section(DOCUMENTS, "A workflow"))[: len(keys)])


def test_the_columns_of_a_mapping_are_named() -> None:
    """What a log can call by another name."""
    told = section(DOCUMENTS, "Mappings")

    assert [] == [one.name for one in attrs.fields(Columns) if f"`{one.name}`" not in told]


def commands() -> dict[str, argparse.ArgumentParser]:
    whole = parser()
    (choices,) = (one for one in whole._actions if isinstance(one, argparse._SubParsersAction))
    return dict(choices.choices)


@pytest.mark.parametrize("command", commands())
def test_every_option_of_a_command_is_listed(command: str) -> None:
    """Its arguments, and what an argument may be if that is one of a few."""
    told = listed(section(DOCS / "reference" / "cli.md", command))
    wanted: list[str] = []
    for one in commands()[command]._actions:
        if isinstance(one, argparse._HelpAction):
            continue
        values = [*one.choices] if one.choices else [one.metavar or one.dest.upper()]
        flag = f"{one.option_strings[0]} " if one.option_strings else ""
        wanted.append(f"{flag}{values[0]}" if one.nargs != 0 else flag.strip())
        wanted += map(str, values[1:])

    assert sorted(wanted) == sorted(told)


def test_every_command_has_a_section() -> None:
    """One each, in the order of ``--help``."""
    told = [text for level, text in headings(DOCS / "reference" / "cli.md") if level == 2]

    assert [*commands()] == told


def test_the_table_of_the_ten_stages_is_that_of_the_workflow() -> None:
    """Names, states and done states, in order."""
    page = (DOCS / "tutorial" / "your-department.md").read_text()
    rows = re.findall(r"^\| \d+ \| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", page, re.M)
    stages = social_content().stages

    assert [(one.name, ", ".join(one.states), ", ".join(one.done)) for one in stages] == rows


def test_the_page_about_social_content_is_what_the_workflow_says() -> None:
    """Below what is said about it, to the letter: ``diagram --format markdown``."""
    page = (DOCS / "reference" / "social-content.md").read_text()
    _, first, rest = page.partition("\n## ")

    assert markdown(social_content()) == first.lstrip("\n") + rest


def test_the_page_about_social_content_lists_what_is_below_and_beside_it() -> None:
    """All of it can be drawn by its name; only presets and the department's own are left out."""
    page = (DOCS / "reference" / "social-content.md").read_text().partition("\n## ")[0]
    others = {"social_content", "department_content", *WORKFLOWS}

    assert sorted({*Registry(content).names("workflows")} - others) == sorted(listed(page))
