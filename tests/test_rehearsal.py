"""Rehearsals: what a log leads to, and what cannot be replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
from replays import BLOG, MAPPING, MIXED, STRICT, WELL, history, log, rehearsed, store

from socialflow import Member, Workflow
from socialflow.engine import Engine
from socialflow.errors import DefinitionConflict, DefinitionError, LogError
from socialflow.logs import Log, read_log
from socialflow.mappings import LogMapping
from socialflow.reports import Publications

# -- what a log leads to


def test_a_log_that_breaks_no_rule_is_performed_line_by_line(tmp_path: Path) -> None:
    """Each line becomes the commands that the mapping says, by its member, at its time."""
    kept = store()

    report = rehearsed(log(tmp_path, *WELL), kept)

    assert (6, 0, 0, 0) == (report.performed, report.refused, report.not_tried, report.waived)
    assert [
        ("create", "ann", 10),
        ("production.submit", "ann", 10),
        ("edit", "ben", 11),
        ("approval.approve", "eve", 12),
        ("correct", "ben", 13),
        ("edit", "ben", 13),
        ("production.submit", "ben", 13),
        ("edit", "ben", 14),
        ("approval.approve", "ann", 15),
    ] == [(e.event.action, e.event.by, e.event.at.hour) for e in history(kept, "post")]
    assert ("response.listening",) == Engine(kept).item("post").marking


def test_the_load_counts_the_lines_of_every_member_that_stand(tmp_path: Path) -> None:
    """Whoever did most stands first."""
    report = rehearsed(log(tmp_path, *MIXED), store(), STRICT)

    assert {"ann": 4, "eve": 3, "ben": 1} == report.load
    assert ["ann", "eve", "ben"] == list(report.load)


def test_what_may_be_waived_is_waived_by_the_importer_in_the_name_of_the_member(
    tmp_path: Path,
) -> None:
    """The reason names the member and the line, and the rule is counted."""
    kept = store()

    report = rehearsed(log(tmp_path, "10 post drafted ann 1", "11 post merged ann 1"), kept)

    approved = history(kept, "post")[-1].event
    assert ("approval.approve", "importer") == (approved.action, approved.by)
    assert {"four_eyes": "ann did it all the same: line 3 of the log"} == approved.command.waive
    assert (2, 1, {"four_eyes": 1}) == (report.performed, report.waived, report.refusals)


def test_what_cannot_be_waived_is_reported_and_noted_and_not_performed(tmp_path: Path) -> None:
    """Lines after it are tried all the same."""
    kept = store()

    report = rehearsed(log(tmp_path, *MIXED), kept, STRICT)

    note = next(e.event for e in history(kept, "one") if e.event.action == "note")
    assert "importer" == note.by
    assert note.command.data is not None
    assert "guest was refused (line 8 of the log): approval.approve" in note.command.data["text"]
    assert [
        (8, "guest", ("role",)),
        (11, "ann", ("item_not_found",)),
    ] == [(one.row.line, one.row.member, one.codes) for one in report.not_performed]
    assert {"four_eyes": 1, "item_not_found": 1, "role": 1} == report.refusals


def test_without_waiving_an_item_stays_where_the_refusal_met_it(tmp_path: Path) -> None:
    """Its later lines are counted, and not tried; other items go on."""
    kept = store()

    report = rehearsed(log(tmp_path, *MIXED), kept, STRICT, on_refusal="stop")

    assert ("approval.pending",) == Engine(kept).item("one").marking
    assert ("response.listening",) == Engine(kept).item("two").marking
    assert {"four_eyes": 1, "item_not_found": 1} == report.refusals
    assert (4, 0, 2, 5) == (
        report.performed,
        report.waived,
        report.refused,
        report.not_tried,
    )


def test_every_line_is_performed_or_repeated_or_refused_or_not_tried(tmp_path: Path) -> None:
    """In either mode, and whether the store knew it or not."""
    for on_refusal in ("record", "stop"):
        kept = store()
        for _ in range(2):
            told = log(tmp_path, *MIXED)
            report = rehearsed(told, kept, STRICT, on_refusal=on_refusal)  # type: ignore[arg-type]
            counted = (report.performed, report.repeated, report.refused, report.not_tried)
            assert len(MIXED) == report.events == sum(counted)


def test_a_publication_is_self_approved_if_the_four_eyes_rule_was_waived_for_it(
    tmp_path: Path,
) -> None:
    """A correction starts anew: who wrote the last revision may approve this one."""
    told = log(
        tmp_path,
        "10 a drafted ann 1",
        "11 a merged ann 1",
        "12 a corrected ben 2",
        "13 a merged ann 2",
        "10 b drafted ann 1",
        "11 b revised eve 1",
        "12 b merged ben 1",
        "13 b corrected eve 2",
        "14 b merged eve 2",
    )

    report = rehearsed(told, store())

    assert Publications(2, 1) == report.first_publications
    assert Publications(4, 2) == report.publications


# -- time


def test_time_in_a_stage_runs_from_entering_to_leaving_it(tmp_path: Path) -> None:
    """A stage that is passed within one event counts as a visit of no length."""
    stages = {one.stage: one for one in rehearsed(log(tmp_path, *WELL), store()).stages}

    assert (2, 0, 2.0, 4.0) == _figures(stages["approval"])
    assert (2, 0, 0.0, 0.0) == _figures(stages["publish"])
    assert (1, 1, 1.0, 1.0) == _figures(stages["response"])


def _figures(times: Any) -> tuple[object, ...]:
    return times.visits, times.open, times.median_hours, times.total_hours


def test_a_clock_that_runs_backwards_changes_no_order_and_counts_as_no_time(
    tmp_path: Path,
) -> None:
    """Negative spans are reported."""
    told = log(tmp_path, "12 post drafted ann 1", "10 post merged eve 1", "13 post corrected ann 2")

    report = rehearsed(told, store())

    approval = next(one for one in report.stages if one.stage == "approval")
    assert (3, 1) == (report.performed, report.negative_spans)
    assert (1, 0.0, 1) == (approval.visits, approval.total_hours, approval.negative)


# -- what cannot be replayed


def test_an_item_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A log that drafts it again is refused, and none of its later lines is tried."""
    kept = store()
    rehearsed(log(tmp_path, *WELL), kept)
    dump = kept.dump()

    report = rehearsed(log(tmp_path, *WELL, "16 post corrected ann 3"), kept)

    assert {"item_exists": 1} == report.refusals
    assert (1, 6) == (report.refused, report.not_tried)
    assert dump == kept.dump()


