"""Rules: pure, named, parametrised; each yields its objections to a case.

A rule may also be negated (``~rule``) and waived by roles that it names.  The general ones are at
the end; those of a social-media department are in `socialflow.content`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from inspect import Parameter, signature
from typing import Any

import attrs

from socialflow.cases import ABOVE, BELOW, Case, FactMissing
from socialflow.errors import DefinitionError, Objection, nearest
from socialflow.plain import FrozenDict, freeze

__all__ = [
    "Rule",
    "RuleKind",
    "four_eyes",
    "has",
    "is_responsible",
    "marked",
    "only_children",
    "responsible_named",
    "rule",
    "signed_off",
    "signed_off_above",
    "some_child",
]

Check = Callable[..., Iterable[Objection] | None]


def _texts(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen
class RuleKind:
    """A function of a case that has become a kind of rule; call it with its parameters for a rule.

    Attributes:
        name: What documents and objections call it.
        check: ``check(case, **parameters)``, yielding objections (or returning them, or None).
        needs: Names of the facts it reads from ``case.facts``.
        reads_data: Whether it reads ``case.data``; then `options` cannot judge it beforehand.
        names_fields: Which of its parameters name a field of the item.
        names_stages: Which of its parameters name a stage.
        waivable_by: Roles that may go on although it objects, unless a use of it says otherwise.
        about_content: Whether it means nothing in a workflow without content.
        names_marks: Which of its parameters name a mark.
        names_children: Two parameters: one names a kind of children, the other states of theirs.
        binding: Whether no use of it can be waived, or only warn.
        closed: Whether it reads nothing but the fields that it names, compared with nothing but its
            other parameters, and the command's data if it reads that; then proofs decide it.
    """

    name: str
    check: Check
    needs: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    reads_data: bool = False
    names_fields: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    names_stages: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    waivable_by: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    about_content: bool = False
    names_marks: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    names_children: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    binding: bool = False
    closed: bool = False

    def __attrs_post_init__(self) -> None:
        if self.binding and self.waivable_by:
            raise self.unbound(f"can be waived by {', '.join(self.waivable_by)}")
        for name in ("rule", "negated", "waivable_by", "advisory"):
            if name in signature(self.check).parameters:
                raise self._misused(f"has a parameter {name!r}, a word of documents", "rename it")

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return self.check.__doc__

    def __call__(self, /, *values: Any, **parameters: Any) -> Rule:
        """The rule with these parameters.

        Raises:
            DefinitionError: A parameter is missing, unknown, or not plain data.
        """
        declared = list(signature(self.check).parameters.values())[1:]
        known = [one.name for one in declared]
        if len(values) > len(declared):
            raise self._misused(f"takes {len(declared)} parameters, not {len(values)}")
        given = dict(zip(known, values, strict=False)) | parameters
        for name in given:
            if name not in known:
                raise self._misused(f"has no parameter {name!r}", nearest(name, known))
        for one in declared:
            if one.default is Parameter.empty and one.name not in given:
                raise self._misused(f"needs its parameter {one.name!r}")
        told = {one.name: given[one.name] for one in declared if one.name in given}
        try:
            return Rule(self, freeze({n: v for n, v in told.items() if v is not None}))
        except (TypeError, ValueError) as wrong:
            raise self._misused(f"has a parameter that is not plain: {wrong}") from None

    def unbound(self, how: str) -> DefinitionError:
        """What is wrong about a use of a binding rule that does not bind."""
        return DefinitionError.because(
            "binding",
            f"rule {self.name}",
            f"the rule {self.name!r} is binding, and here it {how}",
            "leave it as it is, or use another rule",
        )

    def _misused(self, message: str, remedy: str = "") -> DefinitionError:
        return DefinitionError.because(
            "rule_parameters", f"rule {self.name}", f"the rule {self.name!r} {message}", remedy
        )


@attrs.frozen
class Rule:
    """One condition, ready to judge a case.  A value: equal if kind and parameters are.

    Attributes:
        kind: What it checks.
        parameters: With which parameters, plain.
        negated: Whether it demands the opposite.
        waivable_by: Roles that may go on although it objects; a reason is recorded.
        advisory: Whether it only warns: what it says is shown and recorded, and stops nothing.
    """

    kind: RuleKind
    parameters: FrozenDict
    negated: bool = False
    waivable_by: tuple[str, ...] = attrs.field(converter=_texts)
    advisory: bool = False
    _run: Callable[[Case], Iterable[Objection] | None] = attrs.field(
        init=False, eq=False, repr=False
    )

    @waivable_by.default
    def _(self) -> tuple[str, ...]:
        return self.kind.waivable_by

    @_run.default
    def _(self) -> Callable[[Case], Iterable[Objection] | None]:
        return partial(self.kind.check, **self.parameters) if self.parameters else self.kind.check

    @property
    def name(self) -> str:
        """The code of the rule: its kind's name, with ``not_`` before it if negated."""
        return f"not_{self.kind.name}" if self.negated else self.kind.name

    def __attrs_post_init__(self) -> None:
        if self.kind.binding and self.waivable_by:
            raise self.kind.unbound(f"can be waived by {', '.join(self.waivable_by)}")
        if self.kind.binding and self.advisory:
            raise self.kind.unbound("only warns")

    def __invert__(self) -> Rule:
        return attrs.evolve(self, negated=not self.negated)

    def waivable(self, *roles: str) -> Rule:
        """The same rule, which members with one of *roles* may waive, giving a reason.

        Raises:
            DefinitionError: It is binding.
        """
        return attrs.evolve(self, waivable_by=roles)

    def warning(self) -> Rule:
        """The same rule, which only warns.

        Raises:
            DefinitionError: It is binding.
        """
        return attrs.evolve(self, advisory=True)

    def contradicts(self, other: Rule) -> bool:
        """Whether the two can never hold together: one is the negation of the other."""
        same = (self.kind.name, self.parameters) == (other.kind.name, other.parameters)
        return same and self.negated != other.negated

    def objections(self, case: Case) -> tuple[Objection, ...]:
        """Everything this rule has against *case*; a rule that fails objects (fails closed)."""
        try:
            found = self._run(case)
            objections: tuple[Objection, ...] = () if found is None else tuple(found)
        except FactMissing as missing:
            return (self._no_fact(missing),)
        except Exception as error:
            return (self._failed(error),)
        for one in objections:
            if not isinstance(one, Objection):
                return (self._failed(TypeError(f"it gave {one!r}, which is no Objection")),)
        if self.negated:
            return () if objections else (self._holds(),)
        if objections and self.waivable_by:
            return tuple(attrs.evolve(one, waivable_by=self.waivable_by) for one in objections)
        return objections

    def _holds(self) -> Objection:
        told = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return Objection(
            self.name,
            f"{self.kind.name}({told}) holds, and must not",
            facts=self.parameters,
            waivable_by=self.waivable_by,
        )

    def _no_fact(self, missing: FactMissing) -> Objection:
        return Objection(
            "fact_missing",
            f"the rule {self.name!r} needs {missing.name!r}, and that could not be had: "
            f"{missing.reason}",
            "try again later, or give the engine a provider of that name",
            {"rule": self.name, "fact": missing.name, "reason": missing.reason},
        )

    def _failed(self, error: Exception) -> Objection:
        return Objection(
            "rule_failed",
            f"the rule {self.name!r} failed: {type(error).__name__}: {error}",
            "mend the rule; until then the answer is no",
            {"rule": self.name, "error": type(error).__name__},
        )


