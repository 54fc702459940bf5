"""Bad input: whatever comes in, the answer is success or an error of the library's own.

Some examples of the campaign that `./run soak bad_input` runs with ten thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
import valid_things as valid
from mutations import MUTATIONS, NotHere
from mutations_of_input import Order
from soak.bad_input import Campaign
from wrong_cases import CASES
from wrong_codes import error_classes, wanted_codes

from socialflow.documents import load_team, load_workflow
from socialflow.logs import read_log
from socialflow.mappings import load_mapping

EXAMPLES = 120


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A campaign that has tried nothing: its store is filled."""
    return Campaign(tmp_path_factory.mktemp("begun"), seed=0)


@pytest.fixture
def campaign(begun: Campaign) -> Campaign:
    """The same for each test: what it meets is the test's own."""
    return begun.anew()


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A campaign that is over."""
    return Campaign(tmp_path_factory.mktemp("campaign"), seed=0).run(EXAMPLES)


def test_whatever_is_wrong_the_answer_is_one_of_our_errors_and_the_store_is_as_it_was(
    tried: Campaign,
) -> None:
    """Mutants of workflows, orders, logs, teams and mappings break nothing."""
    assert [] == [*tried.broken()]
    assert EXAMPLES == sum(tried.kinds.values())


def test_most_mutants_can_be_read(tried: Campaign) -> None:
    """What is wrong with them lies deeper than their syntax; and some are right all the same."""
    assert sum(tried.parsed.values()) > 0.6 * EXAMPLES
    assert all(tried.accepted[kind] for kind in tried.kinds)


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_call_is_answered_by_an_error_or_a_finding(campaign: Campaign, name: str) -> None:
    """The cases that no mutation comes to."""
    campaign.run_cases([name])

    assert [] == [*campaign.broken()]
    assert campaign.classes or campaign.codes


def test_tampering_is_found_by_an_audit(campaign: Campaign) -> None:
    """Every code of an audit is met."""
    campaign.run_tampered()

    assert {"broken", "differs", "edited", "fork", "gap", "orphan", "tail"} <= {*campaign.codes}


def test_an_example_can_be_repeated(campaign: Campaign) -> None:
    """The same seed comes to the same errors."""
    assert campaign.run(16).codes == campaign.anew().run(16).codes


# -- what is made wrong is right before


def test_every_document_is_valid_before_it_is_made_wrong() -> None:
    """Workflows, the team and the mapping."""
    for document in valid.documents():
        assert load_workflow(document, valid.REGISTRY).stages
    assert 3 == len(load_team(valid.plain_of(valid.TEAM_TEXT)).members)
    assert valid.MAPPING == load_mapping(valid.plain_of(valid.MAPPING_TEXT))


@pytest.mark.parametrize("order", valid.orders(), ids=lambda order: order.call)
def test_every_order_is_carried_out_before_it_is_made_wrong(order: Order, tmp_path: Path) -> None:
    """On the store that the mutants are tried on."""
    valid.fill_store(tmp_path / "filled.db")
    with closing(valid.open_store(tmp_path / "filled.db")) as store:
        assert getattr(valid.engine_on(store), order.call)(**order.given) or order.call == "why_not"


def test_the_log_can_be_read_before_it_is_made_wrong(tmp_path: Path) -> None:
    """In both of its forms."""
    table = valid.log_table()
    for name, text in (("log.csv", valid.as_csv(table)), ("log.jsonl", valid.as_json_lines(table))):
        (tmp_path / name).write_bytes(text)
        log = read_log(tmp_path / name, valid.MAPPING.columns)
        assert (14, ()) == (len(log.rows), log.skipped)


# -- the mutations


def samples(kind: str) -> Iterator[object]:
    """Something of that kind, anew for each."""
    match kind:
        case "plain" | "workflow":
            yield from valid.documents()
        case "people":
            yield from map(valid.plain_of, (valid.TEAM_TEXT, valid.MAPPING_TEXT))
        case "order":
            yield from valid.orders()
        case "table":
            yield valid.log_table()
        case "text":
            yield from (text.encode() for _, text in valid.texts())


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, named in MUTATIONS.items() for name in named]
)
def test_a_mutation_changes_something(kind: str, name: str) -> None:
    """Each of them, for one of a few seeds; it says in a line what it makes wrong."""
    change = MUTATIONS[kind][name]
    changed = 0
    for seed in range(5):
        for before, thing in zip(samples(kind), samples(kind), strict=True):
            try:
                given = change(Random(seed), thing)
            except NotHere:
                continue
            changed += repr(thing if given is None else given) != repr(before)

    assert changed
    assert 1 == len((change.__doc__ or "").splitlines())


def test_there_are_enough_mutations() -> None:
    """At least thirty, of everything that comes in."""
    assert sum(map(len, MUTATIONS.values())) >= 30
    assert {"plain", "workflow", "people", "order", "table", "text"} == {*MUTATIONS}


def test_what_there_is_to_meet_is_read_from_the_sources() -> None:
    """Classes and codes that are known to be there are among those that the campaign looks for."""
    assert {"SocialflowError", "KeyTaken"} <= {kind.__name__ for kind in error_classes()}
    assert {"four_eyes", "two_owners", "gap", "key_reused", "if_open"} <= wanted_codes()
