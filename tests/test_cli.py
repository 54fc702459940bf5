"""The command line: what it prints, and its exit status."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from parcel_office import Office

from socialflow import Action, Engine, Member, Stage, Workflow, rule
from socialflow.cases import Case
from socialflow.cli import main
from socialflow.content.presets import FOLDER
from socialflow.documents import load_workflow
from socialflow.stores.sql import SqlStore
from socialflow.testing.changes import born, write

EXAMPLE = Path(__file__).parent.parent / "examples" / "editorial_replay"
WORKFLOW = str(EXAMPLE / "workflow.toml")
MAPPING = str(EXAMPLE / "mapping.toml")
LOG = """at,item,title,event,member,request,lines_added,lines_removed
2026-05-01T10:00:00Z,post,Hello,drafted,ann,1,3,1
2026-05-01T11:00:00Z,post,Hello,merged,ann,1,,
2026-05-01T11:00:00Z,other,,drafted,ben,2,3,1
"""


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing wraps."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log of two posts, one of them approved by its author."""
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return str(path)


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store into which that log has been replayed."""
    folder = tmp_path_factory.mktemp("replayed")
    (folder / "log.csv").write_text(LOG)
    url = f"sqlite:///{folder / 'content.db'}"
    assert 0 == main(replay(str(folder / "log.csv"), "--store", url, "--json"))
    return folder / "content.db"


@pytest.fixture
def store(replayed: Path, tmp_path: Path) -> str:
    """A copy of it, which is the test's own."""
    return f"sqlite:///{shutil.copyfile(replayed, tmp_path / 'content.db')}"


