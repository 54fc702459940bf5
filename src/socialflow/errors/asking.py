"""What the programmer, the caller or the actor has asked for, and cannot have."""

from __future__ import annotations

from typing import ClassVar

from socialflow.objections import Finding, Refusal, nearest

__all__ = [
    "DefinitionError",
    "Disproved",
    "EndlessSettling",
    "LineError",
    "LogError",
    "MissingExtra",
    "NaiveTime",
    "NotPlain",
    "Refused",
    "SocialflowError",
    "UnknownAction",
    "UnknownMember",
    "UnknownWorkflow",
    "UsageError",
    "WrongArgument",
]


class SocialflowError(Exception):
    """Whatever this library raises on purpose."""

    code: ClassVar[str] = "error"


class DefinitionError(SocialflowError):
    """A workflow, team or document that cannot be right, with all that is wrong about it."""

    code: ClassVar[str] = "definition"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    @classmethod
    def because(cls, code: str, where: str, message: str, remedy: str = "") -> DefinitionError:
        """The error with a single finding."""
        return cls((Finding(code, where, message, remedy),))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all findings, in order."""
        return tuple(finding.code for finding in self.findings)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


class Disproved(SocialflowError):
    """Properties of a workflow that do not hold, each with how it comes to break it."""

    code: ClassVar[str] = "disproved"

    def __init__(self, told: tuple[str, ...]) -> None:
        super().__init__(told)
        self.told = told

    def __str__(self) -> str:
        return "\n".join(self.told)


class UsageError(SocialflowError):
    """A call that no workflow could answer."""

    code: ClassVar[str] = "usage"


class UnknownAction(UsageError):
    """The workflow has no action of that name in any of its stages."""

    code: ClassVar[str] = "unknown_action"

    def __init__(self, workflow: str, action: str, known: tuple[str, ...]) -> None:
        super().__init__(workflow, action, known)
        self.workflow = workflow
        self.action = action
        self.known = known

    def __str__(self) -> str:
        hint = nearest(self.action, self.known)
        return f"workflow {self.workflow!r} has no action {self.action!r}: {hint}"


class UnknownWorkflow(UsageError):
    """The engine was given no workflow of that name."""

    code: ClassVar[str] = "unknown_workflow"

    def __init__(self, workflow: str, known: tuple[str, ...]) -> None:
        super().__init__(workflow, known)
        self.workflow = workflow
        self.known = known

    def __str__(self) -> str:
        return f"no workflow is called {self.workflow!r}: {nearest(self.workflow, self.known)}"


class UnknownMember(UsageError):
    """A question was asked about a member whom the directory does not know."""

    code: ClassVar[str] = "unknown_member"

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member

    def __str__(self) -> str:
        return f"the directory knows no member {self.member!r}: add them, or pass a Member"


class NaiveTime(UsageError):
    """A time without a zone, which could be any of twenty-four hours."""

    code: ClassVar[str] = "naive_time"

    def __init__(self, name: str, value: str) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value

    def __str__(self) -> str:
        return (
            f"{self.name} must be timezone-aware, got {self.value}: "
            f"say datetime(..., tzinfo=UTC), or let the engine's clock say it"
        )


class WrongArgument(UsageError):
    """An argument of a call is of a kind that could never be right."""

    code: ClassVar[str] = "wrong_argument"

    def __init__(self, name: str, wanted: str, value: str, remedy: str = "") -> None:
        super().__init__(name, wanted, value, remedy)
        self.name = name
        self.wanted = wanted
        self.value = value
        self.remedy = remedy

    def __str__(self) -> str:
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.name} must be {self.wanted}, not {self.value}{remedy}"


class NotPlain(UsageError):
    """Data that JSON cannot say, and that therefore no store could keep."""

    code: ClassVar[str] = "not_plain"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"data must be plain: {self.reason}; use a mapping of texts, finite numbers, booleans, "
            f"lists and mappings, or an instance of the action's form"
        )


class MissingExtra(UsageError):
    """Something optional was used that is not installed."""

    code: ClassVar[str] = "missing_extra"

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(wanted, extra)
        self.wanted = wanted
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.wanted} needs an extra: pip install 'socialflow[{self.extra}]'"


class LineError(UsageError):
    """A line of an export, or of an anchor, that cannot be taken; nothing was written."""

    code: ClassVar[str] = "line"

    def __init__(self, line: int, message: str, remedy: str = "") -> None:
        super().__init__(line, message, remedy)
        self.line = line
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")


class LogError(UsageError):
    """A log that cannot be replayed at all."""

    code: ClassVar[str] = "log"

    def __init__(self, source: str, message: str, remedy: str = "") -> None:
        super().__init__(source, message, remedy)
        self.source = source
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.source}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")


class Refused(SocialflowError):
    """The command was understood and turned down; nothing was written."""

    code: ClassVar[str] = "refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal

    def __str__(self) -> str:
        return str(self.refusal)


class EndlessSettling(SocialflowError):
    """The automatic actions of a workflow went round in circles; nothing was written."""

    code: ClassVar[str] = "endless_settling"

    def __init__(self, workflow: str, path: tuple[str, ...]) -> None:
        super().__init__(workflow, path)
        self.workflow = workflow
        self.path = path

    def __str__(self) -> str:
        return (
            f"workflow {self.workflow!r} did not come to rest: {' -> '.join(self.path)}; "
            f"give one of these automatic actions a rule that stops holding"
        )
