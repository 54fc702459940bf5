"""Commands about a definition: check, diagram."""

from __future__ import annotations

from argparse import Namespace

from socialflow.cli.printing import plain_findings, print_json
from socialflow.cli.sources import workflow_at
from socialflow.errors import DefinitionError, Finding

__all__ = ["check", "diagram"]


def check(asked: Namespace) -> int:
    """Tell what is wrong with a workflow, or suspicious."""
    findings = _findings(asked)
    if asked.json:
        print_json(plain_findings(findings))
    else:
        from socialflow.cli import pages

        pages.show_findings(findings, "nothing to say against it")
    return int(any(finding.severity == "error" for finding in findings))


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