def replay(log: str, *more: str) -> list[str]:
    """The arguments of a replay through the blog's workflow."""
    return ["replay", log, "--mapping", MAPPING, "--workflow", WORKFLOW, *more]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The JSON that a command prints which succeeds."""
    assert 0 == main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def without_rich(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What becomes of a command where the extra is not installed."""
    program = (
        "import sys; sys.modules['rich'] = None; "
        "from socialflow.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# -- replay


def test_replay_prints_its_report_as_json(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a store it is a rehearsal only."""
    report = printed(capsys, *replay(log))

    assert (2, 3, 3, 1) == tuple(report[n] for n in ("items", "events", "performed", "waived"))
    assert {"four_eyes": 1} == report["refusals"]


def test_replay_prints_its_report_for_people(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the figures that matter."""
    assert 0 == main(replay(log))

    out = capsys.readouterr().out
    for told in ("2 items, 3 events", "four_eyes", "first publications", "ann"):
        assert told in out


def test_replay_says_so_when_there_is_nothing_new(
    log: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And counts what it knew."""
    assert 0 == main(replay(log, "--store", store))
    out = capsys.readouterr().out
    assert "Nothing new" in out
    assert "0 performed, 3 known before" in out


def test_replay_stops_items_if_asked(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Then nothing is waived, and people see what was not performed."""
    assert 0 == main(replay(log, "--on-refusal", "stop"))
    out = capsys.readouterr().out
    assert "1 refused" in out
    assert "What was not performed" in out


def test_replay_ends_with_status_one_if_lines_were_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest is performed, and each skipped line has its number and reason."""
    path = tmp_path / "log.csv"
    path.write_bytes(LOG.encode() + b"today,post,,merged,ann,1,,\n\xff,,,,,,,\n")

    assert 1 == main(replay(str(path), "--json"))
    report = json.loads(capsys.readouterr().out)
    assert (3, 2) == (report["performed"], report["skipped_lines"])
    assert [5, 6] == [one["line"] for one in report["skipped"]]
    assert "no moment in ISO 8601" in report["skipped"][0]["reason"]

    assert 1 == main(replay(str(path)))
    assert "Lines that could not be read" in capsys.readouterr().out


# -- asking


def test_show_tells_where_an_item_is(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its id, as JSON or for people."""
    told = printed(capsys, "show", "other", "--store", store)

    assert ("other", ["approval.pending"]) == (told["id"], told["marking"])
    assert "blog" == told["workflow"]["name"]
    assert "other" == told["data"]["title"]
    assert 0 == main(["show", "other", "--store", store])
    assert "approval.pending since 2026-05-01 11:00" in capsys.readouterr().out


def test_an_item_is_found_by_the_row_of_the_host(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is asked about it; or it is said that there is none."""
    url, roles = f"sqlite:///{tmp_path / 'own.db'}", ("--by", "ann", "--roles", "approver")
    blog = load_workflow(WORKFLOW)
    engine = Engine(SqlStore(url, create=True), [blog])
    ann = Member("ann", "content_creator")
    item = engine.create("blog", by=ann, ref="post:42", data={"title": "Hello", "kind": "blog"})

    for asked in (("show",), ("history",), ("options", *roles)):
        by_id = printed(capsys, *asked, item.id, "--store", url)
        assert by_id == printed(capsys, *asked, "--ref", "post:42", "--store", url)
        assert 2 == main([*asked, "--ref", "post:43", "--store", url])
        assert "there is no item 'post:43'" in capsys.readouterr().err


def test_an_item_is_shown_although_its_rules_are_not_installed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its options are not: that would take the rules, and it is said how they are offered."""

    @rule("kept_by_nobody")
    def kept_by_nobody(case: Case) -> None:
        """Holds."""

    url = f"sqlite:///{tmp_path / 'own.db'}"
    finished = Action("finish", "open", "done", roles="*", rules=kept_by_nobody())
    letter = Workflow("letter", Stage("writing", ("open", "done"), actions=finished))
    Engine(SqlStore(url, create=True), letter).create("letter", by=Member("ann"), id="x")

    told = printed(capsys, "show", "x", "--store", url)
    assert ("letter", ["writing.open"]) == (told["workflow"]["name"], told["marking"])
    assert 2 == main(["options", "x", "--by", "ann", "--roles", "author", "--store", url])
    assert "entry point socialflow.rules, or in registry=" in capsys.readouterr().err


def test_history_tells_what_happened(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Waivers and their reasons included."""
    told = printed(capsys, "history", "post", "--store", store)

    assert ["create", "production.submit", "approval.approve"] == [one["action"] for one in told]
    assert "ann did it all the same: line 3 of the log" == told[-1]["waive"]["four_eyes"]
    assert 0 == main(["history", "post", "--store", store])
    assert "importer" in capsys.readouterr().out


def test_a_narrow_terminal_breaks_no_state_action_or_id(
    store: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only prose wraps."""
    monkeypatch.setenv("COLUMNS", "40")
    asked = ("options", "other", "--by", "ben", "--roles", "approver")

    for arguments, words in [
        (("history", "post"), ["approval.approve", "response.listening", "2026-05-01 11:00"]),
        (("worklist",), ["response.listening", "nobody yet", "approval.pending"]),
        (asked, ["approval.approve"]),
        (("show", "post"), ["response.listening"]),
    ]:
        assert 0 == main([*arguments, "--store", store])
        out = capsys.readouterr().out
        assert [] == [word for word in words if word not in out]
    main(["history", "post", "--store", store])
    assert "ann did it all the same: line 3 of the log" not in capsys.readouterr().out


def test_worklist_lists_open_duties_longest_waiting_first(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a stage, of a member, or all."""
    every = printed(capsys, "worklist", "--store", store)

    assert {"approval.pending", "response.listening"} == {one["state"] for one in every}
    assert every[:1] == printed(capsys, "worklist", "--limit", "1", "--store", store)
    assert [] == printed(capsys, "worklist", "--by", "ann", "--store", store)
    assert 0 == main(["worklist", "--stage", "approval", "--store", store])
    assert "nobody yet" in capsys.readouterr().out
    assert 0 == main(["worklist", "--by", "ann", "--store", store])
    assert "Nothing is waiting." in capsys.readouterr().out
    assert 0 == main(["worklist", "--stage", "aproval", "--store", store])
    assert "Nothing is waiting (did you mean 'approval'?)." in capsys.readouterr().out


def test_outbox_counts_effects_and_lists_those_that_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit status says whether somebody has to look at one of them."""
    url = f"sqlite:///{tmp_path / 'own.db'}"
    office = Office(SqlStore(url, create=True), ways=["refuses"])
    office.pack("a", "send", "ring")
    asked = ("outbox", "--store", url)

    counted = printed(capsys, *asked)
    assert [("notify", 1), ("publish", 1)] == [(one["name"], one["count"]) for one in counted]
    office.deliver()

    assert 1 == main([*asked, "--json"])
    counted = json.loads(capsys.readouterr().out)
    assert [("notify", "queued"), ("publish", "dead")] == [
        (one["name"], one["state"]) for one in counted
    ]
    assert 1 == main([*asked, "--state", "dead", "--json"])
    [letter] = json.loads(capsys.readouterr().out)
    assert ("a/2/0", "422: too long", 1) == (letter["key"], letter["about"], letter["attempts"])
    assert ["a/3/0"] == [one["key"] for one in printed(capsys, *asked, "--state", "queued")]
    assert 1 == main([*asked, "--item", "a"])
    out = capsys.readouterr().out
    assert "a/2/0" in out
    assert "422: too long" in out
    assert [] == printed(capsys, *asked, "--item", "b")
    assert [] == printed(capsys, *asked, "--tenant", "acme")


def test_options_tell_what_a_member_may_do_and_why_not(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The member comes from a team's file, or is vouched for."""
    team = tmp_path / "team.toml"
    team.write_text('[[members]]\nid = "ben"\ngrants = ["approver"]\n')
    asked = ("options", "other", "--by", "ben", "--store", store)

    listed = printed(capsys, *asked, "--team", str(team))
    vouched = printed(capsys, *asked, "--roles", "approver")

    approve = next(one for one in listed if one["action"] == "approval.approve")
    assert listed == vouched
    assert "no" == approve["answer"]
    assert ["four_eyes"] == [one["code"] for one in approve["objections"]]
    assert 0 == main([*asked, "--roles", "approver"])
    assert "has written this revision" in capsys.readouterr().out


def test_options_of_somebody_unknown_are_an_error(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A team that does not list them."""
    team = tmp_path / "team.toml"
    team.write_text('[[members]]\nid = "ben"\n')

    assert 2 == main(["options", "post", "--by", "eve", "--team", str(team), "--store", store])
    assert "the directory knows no member 'eve'" in capsys.readouterr().err


def test_audit_finds_nothing_in_a_store_that_is_whole(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And ends with status one where something was changed by hand."""
    assert [] == printed(capsys, "audit", "--store", store)
    assert 0 == main(["audit", "--store", store])
    assert "Every history is whole" in capsys.readouterr().out

    kept = SqlStore(store)
    with kept.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE socialflow_item SET head = 'x' WHERE id = 'post'")

    assert 1 == main(["audit", "--store", store, "--json"])
    assert {"tail"} == {one["code"] for one in json.loads(capsys.readouterr().out)}


def test_audit_says_whose_items_it_has_looked_at(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of one tenant, or of none: never of all; where there is but one, nothing is said."""
    assert 0 == main(["audit", "--store", store])
    assert "tenant" not in capsys.readouterr().out
    for name in ("acme", "other"):
        write(SqlStore(store).for_tenant(name), born("a"))

    assert 0 == main(["audit", "--store", store])
    assert (
        "no tenant was looked at: --tenant says of which (acme, other)" in capsys.readouterr().out
    )
    assert 0 == main(["audit", "--store", store, "--tenant", "acme"])
    assert "Only what is of acme was looked at" in capsys.readouterr().out


@pytest.mark.parametrize(
    "asked",
    [
        ("show", "other"),
        ("history", "other"),
        ("options", "other", "--by", "ben", "--roles", "approver"),
        ("worklist",),
        ("ask", "board", "--workflow", WORKFLOW, "--at", "2026-05-04T12:00:00Z"),
    ],
)
def test_every_question_can_be_asked_of_one_tenant(
    asked: tuple[str, ...],
    store: str,
    log: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who has what a store without tenants would have; others have nothing of it."""
    own = f"sqlite:///{tmp_path / 'own.db'}"
    assert 0 == main(replay(log, "--store", own, "--tenant", "acme", "--json"))
    capsys.readouterr()

    of_acme = printed(capsys, *asked, "--store", own, "--tenant", "acme")
    main([*asked, "--store", own, "--json"])
    of_none = capsys.readouterr().out

    assert printed(capsys, *asked, "--store", store) == of_acme
    assert json.loads(of_none or "[]") != of_acme


# -- definitions


def test_check_finds_nothing_wrong_with_a_good_workflow(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file, or a registered name."""
    for workflow in (WORKFLOW, "social_content"):
        assert [] == printed(capsys, "check", workflow)
    assert 0 == main(["check", WORKFLOW])
    assert "Nothing to say against it." in capsys.readouterr().out


def test_check_ends_with_status_one_if_a_workflow_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every error is listed with its place."""
    path = tmp_path / "workflow.toml"
    path.write_text('base = "social_content"\nwithout = ["ton"]\nvesion = "2"\n')

    assert 1 == main(["check", str(path), "--json"])
    assert "unknown_key" in {one["code"] for one in json.loads(capsys.readouterr().out)}
    assert 1 == main(["check", "social_contnt"])
    assert "did you mean 'social_content'?" in capsys.readouterr().out


@pytest.fixture
def note(tmp_path: Path) -> str:
    """A workflow with four eyes: somebody writes it, somebody else passes it."""
    path = tmp_path / "note.toml"
    path.write_text(
        """
        name = "note"
        content = "text"
        fields = { form = "Note", fields = { text = "str" } }
        rights = { create = "author" }

        [[steps]]
        name = "writing"
        states = ["open", "ready"]
        role = "author"
        may_edit = { open = "author" }
        actions = [{ name = "submit", sources = "open", target = "ready" }]

        [[steps]]
        name = "review"
        states = ["waiting", "passed"]
        role = "approver"
        actions = [{ name = "pass", sources = "waiting", target = "passed", rules = ["four_eyes"] }]
        """
    )
    return str(path)


@pytest.fixture
def team(tmp_path: Path) -> str:
    """An author, an approver whose only role is misspelt, and one who does both."""
    path = tmp_path / "team.toml"
    path.write_text(
        """
        [[members]]
        id = "ann"
        grants = "author"

        [[members]]
        id = "ben"
        grants = ["aprover"]

        [[members]]
        id = "cy"
        grants = ["author", "approver"]
        """
    )
    return str(path)


def test_check_looks_whether_a_team_can_do_it(
    note: str, team: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is only a warning leaves the status at 0; what stands still does not."""
    warned = printed(capsys, "check", note, "--team", team)
    apart = printed(capsys, "check", note, "--team", team, "--leads", "author", "--absent", "1")

    assert ["unknown_role", "four_eyes"] == [one["code"] for one in warned]
    assert "did you mean 'approver'?" == warned[0]["remedy"]
    assert {"overlap", "stands_still"} == {one["code"] for one in apart if one not in warned}


def test_check_proves_what_has_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every verdict is told; the status is 1 as soon as one property does not hold."""
    team = str(FOLDER / "reply_only" / "team.toml")
    hasty = tmp_path / "hasty.toml"
    hasty.write_text(
        """
        base = "reply_only"
        name = "hasty"

        [amend.evaluation]
        actions = [{ name = "wave", sources = "analysing", target = "reported" }]
        """
    )

    told = printed(capsys, "check", "reply_only", "--team", team, "--prove")
    assert 1 == main(["check", str(hasty), "--team", team, "--prove", "--json"])
    broken = json.loads(capsys.readouterr().out)["proofs"]["verdicts"]
    assert 1 == main(["check", str(hasty), "--team", team, "--prove"])

    assert {one["outcome"] for one in told["proofs"]["verdicts"]} <= {"proved", "proved if"}
    (wrong,) = (one for one in broken if one["outcome"].startswith("refuted"))
    assert wrong["property"].startswith("evaluation.report precedes evaluation.accept_report")
    assert "evaluation.wave" in capsys.readouterr().out


def test_check_proves_nothing_without_people(capsys: pytest.CaptureFixture[str]) -> None:
    """It says what is missing, and what a budget has to be."""
    team = str(FOLDER / "reply_only" / "team.toml")

    assert 0 != main(["check", "reply_only", "--prove"])
    assert "--team" in capsys.readouterr().err
    assert 0 != main(["check", "reply_only", "--team", team, "--prove", "--budget", "0"])
    assert "budget" in capsys.readouterr().err


def test_check_ends_with_status_one_if_a_team_cannot_do_it(
    note: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One who writes and approves."""
    path = tmp_path / "alone.toml"
    path.write_text('[[members]]\nid = "cy"\ngrants = ["author", "approver"]\n')

    assert 1 == main(["check", note, "--team", str(path), "--json"])
    (alone,) = json.loads(capsys.readouterr().out)
    assert ("four_eyes", "error") == (alone["code"], alone["severity"])


@pytest.mark.parametrize(
    ("format", "begins"),
    [("mermaid", "stateDiagram-v2"), ("dot", "digraph"), ("markdown", "## production")],
)
def test_diagram_draws_a_workflow(
    format: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As text, by itself or in JSON."""
    told = printed(capsys, "diagram", WORKFLOW, "--format", format)
    assert 0 == main(["diagram", WORKFLOW, "--format", format])

    assert told["text"].startswith(begins)
    assert told["text"] == capsys.readouterr().out


# -- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "nobody", "--store", "{store}"], "there is no item 'nobody'"),
        (["history", "nobody", "--store", "{store}"], "there is no item 'nobody'"),
        (["worklist", "--store", "nowhere:x"], "no store is called 'nowhere'"),
        (["worklist", "--store", "log/b.db"], "a file is sqlite:///log/b.db"),
        (["worklist", "--store", "sqlite:///{folder}/log.csv"], "file is not a database"),
        (["worklist", "--store", "sqlite:///{folder}/no/where.db"], "cannot be opened"),
        (["worklist", "--store", "sqlite:///{folder}/new.db"], "SqlStore(url, create=True)"),
        (["diagram", "social_contnt"], "did you mean 'social_content'?"),
        (["diagram", "nowhere.toml"], "nowhere.toml"),
        (["replay", "{folder}/no.csv", "--mapping", MAPPING, "--workflow", WORKFLOW], "no.csv"),
        (["replay", "{log}", "--mapping", "no.toml", "--workflow", WORKFLOW], "no.toml"),
        (["replay", "{log}", "--mapping", MAPPING, "--workflow", "blg"], "no workflow is called"),
        (["replay", "{log}", "--mapping", WORKFLOW, "--workflow", WORKFLOW], "events is missing"),
        (
            ["replay", "{log}", "--mapping", MAPPING, "--workflow", "social_content"],
            "has no role 'importer'",
        ),
        (["replay", MAPPING, "--mapping", MAPPING, "--workflow", WORKFLOW], "mapping.toml"),
    ],
)
def test_what_cannot_be_done_ends_with_status_two_and_a_sentence(
    arguments: list[str],
    sentence: str,
    store: str,
    log: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On the standard error stream, nothing on the other, and the store is as it was."""
    dump = SqlStore(store).dump()
    told = [one.format(store=store, log=log, folder=tmp_path) for one in arguments]
    if told[0] == "replay":
        told += ["--store", store]

    assert 2 == main([*told, "--json"])

    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith(f"socialflow {told[0]}: ")
    assert sentence in err
    assert "Traceback" not in err
    assert dump == SqlStore(store).dump()


@pytest.mark.parametrize("arguments", [[], ["replay"], ["show", "--store", "x"], ["nonsense"]])
def test_arguments_that_say_nothing_end_with_status_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """And with how to say it."""
    with pytest.raises(SystemExit) as left:
        main(arguments)

    assert 2 == left.value.code
    assert "usage: socialflow" in capsys.readouterr().err


def test_json_needs_no_extra(log: str) -> None:
    """Nor does a diagram."""
    assert 3 == json.loads(without_rich(*replay(log, "--json")).stdout)["performed"]
    assert without_rich("diagram", WORKFLOW).stdout.startswith("stateDiagram-v2")


def test_output_for_people_without_its_extra_says_what_to_install(tmp_path: Path, log: str) -> None:
    """Before anything is done."""
    ran = without_rich(*replay(log, "--store", f"sqlite:///{tmp_path / 'content.db'}"))

    assert (2, "") == (ran.returncode, ran.stdout)
    assert "pip install 'socialflow[cli]'" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "content.db").exists()


def test_what_a_terminal_would_obey_is_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log may hold anything, and its titles end up on a screen."""
    path = tmp_path / "log.csv"
    path.write_text(LOG.replace("Hello", "\x1b[31mred[bold]"))
    url = f"sqlite:///{tmp_path / 'content.db'}"
    main(replay(str(path), "--store", url, "--json"))
    capsys.readouterr()

    assert 0 == main(["show", "post", "--store", url])
    assert "�[31mred[bold]" in capsys.readouterr().out
