"""The outbox: an effect is delivered as its channel can bear, and its item hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from parcel_office import START, Office
from parcels import OUTCOMES, PARCEL, TEAM

from socialflow import Action, Effect, Engine, Refused, Stage, Workflow
from socialflow.aio import AsyncEngine
from socialflow.chain import audit
from socialflow.channels import Outcome, delivered, try_again
from socialflow.errors import EffectNotFound, StaleDelivery, StoreError, Uncertain, WrongArgument
from socialflow.hearing import Hearing
from socialflow.items import Item
from socialflow.outbox import Outbox, doubling
from socialflow.people import SYSTEM
from socialflow.protocols import Channel
from socialflow.queries import Change, Delivery, Effects, Tally
from socialflow.stores.memory import MemoryStore
from socialflow.testing.channels import Crash, FlakyChannel

ABILITIES = ("deduplicate", "verify", "nothing")
SENDS = FlakyChannel("deduplicate")
OTHER = Workflow("note", [Stage("desk", ("open", "done"), role="clerk")])
LETTER = Workflow(
    "letter",
    [
        Stage(
            "desk",
            ("open", "done"),
            role="clerk",
            actions=(Action("frank", "open", "done", effects=Effect("publish")),),
        )
    ],
)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusal]


# -- what comes of it


def test_what_is_delivered_is_heard_by_its_item() -> None:
    """By the system, with what the channel tells, under the effect's key and turn."""
    office = Office()
    office.pack("a", "send")

    [attempt] = office.outbox.deliver()

    assert ("delivered", "") == (attempt.delivery.state, attempt.unheard)
    assert "sent" == office.where()
    last = office.engine.history("a")[-1].event
    assert (SYSTEM.id, "a/2/0/2") == (last.by, last.command.key)
    assert "https://example.com/a/2/0" == office.engine.item("a").data["url"]
    assert () == audit(office.store)


def test_what_is_refused_is_dead_and_heard() -> None:
    """With what the channel said, and how often it has failed by now."""
    office = Office(ways=["refuses", "refuses"])
    office.pack("a", "send")
    office.deliver()
    office.act("a", "send")

    assert ["refused"] == office.deliver()

    assert ["dead", "dead"] == office.states()
    assert "failed" == office.where()
    told = office.engine.history("a")[-1].event.command.data
    assert {"evidence": "422: too long", "attempts": 2} == told


def test_what_was_not_done_is_tried_again_and_then_given_up() -> None:
    """After a pause, so many times; then the item hears that it has failed."""
    office = Office(ways=["is busy", "says that it failed", "is busy"])
    office.pack("a", "send")

    seen = []
    for _ in range(6):
        office.deliver()
        seen.append((office.states()[0], len(office.channel.calls)))
        office.wait(1)

    assert [("queued", 1), ("queued", 2), ("queued", 2), ("dead", 3)] == seen[:4]
    assert {("dead", 3)} == set(seen[4:])
    assert "failed" == office.where()
    assert [] == office.channel.done


def test_a_channel_may_say_how_long_to_wait() -> None:
    """Then that counts, and not the outbox's pause."""

    class Slow(Channel):
        can = "nothing"

        def deliver(self, delivery: Delivery, item: Item) -> Outcome:
            return try_again("429", after=timedelta(hours=2))

    office = Office(channels={"publish": Slow()})
    office.pack("a", "send")

    office.deliver()

    assert START + timedelta(hours=2) == office.effects()[0].due


@pytest.mark.parametrize("way", ["fails before", "fails after", "mumbles"])
@pytest.mark.parametrize("can", ABILITIES)
def test_an_unknown_outcome_is_followed_by_what_the_channel_can(can: str, way: str) -> None:
    """Called again, or asked first, or left alone: then the item hears that it is lost."""
    office = Office(can=can, ways=[way])
    office.pack("a", "send")

    assert ["unknown"] == office.deliver()
    assert "a/2/0" == office.channel.calls[0]

    if can == "nothing":
        office.run()
        assert (["unconfirmed"], "lost") == (office.states(), office.where())
        assert 1 == len(office.channel.calls)
    else:
        assert (["taken"], "sending") == (office.states(), office.where())
        office.run()
        assert (["delivered"], "sent") == (office.states(), office.where())
        assert ["a/2/0"] == office.channel.done
        calls = 1 if can == "verify" and way != "fails before" else 2
        assert ["a/2/0"] * calls == office.channel.calls


