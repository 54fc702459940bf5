"""Proofs and checks about definitions: what can be known before anything runs."""

from __future__ import annotations

from socialflow.verify.approvals import Approval, approval
from socialflow.verify.differing import diff
from socialflow.verify.nevers import never
from socialflow.verify.persons import different_people
from socialflow.verify.proofs import check
from socialflow.verify.properties import Property
from socialflow.verify.prospects import always_possible, eventually, someone_can_act
from socialflow.verify.replays import Replay
from socialflow.verify.sequences import at_most_once, precedes
from socialflow.verify.shifts import Shift, Shifts, Witness
from socialflow.verify.staffing import staffing
from socialflow.verify.traces import Trace
from socialflow.verify.verdicts import Outcome, Report, Verdict
from socialflow.verify.words import FINAL

__all__ = [
    "FINAL",
    "Approval",
    "Outcome",
    "Property",
    "Replay",
    "Report",
    "Shift",
    "Shifts",
    "Trace",
    "Verdict",
    "Witness",
    "always_possible",
    "approval",
    "at_most_once",
    "check",
    "diff",
    "different_people",
    "eventually",
    "never",
    "precedes",
    "someone_can_act",
    "staffing",
]
