"""Who may do what: the department's table of roles and actions, written by hand.

It imports nothing that it judges.  A line is an action in full and the roles that may ask for it in
every state in which it is open; whether a rule then stands in the way is another question.  An
agency and whoever is not named may not.
"""

from __future__ import annotations

__all__ = ["MAY_MIGRATE", "REPORTED", "ROLES", "WHO_MAY"]

ROLES = {
    "LEAD": "department_lead",
    "SPON": "executive_sponsor",
    "SMM": "social_media_manager",
    "CRE": "content_creator",
    "TONE": "tone_editor",
    "APP": "approver",
    "LEG": "legal_compliance",
    "PROD": "product_owner",
    "CM": "community_manager",
    "ANA": "data_analyst",
    "PAID": "paid_media_specialist",
    "CSR": "customer_service_rep",
    "SAL": "sales",
    "AGY": "agency_member",
    "ADV": "employee_advocate",
    "ANY": "employee",
    "GUE": "guest_approver",
    "ADM": "administrator",
}

_CONTENT = """
    concept.reword                  ALL
    concept.start_screening         LEAD SMM
    concept.accept                  LEAD SMM
    concept.override                LEAD
    concept.shelve                  LEAD SMM
    concept.revive                  LEAD SMM
    concept.reject                  LEAD SMM
    concept.merge                   LEAD SMM

    assignment.take                 CRE
    assignment.hand_out             LEAD SMM
    assignment.offer                LEAD SMM
    assignment.accept_offer         CRE AGY
    assignment.decline_offer        CRE AGY
    assignment.outsource            LEAD SMM

    production.review               CRE SMM TONE CM PAID
    production.submit               CRE AGY
    production.pause                CRE AGY SMM
    production.continue             CRE AGY SMM
    production.hand_back            CRE AGY SMM LEAD
    production.insource             LEAD

    tone.start                      TONE SMM
    tone.approve_tone               TONE SMM
    tone.skip                       SMM LEAD
    tone.return_to_production       TONE SMM

    approval.approve                APP SPON SMM LEAD GUE PROD LEG
    approval.request_changes        APP SPON SMM LEAD PROD LEG
    approval.decline                APP SPON SMM LEAD
    approval.resubmit               LEAD SMM
    approval.break_glass            LEAD SPON

    publish.schedule                SMM LEAD
    publish.unschedule              SMM
    publish.publish_now             SMM LEAD
    publish.retry_failed            SMM
    publish.recall                  SMM LEAD LEG
    publish.revoke                  APP SPON SMM LEAD LEG

    promotion.plan_promotion        PAID SMM
    promotion.settle_promotion      PAID SMM
    promotion.promote_again         PAID SMM

    response.close_response         CM CSR
    response.listen_again           CM CSR

    evaluation.start                ANA
    evaluation.analyse              ANA
    evaluation.report               ANA
    evaluation.accept_report        LEAD
    evaluation.return_report        LEAD
    evaluation.extend               SMM

    withdraw                        CRE AGY SMM
    correct                         SMM
    unpublish                       SMM LEAD LEG
    assess                          APP SPON SMM LEAD PROD LEG CRE AGY
    ask_opinion                     CRE AGY TONE SMM LEAD APP SPON PROD LEG
    request_approval                CRE AGY TONE SMM LEAD
    request_asset                   CRE AGY TONE SMM LEAD
    request_extension               CRE AGY TONE SMM LEAD
    nudge                           ALL
    raise_overload                  ALL
    log_hours                       ALL
    record_metric                   ANA
    snapshot                        ANA
"""

_ONCE_MORE = """
    reshare.settle_reshare          CM SMM
    reshare.skip_reshare            CM SMM
    reshare.share_again             CM SMM
"""

_PUBLICATION = """
    publication.upload              SMM CRE ADV
    publication.fail                SMM CRE ADV
    publication.lose                SMM CRE ADV
    publication.resolve_published   SMM
    publication.resolve_failed      SMM
    publication.retry               SMM LEAD
    publication.verify              CM SMM
    publication.report_defect       ALL
    publication.mend                SMM
    publication.drop                SMM LEAD
    publication.recall              SMM LEAD LEG
    publication.confirm_recall      CM SMM
    publication.accept              NOBODY
"""

