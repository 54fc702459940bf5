"""What is still to be done: one duty for each open token, longest waiting first."""

from __future__ import annotations

from datetime import timedelta, timezone

from socialflow.items import Alarm, Token
from socialflow.protocols import Store
from socialflow.queries import Change, Duties, Duty, Later
from socialflow.testing.changes import START, born, later, moved, noted, paged, stored, write

__all__ = ["WorklistContract"]

MICROSECOND = timedelta(microseconds=1)


def _items(duties: list[Duty]) -> list[str]:
    return [duty.item for duty in duties]


class WorklistContract:
    """Duties: a part of the contract."""

    def test_an_open_item_is_on_the_worklist(self, store: Store) -> None:
        """With its stage, state, since when, and who was named."""
        write(store, born("a", "review.waiting", responsible="ed", at=later(3)))

        assert [Duty("a", "review", "review.waiting", later(3), "ed")] == list(store.rows(Duties()))

    def test_the_worklist_follows_the_item(self, store: Store) -> None:
        """Moving, splitting, joining, naming somebody: the duties are always its tokens."""
        item = write(store, born("a", "writing.drafting"))
        steps: tuple[tuple[tuple[str, ...], str | None], ...] = (
            (("writing.drafting",), "ann"),
            (("legal.waiting", "review.waiting"), None),
            (("legal.waiting", "review.reading"), "ed"),
            (("review.waiting",), None),
            (("end.closed",), None),
            (("writing.drafting",), None),
            (("legal.waiting", "review.waiting"), None),
            (("end.closed",), None),
        )

        for states, responsible in steps:
            item = write(store, moved(item, *states, responsible=responsible))
            expected = [
                (token.stage, token.state, token.entered, token.responsible)
                for token in item.tokens
                if token.stage != "end"
            ]
            seen = [(d.stage, d.state, d.entered, d.responsible) for d in store.rows(Duties())]
            assert expected == seen

    def test_an_ended_item_has_no_duties(self, store: Store) -> None:
        """Nor has one that was born at its end."""
        item = write(store, born("a", "writing.drafting", responsible="ann"))
        write(store, moved(item, "end.closed"))
        write(store, born("b", "end.closed"))

        assert [] == list(store.rows(Duties()))
        assert [] == list(store.rows(Duties(responsible="ann")))

    def test_what_was_put_off_is_due_again_once_the_item_has_moved(self, store: Store) -> None:
        """Where it is now is another duty."""
        soon = Alarm(later(1), "ann")
        item = write(store, born("a", Token("writing.drafting", 1, START, alarm=soon)))
        with store.begin() as work:
            work.write(Change(later=(Later("a", "writing", later(60)),)))
        assert [] == list(store.rows(Duties(due=later(5))))

        write(store, moved(item, Token("review.waiting", 1, START, alarm=soon)))

        assert ["review"] == [duty.stage for duty in store.rows(Duties(due=later(5)))]

    def test_a_note_leaves_the_worklist_as_it_is(self, store: Store) -> None:
        """What takes no version moves no duty."""
        item = write(store, born("a", "legal.waiting", "review.waiting"))
        before = list(store.rows(Duties()))

        write(store, noted(item, "a remark"))

        assert before == list(store.rows(Duties()))

    def test_duties_are_asked_for_by_whom_and_where(self, store: Store) -> None:
        """Responsible, stage and state, each alone and together."""
        for id, state, who in (
            ("a", "writing.drafting", "ann"),
            ("b", "writing.drafting", None),
            ("c", "review.waiting", "ann"),
            ("d", "review.reading", "ed"),
            ("e", "review.waiting", "ed"),
        ):
            write(store, born(id, state, responsible=who))

        for query, expected in (
            (Duties(), "abcde"),
            (Duties("ann"), "ac"),
            (Duties("Ann"), ""),
            (Duties(stage="review"), "cde"),
            (Duties(stage="view"), ""),
            (Duties(state="review.waiting"), "ce"),
            (Duties("ed", "review"), "de"),
            (Duties("ed", "review", "review.waiting"), "e"),
            (Duties("ann", state="review.waiting"), "c"),
            (Duties(stage="writing", state="review.waiting"), ""),
            (Duties(limit=2), "ab"),
        ):
            assert list(expected) == _items(list(store.rows(query))), query

    def test_the_longest_waiting_come_first(self, store: Store) -> None:
        """To the microsecond, whatever the zone; if equally long, by item and stage."""
        entered = {
            "e": START - MICROSECOND,
            "c": START,
            "d": START,
            "b": START + MICROSECOND,
            "a": START + timedelta(seconds=1),
            "0": (START + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=5))),
            "9": (START + timedelta(minutes=2)).astimezone(timezone(timedelta(hours=-5))),
            "f": START.replace(year=START.year + 1),
        }
        for id in sorted(entered):
            write(store, born(id, "review.waiting", "legal.waiting", at=entered[id]))

        waiting = [(duty.item, duty.stage) for duty in store.rows(Duties())]

        assert [(id, stage) for id in entered for stage in ("legal", "review")] == waiting

    def test_a_worklist_is_read_in_pages(self, store: Store) -> None:
        """Behind the last duty of the page before: nothing lost, nothing twice, at any size."""
        for n in range(7):
            write(
                store,
                born(f"{n}", "legal.waiting", "review.waiting", responsible="ed", at=later(n // 3)),
            )
        whole = list(store.rows(Duties("ed")))
        assert 14 == len(whole)

        for size in range(1, 16):
            assert whole == paged(
                whole, size, lambda last, size: store.rows(Duties("ed", after=last, limit=size))
            )

    def test_pages_go_on_where_a_duty_has_gone(self, store: Store) -> None:
        """The last duty of a page may have been done meanwhile; the next page is the same."""
        for n in range(4):
            write(store, born(f"{n}", at=later(n)))
        first = list(store.rows(Duties(limit=2)))

        write(store, moved(stored(store, "1"), "end.closed"))

        assert ["2", "3"] == _items(list(store.rows(Duties(after=first[-1]))))