@pytest.mark.parametrize("can", ["deduplicate", "verify"])
def test_who_never_answers_is_given_up_as_unconfirmed(can: str) -> None:
    """After so many attempts nobody knows, and it is not dead: the item hears that it is lost."""
    office = Office(can=can, ways=["fails after"] * 20)
    office.pack("a", "send")

    office.run()

    assert (["unconfirmed"], "lost") == (office.states(), office.where())
    assert 3 == office.effects()[0].attempts
    assert ["a/2/0"] == office.channel.done


@pytest.mark.parametrize("way", ["crashes before", "crashes after"])
@pytest.mark.parametrize("can", ABILITIES)
def test_whoever_does_not_come_back_is_given_up(can: str, way: str) -> None:
    """When the lease has run out, and not before, it goes on as after an unknown outcome."""
    office = Office(can=can, ways=[way])
    office.pack("a", "send")
    with pytest.raises(Crash):
        office.deliver()
    office.start()

    office.wait(4.9)
    assert [] == office.deliver()
    assert ["taken"] == office.states()

    office.wait(0.1)
    assert 1 == len(office.deliver())
    office.run()
    expected = ("unconfirmed", "lost") if can == "nothing" else ("delivered", "sent")
    assert expected == (office.states()[0], office.where())
    assert len(office.channel.done) <= 1
    assert can != "nothing" or 1 == len(office.channel.calls)


def test_what_kills_whoever_takes_it_is_given_up() -> None:
    """It is taken so often, and then nobody is sent after it any more."""
    office = Office(ways=["crashes before"] * 20)
    office.pack("a", "send")

    for _ in range(3):
        with pytest.raises(Crash):
            office.deliver()
        office.wait()

    assert ["unknown"] == office.deliver()
    assert (["unconfirmed"], "lost") == (office.states(), office.where())
    assert 3 == len(office.channel.calls)


# -- what goes out, and in which order


def test_what_goes_out_is_the_item_as_it_was() -> None:
    """When its event asked for it: what was changed since has not been approved."""
    seen: list[Item] = []

    class Watching(Channel):
        can = "nothing"

        def deliver(self, delivery: Delivery, item: Item) -> Outcome:
            seen.append(item)
            return delivered()

    office = Office(channels={"notify": Watching()})
    office.pack("a", "ring")
    as_it_was = office.engine.item("a")
    office.engine.perform("a", "note", by="cleo", data={"text": "a remark"})
    office.act("a", "send")
    office.pack("b", "ring")

    office.deliver()

    assert [as_it_was, office.engine.item("b")] == seen


def test_the_effects_of_an_item_go_out_one_after_the_other() -> None:
    """A later one waits until the one before has come to an end; other items do not."""
    office = Office(ways=["is busy"])
    office.pack("a", "send", "snatch", "send")
    office.pack("b", "send")

    office.deliver()
    assert ["a/2/0", "b/2/0"] == office.channel.calls
    assert [] == office.deliver()
    office.run()

    assert ["a/2/0", "b/2/0", "a/2/0", "a/4/0"] == office.channel.calls


def test_one_kind_of_work_waits_for_another() -> None:
    """Of one item, where the outbox has a channel for both."""
    busy, idle = FlakyChannel("nothing", ["is busy"]), FlakyChannel("nothing")
    office = Office(channels={"publish": busy, "notify": idle})
    office.pack("a", "send", "ring")

    office.deliver()
    assert (["a/2/0"], []) == (busy.calls, idle.calls)
    office.run()

    assert (["a/2/0", "a/2/0"], ["a/3/0"]) == (busy.calls, idle.calls)


