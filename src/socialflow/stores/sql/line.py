"""The line: writers of one SQLite file wait in it, and whoever leads writes for the others.

There is no thread that writes.  Whoever finds the line empty leads: it writes what it came for and
what those behind it have brought, commits once, tells them, and hands the lead to the next one.
So many writers share one wait for the disk, and nobody is overtaken.

A process has one line for each file, however many stores are open on it.  Whoever is interrupted
leaves the line, wherever it stands: what nobody has taken along is withdrawn, what somebody has is
waited for, and who leads hands over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock, RLock, get_ident

from socialflow.errors import StoreError
from socialflow.stores.sql.steps import Said

__all__ = ["Line", "Request", "line_of", "settle"]

TOGETHER = 64
PATIENCE = 0.05

WAITING, TAKEN, LEADING, DONE = range(4)


class Request:
    """A place in the line, and what somebody came for.

    Attributes:
        store: The database object through which it came: a leader takes along its own only.
        said: What to write; None for somebody who wants to write alone, statement by statement.
        is_settled: Whether a leader has written it, or has found why it cannot be written.
        error: Why it was not written, once that is settled.
        behind: Those whom it has taken along, as a leader.
    """

    is_settled = is_withdrawn = False
    error: BaseException | None = None
    behind: Sequence[Request] = ()
    gate: Lock | None = None
    state = WAITING

    def __init__(self, store: object, said: Sequence[Said] | None = None) -> None:
        self.store = store
        self.said = said
        self.thread = get_ident()

    def wait(self) -> Lock:
        """The gate at which to wait, which is closed."""
        self.gate = gate = Lock()
        gate.acquire()
        return gate

    def wake(self) -> None:
        """Let its thread look at what has become of it."""
        if self.gate is not None and self.gate.locked():
            self.gate.release()


def settle(requests: Sequence[Request], error: BaseException | None = None) -> None:
    """Say what has become of all of these; what stands against one already stays."""
    for request in requests:
        request.error = request.error or error
        request.is_settled = True


class Line:
    """The line before one database.

    Args:
        name: Of the database, for the sentence.

    Attributes:
        is_lost: Whether this process may not use the file: it was forked by a thread that wrote.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.is_lost = False
        self.start_anew()

    def start_anew(self) -> None:
        """Forget who waits and who leads: after a fork they are the parent's."""
        self._mutex = RLock()
        self._waiting: deque[Request] = deque()
        self._leader: Request | None = None

    def pause(self) -> Request | None:
        """Before a fork, wait until nobody writes; who is to `leave` after it.

        Nobody, if it is this thread that leads: the file is lost for the child then.
        """
        request = Request(self)
        try:
            self.lead(request)
        except StoreError:
            self.is_lost = True
            return None
        return request

    def go_on(self, paused: Request | None) -> None:
        """After a fork, in the parent."""
        self.is_lost = False
        if paused is not None:
            self.leave(paused)

    def make_sure(self) -> None:
        """Look whether this process may use the file at all.

        Raises:
            StoreError: It was forked by a thread that was writing to it.
        """
        if self.is_lost:
            raise self.lost()

    def lost(self) -> StoreError:
        """What whoever wants to use the file is told, if this process may not."""
        return StoreError(
            f"{self._name}: this process was forked in the middle of a unit of work, which "
            f"belongs to the other process: fork outside of it"
        )

    def lead(self, request: Request) -> None:
        """Wait until *request* leads, or somebody who leads has seen to it.

        Raises:
            StoreError: This thread leads already, and would wait for itself.
        """
        with self._mutex:
            if self._leader is None:
                self._leader = request
                request.state = LEADING
                return
            if self._leader.thread == request.thread:
                raise StoreError(
                    f"{self._name}: this thread has a unit of work open already; "
                    f"close that one first"
                )
            gate = request.wait()
            self._waiting.append(request)
        while request.state in (WAITING, TAKEN):
            gate.acquire()

    def submit(self, request: Request, write: Callable[[Request], None]) -> None:
        """Have what was brought written, by somebody who leads already or by *write*.

        *write* gets the request that leads, writes it together with all that are behind it, and
        settles those; whom it leaves unsettled stands in front again.

        Raises:
            Exception: What stood against it; nothing of it was written.
        """
        try:
            self.lead(request)
            if request.state == LEADING:
                if self._waiting:
                    self._take_along(request)
                write(request)
        finally:
            try:
                self.leave(request)
            except BaseException:
                self.leave(request)
                raise
        if request.error is not None:
            raise request.error

    def leave(self, request: Request) -> None:
        """Go, wherever *request* stands.

        Once it is gone, to leave again changes nothing; if that is interrupted, leave again.
        """
        while request.state != DONE:
            with self._mutex:
                if request.state != TAKEN:
                    if request.behind:
                        self._tell(request.behind)
                    self._pass_on(request)
                    request.state = DONE
                    return
                request.is_withdrawn = True
            if request.state == TAKEN and request.gate is not None:
                request.gate.acquire(timeout=PATIENCE)

    def _take_along(self, leader: Request) -> None:
        """Those behind the leader who have brought what is to be written, up to one who has not."""
        behind: list[Request] = []
        leader.behind = behind
        with self._mutex:
            while self._waiting and len(behind) < TOGETHER:
                request = self._waiting[0]
                if request.state == WAITING:
                    if request.said is None or request.store is not leader.store:
                        break
                    behind.append(request)
                    request.state = TAKEN
                self._waiting.popleft()

    def _tell(self, behind: Sequence[Request]) -> None:
        """Let those go whose request is settled; the others stand in front again."""
        for request in reversed(behind):
            if request.is_settled or request.is_withdrawn:
                request.state = DONE
                request.wake()
            elif request.state == TAKEN:
                self._waiting.appendleft(request)
                request.state = WAITING

    def _pass_on(self, leader: Request) -> None:
        """Let the next one lead; those who have left meanwhile are passed over."""
        if self._leader is leader:
            while self._waiting and self._waiting[0].state != WAITING:
                self._waiting.popleft()
            self._leader = self._waiting[0] if self._waiting else None
        if self._leader is not None and self._leader is not leader:
            self._leader.state = LEADING
            self._leader.wake()


_OF_FILES: dict[str, Line] = {}


def line_of(file: Path) -> Line:
    """The line of this process before that file, whose path is resolved."""
    return _OF_FILES.setdefault(str(file), Line(str(file)))
