"""A workflow as Mermaid, DOT or Markdown text; the same workflow gives the same text."""

from __future__ import annotations

from socialflow.diagrams.dot import dot
from socialflow.diagrams.markdown import markdown
from socialflow.diagrams.mermaid import mermaid

__all__ = ["dot", "markdown", "mermaid"]
