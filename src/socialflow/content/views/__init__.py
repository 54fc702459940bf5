"""Questions that a lead asks: one a file, each a function that reads and returns plain values.

A view takes a reader, which is anything that answers ``rows(query)`` as every store does, and
whatever else it needs to know: the workflow, the team, the department, the moment.  It writes
nothing, prints nothing and reads no clock.  `socialflow.content.views.questions` lists them all.
"""

from __future__ import annotations

__all__: list[str] = []
