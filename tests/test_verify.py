"""Proofs: what `check` says about a small workflow, sound and with one thing wrong there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from scenes import WRITING

from socialflow import Action, Case, Member, Objection, Stage, Team, Workflow, rule
from socialflow.ballots import Ballot
from socialflow.errors import DefinitionError, Disproved, WrongArgument
from socialflow.moments import hours
from socialflow.rules import four_eyes, has
from socialflow.verify import (
    FINAL,
    Outcome,
    Report,
    always_possible,
    approval,
    at_most_once,
    check,
    different_people,
    eventually,
    never,
    precedes,
    someone_can_act,
)

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@attrs.frozen
class Text:
    """What is written."""

    title: str
    risk: str | None = None


@rule("in_the_mood")
def in_the_mood(_: Case) -> tuple[Objection, ...]:
    """Something that nobody can look into."""
    return ()


@rule("one_of", names_fields="field", closed=True)
def one_of(case: Case, field: str, values: tuple[str, ...]) -> list[Objection]:
    """The field has one of these values."""
    found = case.item.data.get(field) in values
    return [] if found else [Objection("one_of", f"{field} is another")]


REVIEW = Stage(
    "review",
    ("waiting", "passed"),
    role="editor",
    signs="revision",
    may_edit={"waiting": "editor"},
    actions=(
        Action("pass", "waiting", "passed", rules=four_eyes()),
        Action("return", "waiting", goto="writing"),
    ),
)
PUBLISH = Stage(
    "publish",
    ("ready", "live"),
    role="author",
    may_edit={"ready": "author"},
    actions=(Action("go", "ready", "live"),),
)


def made(*steps: Stage, **more: Any) -> Workflow:
    """A workflow of these stages."""
    told = {"fields": Text, "content": ("title", "risk"), "rights": {"create": "author"}} | more
    return Workflow("post", steps or (WRITING, REVIEW, PUBLISH), **told)


POST = made()
TEAM = Team([Member("ann", "author"), Member("ed", "editor"), Member("flo", ("author", "editor"))])
PASSED = approval("review.pass").by_other_than("author").since_last_change()
SAFE = never("publish.live").without(PASSED)


def proved(workflow: Workflow, *properties: Any, team: Team = TEAM, **more: Any) -> Report:
    """The report on some properties."""
    return check(workflow, team, *properties, at=AT, **more)


def outcome(workflow: Workflow, one: Any, team: Team = TEAM) -> Outcome:
    """What is said about one property."""
    (verdict,) = proved(workflow, one, team=team)
    return verdict.outcome


UNCHECKED = attrs.evolve(REVIEW, actions=[Action("pass", "waiting", "passed"), REVIEW.actions[1]])
UNSIGNED = attrs.evolve(REVIEW, signs=None)
TRAPPED = attrs.evolve(PUBLISH, states=("ready", "lost", "live"), actions=(
    *PUBLISH.actions, Action("lose", "ready", "lost"),
))  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "broken"),
    [
        (SAFE, made(WRITING, UNCHECKED, PUBLISH)),
        (SAFE, made(WRITING, UNSIGNED, PUBLISH)),
        (different_people("edit", "review.pass"), made(WRITING, UNCHECKED, PUBLISH)),
        (never(role="editor").does("submit"), made(attrs.evolve(WRITING, role=("author", "editor")),
                                                   REVIEW, PUBLISH)),
        (precedes("review.pass", "publish.go"), made(WRITING, attrs.evolve(REVIEW, actions=(
            *REVIEW.actions, Action("skip", "waiting", "passed"))), PUBLISH)),
        (always_possible(to=FINAL), made(WRITING, REVIEW, TRAPPED)),
        (someone_can_act(), made(WRITING, REVIEW, TRAPPED)),
        (eventually("end.closed").unless_repeating("return", "edit"),
         made(WRITING, attrs.evolve(REVIEW, actions=(*REVIEW.actions,
                                                     Action("rework", "waiting", goto="writing"))),
              PUBLISH)),
        (at_most_once("publish.go"), made(WRITING, REVIEW, attrs.evolve(PUBLISH, actions=(
            Action("go", "ready", "live"), Action("back", "ready", goto="review"))), actions=(
            Action("again", "end.closed", goto="writing", roles="author"),))),
    ],
    ids=str,
)  # fmt: skip
def test_a_defect_is_refuted_by_steps_that_the_engine_carries_out(
    sentence: Any, broken: Workflow
) -> None:
    """The sound workflow has the property, the broken one has not: no rule has to help."""
    sound = TEAM if not isinstance(sentence, type(never(role="editor"))) else Team(
        [Member("ann", "author"), Member("ed", "editor")]
    )  # fmt: skip
    one = always_possible() if sentence == always_possible() else sentence
    bigger = Team([*sound.members, Member("sam", "editor")])

    if one == different_people("edit", "review.pass"):
        broken, fine = (each.amend("publish", may_edit={}) for each in (broken, POST))
    else:
        fine = POST

    assert outcome(_edited_by_authors_alone(fine), one, bigger) is Outcome.PROVED
    (verdict,) = proved(_edited_by_authors_alone(broken), one, team=bigger)
    assert (verdict.outcome, verdict.confirmed) == (Outcome.REFUTED, True), verdict


def _edited_by_authors_alone(workflow: Workflow) -> Workflow:
    """Editors write only where nothing is checked."""
    unchecked = workflow.stage("review") == UNCHECKED
    return workflow if unchecked else workflow.amend("review", may_edit={})


def test_editors_who_all_have_written_it_can_bring_it_nowhere() -> None:
    """Where the only two editors write, four eyes stop it for good: the shortest way is told."""
    (verdict,) = proved(POST.amend("review", actions=[], drop="return"), always_possible())

    assert verdict.outcome is Outcome.REFUTED
    assert verdict.trace is not None
    assert verdict.trace.marking == ("writing.drafting",) or len(verdict.trace.steps) <= 4


def test_a_rule_that_cannot_be_looked_into_is_named() -> None:
    """It may say either: what holds all the same is proved, what depends on it names it."""
    moody = POST.amend("publish", actions=[Action("go", "ready", "live", rules=in_the_mood())])
    team = Team([Member("ann", "author"), Member("ed", "editor")])

    report = proved(
        moody.amend("review", may_edit={}),
        SAFE,
        always_possible(),
        never("publish.live"),
        team=team,
    )

    assert [Outcome.PROVED, Outcome.PROVED_IF, Outcome.REFUTED_IF] == [v.outcome for v in report]
    assert [(), ("in_the_mood()",), ("in_the_mood()",)] == [v.names for v in report]
    assert [False, False, True] == [v.confirmed for v in report]


def test_a_rule_about_fields_is_decided() -> None:
    """What a field is compared with is told apart, and nothing else about it."""
    checked = made(
        WRITING,
        REVIEW,
        attrs.evolve(
            PUBLISH,
            actions=[Action("go", "ready", "live", rules=one_of("risk", ("low",)))],
            may_edit={},
        ),
    )
    high = never("publish.live").when(risk="high")

    assert outcome(checked, high) is Outcome.PROVED
    assert outcome(POST, high) is Outcome.REFUTED


def test_a_conditional_ballot_is_counted_by_the_property_itself() -> None:
    """Law is asked where the risk is high; without that, nothing proves that it was."""
    law = Ballot("law", "lawyer", when=one_of("risk", ("high",)))
    chain = (Ballot("brand", "editor"), law)

    def decided_by(*ballots: Ballot) -> Workflow:
        action = Action("pass", "waiting", "passed", ballots=ballots)
        return POST.amend("review", actions=[action], may_edit={}).amend("publish", may_edit={})

    team = Team([*TEAM.members, Member("lea", "lawyer"), Member("sam", "editor")])
    one = different_people("edit", "pass")

    assert outcome(decided_by(*chain), one, team) is Outcome.PROVED
    open_to_all = tuple(attrs.evolve(ballot, four_eyes=False) for ballot in chain)
    (verdict,) = proved(decided_by(*open_to_all), one, team=team)
    assert (verdict.outcome, verdict.confirmed) == (Outcome.REFUTED, True), verdict


def test_what_falls_due_may_do_so_at_any_time() -> None:
    """A state that time alone leads to is reached, and the engine's clock is set for it."""
    hasty = POST.amend(
        "review", actions=[Action("lapse", "waiting", "passed", due=hours(48))], may_edit={}
    )

    (verdict,) = proved(hasty, SAFE)

    assert (verdict.outcome, verdict.confirmed) == (Outcome.REFUTED, True)
    assert "review.lapse falls due" in str(verdict)


