"""Proofs and checks about definitions: what can be known before anything runs."""

from __future__ import annotations

from socialflow.verify.staffing import staffing

__all__ = ["staffing"]