def test_what_nobody_delivers_is_in_nobodys_way() -> None:
    """An effect without a channel stays queued, and those behind it go out."""
    office = Office()
    office.pack("a", "ring", "send", "ring")

    office.deliver()

    assert ["queued", "delivered", "queued"] == office.states()


def test_what_nobody_hears_of_is_delivered_all_the_same() -> None:
    """An effect whose item has no word for what came of it."""
    office = Office(channels={"notify": FlakyChannel("nothing")})
    office.pack("a", "ring")
    before = office.engine.item("a")

    office.deliver()

    assert ["delivered"] == office.states()
    assert before == office.engine.item("a")


def test_at_most_so_many_are_delivered() -> None:
    """What is left is left as it was."""
    office = Office()
    for id in "abcde":
        office.pack(id, "send")

    assert 2 == len(office.deliver(limit=2))
    assert [] == office.deliver(limit=0)
    assert 2 == office.states().count("delivered")
    assert 3 == office.states().count("queued")


def test_what_must_not_be_called_twice_is_taken_alone() -> None:
    """A process that dies takes one of them along, and not all that were ready."""
    office = Office(can="nothing", ways=["crashes before"])
    for id in "abc":
        office.pack(id, "send")

    with pytest.raises(Crash):
        office.deliver()

    assert ["taken", "queued", "queued"] == office.states()
    office.run()
    assert ["unconfirmed", "delivered", "delivered"] == office.states()


def test_a_batch_ends_where_something_delicate_begins() -> None:
    """What may be called again is taken together, up to the first that may not."""
    careful, robust = FlakyChannel("nothing"), FlakyChannel("deduplicate", ["crashes before"])
    office = Office(channels={"publish": robust, "notify": careful})
    for id, action in (("a", "send"), ("b", "send"), ("c", "ring"), ("d", "send")):
        office.pack(id, action)

    with pytest.raises(Crash):
        office.deliver()

    assert ["taken", "taken", "queued", "queued"] == office.states()


def test_what_a_slow_batch_does_not_come_to_is_left_to_others() -> None:
    """Whose lease has run out before it is called, is not called under that lease."""
    office = Office()
    for id in "abc":
        office.pack(id, "send")
    deliver = office.channel.deliver

    def slow(*told: Any) -> Outcome:
        office.wait(4)
        return deliver(*told)

    office.channel.deliver = slow  # type: ignore[method-assign]

    assert ["delivered"] * 3 == office.deliver()
    assert [2, 2, 3] == [one.turn for one in office.effects()]
    assert ["a/2/0", "b/2/0", "c/2/0"] == office.channel.calls


# -- what is not heard


def test_what_an_item_cannot_hear_is_for_somebody_to_look_at() -> None:
    """It is unconfirmed, with what came of it and why its item would not hear."""
    office = Office()
    office.pack("a", "send", "snatch")

    [attempt] = office.outbox.deliver()

    assert "unconfirmed" == attempt.delivery.state == office.states()[0]
    assert "'accept' is not open" in attempt.unheard
    assert "https://example.com/a/2/0" in attempt.delivery.told
    assert "packed" == office.where()


def test_an_outcome_that_an_item_has_no_action_for_is_for_somebody_to_look_at() -> None:
    """An action of another workflow neither stops the others nor is the outcome lost."""
    office = Office()
    office.engine = Engine(office.store, [PARCEL, LETTER], TEAM, clock=lambda: office.now)
    office.told["outcomes"] = {"publish": {"delivered": "frank"}}
    office.start()
    office.pack("a", "send")
    office.pack("b", "send")

    assert ["delivered", "delivered"] == office.deliver()
    assert ["unconfirmed", "unconfirmed"] == office.states()
    assert all("has no action 'frank'" in one.told for one in office.effects())