def test_one_who_is_away_is_missed() -> None:
    """A stage that one person alone can leave stands still without them."""
    alone = Team([Member("ann", "author"), Member("bea", "author"), Member("ed", "editor")])

    assert outcome(POST, someone_can_act(absent=1), alone) is Outcome.REFUTED
    assert outcome(POST, someone_can_act(TEAM, absent=1), alone) is Outcome.PROVED


def test_a_recorded_emergency_is_left_out_where_that_is_said() -> None:
    """Two who force it break the property, and it holds apart from that."""
    forced = made(rights={"create": "author", "force": "chief"}).amend("review", may_edit={})
    team = Team([*TEAM.members, Member("cal", "chief"), Member("cora", "chief")])

    (verdict,) = proved(forced, SAFE, team=team)

    assert (verdict.outcome, verdict.confirmed) == (Outcome.REFUTED, True)
    assert outcome(forced, SAFE.apart_from("force"), team) is Outcome.PROVED


def test_a_budget_that_does_not_reach_is_unknown() -> None:
    """Nothing is proved then; it says what would help."""
    report = proved(POST, SAFE, at_most_once("publish.go"), budget=2)

    assert [Outcome.UNKNOWN] * 2 == [one.outcome for one in report]
    assert "the budget of 2 states is used up" in report.verdicts[0].why