def rule(
    name: str,
    *,
    needs: str | Iterable[str] = (),
    reads_data: bool = False,
    names_fields: str | Iterable[str] = (),
    names_stages: str | Iterable[str] = (),
    waivable_by: str | Iterable[str] = (),
    about_content: bool = False,
    names_marks: str | Iterable[str] = (),
    names_children: str | Iterable[str] = (),
    binding: bool = False,
    closed: bool = False,
) -> Callable[[Check], RuleKind]:
    """Make a kind of rule out of a function ``check(case, **parameters)``.

    Example:
        >>> @rule("short", names_fields="field")
        ... def short(case, field, limit=280):
        ...     length = len(case.item.data.get(field, ""))
        ...     if length > limit:
        ...         yield Objection("short", f"{field} has {length} characters", f"cut to {limit}")
        >>> short("title").parameters
        {'field': 'title'}
    """

    def kind(check: Check) -> RuleKind:
        return RuleKind(
            name,
            check,
            needs,
            reads_data,
            names_fields,
            names_stages,
            waivable_by,
            about_content,
            names_marks,
            names_children,
            binding,
            closed,
        )

    return kind


@rule("four_eyes", about_content=True)
def four_eyes(case: Case, since: str = "release") -> Iterable[Objection]:
    """Who asks has not written the revision, whether by themselves or for somebody.

    ``since="release"`` looks at everybody who wrote since the last released revision,
    ``since="creation"`` at everybody who ever wrote.
    """
    item = case.item
    writers = item.contributors if since == "release" else item.contributors + item.authors
    for person in case.persons:
        if person in writers:
            who = repr(case.member.id)
            if person != case.member.id:
                who += f" acts for {person!r}, who"
            return (
                Objection(
                    "four_eyes",
                    f"{who} has written this revision and may not pass it",
                    "ask somebody who has not",
                    {"member": case.member.id, "contributors": writers},
                ),
            )
    return ()


