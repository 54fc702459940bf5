"""The contract of a store finds what it is there to find: each broken store fails its test.

A small correct store keeps the whole contract. Each broken one differs from it in one place, and
the name of the test that fails is the diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from inspect import signature
from time import sleep
from typing import Any
from unicodedata import normalize

import attrs
import pytest
from plain_store import PlainStore, State

from socialflow.errors import ItemExists, StoreError
from socialflow.items import Entry, Item
from socialflow.queries import (
    Change,
    Delivery,
    Duties,
    Duty,
    Effects,
    History,
    Kept,
    StoredDefinition,
    Tally,
)
from socialflow.testing import StoreContract


class NoRollback(PlainStore):
    class Work(PlainStore.Work):
        def __exit__(self, kind: Any, *_: Any) -> None:
            super().__exit__(None)


class RollsBackForErrorsOnly(PlainStore):
    class Work(PlainStore.Work):
        def __exit__(self, kind: Any, *_: Any) -> None:
            super().__exit__(kind if kind and issubclass(kind, Exception) else None)


class NoVersionGuard(PlainStore):
    class Work(PlainStore.Work):
        def guard_version(self, kept: Kept) -> None:
            self.item(kept.item.id)


class GuardsOlderVersionsOnly(PlainStore):
    class Work(PlainStore.Work):
        def guard_version(self, kept: Kept) -> None:
            if self.item(kept.item.id).version > kept.expected:
                super().guard_version(kept)


class NoIdGuard(PlainStore):
    class Work(PlainStore.Work):
        def guard_id(self, item: Item) -> None:
            pass


class NoRefGuard(PlainStore):
    class Work(PlainStore.Work):
        def guard_ref(self, item: Item) -> None:
            pass


class OneItemWithoutRef(PlainStore):
    class Work(PlainStore.Work):
        def guard_ref(self, item: Item) -> None:
            if item.ref in {one.ref for one in self.state.items.values()}:
                raise ItemExists(item.id, item.ref)


class NoKeyGuard(PlainStore):
    class Work(PlainStore.Work):
        def guard_key(self, key: str | None) -> None:
            pass


class EmptyKeyIsNone(PlainStore):
    class Work(PlainStore.Work):
        def answer(self, key: str) -> Entry | None:
            return super().answer(key) if key else None


class TellsOfAnIdBeforeAKey(PlainStore):
    class Work(PlainStore.Work):
        def guard(self, kept: Kept) -> None:
            if not kept.expected:
                self.guard_id(kept.item)
            super().guard(kept)


class TellsAtOnce(PlainStore):
    class Work(PlainStore.Work):
        def after_commit(self, call: Callable[[], None]) -> None:
            call()


class TellsInsideTheTransaction(PlainStore):
    class Work(PlainStore.Work):
        def __exit__(self, kind: Any, *_: Any) -> None:
            if kind is None:
                self.store.state = self.state
                with suppress(StoreError):
                    for call in self.calls:
                        call()
                self.calls = []
            super().__exit__(kind)


class TellsOfWhatFailed(PlainStore):
    class Work(PlainStore.Work):
        def __exit__(self, kind: Any, *_: Any) -> None:
            super().__exit__(kind)
            for call in self.calls if kind else ():
                call()


class TellsTwice(PlainStore):
    class Work(PlainStore.Work):
        def after_commit(self, call: Callable[[], None]) -> None:
            self.calls += [call, call]


class KeepsHalfAChange(PlainStore):
    class Work(PlainStore.Work):
        def write(self, change: Change) -> None:
            super().write(attrs.evolve(change, kept=change.kept[:1]))


class WritesItemByItem(PlainStore):
    class Work(PlainStore.Work):
        def write(self, change: Change) -> None:
            for kept in change.kept:
                super().write(attrs.evolve(change, kept=(kept,)))


class NewestFirst(PlainStore):
    def entries(self, query: History, state: State) -> Iterator[Entry]:
        return reversed(list(super().entries(query, state)))


class Unchained(PlainStore):
    class Work(PlainStore.Work):
        def entry(self, kept: Kept, n: int, previous: str) -> Entry:
            return super().entry(kept, n, "")


class PlacesAreVersions(PlainStore):
    class Work(PlainStore.Work):
        def entry(self, kept: Kept, n: int, previous: str) -> Entry:
            return super().entry(kept, kept.item.version, previous)


class PagesRepeatTheLastDuty(PlainStore):
    def is_behind(self, duty: Duty, last: Duty, query: Duties) -> bool:
        return self.place(duty, query) >= self.place(last, query)


class PagesGoByTimeOnly(PlainStore):
    def is_behind(self, duty: Duty, last: Duty, query: Duties) -> bool:
        return duty.entered > last.entered


class SecondsOnly(PlainStore):
    def place(self, duty: Duty, query: Duties) -> tuple[Any, ...]:
        return duty.entered.replace(microsecond=0), duty.item, duty.stage


class LocalTimesAsText(PlainStore):
    def place(self, duty: Duty, query: Duties) -> tuple[Any, ...]:
        return duty.entered.isoformat(), duty.item, duty.stage


class EndsAreDuties(PlainStore):
    def duties_of(self, item: Item) -> list[Duty]:
        return [Duty(item.id, t.stage, t.state, t.entered, t.responsible) for t in item.tokens]


class DefinitionsAreRememberedTooEarly(PlainStore):
    """Takes for kept what a unit that was rolled back had kept."""

    class Work(PlainStore.Work):
        def define(self, definition: StoredDefinition) -> None:
            known = self.store.__dict__.setdefault("known", set())
            if definition.digest not in known:
                known.add(definition.digest)
                super().define(definition)


class DefinitionsByName(PlainStore):
    class Work(PlainStore.Work):
        def define(self, definition: StoredDefinition) -> None:
            self.state.definitions[definition.name] = definition


class KeepsTheFirstKind(PlainStore):
    class Work(PlainStore.Work):
        def keep(self, kept: Kept) -> None:
            known = self.state.kinds.get(kept.item.id, kept.definition.name)
            super().keep(kept)
            self.state.kinds[kept.item.id] = known


class NormalisesText(PlainStore):
    class Work(PlainStore.Work):
        def item(self, id: str) -> Item:
            return super().item(normalize("NFC", id))

        def keep(self, kept: Kept) -> None:
            item = attrs.evolve(kept.item, id=normalize("NFC", kept.item.id))
            super().keep(attrs.evolve(kept, item=item))


class GivesOutOrdinaryDicts(PlainStore):
    class Work(PlainStore.Work):
        def item(self, id: str) -> Item:
            item = super().item(id)
            return attrs.evolve(item, data=dict(item.data))


class ForgetsContributors(PlainStore):
    class Work(PlainStore.Work):
        def keep(self, kept: Kept) -> None:
            super().keep(attrs.evolve(kept, item=attrs.evolve(kept.item, contributors=())))


class ReadsWhileItIsAsked(PlainStore):
    """Answers from what there is when the next row is fetched."""

    def rows(self, query: Any) -> Iterator[Any]:
        for item in list(super().rows(query)):
            yield self.state.items[item.id] if isinstance(item, Item) else item


class AnswersAnythingWithNothing(PlainStore):
    def answer_to(self, query: Any, state: State) -> Iterator[Any]:
        try:
            return super().answer_to(query, state)
        except TypeError:
            return iter(())


class TakesNoTurns(PlainStore):
    """Each unit changes the copy that it took; the last one to leave wins."""

    def acquire(self) -> None:
        pass

    def release(self) -> None:
        pass

    class Work(PlainStore.Work):
        def item(self, id: str) -> Item:
            sleep(0.0005)
            return super().item(id)


class PutsItemsInPlaceOneByOne(PlainStore):
    class Work(PlainStore.Work):
        def __exit__(self, kind: Any, *_: Any) -> None:
            if kind is None:
                for id, item in self.state.items.items():
                    shown = self.store.state.copy()
                    shown.items[id] = item
                    self.store.state = shown
                    sleep(0)
            super().__exit__(kind)


class QueuesNothing(PlainStore):
    class Work(PlainStore.Work):
        def queue(self, kept: Kept, n: int) -> None:
            pass


class QueuesBeforeItGuards(PlainStore):
    class Work(PlainStore.Work):
        def write(self, change: Change) -> None:
            for kept in change.kept:
                if kept.expected:
                    self.queue(kept, len(self.state.history[kept.item.id]) + 1)
                    self.store.state.outbox.update(self.state.outbox)
            super().write(change)


class QueuesWhatTheFamilySeesTo(PlainStore):
    class Work(PlainStore.Work):
        def queue(self, kept: Kept, n: int) -> None:
            for place, effect in enumerate(kept.event.effects):
                at = kept.item.id, n, place
                self.state.outbox[at] = Delivery(
                    *at, effect.name, effect.data, "queued", kept.event.at
                )


class GivesOneEffectToTwo(PlainStore):
    class Work(PlainStore.Work):
        def guard_turn(self, kept: Delivery | None, delivery: Delivery) -> None:
            if kept is None:
                super().guard_turn(kept, delivery)


class TakesAnyLaterTurn(PlainStore):
    class Work(PlainStore.Work):
        def guard_turn(self, kept: Delivery | None, delivery: Delivery) -> None:
            if kept is None or kept.turn >= delivery.turn:
                super().guard_turn(kept, delivery)


class MakesUpEffects(PlainStore):
    class Work(PlainStore.Work):
        def guard_turn(self, kept: Delivery | None, delivery: Delivery) -> None:
            if kept is not None:
                super().guard_turn(kept, delivery)


class ForgetsWhatIsToldOfAnEffect(PlainStore):
    class Work(PlainStore.Work):
        def deliver(self, delivery: Delivery) -> None:
            super().deliver(attrs.evolve(delivery, told=""))


class KeepsDeliveriesApart(PlainStore):
    """Writes what became of effects, even if what follows from it is refused."""

    class Work(PlainStore.Work):
        def write(self, change: Change) -> None:
            for delivery in change.deliveries:
                self.deliver(delivery)
                self.store.state.outbox.update(self.state.outbox)
            super().write(attrs.evolve(change, deliveries=()))


class TakesEffectsOutOfOrder(PlainStore):
    def holds_up(self, one: Delivery, other: Delivery, query: Effects) -> bool:
        return False


class OverlooksTakenEffects(PlainStore):
    """Takes the next one although somebody is still at work on the one before."""

    def holds_up(self, one: Delivery, other: Delivery, query: Effects) -> bool:
        return one.state == "queued" and super().holds_up(one, other, query)


class WaitsForEveryKindOfWork(PlainStore):
    def holds_up(self, one: Delivery, other: Delivery, query: Effects) -> bool:
        return super().holds_up(one, other, attrs.evolve(query, among=()))


class WaitsForOtherItems(PlainStore):
    def holds_up(self, one: Delivery, other: Delivery, query: Effects) -> bool:
        return super().holds_up(attrs.evolve(one, item=other.item), other, query)


class NeverGivesUpOnAWorker(PlainStore):
    def is_ready(self, delivery: Delivery, query: Effects, state: State) -> bool:
        return delivery.state == "queued" and super().is_ready(delivery, query, state)


class TakesWhatIsNotDue(PlainStore):
    def is_ready(self, delivery: Delivery, query: Effects, state: State) -> bool:
        return super().is_ready(attrs.evolve(delivery, due=query.ready), query, state)


class CountsAllStatesTogether(PlainStore):
    def tallies(self, state: State) -> Iterator[Tally]:
        for name in sorted({one.name for one in state.outbox.values()}):
            these = [one for one in state.outbox.values() if one.name == name]
            yield Tally(name, these[0].state, len(these), min(one.due for one in these))


BROKEN = {
    NoRollback: "test_an_exception_leaves_no_trace",
    RollsBackForErrorsOnly: "test_an_exception_leaves_no_trace",
    NoVersionGuard: "test_the_second_of_two_writers_is_told",
    GuardsOlderVersionsOnly: "test_a_version_that_is_not_yet_there_is_stale_too",
    NoIdGuard: "test_an_id_belongs_to_one_item",
    NoRefGuard: "test_a_ref_belongs_to_one_item",
    OneItemWithoutRef: "test_no_ref_is_shared_by_many",
    NoKeyGuard: "test_a_key_is_used_once",
    EmptyKeyIsNone: "test_an_empty_ref_or_key_is_one_like_any_other",
    TellsOfAnIdBeforeAKey: "test_a_taken_key_is_told_before_a_taken_id",
    TellsAtOnce: "test_after_commit_is_called_once_and_in_order",
    TellsInsideTheTransaction: "test_after_commit_comes_when_all_is_done",
    TellsOfWhatFailed: "test_nobody_is_told_of_what_was_rolled_back",
    TellsTwice: "test_after_commit_is_called_once_and_in_order",
    KeepsHalfAChange: "test_one_change_keeps_several_items",
    WritesItemByItem: "test_a_refused_change_is_never_half_written",
    NewestFirst: "test_a_history_is_gapless_and_in_order",
    Unchained: "test_each_entry_is_chained_to_the_one_before",
    PlacesAreVersions: "test_a_note_takes_a_place_but_no_version",
    PagesRepeatTheLastDuty: "test_a_worklist_is_read_in_pages",
    PagesGoByTimeOnly: "test_a_worklist_is_read_in_pages",
    SecondsOnly: "test_the_longest_waiting_come_first",
    LocalTimesAsText: "test_the_longest_waiting_come_first",
    EndsAreDuties: "test_an_ended_item_has_no_duties",
    DefinitionsAreRememberedTooEarly: "test_what_was_rolled_back_may_be_written_again",
    DefinitionsByName: "test_a_definition_is_kept_once",
    KeepsTheFirstKind: "test_an_item_may_go_on_under_another_definition",
    NormalisesText: "test_odd_texts_are_kept_letter_by_letter",
    GivesOutOrdinaryDicts: "test_what_is_read_is_immutable_all_the_way_down",
    ForgetsContributors: "test_an_item_comes_back_with_every_attribute",
    ReadsWhileItIsAsked: "test_an_answer_is_as_of_when_it_was_asked_for",
    AnswersAnythingWithNothing: "test_a_question_that_it_does_not_know_is_an_error",
    TakesNoTurns: "test_no_update_of_one_item_is_lost",
    PutsItemsInPlaceOneByOne: "test_a_reader_sees_a_change_whole_or_not_at_all",
    QueuesNothing: "test_an_effect_is_queued_with_its_event",
    QueuesBeforeItGuards: "test_an_effect_is_not_queued_without_its_event",
    QueuesWhatTheFamilySeesTo: "test_an_effect_is_queued_with_its_event",
    GivesOneEffectToTwo: "test_the_second_of_two_who_deliver_is_told",
    TakesAnyLaterTurn: "test_the_second_of_two_who_deliver_is_told",
    MakesUpEffects: "test_the_second_of_two_who_deliver_is_told",
    ForgetsWhatIsToldOfAnEffect: "test_a_delivery_is_kept_as_it_was_told",
    KeepsDeliveriesApart: "test_what_became_of_an_effect_is_written_with_what_follows",
    TakesEffectsOutOfOrder: "test_the_effects_of_one_item_are_ready_one_after_the_other",
    OverlooksTakenEffects: "test_the_effects_of_one_item_are_ready_one_after_the_other",
    WaitsForEveryKindOfWork: "test_what_is_ready_waits_for_some_kinds_of_work_only",
    WaitsForOtherItems: "test_the_effects_of_one_item_are_ready_one_after_the_other",
    NeverGivesUpOnAWorker: "test_what_is_due_and_under_way_is_ready",
    TakesWhatIsNotDue: "test_what_is_due_and_under_way_is_ready",
    CountsAllStatesTogether: "test_effects_are_counted_by_name_and_state",
}


def run(name: str, kind: type[PlainStore]) -> None:
    """Run one test of the contract as pytest would, on a store of that kind."""
    test = getattr(StoreContract(), name)
    fixtures = {"store": kind(), "open_store": lambda _: kind()}
    test(**{name: fixtures[name] for name in signature(test).parameters})


TESTS = sorted(name for name in dir(StoreContract) if name.startswith("test_"))


class TestPlainStore(StoreContract):
    """The store that all the broken ones are made of keeps the contract."""

    @pytest.fixture
    def open_store(self) -> Callable[[str], PlainStore]:
        return lambda name: PlainStore()


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
def test_a_broken_store_fails_the_test_that_names_its_fault(kind: type[PlainStore]) -> None:
    """What is wrong with a store can be read from the name of the test that fails."""
    with pytest.raises((AssertionError, StoreError, pytest.fail.Exception)):
        run(BROKEN[kind], kind)


def test_most_tests_of_the_contract_pass_on_a_broken_store() -> None:
    """A single fault does not turn everything red: the diagnosis is not lost in the noise."""
    for kind in (NoRefGuard, TellsTwice, PagesRepeatTheLastDuty, ForgetsContributors):
        failed = [name for name in TESTS if _fails(name, kind)]
        assert BROKEN[kind] in failed
        assert len(failed) <= 6, (kind, failed)


def _fails(name: str, kind: type[PlainStore]) -> bool:
    try:
        run(name, kind)
    except (AssertionError, StoreError, pytest.fail.Exception):
        return True
    return False
