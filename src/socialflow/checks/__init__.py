"""What is wrong about a workflow, and what is probably not meant: findings with remedies."""

from __future__ import annotations

from socialflow.checks.cycles import cycles_in
from socialflow.checks.doubts import warnings_in
from socialflow.checks.structure import errors_in

__all__ = ["cycles_in", "errors_in", "warnings_in"]
