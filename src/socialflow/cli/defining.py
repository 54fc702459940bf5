"""Commands about a definition: check, diagram."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from socialflow.cli.printing import plain_findings, print_json
from socialflow.cli.sources import workflow_at
from socialflow.errors import DefinitionError, Finding, WrongArgument

if TYPE_CHECKING:
    from socialflow.verify import Report

__all__ = ["check", "diagram"]


def check(asked: Namespace) -> int:
    """Tell what is wrong with a workflow, or suspicious."""
    findings = _findings(asked)
    wrong = any(finding.severity == "error" for finding in findings)
    report = _proofs(asked) if asked.prove and not wrong else None
    if asked.json and report is not None:
        print_json({"findings": plain_findings(findings), "proofs": report.plain()})
    elif asked.json:
        print_json(plain_findings(findings))
    else:
        from socialflow.cli import pages

        pages.show_findings(findings, "nothing to say against it")
        if report is not None:
            pages.show_proofs(report)
    return int(wrong or (report is not None and bool(report.refuted)))


def _proofs(asked: Namespace) -> Report:
    """The verdicts on what has to be so in a department, with the people of a team."""
    if not asked.team:
        raise WrongArgument("--team", "said, to prove what these people can do", "left out")
    from socialflow.content.properties import department_properties
    from socialflow.documents import load_team
    from socialflow.verify import check as prove

    workflow = workflow_at(asked.workflow)
    properties = department_properties(workflow)
    return prove(workflow, load_team(asked.team), *properties, budget=asked.budget)


def _findings(asked: Namespace) -> tuple[Finding, ...]:
    try:
        workflow = workflow_at(asked.workflow)
    except DefinitionError as wrong:
        return wrong.findings
    if not asked.team:
        return workflow.findings()
    from socialflow.documents import load_team
    from socialflow.verify import staffing

    team = load_team(asked.team)
    leads = [role for role in asked.leads.split(",") if role]
    return (*workflow.findings(), *staffing(workflow, team, leads=leads, absent=asked.absent))


def diagram(asked: Namespace) -> int:
    """Draw a workflow."""
    from socialflow import diagrams

    text = getattr(diagrams, asked.format)(workflow_at(asked.workflow))
    if asked.json:
        print_json({"format": asked.format, "text": text})
    else:
        print(text, end="")
    return 0
