"""Proofs compared with all that may happen, and with what people do; the department's own ones.

`companies`: of small companies at random everything is looked at, and compared with what is proved.
`walks`: what is proved whatever a rule says is never broken at an engine.  `defects`: one thing
wrong in each of the ten stages is refuted, with twenty people, and the engine carries it out.
`presets`: each preset has the properties of a department, but for those that ask for the vote of
somebody whom its approval does not ask.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parent.parent / "content")]

from defects import AT, DEFECTS, TWENTY, WHOLE, sentence, unsatisfied  # noqa: E402
from explicit_sentences import compared  # noqa: E402
from soak.campaign import Outcome, options  # noqa: E402
from walks import walked  # noqa: E402

from socialflow import Scope  # noqa: E402
from socialflow.content.presets import PRESETS, preset  # noqa: E402
from socialflow.content.properties import department_properties  # noqa: E402
from socialflow.people import EVERYWHERE  # noqa: E402
from socialflow.verify import Outcome as Said  # noqa: E402
from socialflow.verify import check  # noqa: E402

__all__ = ["CAMPAIGNS", "OPTIONS", "run"]

OPTIONS = options("proofs", __doc__, examples=2_000, seed=1)
OPTIONS.add_argument("--only", choices=("companies", "walks", "defects", "presets"))

STEPS = 5_000
"""So many commands are given in one company at work."""
SCOPES = {"hub_and_spoke": Scope(unit="north")}
"""Where items belong in presets in which most people may do something in one place only."""
PROVED = (Said.PROVED, Said.PROVED_IF)


def companies(asked: Namespace) -> Outcome:
    """What is proved, beside what is so."""
    said: Counter[str] = Counter()
    wrong, states, looked_at, vague = [], 0, 0, 0
    for seed in range(asked.seed, asked.seed + asked.examples):
        found = compared(Random(seed))
        looked_at += bool(found.states)
        states += found.states
        vague += len(found.vague)
        said.update(found.outcomes)
        wrong += [f"{seed}: {one}" for one in found.wrong]
    counted = f"{looked_at} companies with {states} states were looked at, {len(wrong)} wrong"
    report = (counted, f"{vague} verdicts are vague", *(f"{n} {one}" for one, n in said.items()))
    return Outcome("companies", looked_at, wrong, asked.seed, (*report, *wrong))


def walks(asked: Namespace) -> Outcome:
    """A tenth as many companies at work."""
    seeds = range(asked.seed, asked.seed + max(asked.examples // 10, 1))
    found = [walked(Random(seed), STEPS) for seed in seeds]
    wrong = [one for each in found for one in each.wrong]
    proved, done = sum(one.proved for one in found), sum(one.done for one in found)
    steps = sum(one.steps for one in found)
    told = f"{proved} sentences proved; {steps} orders given, {done} carried out"
    return Outcome("walks", steps, wrong, asked.seed, (told, *wrong))


def defects(asked: Namespace) -> Outcome:
    """One in each stage."""
    del asked
    missed = []
    for stage, defect in DEFECTS.items():
        (verdict,) = check(defect.plant(WHOLE), TWENTY, sentence(defect), at=AT)
        if not (verdict.is_refuted and verdict.confirmed):
            missed.append(f"{stage}: {verdict}")
    told = f"{len(DEFECTS) - len(missed)} of {len(DEFECTS)} defects are refuted"
    return Outcome("defects", len(DEFECTS), missed, report=(told, *missed))


def presets(asked: Namespace) -> Outcome:
    """All of them."""
    del asked
    wrong: list[str] = []
    for name in sorted(PRESETS):
        ready = preset(name)
        asked_of = department_properties(ready.workflow)
        scope = SCOPES.get(name, EVERYWHERE)
        for one in check(ready.workflow, ready.team, *asked_of, at=AT, scope=scope):
            lacking = "vote of" in str(one.sentence) and unsatisfied(ready.workflow, one.sentence)
            if not (one.is_refuted if lacking else one.outcome in PROVED):
                wrong.append(f"{name}: {one}")
    return Outcome("presets", len(PRESETS), wrong, report=(f"{len(PRESETS)} presets", *wrong))


CAMPAIGNS: dict[str, Callable[[Namespace], Outcome]] = {
    "companies": companies,
    "walks": walks,
    "defects": defects,
    "presets": presets,
}


def run(asked: Namespace) -> list[Outcome]:
    """All four, or the one that is asked for."""
    return [one(asked) for name, one in CAMPAIGNS.items() if asked.only in (None, name)]