_INTERACTION = """
    interaction.triage              CM CSR
    interaction.take                CM CSR
    interaction.draft_reply         CM CSR
    interaction.send_reply          CM CSR
    interaction.submit_reply        CM CSR
    interaction.approve_reply       CM SMM LEG
    interaction.reject_reply        CM SMM LEG
    interaction.hand_over           CM CSR
    interaction.accept_handoff      CSR SAL LEG PROD
    interaction.return_handoff      CSR SAL LEG PROD
    interaction.resolve_handoff     CSR SAL LEG PROD
    interaction.escalate            CM CSR
    interaction.take_over           CM SMM LEAD
    interaction.hear                CM CSR
    interaction.no_reply            CM CSR
    interaction.dismiss             CM CSR
    interaction.close               CM CSR
"""

_PROMOTION_RUN = """
    plan.approve                    SMM LEAD
    plan.approve_spending           APP SPON LEAD
    plan.drop                       SMM LEAD
    run.start                       SMM PAID CM AGY
    run.pause                       SMM PAID CM AGY
    run.continue                    SMM PAID CM AGY
    run.end                         SMM PAID CM AGY
    run.call_off                    SMM LEAD
    run.offer_to_advocates          SMM LEAD
    run.accept_share                ADV
    measure                         SMM PAID CM AGY
"""

_EXPERIMENT = """
    experiment.start_experiment     PAID ANA
    experiment.record_result        PAID ANA
    experiment.choose_winner        PAID ANA
    experiment.give_up              PAID ANA
"""

_IDEA = """
    idea.take_up                    SMM LEAD
    idea.set_aside                  SMM LEAD
"""

_CANDIDATE = """
    candidate.request_rights        CM SMM
    candidate.record_rights         CM SMM LEG
    candidate.rights_refused        CM SMM LEG
    candidate.derive                CM SMM
    candidate.repeat                SMM LEAD
    candidate.stop                  CM SMM
    candidate.skip                  CM SMM
"""

_SHORT = ("concept", "assignment", "reshare")
"""Stages that what is shared again does not go through."""


def _table(text: str) -> dict[str, frozenset[str]]:
    told = (line.split() for line in text.splitlines() if line.strip())
    return {action: _roles(words) for action, *words in told}


def _roles(words: list[str]) -> frozenset[str]:
    if words == ["NOBODY"]:
        return frozenset()
    return frozenset(ROLES if words == ["ALL"] else words)


def _without(table: dict[str, frozenset[str]], *actions: str) -> dict[str, frozenset[str]]:
    stages = tuple(f"{stage}." for stage in _SHORT)
    return {a: who for a, who in table.items() if not a.startswith(stages) and a not in actions}


WHO_MAY = {
    "social_content": _table(_CONTENT + _ONCE_MORE),
    "reshare_fast": _without(_table(_CONTENT), "production.hand_back", "production.insource"),
    "publication": _table(_PUBLICATION),
    "interaction": _table(_INTERACTION),
    "promotion_run": _table(_PROMOTION_RUN),
    "experiment": _table(_EXPERIMENT),
    "idea": _table(_IDEA),
    "candidate": _table(_CANDIDATE),
}
"""The roles that may ask for each action, by workflow; those that the system takes are left out."""

REPORTED = {
    "social_content": {"record_metric"},
    "reshare_fast": {"record_metric"},
    "publication": {
        "publication.accept",
        "publication.fail",
        "publication.lose",
        "publication.confirm_recall",
    },
    "interaction": {"interaction.hear"},
}
"""What the system may report of the outside, by workflow; of the others, it may report nothing."""

MAY_MIGRATE = {"social_content": {"LEAD"}, "reshare_fast": {"LEAD"}}
"""Who may have items go on under another definition, by workflow; of the others, nobody may."""
