"""A social-media department out of the box: ten stages, who does what, under which rules.

Built with nothing but the public parts of the library, so that it is also the example of how to
build one's own: one file a stage, the people in `socialflow.content.roles`, the item's own fields
in `socialflow.content.post`, the rules in `socialflow.content.rules`.
"""

from __future__ import annotations

from socialflow.content import roles, rules
from socialflow.content.across import ACROSS
from socialflow.content.approval import APPROVAL
from socialflow.content.assignment import ASSIGNMENT
from socialflow.content.candidate import CANDIDATE
from socialflow.content.concept import CONCEPT
from socialflow.content.evaluation import EVALUATION
from socialflow.content.experiment import EXPERIMENT
from socialflow.content.governance import department_content, governed
from socialflow.content.idea import IDEA
from socialflow.content.interaction import INTERACTION
from socialflow.content.measuring import compared
from socialflow.content.post import REVISION, Post, Variant
from socialflow.content.production import PRODUCTION
from socialflow.content.promotion import PROMOTION
from socialflow.content.promotion_run import PROMOTION_RUN
from socialflow.content.publication import OUTCOMES, PUBLICATION
from socialflow.content.publish import PUBLISH
from socialflow.content.reasons import Changes, Evidence, Reason, explained
from socialflow.content.requests import REQUESTS
from socialflow.content.reshare import RESHARE
from socialflow.content.reshare_fast import RESHARE_FAST
from socialflow.content.response import RESPONSE
from socialflow.content.roles import ROLES
from socialflow.content.ten_stages import ENDS, RIGHTS, STAGES
from socialflow.content.tone import TONE
from socialflow.content.workflow import social_content

__all__ = [
    "ACROSS",
    "APPROVAL",
    "ASSIGNMENT",
    "CANDIDATE",
    "CONCEPT",
    "ENDS",
    "EVALUATION",
    "EXPERIMENT",
    "IDEA",
    "INTERACTION",
    "OUTCOMES",
    "PRODUCTION",
    "PROMOTION",
    "PROMOTION_RUN",
    "PUBLICATION",
    "PUBLISH",
    "REQUESTS",
    "RESHARE",
    "RESHARE_FAST",
    "RESPONSE",
    "REVISION",
    "RIGHTS",
    "ROLES",
    "STAGES",
    "TONE",
    "Changes",
    "Evidence",
    "Post",
    "Reason",
    "Variant",
    "compared",
    "department_content",
    "explained",
    "governed",
    "roles",
    "rules",
    "social_content",
]