@rule("broken")
def broken(_: Case) -> tuple[Objection, ...]:
    """A rule that fails whenever it is asked."""
    raise RuntimeError("out of order")


def test_a_rule_that_raises_may_say_anything() -> None:
    """It is never asked in a proof: what would need it is not proved, and it is named."""
    failing = POST.amend("publish", actions=[Action("go", "ready", "live", rules=broken())])
    team = Team([Member("ann", "author"), Member("ed", "editor")])
    asked = failing.amend("review", may_edit={})

    report = proved(asked, never("publish.live"), always_possible(), SAFE, team=team)

    assert ["refuted if", "proved if", "proved"] == [one.outcome.value for one in report]
    assert [("broken()",), ("broken()",), ()] == [one.names for one in report]


def test_a_vote_of_one_of_many_is_a_deed() -> None:
    """Nobody of a role votes for it: that is seen where others would have carried it, too."""
    several = Action("pass", "waiting", "passed", ballots=Ballot("any", ("editor", "intern")))
    voted = POST.amend("review", actions=[several], may_edit={})
    team = Team([*TEAM.members, Member("ira", "intern")])

    (verdict,) = proved(voted, never(role="intern").does("review.pass"), team=team)

    assert (verdict.outcome, verdict.confirmed) == (Outcome.REFUTED, True), verdict


def test_what_nobody_can_do_is_not_proved_to_have_been_done() -> None:
    """A property about people is looked at, too, where nobody is concerned."""
    unedited = POST.amend("writing", may_edit={}).amend("review", may_edit={})
    unedited = unedited.amend("publish", may_edit={})

    assert outcome(unedited, never("publish.live").without(
        approval("edit").by_other_than("author"))) is Outcome.REFUTED  # fmt: skip