@rule("signed_off")
def signed_off(case: Case) -> Iterable[Objection]:
    """Every stage that signs in this workflow has signed the item as it is."""
    for stage in case.workflow.unsigned(case.item):
        yield Objection(
            "signed_off", f"{stage} has not signed this", f"take it to {stage}", {"stage": stage}
        )


@rule("signed_off_above", needs=ABOVE)
def signed_off_above(case: Case) -> Iterable[Objection]:
    """The item above has not ended, and every stage that signs there has signed it as it is."""
    above = case.facts[ABOVE]
    if above is None:
        return
    item, workflow = above
    if item.ended:
        (end,) = item.marking
        yield Objection("signed_off_above", f"{item.id} is at {end}", "have it reopened first")
    for stage in workflow.unsigned(item):
        yield Objection(
            "signed_off_above",
            f"{stage} has not signed {item.id} as it is",
            f"take it to {stage}",
            {"item": item.id, "stage": stage},
        )


@rule("has", names_fields="field", closed=True)
def has(case: Case, field: str) -> Iterable[Objection]:
    """The item's *field* is there and not empty."""
    if case.item.data.get(field) in (None, "", (), {}):
        yield Objection("has", f"{field} is missing", f"fill in {field}", {"field": field})


@rule("responsible_named", names_stages="stage")
def responsible_named(case: Case, stage: str) -> Iterable[Objection]:
    """Somebody has been named for *stage*."""
    if not case.item.responsible(stage):
        yield Objection(
            "responsible_named",
            f"nobody is responsible for {stage}",
            f"assign somebody to {stage}",
            {"stage": stage},
        )


@rule("is_responsible")
def is_responsible(case: Case) -> Iterable[Objection]:
    """Who asks is the one named for the stage of the action."""
    stage, _, _ = case.action.rpartition(".")
    named = case.item.responsible(stage)
    if named not in case.persons:
        yield Objection(
            "is_responsible",
            f"{case.member.id!r} is not responsible for {stage}; that is {named or 'nobody'}",
            "claim it, or be assigned",
            {"member": case.member.id, "stage": stage, "responsible": named},
        )


@rule("marked", names_marks="mark")
def marked(case: Case, mark: str) -> Iterable[Objection]:
    """The item bears the *mark*."""
    if mark not in case.item.marks:
        yield Objection("marked", f"the item is not marked {mark!r}", facts={"mark": mark})


@rule("some_child", needs=BELOW, names_children=("kind", "states"))
def some_child(case: Case, kind: str, states: str | tuple[str, ...]) -> Iterable[Objection]:
    """A child of that *kind* is in one of these *states*, said in full."""
    wanted = _texts(states)
    if case.facts[BELOW].get(kind, frozenset()).isdisjoint(wanted):
        yield Objection(
            "some_child",
            f"no {kind} of it is in {' or '.join(wanted)}",
            facts={"kind": kind, "states": wanted},
        )


@rule("only_children", needs=BELOW, names_children=("kind", "states"))
def only_children(case: Case, kind: str, states: str | tuple[str, ...]) -> Iterable[Objection]:
    """Every child of that *kind*, if there is one, is in one of these *states*, said in full."""
    others = sorted(case.facts[BELOW].get(kind, frozenset()) - {*_texts(states)})
    if others:
        yield Objection(
            "only_children",
            f"some {kind} of it is in {' and in '.join(others)}",
            f"bring it to {' or '.join(_texts(states))}",
            {"kind": kind, "states": _texts(states), "others": tuple(others)},
        )


def parameter_values(rule: Rule, names: Iterable[str]) -> Mapping[str, tuple[Any, ...]]:
    """The values of those parameters that *names* lists, one or several each."""
    given = {name: rule.parameters[name] for name in names if name in rule.parameters}
    return {name: v if isinstance(v, tuple) else (v,) for name, v in given.items()}
