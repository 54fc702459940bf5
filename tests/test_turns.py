"""Turns: at each item one thread of a process at a time, in the order in which they came."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import Thread, main_thread
from time import monotonic, sleep

import pytest
from interrupts import every_interrupt

from socialflow import turns
from socialflow.turns import Turns

PATIENCE = 10.0


def until(holds: Callable[[], bool]) -> None:
    ends = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < ends
        sleep(0.001)


def waiting(of: Turns, item: str) -> int:
    """How many are at an item or wait for it."""
    return len(of.lines.get(item, ()))


def started(*jobs: Callable[[], object]) -> list[Thread]:
    threads = [Thread(target=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    return threads


def ended(threads: list[Thread]) -> bool:
    for thread in threads:
        thread.join(PATIENCE)
    return not any(thread.is_alive() for thread in threads)


def test_threads_come_in_the_order_in_which_they_stood() -> None:
    """And never two at a time."""
    all, came = Turns(), []
    at_it = 0

    def job(n: int) -> None:
        nonlocal at_it
        with all.of("a"):
            at_it += 1
            came.append((n, at_it))
            at_it -= 1

    threads = []
    with all.of("a"):
        for n in range(8):
            threads += started(lambda n=n: job(n))
            until(lambda n=n: waiting(all, "a") == n + 2)

    assert ended(threads)
    assert [(n, 1) for n in range(8)] == came
    assert {} == all.lines


def test_nobody_waits_for_another_item() -> None:
    """The turns of items are apart."""
    all = Turns()

    with all.of("a"), all.of("b"):
        assert ended(started(lambda: all.of("c").__enter__().give_back()))


def test_a_thread_does_not_wait_for_itself() -> None:
    """Whoever is at the item already goes on; the turn ends with the outer block."""
    all = Turns()

    with all.of("a"):
        with all.of("a") as inner:
            inner.give_back()
        [other] = started(lambda: all.of("a").__enter__())
        until(lambda: waiting(all, "a") == 2)
        assert other.is_alive()

    assert ended([other])


def test_a_turn_is_taken_by_the_thread_that_enters_it() -> None:
    """It may have been made by another one."""
    all = Turns()
    turn = all.of("a")

    with all.of("a"):
        threads = started(turn.__enter__)
        until(lambda: waiting(all, "a") == 2)

    assert ended(threads)


def test_a_turn_is_given_back_once() -> None:
    """Giving back again, or leaving the block afterwards, takes nobody else's turn away."""
    all = Turns()

    with all.of("a") as turn:
        turn.give_back()
        threads = started(lambda: all.of("a").__enter__())
        assert ended(threads)
        other = all.of("a")
        other.__enter__()
        turn.give_back()
        assert 1 == waiting(all, "a")

    assert 1 == waiting(all, "a")
    other.give_back()


def test_a_turn_that_is_forgotten_is_given_back() -> None:
    """A thread that ended in the middle of its turn does not keep the others for ever."""
    all = Turns()

    assert ended(started(lambda: all.of("a").__enter__()))

    assert {} == all.lines


def test_who_is_interrupted_while_waiting_leaves_the_line() -> None:
    """Ctrl-C comes through, and those behind come in their turn."""
    all = Turns()
    first = all.of("a")
    [holder] = started(first.__enter__)
    assert ended([holder])

    def interrupt() -> None:
        until(lambda: waiting(all, "a") == 2)
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        interrupting = started(interrupt)
        with pytest.raises(KeyboardInterrupt), all.of("a"):
            pass
    finally:
        signal.signal(signal.SIGINT, before)

    assert ended(interrupting)
    assert 1 == waiting(all, "a")
    first.give_back()
    assert ended(started(lambda: all.of("a").__enter__()))


def test_an_interrupt_anywhere_leaves_nobody_waiting() -> None:
    """Wherever it comes while a turn is taken or given back, the next thread gets its turn."""
    all = Turns()
    count = 0

    def do() -> None:
        with all.of("a"), all.of("a"):
            pass

    for _ in every_interrupt(turns, do=do):
        count += 1
        assert ended(started(lambda: all.of("a").__enter__()))

    assert count > 10
    assert {} == all.lines


def test_a_fork_has_turns_of_its_own() -> None:
    """The child waits for nobody of the parent; each ends the turn in which it was forked."""
    all = Turns()
    foreign = all.of("b")
    assert ended(started(foreign.__enter__))

    with all.of("a"):
        child = os.fork()
        if child == 0:
            try:
                with all.of("b"):
                    pass
                is_free = ended(started(lambda: all.of("a").__enter__()))
            finally:
                os._exit(0 if is_free else 1)
    _, status = os.waitpid(child, 0)

    assert 0 == os.waitstatus_to_exitcode(status)
    assert ended(started(lambda: all.of("a").__enter__()))
    assert 1 == waiting(all, "b")