def test_what_is_said_too_late_is_told_to_whoever_looks() -> None:
    """The lease had run out, and another had given it up: the answer is kept with it."""
    office = Office(can="nothing")
    office.pack("a", "send")
    deliver = office.channel.deliver

    def slow(*told: Any) -> Outcome:
        office.wait()
        other = Outbox(office.engine, {"publish": FlakyChannel("nothing")}, outcomes=OUTCOMES)
        assert ["unknown"] == [one.outcome.kind for one in other.deliver()]
        return deliver(*told)

    office.channel.deliver = slow  # type: ignore[method-assign]

    [attempt] = office.outbox.deliver()

    assert "somebody else" in attempt.unheard
    assert (["unconfirmed"], "lost") == (office.states(), office.where())
    assert "https://example.com/a/2/0" in office.effects()[0].told
    assert 1 == len(office.channel.calls)


# -- somebody looks


def lost(how: str = "publish", **told: Any) -> Office:
    """An office with one effect that is unconfirmed; its item has heard so, if it can."""
    office = Office(can="nothing", ways=["fails before"], **told)
    office.pack("a", "send")
    office.deliver()
    assert ["unconfirmed"] == office.states()
    return office


def test_who_has_seen_that_it_was_done_says_so() -> None:
    """The effect is delivered, and the item hears that it was found, by them."""
    office = lost()

    office.outbox.resolve("a/2/0", "delivered", by="cleo", evidence="it is on the page")

    assert (["delivered"], "sent") == (office.states(), office.where())
    last = office.engine.history("a")[-1].event
    assert ("cleo", {"evidence": "it is on the page"}) == (last.by, last.command.data)


def test_who_has_seen_that_it_was_not_done_drops_it() -> None:
    """The effect is dead, the item hears that it is missing, and asks for it anew itself."""
    office = lost()

    office.outbox.resolve("a/2/0", "drop", by="cleo", evidence="nothing there")
    assert (["dead"], "failed") == (office.states(), office.where())
    office.act("a", "send")
    office.run()

    assert ["a/2/0", "a/5/0"] == office.channel.calls
    assert (["dead", "delivered"], "sent") == (office.states(), office.where())


def test_what_its_item_has_heard_of_is_not_delivered_again() -> None:
    """The item has gone on: it asks for it anew, by an effect of its own."""
    office = lost()

    with pytest.raises(Refused) as refused:
        office.outbox.resolve("a/2/0", "again", by="cleo", evidence="nothing there")

    assert ["heard"] == codes(refused)
    assert ["unconfirmed"] == office.states()


def test_what_nobody_has_heard_of_is_delivered_again_once_somebody_says_so() -> None:
    """That is recorded in the history of the item, and the key is the same."""
    office = lost(outcomes={})
    office.run()
    assert 1 == len(office.channel.calls)

    office.outbox.resolve("a/2/0", "again", by="cleo", evidence="nothing there")
    office.run()

    assert ["a/2/0", "a/2/0"] == office.channel.calls
    assert ["delivered"] == office.states()
    note = office.engine.history("a")[-1].event
    assert ("note", "cleo") == (note.action, note.by)
    assert "effect publish (a/2/0): again: nothing there" == note.command.data["text"]


@pytest.mark.parametrize("how", ["delivered", "again", "drop"])
def test_only_whoever_may_speak_for_the_item_resolves(how: str) -> None:
    """Otherwise nothing is written."""
    office = lost(outcomes={} if how == "again" else OUTCOMES)

    with pytest.raises(Refused) as refused:
        office.outbox.resolve("a/2/0", how, by="gus", evidence="I think so")

    assert ["role"] == codes(refused)
    assert ["unconfirmed"] == office.states()
    assert 1 == len(office.channel.calls)


def test_an_item_that_has_gone_on_keeps_a_note_of_what_was_found() -> None:
    """Somebody has said so at the item already: then the effect is settled beside it."""
    office = lost()
    office.act("a", "find", evidence="seen")

    office.outbox.resolve("a/2/0", "delivered", by="cleo", evidence="seen")

    assert (["delivered"], "sent") == (office.states(), office.where())
    assert ["find", "note"] == office.did()[-2:]