def test_a_log_may_go_on_with_an_item_that_it_did_not_draft(tmp_path: Path) -> None:
    """A refused line does not keep the later ones from being tried, the first time or again."""
    kept = store()
    Engine(kept, [BLOG]).create("blog", by=Member("zoe"), data={"title": "t"}, id="post")
    told = log(
        tmp_path, "10 post merged guest 1", "11 post corrected ann 1", "12 post merged ben 1"
    )

    first = rehearsed(told, kept, STRICT)
    dump = kept.dump()
    second = rehearsed(told, kept, STRICT)

    assert (2, 1) == (first.performed, first.refused)
    assert ("response.listening",) == Engine(kept).item("post").marking
    assert attrs.evolve(first, performed=0, repeated=2) == second
    assert dump == kept.dump()


def test_a_line_that_drafts_an_item_twice_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    """The item is this log's own."""
    told = log(tmp_path, WELL[0], *WELL)

    report = rehearsed(told, store())

    assert {"item_exists": 1} == report.refusals
    assert (6, 1) == (report.performed, report.refused)


def test_a_command_of_the_importer_is_given_by_the_importer(tmp_path: Path) -> None:
    """Whoever the line names."""
    steps = {**MAPPING.events}
    steps["drafted"] = tuple(attrs.evolve(one, by="importer") for one in steps["drafted"])
    kept = store()

    rehearsed(log(tmp_path, WELL[0]), kept, attrs.evolve(MAPPING, events=steps))

    assert ["importer", "importer"] == [entry.event.by for entry in history(kept, "post")]


