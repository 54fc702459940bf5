"""The contract of a store that has tenants: each tries to see and to touch what is another's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any, Protocol

import attrs
import pytest

from socialflow.chain import anchor, audit
from socialflow.erasing import erase
from socialflow.errors import Contended, ItemNotFound, StaleDelivery, StoreError
from socialflow.items import Alarm, Effect, Token
from socialflow.protocols import Store
from socialflow.queries import (
    Change,
    Definitions,
    Duties,
    Effects,
    Heads,
    History,
    Inhabited,
    Items,
    Later,
    Laters,
    Records,
    Strays,
    Tallies,
)
from socialflow.retiring import retire
from socialflow.testing.books import LAW, Family, ended, sent
from socialflow.testing.changes import (
    START,
    born,
    definition,
    history,
    later,
    moved,
    noted,
    stored,
    write,
)
from socialflow.transfer import export, import_into

__all__ = ["TenantContract", "WithTenants"]


class WithTenants(Store, Protocol):
    """A store that keeps several departments apart."""

    def for_tenant(self, name: str) -> Store:
        """The store as it is for one of them."""
        ...

    def tenants(self) -> tuple[str, ...]:
        """Names of those for whom something was created; ``""`` is what is of no tenant."""
        ...


FAR = START + timedelta(days=99)

EVERYTHING: tuple[Any, ...] = (
    Items(),
    Items(id="a"),
    Items(ref="post:1"),
    Items(parent="p"),
    Items(kind="letter"),
    History(),
    History("a"),
    History(key="k"),
    Duties(),
    Duties(responsible="ann"),
    Duties(item="a"),
    Duties(due=FAR),
    Inhabited("p", "letter"),
    Effects(),
    Effects(item="a"),
    Effects(ready=FAR),
    Tallies(),
    Definitions(),
    Heads(),
    Heads(item="a"),
    Laters(),
    Records(),
    Records(item="old"),
    Records(newest=True),
    Strays(),
)
"""Questions of every kind, to all of which a full store has an answer but for `Strays`."""


def fill(store: Store, title: str) -> None:
    """What a department has: a family, duties, effects, keys, a book, something put off."""
    waiting = Token("writing.drafting", 1, START, "ann", None, Alarm(later(1), "ann"))
    write(store, born("a", waiting, ref="post:1", key="k", data={"title": title}))
    write(store, moved(stored(store, "a"), effects=(Effect("mail", {"about": title}),)))
    write(store, born("p"))
    write(store, Family("p").born("c"))
    with store.begin() as work:
        work.write(Change(later=(Later("a", "writing", later(5)),)))
    ended(store, "old")
    retire(store, ended_before=later(60), **LAW)
    anchor(store, at=START)


def told(store: Store) -> list[list[Any]]:
    """The answers to all questions."""
    return [list(store.rows(query)) for query in EVERYTHING]


class TenantContract:
    """And it has tenants, who neither see nor touch what is another's.

    The store itself is a tenant as well, whose name is empty.  A class that inherits this beside
    `BookContract` has the fixture `store` already.
    """

    @pytest.fixture
    def store(self, *_: Any) -> WithTenants:
        """An empty store, in which no other test has a tenant."""
        raise NotImplementedError("override the fixture store, or inherit a StoreContract as well")

    @pytest.fixture
    def tenants(self, store: WithTenants) -> tuple[Store, Store]:
        """One that has everything, and one that has nothing and wants it."""
        owner, thief = store.for_tenant("owner"), store.for_tenant("thief")
        fill(owner, "secret")
        return owner, thief

    # -- seeing

    def test_nothing_of_another_tenant_is_seen(self, tenants: tuple[Store, Store]) -> None:
        """Whatever is asked, with ids, refs, keys and parents that were guessed right."""
        _, thief = tenants

        assert [[]] * len(EVERYTHING) == told(thief)

    def test_nothing_of_another_tenant_is_seen_in_a_unit(
        self, tenants: tuple[Store, Store]
    ) -> None:
        """Nor there, whichever way it is asked."""
        _, thief = tenants
        asked: list[Any] = [
            Items(),
            Items(id="a"),
            History("a"),
            Inhabited("p", "letter"),
            Effects(ready=FAR),
        ]

        with thief.begin() as work:
            with pytest.raises(ItemNotFound):
                work.item("a")
            assert work.answer("k") is None
            assert [[]] * len(asked) == [list(work.rows(query)) for query in asked]

    def test_equal_tenants_have_equal_answers(self, store: WithTenants) -> None:
        """Each sees all that is its own, though ids, refs and keys are another's as well."""
        one, two = store.for_tenant("one"), store.for_tenant("two")
        fill(one, "title")
        before = told(one)

        fill(two, "title")

        assert before == told(one) == told(two)
        assert all(answer for answer in before[:-1])
        assert ((), ()) == (audit(one), audit(two))

    def test_the_store_itself_sees_no_tenant(self, store: WithTenants) -> None:
        """Nor do they see what is in it."""
        fill(store.for_tenant("owner"), "secret")
        assert [[]] * len(EVERYTHING) == told(store)

        fill(store, "open")

        assert [[]] * len(EVERYTHING) == told(store.for_tenant("other"))
        assert "secret" not in repr(told(store))

    def test_tenants_are_listed(self, store: WithTenants) -> None:
        """Once something was created for them, by code point."""
        for name in ("owner", "Zoë", "äcme", ""):
            fill(store.for_tenant(name), "secret")
        assert list(store.for_tenant("nobody").rows(Items())) == []

        assert ("", "Zoë", "owner", "äcme") == store.tenants()

    def test_a_tenant_is_the_same_each_time(self, store: WithTenants) -> None:
        """Whoever asks for it, and from whichever tenant; names differ by every character."""
        fill(store.for_tenant("acme"), "secret")
        through = store.for_tenant("other").for_tenant("acme")  # type: ignore[attr-defined]

        assert told(store.for_tenant("acme")) == told(through)
        for name in ("Acme", "acme ", "acm", "acme%", "_cme", "açme"):
            assert [[]] * len(EVERYTHING) == told(store.for_tenant(name))

    # -- touching

    @pytest.fixture
    def untouched(self, tenants: tuple[Store, Store]) -> Iterator[None]:
        """Whatever a test tries: the owner's answers are the same afterwards."""
        owner, _ = tenants
        before = told(owner)
        yield
        assert before == told(owner)
        assert () == audit(owner)

    @pytest.mark.usefixtures("untouched")
    def test_no_item_of_another_tenant_is_written(self, tenants: tuple[Store, Store]) -> None:
        """Not even with the right version, and as the owner would have written it."""
        owner, thief = tenants
        item = stored(owner, "a")

        for kept in (moved(item, "end.closed"), noted(item, "a remark")):
            with pytest.raises(ItemNotFound):
                write(thief, kept)
        with pytest.raises(ItemNotFound):
            erase(thief, "a", **LAW)

        assert [[]] * len(EVERYTHING) == told(thief)

    @pytest.mark.usefixtures("untouched")
    def test_ids_refs_and_keys_of_another_tenant_are_free(
        self, tenants: tuple[Store, Store]
    ) -> None:
        """Who writes them learns nothing, and has an item of its own."""
        _, thief = tenants

        item = write(thief, born("a", ref="post:1", key="k", data={"title": "mine"}))
        write(thief, moved(item, "end.closed", effects=(Effect("mail"),)))
        sent(thief, "a", "delivered")
        with thief.begin() as work:
            answer = work.answer("k")

        assert answer is not None
        assert {"title": "mine"} == answer.event.command.data == stored(thief, "a").data
        assert 2 == len(history(thief, "a"))
        assert () == audit(thief)

    @pytest.mark.usefixtures("untouched")
    def test_a_child_below_a_foreign_parent_is_a_child_of_nobody(
        self, tenants: tuple[Store, Store]
    ) -> None:
        """The parent has none more, and is not found from below."""
        owner, thief = tenants

        write(thief, Family("p").born("mine"))

        assert ["c"] == [item.id for item in owner.rows(Items(parent="p"))]
        with pytest.raises(ItemNotFound):
            stored(thief, "p")

    @pytest.mark.usefixtures("untouched")
    def test_no_effect_of_another_tenant_is_taken(self, tenants: tuple[Store, Store]) -> None:
        """Neither by asking what is ready, nor by a key that was guessed."""
        owner, thief = tenants
        (effect,) = owner.rows(Effects())
        taken = attrs.evolve(effect, state="taken", turn=1)

        with pytest.raises(StaleDelivery), thief.begin() as work:
            work.write(Change(deliveries=(taken,)))

    @pytest.mark.usefixtures("untouched")
    def test_what_is_ready_waits_for_no_other_tenant(self, tenants: tuple[Store, Store]) -> None:
        """Though an item with the same id has an effect there that comes before."""
        _, thief = tenants
        item = write(thief, born("a"))
        item = write(thief, noted(item, "a remark"))
        write(thief, moved(item, effects=(Effect("mail"),)))

        assert ["a/3/0"] == [effect.key for effect in thief.rows(Effects(ready=FAR))]

    @pytest.mark.usefixtures("untouched")
    def test_no_duty_of_another_tenant_is_put_off(self, tenants: tuple[Store, Store]) -> None:
        """It is due as before."""
        _, thief = tenants

        with thief.begin() as work:
            work.write(Change(later=(Later("a", "writing", FAR), Later("p", "writing", FAR))))

        assert [] == list(thief.rows(Laters()))

    @pytest.mark.usefixtures("untouched")
    def test_no_item_of_another_tenant_is_removed(self, tenants: tuple[Store, Store]) -> None:
        """Neither by what it retires, nor by naming where the item ends."""
        owner, thief = tenants

        assert () == retire(thief, ended_before=FAR, **LAW)
        for head in list(owner.rows(Heads())):
            with pytest.raises(Contended), thief.begin() as work:
                work.write(Change(removed=(head,)))

    @pytest.mark.usefixtures("untouched")
    def test_no_definition_is_another_tenants(self, tenants: tuple[Store, Store]) -> None:
        """Each has its own, of the same name and version too."""
        _, thief = tenants
        other = attrs.evolve(definition("letter"), digest="0" * 64)

        write(thief, born("x", of=other), of=other)

        assert [other] == list(thief.rows(Definitions()))

    @pytest.mark.usefixtures("untouched")
    def test_a_unit_that_waits_for_a_foreign_item_has_not_got_it(
        self, tenants: tuple[Store, Store]
    ) -> None:
        """To want it for itself alone gives nobody a sight of it."""
        _, thief = tenants

        with pytest.raises(ItemNotFound), thief.begin("a") as work:
            work.item("a")

    # -- as a whole

    @pytest.mark.usefixtures("untouched")
    def test_an_export_has_nothing_of_another_tenant(self, tenants: tuple[Store, Store]) -> None:
        """Neither have an anchor and an audit."""
        owner, thief = tenants
        write(thief, born("mine"))
        file = StringIO()

        taken = anchor(thief, at=START, to=file)

        assert (1, 1, 0) == (taken.items, taken.entries, taken.effects)
        assert "secret" not in "".join(export(thief))
        assert "post:1" not in "".join(export(thief)) + file.getvalue()
        assert () == audit(thief, file.getvalue().splitlines())
        assert () != audit(owner, file.getvalue().splitlines())

    @pytest.mark.usefixtures("untouched")
    def test_an_import_goes_to_one_tenant_only(self, tenants: tuple[Store, Store]) -> None:
        """The same items twice in one database, and neither is the other's."""
        owner, thief = tenants
        lines = list(export(owner))

        import_into(thief, lines)

        assert lines == list(export(thief))
        erase(thief, "a", **LAW)
        assert "secret" in "".join(export(owner))

    def test_what_is_wrong_with_one_tenant_is_no_finding_of_another(
        self, tenants: tuple[Store, Store]
    ) -> None:
        """Each is audited by itself."""
        _, thief = tenants
        broken = attrs.evolve(born("x").event, keeps=("nothing",))
        kept = attrs.evolve(born("x"), item=attrs.evolve(born("x").item, contributors=("eve",)))
        write(thief, attrs.evolve(kept, event=broken))
        owner, _ = tenants

        assert () == audit(owner)
        assert ["item x"] == [finding.where for finding in audit(thief)]
        with pytest.raises(StoreError):
            list(export(thief))