def test_what_is_not_unconfirmed_is_not_resolved() -> None:
    """Nor is there anything to say of what nobody has tried yet."""
    office = Office()
    office.pack("a", "send")

    with pytest.raises(Refused) as refused:
        office.outbox.resolve("a/2/0", "delivered", by="cleo", evidence="seen")

    assert ["effect_state"] == codes(refused)
    assert ["queued"] == office.states()


def test_what_nobody_has_tried_yet_may_be_dropped() -> None:
    """It is certain that it was not done; what is delivered just now is left alone."""
    office = Office()
    office.pack("a", "send")

    dropped = office.outbox.resolve("a/2/0", "drop", by="cleo", evidence="we gave it up")
    office.run()

    assert ("dead", []) == (dropped.state, office.channel.calls)
    assert (["send", "note"], "sending") == (office.did()[-2:], office.where())
    with pytest.raises(Refused) as refused:
        office.outbox.resolve("a/2/0", "drop", by="cleo", evidence="we gave it up")
    assert "is dead, not unconfirmed or queued" in str(refused.value)
    office.outbox.revive("a/2/0")
    office.run()
    assert (["delivered"], "sent") == (office.states(), office.where())


def test_what_is_being_delivered_is_not_dropped() -> None:
    """Nobody knows yet what comes of it; who was slower is told."""
    office = Office()
    office.pack("a", "send")
    asked = []

    class Asked(Channel):
        can = "deduplicate"

        def deliver(self, delivery: Delivery, item: Item) -> Outcome:
            with pytest.raises(Refused) as refused:
                office.outbox.resolve(delivery.key, "drop", by="cleo", evidence="stop it")
            asked.extend(codes(refused))
            return delivered(url="https://example.com")

    Outbox(office.engine, {"publish": Asked()}, outcomes=OUTCOMES).deliver()

    assert (["effect_state"], ["delivered"]) == (asked, office.states())


def test_what_is_dead_can_be_revived() -> None:
    """With attempts as many as at first; what is not dead cannot."""
    office = Office(ways=["is busy"] * 3, outcomes={})
    office.pack("a", "send")
    with pytest.raises(Refused) as refused:
        office.outbox.revive("a/2/0")
    assert ["effect_state"] == codes(refused)
    office.run()
    assert ["dead"] == office.states()

    assert "queued" == office.outbox.revive("a/2/0").state
    office.run()

    assert (["delivered"], 4) == (office.states(), len(office.channel.calls))


def test_what_its_item_has_heard_of_is_not_revived() -> None:
    """It has failed there, and is sent anew from there."""
    office = Office(ways=["refuses"])
    office.pack("a", "send")
    office.deliver()

    with pytest.raises(Refused) as refused:
        office.outbox.revive("a/2/0")

    assert ["heard"] == codes(refused)


def test_what_has_been_overtaken_is_not_delivered_any_more() -> None:
    """The order of an item's effects is kept, also by whoever puts things right."""
    office = Office(can="nothing", ways=["refuses", "delivers"], outcomes={})
    office.pack("a", "send", "snatch", "send")
    office.run()
    assert ["dead", "delivered"] == office.states()
    with pytest.raises(Refused) as refused:
        office.outbox.revive("a/2/0")
    assert ["overtaken"] == codes(refused)

    office = Office(can="nothing", ways=["fails before", "delivers"], outcomes={})
    office.pack("a", "send", "snatch", "send")
    office.run()
    with pytest.raises(Refused) as refused:
        office.outbox.resolve("a/2/0", "again", by="cleo", evidence="nothing there")
    assert ["overtaken"] == codes(refused)
    office.outbox.resolve("a/2/0", "drop", by="cleo", evidence="nothing there")
    assert ["dead", "delivered"] == office.states()


