"""The board: what is where, who has it, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from socialflow.content.views.board import board
from socialflow.content.views.load import load


def test_every_open_stage_of_every_item_has_a_card(office: Any) -> None:
    """By state, longest waiting first; what has ended, and comments, have none."""
    cards = board(office.store, office.workflow, office.now)

    assert [
        ("concept.idea", "stew"),
        ("concept.idea", "fresh"),
        ("concept.shelved", "later"),
        ("assignment.unassigned", "queue"),
        ("production.drafting", "draft"),
        ("production.drafting", "other"),
        ("tone.queued", "north"),
        ("approval.pending", "wait"),
        ("publish.ready", "black"),
        ("publish.ready", "soon"),
        ("publish.ready", "today"),
        ("response.listening", "live"),
        ("response.listening", "mute"),
        ("evaluation.collecting", "done"),
    ] == [(card.state, card.item) for card in cards]


def test_a_card_says_who_has_it_and_for_how_long(office: Any) -> None:
    """And what it is called, by people and by the host."""
    cards = {card.item: card for card in board(office.store, office.workflow, office.now)}

    draft = cards["draft"]
    assert ("production", "post:draft", "Draft", "cleo", timedelta(days=4)) == (
        draft.stage,
        draft.ref,
        draft.title,
        draft.responsible,
        draft.waiting,
    )
    assert None is cards["queue"].responsible


def test_what_it_says_on_each_account_is_no_content_of_its_own(office: Any) -> None:
    """An upload is called like the post; the board and the load are about the post."""
    nobodys = load(office.store, office.team, office.now).nobody
    office.send_out("up", "blog", "news")

    cards = board(office.store, office.workflow, office.now)

    assert ["publish.publishing"] == [card.state for card in cards if card.title == "Up"]
    assert nobodys + 1 == load(office.store, office.team, office.now).nobody


def test_nobody_waits_less_than_no_time(office: Any) -> None:
    """A clock that goes wrong does not turn time around."""
    cards = board(office.store, office.workflow, office.now - timedelta(days=99))

    assert {timedelta()} == {card.waiting for card in cards}


def test_states_that_the_workflow_does_not_have_stand_at_the_end(office: Any) -> None:
    """So items that another definition holds are seen as well."""
    shorter = office.workflow.without("response")

    cards = board(office.store, shorter, office.now)

    assert ["evaluation.collecting", "response.listening", "response.listening"] == [
        card.state for card in cards[-3:]
    ]
    assert 14 == len(cards)
