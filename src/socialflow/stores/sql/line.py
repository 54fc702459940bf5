"""The line: writers of one SQLite file wait in it, and whoever leads writes for the others.

There is no thread that writes.  Whoever finds the line empty leads: it writes what it came for and
what those behind it have brought, commits once, tells them, and hands the lead to the next one.
So many writers share one wait for the disk, and nobody is overtaken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock, get_ident

from socialflow.errors import StoreError
from socialflow.stores.sql.steps import Said

__all__ = ["Line", "Request"]

TOGETHER = 64
PATIENCE = 0.05

WAITING, TAKEN, LEADING, DONE = range(4)


class Request:
    """What somebody in the line came for.

    Attributes:
        said: What to write; None for somebody who wants to write alone, statement by statement.
        error: Why it was not written, once it is done.
        again: Whether a leader has taken it along and then could not finish.
    """

    __slots__ = ("again", "error", "gate", "said", "state", "thread")

    def __init__(self, said: Sequence[Said] | None) -> None:
        self.said = said
        self.error: BaseException | None = None
        self.again = False
        self.gate = Lock()
        self.gate.acquire()
        self.state = WAITING
        self.thread = get_ident()


class Line:
    """The line before one database.

    Args:
        store: Name of the store, for the sentence.
    """

    def __init__(self, store: str) -> None:
        self._store = store
        self._mutex = Lock()
        self._waiting: deque[Request] = deque()
        self._leader: int | None = None

    def lead(self) -> None:
        """Wait until nobody else writes; then nobody does until `hand_over`."""
        self._stand_in(Request(None))

    def hand_over(self) -> None:
        """Let the next one lead."""
        with self._mutex:
            self._pass_on()

    def submit(self, said: Sequence[Said], write: Callable[[list[Request]], None]) -> None:
        """Have *said* written, by somebody who leads already or by *write*, which gets all.

        *write* says of each request why it was not written, or that it is to be tried again.

        Raises:
            Exception: What stood against it; nothing of it was written.
        """
        request = Request(said)
        if self._stand_in(request):
            together = [request, *self._others()]
            try:
                write(together)
            finally:
                self._tell(together)
        if request.error is not None:
            raise request.error

    def _stand_in(self, request: Request) -> bool:
        """Wait until the request leads (then it is true), or is done."""
        with self._mutex:
            if self._leader is None:
                self._leader = request.thread
                request.state = LEADING
                return True
            if self._leader == request.thread:
                raise StoreError(
                    f"{self._store}: this thread has a unit of work open already; "
                    f"close that one first"
                )
            self._waiting.append(request)
        try:
            request.gate.acquire()
        except BaseException:
            self._withdraw(request)
            raise
        return request.state == LEADING

    def _withdraw(self, request: Request) -> None:
        """Leave the line; what somebody has taken along already is waited for."""
        with self._mutex:
            if request.state == WAITING:
                self._waiting.remove(request)
            elif request.state == LEADING:
                self._pass_on()
        while request.state == TAKEN:
            request.gate.acquire(timeout=PATIENCE)

    def _others(self) -> list[Request]:
        """Those behind the leader who have brought what is to be written, up to one who has not."""
        others: list[Request] = []
        with self._mutex:
            while self._waiting and len(others) < TOGETHER and self._waiting[0].said is not None:
                request = self._waiting.popleft()
                request.state = TAKEN
                others.append(request)
        return others

    def _tell(self, together: list[Request]) -> None:
        """Hand over, and let those go whose request is done; the others stand in front again."""
        followers = together[1:]
        with self._mutex:
            for request in reversed(followers):
                if request.again:
                    request.again = False
                    request.state = WAITING
                    self._waiting.appendleft(request)
            self._pass_on()
        for request in followers:
            if request.state == TAKEN:
                request.state = DONE
                request.gate.release()

    def _pass_on(self) -> None:
        self._leader = None
        if self._waiting:
            following = self._waiting.popleft()
            self._leader = following.thread
            following.state = LEADING
            following.gate.release()