def test_letters_are_read_in_pages() -> None:
    """Those of one state, those that have been so for longest first."""
    office = Office(ways=["refuses"] * 5)
    for id in "abcde":
        office.pack(id, "send")
        office.deliver()
        office.wait()

    first = office.outbox.letters(limit=3)
    rest = office.outbox.letters(after=first[-1], limit=3)

    assert list("abcde") == [one.item for one in (*first, *rest)]
    assert () == office.outbox.letters("unconfirmed")
    assert (Tally("publish", "dead", 5, START),) == office.outbox.tallies()


def test_what_is_not_there_is_said_so() -> None:
    """A key of nobody's, an item without effects, an answer that is none."""
    office = lost()

    for key in ("a/2/1", "a/3/0", "b/1/0", "", "a", "a/2/0/0"):
        with pytest.raises(EffectNotFound):
            office.outbox.revive(key)
    with pytest.raises(WrongArgument) as wrong:
        office.outbox.resolve("a/2/0", "deliverd", by="cleo", evidence="")
    told = "how must be what can be said of an effect, not 'deliverd' (did you mean 'delivered'?)"
    assert told == str(wrong.value)


# -- how it is made


def test_a_channel_says_what_it_can() -> None:
    """Or there is no outbox; and an outcome is one of five words."""
    office = Office()
    for can in ("", "deduplicates", None):
        with pytest.raises(WrongArgument, match="deduplicate"):
            Outbox(office.engine, {"publish": FlakyChannel(can)})  # type: ignore[arg-type]
    with pytest.raises(WrongArgument) as wrong:
        Outbox(office.engine, {}, outcomes={"publish": {"delvered": "accept"}})
    told = "each of outcomes['publish'] must be what can be heard, not 'delvered' (did you mean "
    assert f"{told}'delivered'?)" == str(wrong.value)


@pytest.mark.parametrize(
    ("channels", "outcomes", "told"),
    [
        ({"pubish": SENDS}, {}, "not 'pubish' (did you mean 'publish'?)"),
        ({"publish": SENDS}, {"recal": {}}, "not 'recal' (did you mean 'recall'?)"),
        ({}, {"publish": {"delivered": "acept"}}, "not 'acept' (did you mean 'accept'?)"),
        ({}, {"publish": {"missing": "nonsense"}}, "outcomes['publish']['missing'] must be an"),
    ],
)
def test_what_is_misspelt_is_found_when_an_outbox_is_made(
    channels: Any, outcomes: Any, told: str
) -> None:
    """The name of an effect, or an action that no workflow with that effect has."""
    with pytest.raises(WrongArgument) as wrong:
        Outbox(Office().engine, channels, outcomes=outcomes)

    assert told in str(wrong.value)


def test_what_may_belong_to_a_workflow_that_is_yet_to_come_is_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A name that is like none that is known; standing commands are actions everywhere."""
    outcomes = {"print": {"delivered": "printed"}, "publish": {"refused": "note"}}

    Outbox(Office().engine, {"print": SENDS, "publish": SENDS}, outcomes=outcomes)

    told = "no workflow that is known has the effect print, which stands in"
    assert [told, told] == [one.getMessage()[: len(told)] for one in caplog.records]


def test_what_the_store_knows_is_known(caplog: pytest.LogCaptureFixture) -> None:
    """Of older definitions and other engines, its effects and the actions that hear of them."""
    office = Office()
    office.pack("a", "send")
    later = Engine(office.store, OTHER, TEAM)

    Outbox(later, {"publish": SENDS, "recall": SENDS}, outcomes=OUTCOMES)

    assert [] == caplog.records


def test_an_outbox_of_an_engine_for_asyncio_is_none() -> None:
    """It hands over in threads of the host's: with the plain engine."""
    with pytest.raises(WrongArgument, match="engine must be an Engine, not of AsyncEngine"):
        Outbox(AsyncEngine(Office().engine), {})  # type: ignore[arg-type]


