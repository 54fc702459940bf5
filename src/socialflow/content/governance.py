"""Governance: which rules ask the department's data, and before which action.

The stages themselves look at the item, the command and who asks; what they look at is at hand, and
`social_content` runs without a single provider.  Everything that has to be looked up - freezes and
slots, accounts and channels, goals and messages, budgets, the workload, other items - is asked by
the rules on this page.  `socialflow.content.providers` tells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import attrs

from socialflow import Workflow
from socialflow.content.roles import WRITERS
from socialflow.content.rules import (
    account_allows,
    accounts_belong,
    alone_in_thread,
    assignee_has_role,
    budget_left,
    campaign_order,
    claims_approved,
    fits_channel,
    goal_set,
    goals_shared,
    handover_target,
    in_slot,
    messages_valid,
    no_duplicate,
    no_freeze,
    not_absent,
    not_in_blackout,
    outsourcing_allowed,
    owner_consented,
    reply_allowed,
    skilled,
    slot_free,
    within_limit,
)
from socialflow.content.workflow import social_content
from socialflow.rules import Rule

__all__ = ["BELOW", "GOVERNANCE", "department_content", "governed"]

GIVEN = (
    not_absent("production"),
    assignee_has_role(WRITERS, "production"),
    within_limit(stage="production"),
    skilled(stage="production").warning(),
)
"""Whoever gets the work is there, may do it, has the time, and had better know the platforms."""

TRUE = (claims_approved(), messages_valid())
"""Facts about products come from those who answer for them."""

FIRE = (
    no_freeze(),
    not_in_blackout(),
    account_allows(),
    accounts_belong(),
    fits_channel(),
    *TRUE,
    campaign_order(),
)
"""What is asked at the moment when something goes out.

When its date has come nobody is there to waive anything: what was waived when it was scheduled, and
still stands against it, goes out by hand.
"""

ANSWER = (reply_allowed(asked="asked"), alone_in_thread(), messages_valid("snippet"))
"""What is asked before an answer is sent."""

RUNS = (no_freeze(), budget_left())
"""What is asked whenever a promotion begins to run, for the first time or again."""

GOVERNANCE: Mapping[str, tuple[Rule, ...]] = {
    "concept.start_screening": (no_duplicate().warning(),),
    "concept.accept": (
        goal_set(),
        goals_shared(participants="consulted"),
        outsourcing_allowed(),
        no_duplicate(),
        within_limit(stage="production").warning(),
    ),
    "assignment.take": (within_limit(), skilled().warning()),
    "assignment.hand_out": GIVEN,
    "assignment.offer": GIVEN,
    "assignment.accept_offer": (within_limit(), skilled().warning()),
    "assignment.outsource": (outsourcing_allowed(), budget_left("fee")),
    "production.submit": (*TRUE, account_allows(), accounts_belong(), fits_channel()),
    "tone.approve_tone": (no_duplicate(),),
    "approval.approve": (messages_valid().warning(), budget_left().warning()),
    "publish.schedule": (
        no_freeze(),
        not_in_blackout(),
        in_slot(),
        slot_free(),
        account_allows(),
        accounts_belong(),
        fits_channel(),
        *TRUE,
    ),
    "publish.publish_now": (*FIRE, slot_free().warning()),
    "publish.begin": FIRE,
    "publish.retry_failed": (no_freeze(), not_in_blackout()),
}
"""By the full name of the action; those of the workflow itself are bare."""

BELOW: Mapping[str, Mapping[str, tuple[Rule, ...]]] = {
    "publication": {
        "publication.retry": (no_freeze(), not_in_blackout(), account_allows(accounts="account")),
        "publication.upload": (no_freeze(), owner_consented("account")),
        "publication.mend": (account_allows("edit", "account"),),
    },
    "promotion_run": {
        "plan.approve_spending": (budget_left().warning(),),
        "run.start": RUNS,
        "run.begin": RUNS,
        "run.continue": RUNS,
        "run.accept_share": (no_freeze(),),
    },
    "reshare_fast": {"tone.approve_tone": (no_duplicate().warning(),)},
    "interaction": {
        "interaction.send_reply": ANSWER,
        "interaction.approve_reply": ANSWER,
        "interaction.hand_over": (handover_target("handed_to"),),
    },
}
"""The same for the items below, by their workflow, in place of what stands above.

What is shared again is like something that is there, and only warned of.
"""


def governed(workflow: Workflow) -> Workflow:
    """The workflow with the rules of this page before those of its actions that stand on it.

    So are the items below it, and those below them.  An action that has been taken out stays out.
    One that has such a rule already, as a warning or waived by others, keeps it so: a company
    amends its workflow first, and has it governed last.

    Example:
        >>> acme = governed(social_content().without("tone")).named("acme", "3")
        >>> [rule.name for rule in acme.stage("assignment").actions[0].rules]
        ['within_limit', 'skilled']
    """
    table = {**GOVERNANCE, **BELOW.get(workflow.name, {})}
    there = {name: table[name] for name in table if name in workflow.action_names}
    below = tuple(governed(one) for one in workflow.children)
    return attrs.evolve(workflow.with_rules(there), children=below)


@cache
def department_content() -> Workflow:
    """`social_content`, governed by the department's data; it is made, and checked, but once."""
    return governed(social_content()).named("department_content")
