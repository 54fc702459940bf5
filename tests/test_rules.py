"""Rules: pure, named, parametrised; they may be negated and waived, and they fail closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import ANN, ED, EVE, TOM, Walk, case, finish, stage, workflow

from socialflow import Action, DefinitionError, Facts, Member, Objection, Stage, rule
from socialflow.cases import Case, FactMissing
from socialflow.plain import freeze
from socialflow.rules import (
    Rule,
    four_eyes,
    has,
    is_responsible,
    responsible_named,
    signed_off,
)


@rule("limit", names_fields="field", waivable_by="editor")
def limit(case: Case, field: str, most: int = 5) -> Iterator[Objection]:
    """The field is no longer than that."""
    if len(case.item.data.get(field, "")) > most:
        yield Objection("limit", f"{field} is too long", "cut it")
        yield Objection("limit_words", f"{field} has too many words")


@rule("claims_known", needs="claims")
def claims_known(case: Case) -> Iterable[Objection] | None:
    """Every claim is known."""
    if case.facts["claims"]:
        return [Objection("claims_known", "a claim is unknown")]
    return None


@rule("broken")
def broken(case: Case) -> Iterator[Objection]:
    """Fails after its first objection."""
    yield Objection("broken", "never seen")
    raise ZeroDivisionError("by design")


def judged(one: Rule, walk: Walk | None = None, by: Member = ANN, **facts: Any) -> tuple[str, ...]:
    """The codes of a rule's objections to a member who submits."""
    walk = walk or Walk.begin(workflow())
    asked = case(walk.item, by, walk.workflow)
    asked.facts = Facts(facts)
    return tuple(objection.code for objection in one.objections(asked))


def test_a_rule_yields_all_its_objections() -> None:
    """What a rule has against a case is everything that its check yields, returns, or nothing."""
    assert ("limit", "limit_words") == judged(limit("title"))
    assert () == judged(limit("title", most=50))
    assert ("claims_known",) == judged(claims_known(), claims=["x"])
    assert () == judged(claims_known(), claims=[])


def test_a_negated_rule_objects_exactly_where_the_rule_does_not() -> None:
    """``~rule`` demands the opposite, under the name ``not_...``; twice negated is the rule."""
    short, long = limit("title", most=50), limit("title")

    assert ((), ("limit", "limit_words")) == (judged(short), judged(long))
    assert (("not_limit",), ()) == (judged(~short), judged(~long))
    assert ~~short == short
    assert "not_limit" == (~short).name


def test_a_negated_rule_says_what_holds_and_must_not() -> None:
    """The objection of a negated rule names the rule with its parameters."""
    walk = Walk.begin(workflow())
    (objection,) = (~has("title")).objections(case(walk.item, ANN, walk.workflow))

    assert "has(field='title') holds, and must not" == str(objection)
    assert {"field": "title"} == objection.facts


@pytest.mark.parametrize("negated", [False, True])
def test_a_rule_that_fails_objects(negated: bool) -> None:
    """A rule that raises is an objection, negated or not, and no other objection counts."""
    walk = Walk.begin(workflow())
    one = ~broken() if negated else broken()
    (objection,) = one.objections(case(walk.item, ANN, walk.workflow))

    assert "rule_failed" == objection.code
    assert (
        f"the rule {one.name!r} failed: ZeroDivisionError: by design "
        f"(mend the rule; until then the answer is no)" == str(objection)
    )


@pytest.mark.parametrize("one", [claims_known(), ~claims_known()])
def test_a_rule_that_lacks_a_fact_objects(one: Rule) -> None:
    """A fact that could not be had is an objection that says why, negated or not."""
    walk = Walk.begin(workflow())
    asked = case(walk.item, ANN, walk.workflow)
    asked.facts = Facts(failed={"claims": "the register is down"})
    (objection,) = one.objections(asked)

    assert "fact_missing" == objection.code
    assert (
        f"the rule {one.name!r} needs 'claims', and that could not be had: the register is down "
        f"(try again later, or give the engine a provider of that name)" == str(objection)
    )