def test_a_member_whom_the_mapping_does_not_know_is_refused(tmp_path: Path) -> None:
    """Only ``"*"`` makes everybody known."""
    listed = attrs.evolve(MAPPING, people={"ann": MAPPING.people["*"]})

    report = rehearsed(log(tmp_path, *WELL), store(), listed)

    assert {"unknown_member": 4, "four_eyes": 1} == report.refusals
    assert ["ben", "eve", "ben", "ben"] == [one.row.member for one in report.not_performed]


def _lacking_a_column(told: Log) -> tuple[Log, LogMapping, Workflow]:
    return attrs.evolve(told, columns=told.columns[:-1]), MAPPING, BLOG


def _by_the_importer(told: Log) -> tuple[Log, LogMapping, Workflow]:
    return told, attrs.evolve(MAPPING, importer=attrs.evolve(MAPPING.importer, id="ann")), BLOG


def _of_another_workflow(told: Log) -> tuple[Log, LogMapping, Workflow]:
    return told, MAPPING, BLOG.named("magazine")


def _of_another_definition(told: Log) -> tuple[Log, LogMapping, Workflow]:
    return told, MAPPING, BLOG.amend("approval", drop=("expire",))


def _without_the_roles(told: Log) -> tuple[Log, LogMapping, Workflow]:
    return told, attrs.evolve(MAPPING, people={"*": ("content_creatr",)}), BLOG


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        (_lacking_a_column, LogError, "there is no column 'lines_removed'"),
        (_by_the_importer, LogError, "line 2: the member 'ann' is called like the importer"),
        (_of_another_workflow, LogError, "replayed through another workflow"),
        (_of_another_definition, DefinitionConflict, "give it a new version"),
        (_without_the_roles, DefinitionError, "did you mean 'content_creator'?"),
    ],
)
def test_what_does_not_fit_together_is_an_error_and_changes_no_byte(
    tmp_path: Path, wrong: Any, error: type[Exception], sentence: str
) -> None:
    """A log, a mapping, a workflow and a store belong to one another."""
    kept = store()
    told = log(tmp_path, *WELL)
    rehearsed(told, kept)
    dump = kept.dump()

    with pytest.raises(error) as caught:
        rehearsed(wrong(told)[0], kept, *wrong(told)[1:])

    assert sentence in str(caught.value)
    assert dump == kept.dump()


def test_lines_that_cannot_be_read_change_nothing_but_the_list_of_skipped_ones(
    tmp_path: Path,
) -> None:
    """Unknown events are among them."""
    path = tmp_path / "log.csv"
    log(tmp_path, *WELL)
    with path.open("a") as file:
        file.write("2026-05-01T16:00:00,post,,merged,eve,2,,\n")
        file.write("2026-05-01T16:00:00Z,post,,merge,eve,2,,\n")

    report = rehearsed(read_log(path), store())

    assert 6 == report.events == report.performed
    assert [8, 9] == [one.line for one in report.skipped]


def test_a_report_is_json_data_with_every_figure(tmp_path: Path) -> None:
    """Names as the documentation has them."""
    told = rehearsed(log(tmp_path, *MIXED), store(), STRICT).to_json()

    assert {"total": 2, "self_approved": 1} == told["first_publications"]
    assert {"total": 3, "self_approved": 1} == told["publications"]
    assert {
        "line": 8,
        "item": "one",
        "event": "merged",
        "member": "guest",
        "codes": ["role"],
    } == told["not_performed"][0]
    assert {
        "events",
        "first_publications",
        "items",
        "load",
        "negative_spans",
        "not_performed",
        "not_tried",
        "performed",
        "publications",
        "refusals",
        "refused",
        "repeated",
        "skipped",
        "skipped_lines",
        "stages",
        "waived",
        "workflow",
    } == told.keys()