def test_pauses_grow_and_differ() -> None:
    """Twice as long each time, by chance up to half less, up to a limit."""
    pause = doubling(timedelta(seconds=8), timedelta(minutes=1))

    for attempts, most in ((1, 8), (2, 16), (3, 32), (4, 60), (50, 60), (5_000, 60)):
        pauses = [pause(attempts).total_seconds() for _ in range(50)]
        assert most / 2 <= min(pauses) <= max(pauses) <= most
        assert 1 < len(set(pauses))


def test_who_cannot_write_loses_nothing() -> None:
    """A store that fails after the call: the lease runs out, and the channel is asked again."""

    class Failing(MemoryStore):
        fails = False

        def begin(self, *alone: str) -> Any:
            if self.fails:
                raise StoreError("the disk is full")
            return super().begin(*alone)

    store = Failing()
    office = Office(store)
    office.pack("a", "send")
    deliver = office.channel.deliver

    def break_down(*told: Any) -> Outcome:
        store.fails = True
        return deliver(*told)

    office.channel.deliver = break_down  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        office.deliver()
    store.fails, office.channel.deliver = False, deliver  # type: ignore[method-assign]
    assert ["taken"] == office.states()
    office.run()

    assert (["delivered"], "sent") == (office.states(), office.where())
    assert ["a/2/0"] == office.channel.done


def test_an_outcome_is_not_written_over_another() -> None:
    """What somebody else has written meanwhile stays."""
    office = Office()
    office.pack("a", "send")
    deliver = office.channel.deliver

    def meanwhile(*told: Any) -> Outcome:
        [one] = office.store.rows(Effects())
        with office.store.begin() as work:
            work.write(Change(deliveries=(attrs.evolve(one, state="dead", turn=one.turn + 1),)))
        return deliver(*told)

    office.channel.deliver = meanwhile  # type: ignore[method-assign]

    [attempt] = office.outbox.deliver()

    assert "dead" == attempt.delivery.state == office.states()[0]
    assert "sending" == office.where()
    with pytest.raises(StaleDelivery), office.store.begin() as work:
        work.write(Change(deliveries=(attrs.evolve(attempt.delivery, turn=1),)))


def test_what_is_written_together_stands_for_itself() -> None:
    """Of a batch that nobody hears of, one that somebody else has seen to holds up no other."""
    office = Office(channels={"notify": FlakyChannel("deduplicate")})
    for id in "abc":
        office.pack(id, "ring")
    channel = office.told["channels"]["notify"]
    deliver = channel.deliver

    def meanwhile(delivery: Delivery, item: Item) -> Outcome:
        if item.id == "b":
            with office.store.begin() as work:
                dead = attrs.evolve(delivery, state="dead", turn=delivery.turn + 1)
                work.write(Change(deliveries=(dead,)))
        return deliver(delivery, item)

    channel.deliver = meanwhile

    attempts = office.outbox.deliver()

    assert ["delivered", "dead", "delivered"] == office.states()
    assert ["", "somebody else has seen to it meanwhile", ""] == [one.unheard for one in attempts]


def test_what_is_not_heard_is_written_once_though_nobody_knows_whether_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connection that is lost at the commit is not taken for somebody else's work."""
    office = Office(outcomes={"publish": {"delivered": "confirm"}})
    office.pack("a", "send")
    write, lost = Hearing.write, iter([True])

    def doubtful(hearing: Hearing, *deliveries: Delivery) -> None:
        write(hearing, *deliveries)
        if deliveries and next(lost, False):
            raise Uncertain("a store", "the connection was lost")

    monkeypatch.setattr(Hearing, "write", doubtful)

    (attempt,) = office.outbox.deliver()

    assert attempt.unheard.startswith("'confirm' was not possible")
    assert (2, "unconfirmed") == (attempt.delivery.turn, attempt.delivery.state)
    assert [attempt.delivery] == office.effects()
    assert "later" not in attempt.delivery.told