def test_a_fact_cannot_be_asked_for_so_that_its_lack_goes_unseen() -> None:
    """Neither ``get`` nor ``in`` hides that a fact is missing."""
    facts = Facts({"known": 1}, failed={"slow": "it timed out"})

    assert ({"known": 1}, 1) == (dict(facts), facts.get("known"))
    assert "Facts({'known': 1}, failed={'slow': 'it timed out'})" == repr(facts)
    for ask in (facts.get, facts.__contains__, facts.__getitem__):
        with pytest.raises(FactMissing) as caught:
            ask("slow")
        assert ("slow", "it timed out") == (caught.value.name, caught.value.reason)
    with pytest.raises(FactMissing, match="nothing provides it"):
        facts.get("never heard of")


@pytest.mark.parametrize(
    "answer", [True, 7, Objection("x", "not in a list"), object(), "no!", ["no!"]]
)
def test_a_check_that_answers_something_else_objects(answer: object) -> None:
    """A check that returns no objections, but something else, fails closed."""

    @rule("odd")
    def odd(case: Case) -> Any:
        return answer

    assert ("rule_failed",) == judged(odd())
    assert ("rule_failed",) == judged(~odd())


def test_a_rule_lends_its_objections_the_roles_that_may_waive_it() -> None:
    """Who may waive is the kind's, unless a use of it says otherwise."""
    walk = Walk.begin(workflow())
    asked = case(walk.item, ANN, walk.workflow)

    def waivable(one: Rule) -> set[tuple[str, ...]]:
        return {objection.waivable_by for objection in one.objections(asked)}

    assert {("editor",)} == waivable(limit("title"))
    assert {("lawyer", "editor")} == waivable(limit("title").waivable("lawyer", "editor"))
    assert {()} == waivable(limit("title").waivable()) == waivable(has("body"))
    assert {("lawyer",)} == waivable((~has("title")).waivable("lawyer"))


@rule("bound", binding=True)
def bound(case: Case) -> Iterator[Objection]:
    """Never holds."""
    yield Objection("bound", "it is so")


@pytest.mark.parametrize(
    "unbound",
    [
        lambda: bound().waivable("editor"),
        lambda: (~bound()).waivable("editor"),
        lambda: bound().warning(),
        lambda: attrs.evolve(bound(), waivable_by="editor"),
        lambda: rule("loose", binding=True, waivable_by="editor")(bound.check),
    ],
)
def test_a_binding_rule_is_neither_waived_nor_a_warning(unbound: Any) -> None:
    """By nobody, in no use of it, however that is said."""
    with pytest.raises(DefinitionError, match="is binding") as caught:
        unbound()

    assert ("binding",) == caught.value.codes


def test_a_binding_rule_may_be_negated_and_left_as_it_is() -> None:
    """The opposite binds as well; to name nobody who may waive it changes nothing."""
    assert ("bound",) == judged(bound())
    assert () == judged(~bound())
    assert bound() == bound().waivable()


@given(st.booleans(), st.booleans(), st.integers(1, 2), st.integers(1, 2))
def test_two_rules_contradict_only_if_one_negates_the_other(
    one: bool, other: bool, most: int, least: int
) -> None:
    """Kind and parameters are the same, and exactly one of the two is negated."""
    left, right = limit("title", most), limit("title", least)
    left, right = (~left if one else left), (~right if other else right)

    assert (one != other and most == least) == left.contradicts(right)
    assert left.contradicts(right) == right.contradicts(left)


def test_a_rule_is_a_value() -> None:
    """Equal kind and parameters make an equal rule, however the parameters were given."""
    assert limit("title", 5) == limit(field="title", most=5)
    assert limit("title") != limit("title", 5)
    assert limit("title") != ~limit("title")
    assert hash(limit("title")) == hash(limit("title"))
    assert "The field is no longer than that." == limit.__doc__
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        limit("title").negated = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: limit(), "the rule 'limit' needs its parameter 'field'"),
        (
            lambda: limit("title", moist=5),
            "the rule 'limit' has no parameter 'moist' (did you mean 'most'?)",
        ),
        (lambda: limit("title", 5, 6), "the rule 'limit' takes 2 parameters, not 3"),
        (
            lambda: limit("title", most=object),
            "the rule 'limit' has a parameter that is not plain: plain data is what JSON can say, "
            "not type <class 'object'>",
        ),
    ],
)
def test_a_misused_rule_is_a_definition_error(build: Any, sentence: str) -> None:
    """A parameter that is missing, unknown or not plain is named where the rule is made."""
    with pytest.raises(DefinitionError) as caught:
        build()

    assert ("rule_parameters",) == caught.value.codes
    assert f"rule limit: {sentence}" == str(caught.value)


