"""Logs: every line is read or reported, in the order of the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialflow.errors import LogError
from socialflow.logs import Columns, Log, Unreadable, read_log

HEADER = "at,item,event,member,note"
GOOD = "2026-05-01T12:00:00Z,post,drafted,ann,fine"


def written(folder: Path, content: str | bytes, name: str = "log.csv") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, *lines: str | bytes, name: str = "log.csv") -> Log:
    """The log of a file with these lines."""
    raw = (line.encode() if isinstance(line, str) else line for line in lines)
    return read_log(written(folder, b"\n".join(raw) + b"\n", name))


def test_a_line_is_read_with_its_number_its_moment_in_utc_and_every_column(tmp_path: Path) -> None:
    """What a line says is found in its row."""
    log = read(tmp_path, HEADER, "2026-05-01T14:00:00+02:00,post,drafted,ann,fine")

    (row,) = log.rows
    assert (2, "post", "drafted", "ann") == (row.line, row.item, row.event, row.member)
    assert datetime(2026, 5, 1, 12, tzinfo=UTC) == row.at
    assert "fine" == row.values["note"]


def test_the_order_of_a_log_is_the_order_of_its_file_whatever_the_times(tmp_path: Path) -> None:
    """Time orders nothing."""
    late, early = GOOD, GOOD.replace("2026", "2016")

    log = read(tmp_path, HEADER, late, early, late)

    assert [2026, 2016, 2026] == [row.at.year for row in log.rows]


def test_a_log_in_json_lines_says_the_same_as_one_in_csv(tmp_path: Path) -> None:
    """The two formats differ in nothing but the numbers of their lines."""
    lines = (GOOD, GOOD.replace("ann", "ben").replace("fine", ""))
    told = [dict(zip(HEADER.split(","), line.split(","), strict=True)) for line in lines]
    told[1]["note"] = None  # type: ignore[assignment]

    csv = read(tmp_path, HEADER, *lines)
    jsonl = read(tmp_path, *map(json.dumps, told), name="log.jsonl")

    assert [(row.line - 1, row.values) for row in csv.rows] == [
        (row.line, row.values) for row in jsonl.rows
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD.replace("2026-05-01T12:00:00Z", "yesterday"), "at is no moment in ISO 8601"),
        (GOOD.replace("Z", ""), "at has no time zone"),
        ("0001-01-01T00:00:00+14:00,post,drafted,ann,", "at is no moment in ISO 8601"),
        (GOOD.replace("2026-05-01T12:00:00Z", ""), "at is missing"),
        (GOOD.replace("ann", " "), "member is missing"),
        (GOOD.replace("post", ""), "item is missing"),
        (GOOD.replace("drafted", ""), "event is missing"),
        (GOOD + ",more", "it has 6 fields, not 5"),
        ("2026-05-01T12:00:00Z,post", "it has 2 fields, not 5"),
        (GOOD.encode().replace(b"fine", b"f\xff"), "note holds bytes that are not UTF-8"),
        (GOOD.replace("fine", "f\0"), "note holds a NUL character"),
        (GOOD.replace("fine", '"fine'), "it is no CSV: unexpected end of data"),
        (GOOD.replace("fine", '"fi"ne'), "it is no CSV"),
    ],
)
def test_a_line_that_cannot_be_read_is_skipped_with_its_number_and_reason(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    """The lines before and after it are read all the same."""
    log = read(tmp_path, HEADER, GOOD, line, GOOD)

    (skipped,) = log.skipped
    assert 3 == skipped.line
    assert skipped.reason.startswith(reason)
    assert [2, 4] == [row.line for row in log.rows]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"at": ', "it is no JSON"),
        ("[1, 2]", "it is no JSON object"),
        ("[" * 100_000, "it is no JSON"),
        ('{"at": NaN}', "it is no JSON: NaN is no number"),
        ('{"at": ' + "9" * 5000 + "}", "it is no JSON"),
        ('{"at": "x", "at": "y"}', "it is no JSON: a name is given twice"),
        ('{"item": ["post"]}', "item is no text, number or truth value"),
        ('{"item": "post"}', "event is missing"),
        ('{"item": "\\ud800"}', "item holds bytes that are not UTF-8"),
    ],
)
def test_a_line_that_is_no_json_is_skipped_with_its_number_and_reason(
    tmp_path: Path, line: str, reason: str
) -> None:
    """The lines before and after it are read all the same."""
    good = json.dumps(dict(zip(HEADER.split(","), GOOD.split(","), strict=True)))

    log = read(tmp_path, good, line, good, name="log.jsonl")

    (skipped,) = log.skipped
    assert 2 == skipped.line
    assert skipped.reason.startswith(reason)
    assert [1, 3] == [row.line for row in log.rows]


def test_a_value_in_quotes_may_span_lines(tmp_path: Path) -> None:
    """Its row has the number of the first of them."""
    log = read(tmp_path, HEADER, GOOD.replace("fine", '"so\nfine"'), GOOD)

    assert [(2, "so\nfine"), (4, "fine")] == [(r.line, r.values["note"]) for r in log.rows]


def test_a_stray_quote_costs_no_line_but_its_own(tmp_path: Path) -> None:
    """What it would swallow up to the next stray quote is read line by line."""
    stray = GOOD.replace("fine", '"fine')

    log = read(tmp_path, HEADER, stray, GOOD, stray, GOOD)

    assert [2, 4] == [one.line for one in log.skipped]
    assert [3, 5] == [row.line for row in log.rows]


def test_empty_lines_windows_line_ends_and_a_byte_order_mark_mean_nothing(tmp_path: Path) -> None:
    """They are how a spreadsheet writes the same log."""
    plain = read(tmp_path, HEADER, GOOD)
    spreadsheet = read_log(written(tmp_path, f"\ufeff{HEADER}\r\n{GOOD}\r\n\r\n"))

    assert plain.rows == spreadsheet.rows
    assert () == spreadsheet.skipped


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "it is empty"),
        (" \n\n", "it is empty"),
        (f"{HEADER.replace('member', 'membr')}\n{GOOD}", "did you mean 'membr'?"),
        (f"{HEADER.replace('note', 'item')}\n{GOOD}", "two columns are called 'item'"),
        (f'"{HEADER}\n{GOOD}', "its header cannot be read"),
        (b"\xff\xfe\x00", "there is no column 'item'"),
        (b"at;item;event;member\n", "separate the columns by commas"),
    ],
)
def test_a_file_that_is_no_log_is_an_error_that_says_why(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    """Nothing of it is read."""
    path = written(tmp_path, content)

    with pytest.raises(LogError) as caught:
        read_log(path)

    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)


def test_json_lines_of_which_none_has_a_column_are_no_log(tmp_path: Path) -> None:
    """A column that one line lacks is missing there; one that all lack is missing in the log."""
    with pytest.raises(LogError, match="there is no column 'member'"):
        read(tmp_path, '{"item": "a", "event": "b", "at": "c"}', name="log.jsonl")


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_log_that_is_not_there_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    """So is a folder."""
    with pytest.raises(LogError, match="it cannot be read"):
        read_log(tmp_path / name)


def test_columns_may_be_called_otherwise(tmp_path: Path) -> None:
    """Whoever reads says what they are called."""
    path = written(tmp_path, f"{HEADER.replace('member', 'editor')}\n{GOOD}")

    assert ["ann"] == [row.member for row in read_log(path, Columns(member="editor")).rows]


def test_an_event_that_is_not_known_is_skipped_with_the_nearest_one(tmp_path: Path) -> None:
    """It takes its place among the lines that could not be read."""
    log = read(tmp_path, HEADER, GOOD.replace("drafted", "draftd"), "broken").only(["drafted"])

    assert Unreadable(2, "unknown event 'draftd': did you mean 'drafted'?") == log.skipped[0]
    assert [2, 3] == [one.line for one in log.skipped]
    assert () == log.rows


def test_the_digest_of_a_log_changes_with_any_byte(tmp_path: Path) -> None:
    """It stands for the file."""
    one, other = read(tmp_path, HEADER, GOOD), read(tmp_path, HEADER, GOOD + " ")

    assert one.digest != other.digest


JSON = json.dumps(dict(zip(HEADER.split(","), GOOD.split(","), strict=True)))
BEGINNINGS = {"csv": f"{HEADER}\n{GOOD}\n", "jsonl": f"{JSON}\n"}
PIECES = st.sampled_from([*'\n,"\r\0{}:[', GOOD, JSON]).map(str.encode)


@given(st.lists(PIECES | st.binary(max_size=3), max_size=12), st.sampled_from([*BEGINNINGS]))
def test_whatever_stands_in_a_log_is_a_row_or_is_skipped_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], kind: str
) -> None:
    """No bytes behind a good beginning keep the rest from being read; each line counts once."""
    begun = BEGINNINGS[kind].encode()
    path = written(tmp_path_factory.getbasetemp(), begun + b"".join((*pieces, b"\n")), f"a.{kind}")

    log = read_log(path)

    numbers = [one.line for one in (*log.rows, *log.skipped)]
    assert begun.count(b"\n") == log.rows[0].line
    assert len(set(numbers)) == len(numbers)
    assert all(one.reason for one in log.skipped)
    lines = path.read_bytes().split(b"\n")
    assert all(lines[one.line - 1].strip() for one in (*log.rows, *log.skipped))