def test_a_loop_with_something_to_prepare_it_is_a_loop() -> None:
    """Going on takes an edit in between, which does not make it come to an end."""
    filled = POST.amend("writing", actions=[Action("submit", "drafting", "submitted",
                                                   rules=has("risk"))])  # fmt: skip
    assert outcome(filled, eventually("end.*").unless_repeating("edit")) is Outcome.REFUTED
    assert outcome(
        filled, eventually("end.*").unless_repeating("edit", "return", "stale")
    ) is Outcome.PROVED  # fmt: skip


@pytest.mark.parametrize("budget", [0, -1, 2.5, True])
def test_a_budget_is_a_number_above_nothing(budget: Any) -> None:
    """Anything else is a wrong argument."""
    with pytest.raises(WrongArgument):
        proved(POST, SAFE, budget=budget)


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        (never("publish.life"), "unknown_state"),
        (never("publish.live").without("review.pas"), "unknown_action"),
        (never(role="edtor").does("go"), "unknown_role"),
        (never(kind="agency").does("go"), "unknown_kind"),
        (never(role="editor"), "property"),
        (never("writing.drafting"), "property"),
        (never("publish.live").when(rsk="high"), "unknown_field"),
        (precedes("publish.go", "publish.go"), "property"),
        (different_people("pass", "review.*"), "property"),
        (different_people("pass", "go", since="writting"), "unknown_stage"),
        (at_most_once("goo"), "unknown_state"),
        (always_possible(to="end.close"), "unknown_state"),
        (eventually("end.closed").unless_repeating("retrn"), "unknown_state"),
        (SAFE.apart_from("froce"), "unknown_action"),
        (SAFE.of("comment"), "unknown_child"),
    ],
    ids=repr,
)
def test_a_property_about_what_is_not_there_is_an_error(sentence: Any, code: str) -> None:
    """It names the property, and the nearest right spelling."""
    with pytest.raises(DefinitionError) as wrong:
        proved(POST, sentence)

    assert (code,) == wrong.value.codes
    assert str(sentence) in str(wrong.value) or sentence == never("x")


def test_states_or_people_and_not_both() -> None:
    """A `never` is about one of them."""
    with pytest.raises(DefinitionError):
        never("publish.live", role="editor")
    with pytest.raises(WrongArgument):
        someone_can_act(absent=-1)


SENTENCES = (
    SAFE,
    never("publish.live").when(risk="high"),
    never(kind="agency").does("answer", "reply_*"),
    precedes("legal.clear", "publish_now").when(risk="high").since_last("drafting"),
    different_people("edit_ok", "brand_ok", since="drafting").apart_from("force"),
    at_most_once("published").since_last("drafting"),
    always_possible(),
    always_possible(to=("end.closed", "end.rejected")).of("interaction"),
    someone_can_act(absent=1),
    eventually("closed").unless_repeating("rework", "retry"),
)


@pytest.mark.parametrize("sentence", SENTENCES, ids=str)
def test_a_property_is_written_as_it_was_said(sentence: Any) -> None:
    """eval(repr(sentence)) == sentence"""
    assert sentence == eval(repr(sentence))
    assert str(sentence) == str(eval(repr(sentence)))


def test_a_report_raises_what_is_refuted() -> None:
    """And nothing, if nothing is."""
    proved(POST, SAFE).raise_if_refuted()
    with pytest.raises(Disproved, match=r"refuted: never in publish\.live"):
        proved(POST, never("publish.live")).raise_if_refuted()


def test_a_report_is_plain_data() -> None:
    """For programs: the verdicts, their traces, and what was not looked at."""
    told = proved(POST, SAFE, never("publish.live")).plain()

    assert ["proved", "refuted"] == [one["outcome"] for one in told["verdicts"]]
    assert "publish.go" == told["verdicts"][1]["trace"][-1]["action"]
    assert told["forgotten"]


def test_a_field_that_has_to_be_there_is_decided_too() -> None:
    """Without a risk it does not go; no rule is left to lean on."""
    checked = POST.amend("publish", actions=[Action("go", "ready", "live", rules=has("risk"))])

    (verdict,) = proved(checked, never("publish.live"))

    assert (verdict.outcome, verdict.names, verdict.confirmed) == (Outcome.REFUTED, (), True)