def test_four_eyes_keeps_those_out_who_wrote_the_revision() -> None:
    """No contributor since the last release passes the revision, nor who acts for one."""
    walk = Walk.begin(workflow(), by=ANN)
    walk.do("submit", ANN)

    assert ("four_eyes",) == walk.refused("clear", Member("ann", "editor")).codes
    assert ("four_eyes",) == walk.refused("clear", ED, acting_for=("ann",)).codes
    assert walk.do("clear", ED)


def test_a_delegate_who_writes_counts_as_both_persons() -> None:
    """Who writes for somebody keeps both of them from passing it."""
    walk = Walk.begin(workflow(), by=ANN)
    walk.do("edit", TOM, {"body": "b"}, acting_for=("eve",))
    walk.do("submit", TOM)

    assert ("ann", "tom", "eve") == walk.item.contributors
    assert ("four_eyes",) == walk.refused("clear", EVE).codes
    assert walk.do("clear", ED)


def test_four_eyes_since_creation_remembers_those_of_released_revisions() -> None:
    """After a release its writers may pass the next one, unless the rule looks back further."""
    gate = Stage(
        "gate",
        ("one", "two"),
        role="editor",
        actions=(
            Action("mild", "one", rules=four_eyes()),
            Action("strict", "one", rules=four_eyes(since="creation")),
        ),
    )
    walk = Walk.begin(workflow(stage("alpha", finish(), releases=True), gate), by=ANN)
    walk.do("finish", ANN)
    ann = Member("ann", "editor")

    assert ((), ("ann",)) == (walk.item.contributors, walk.item.authors)
    assert walk.do("mild", ann)
    assert ("four_eyes",) == walk.refused("strict", ann).codes
    assert walk.do("strict", ED)


def test_signed_off_asks_every_stage_that_signs() -> None:
    """Each signature that the item lacks, as it is now, is one objection."""
    walk = Walk.begin(workflow())
    assert ("signed_off",) == judged(signed_off(), walk)

    walk.do("submit", ANN)
    walk.do("clear", ED)

    assert () == judged(signed_off(), walk)


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_has_asks_for_a_field_that_is_not_empty(empty: object) -> None:
    """A field that is missing or empty is missing; nought and no are something."""
    walk = Walk.begin(workflow())
    item = attrs.evolve(walk.item, data=freeze({"body": empty}))
    asked = case(item, ANN, walk.workflow)

    assert ["body is missing (fill in body)"] == [str(one) for one in has("body").objections(asked)]
    for something in (0, False, "x", [""]):
        asked.item = attrs.evolve(walk.item, data=freeze({"body": something}))
        assert () == has("body").objections(asked)


def test_responsible_named_asks_for_somebody_whether_the_stage_is_open_or_not() -> None:
    """Somebody named for a stage that is still to come counts."""
    walk = Walk.begin(workflow(rights={"create": "*", "assign": "*"}))
    assert ("responsible_named",) == judged(responsible_named("live"), walk)

    walk.do("assign", ANN, {"member": "ed", "stage": "live"})

    assert () == judged(responsible_named("live"), walk)


def test_is_responsible_asks_for_the_one_named_or_their_delegate() -> None:
    """The duty is that of the member named for the stage, and of those who act for them."""
    walk = Walk.begin(workflow(rights={"create": "*", "assign": "*"}))
    walk.do("assign", ANN, {"member": "tom"})
    asked = case(walk.item, ANN, walk.workflow)

    assert ["'ann' is not responsible for writing; that is tom (claim it, or be assigned)"] == [
        str(one) for one in is_responsible().objections(asked)
    ]

    asked.persons = ("ann", "tom")

    assert () == is_responsible().objections(asked)
