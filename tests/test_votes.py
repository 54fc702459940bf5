"""Votes: who has one, what it is given on, and when a decision is carried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import ANN, NOON, Walk, stage, workflow

from socialflow import Action, Event, Facts, Member
from socialflow.ballots import Ballot
from socialflow.cases import HOLDERS
from socialflow.decisions import decide
from socialflow.items import Command
from socialflow.rules import RuleKind, has

EDITORS = tuple(Member(f"e{n}", "editor") for n in range(4))
LAWYERS = tuple(Member(f"l{n}", "lawyer") for n in range(2))
BOTH = Member("both", ("editor", "lawyer"))
PEOPLE = (*EDITORS, *LAWYERS, BOTH, Member("nobody"))


def asked(*ballots: Ballot, **told: Any) -> Walk:
    """An item whose one stage is left by ballot."""
    action = Action("pass", "one", "two", ballots=ballots, **told)
    gate = stage("gate", action, role="editor", signs="revision", may_edit={"one": "*"})
    flow = workflow(gate, stage("after", Action("end", "one", "two")))
    return Walk.begin(flow)


def says(walk: Walk, who: Member, choice: str = "yes", acting_for: tuple[str, ...] = ()) -> bool:
    """Give a vote, if it is taken; whether it was."""
    data = {"action": "pass", "choice": choice}
    answer = walk.ask("vote", who, data, acting_for=acting_for)
    if isinstance(answer, Event):
        walk.do("vote", who, data, acting_for=acting_for)
    return isinstance(answer, Event)


# -- laws


@given(
    st.integers(1, 3),
    st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("yes", "no", "abstain"))), max_size=10
    ),
    st.sets(st.sampled_from([one.id for one in EDITORS]), max_size=2),
)
@pytest.mark.law(9)
def test_so_many_who_did_not_write_it_have_to_say_yes_last(
    quorum: int, votes: list[tuple[Member, str]], writers: set[str]
) -> None:
    """Counted again in plain words: entitled, not a writer, last said yes, so many.

    Saying again what one has said already is refused.
    """
    walk = asked(Ballot("b", "editor", quorum=quorum))
    for id in sorted(writers):
        walk.do("edit", Member(id, "editor"), {"body": f"by {id}"})
    last: dict[str, str] = {}
    for who, choice in votes:
        if "gate.one" not in walk.marking:
            break
        entitled = any(grant.role == "editor" for grant in who.grants)

        counts = entitled and who.id not in writers and last.get(who.id) != choice
        assert says(walk, who, choice) == counts
        if counts:
            last[who.id] = choice

        ayes = sum(said == "yes" for said in last.values())
        assert ("after.one" in walk.marking) == (ayes >= quorum)


@given(st.permutations([(EDITORS[0], "brand"), (LAWYERS[0], "legal"), (EDITORS[1], "brand")]))
@pytest.mark.law(9)
def test_ballots_that_stand_beside_each_other_are_carried_in_any_order(
    votes: list[tuple[Member, str]],
) -> None:
    """The action takes place as soon as the last open ballot is carried."""
    walk = asked(Ballot("brand", "editor", quorum=2), Ballot("legal", "lawyer"))
    for n, (who, _) in enumerate(votes):
        assert ("gate.one",) == walk.marking, n
        walk.do("pass", who)

    assert ("after.one",) == walk.marking


@given(st.sets(st.sampled_from(EDITORS)), st.sets(st.sampled_from(EDITORS)))
@pytest.mark.law(9)
def test_all_means_everybody_who_does_not_stand_aside(
    ayes: set[Member], aside: set[Member]
) -> None:
    """All electors but those who abstain, and one yes at least."""
    walk = asked(Ballot("b", "editor", quorum="all"))
    walk.facts = Facts({HOLDERS: {"editor": EDITORS}})
    for who in sorted(aside - ayes, key=lambda one: one.id):
        says(walk, who, "abstain")
    for who in sorted(ayes, key=lambda one: one.id):
        says(walk, who)

    everybody = ayes | aside == set(EDITORS)
    assert ("after.one" in walk.marking) == (bool(ayes) and everybody)


# -- one by one


@pytest.mark.law(9)
def test_who_writes_after_voting_has_voted_for_nothing() -> None:
    """A vote on another revision does not count, and its voter is a writer now."""
    walk = asked(Ballot("b", "editor", quorum=2))
    walk.do("pass", EDITORS[0])
    walk.do("edit", EDITORS[0], {"body": "better"})
    walk.do("pass", EDITORS[1])
    assert ("gate.one",) == walk.marking
    assert ("four_eyes",) == walk.refused("pass", EDITORS[0]).codes

    walk.do("pass", EDITORS[2])
    assert ("after.one",) == walk.marking


@pytest.mark.law(9)
def test_who_wrote_it_has_no_vote_although_it_reads_as_before() -> None:
    """They wrote, and wrote it back; the revision is the same, and so are the writers."""
    walk = asked(Ballot("b", "editor", quorum=2))
    walk.do("pass", EDITORS[0])
    walk.do("edit", EDITORS[0], {"body": "better"})
    walk.do("edit", EDITORS[0], {"body": None})
    walk.do("pass", EDITORS[1])
    assert ("gate.one",) == walk.marking

    walk.do("pass", EDITORS[2])
    assert ("after.one",) == walk.marking


@pytest.mark.law(9)
def test_a_delegate_and_the_one_they_act_for_are_one_person() -> None:
    """One vote a person, delegation included."""
    walk = asked(Ballot("b", "editor", quorum=2))
    walk.do("pass", EDITORS[0])
    walk.do("pass", EDITORS[1], acting_for=(EDITORS[0].id,))
    assert ("gate.one",) == walk.marking

    walk.do("pass", EDITORS[2])
    assert ("after.one",) == walk.marking


@pytest.mark.law(9)
def test_a_ballot_waits_for_those_before_it() -> None:
    """`after` orders; without it ballots stand beside each other."""
    walk = asked(Ballot("brand", "editor"), Ballot("legal", "lawyer", after="brand"))
    assert ("ballot_order",) == walk.refused("pass", LAWYERS[0]).codes

    walk.do("pass", EDITORS[0])
    walk.do("pass", LAWYERS[0])
    assert ("after.one",) == walk.marking


def test_who_has_voted_is_told_whose_votes_are_missing() -> None:
    """The same again is refused; the remedy names how many of whom; another word is taken."""
    walk = asked(Ballot("brand", "editor", quorum=3), Ballot("legal", "lawyer"))
    walk.do("pass", EDITORS[0])
    [objection] = walk.refused("pass", EDITORS[0])

    assert ("voted", ("brand", "legal")) == (objection.code, objection.facts["ballots"])
    assert "'e0' has said yes to 'gate.pass' already" == objection.message
    assert "waits for brand by 2 more of editor, and legal by 1 more of lawyer" in objection.remedy
    answers = walk.answers(EDITORS[0])
    assert ("no", "needs data") == (answers["gate.pass"], answers["vote"])
    assert says(walk, EDITORS[0], "no")
    assert says(walk, EDITORS[0], "yes")


def test_those_whose_votes_are_missing_are_named_where_all_have_to_agree() -> None:
    """Who they are is a fact then; who stands aside is not waited for."""
    walk = asked(Ballot("b", "editor", quorum="all"), Ballot("after", "lawyer", after="b"))
    walk.facts = Facts({HOLDERS: {"editor": EDITORS}})
    walk.do("pass", EDITORS[0])
    says(walk, EDITORS[1], "abstain")

    for who, code in ((EDITORS[0], "voted"), (LAWYERS[0], "ballot_order")):
        [objection] = walk.refused("pass", who)
        assert (code, True) == (objection.code, "b by e2 and e3" in objection.remedy)


def test_a_vote_in_one_ballot_leaves_the_others() -> None:
    """Who has two roles, and has said yes in one of them, says it in the other one as well."""
    walk = asked(Ballot("brand", "editor", quorum=2), Ballot("legal", "lawyer"))
    walk.do("vote", BOTH, {"action": "pass", "ballots": ["brand"]})
    walk.do("pass", BOTH)

    assert [("brand",), ("legal",)] == [vote.ballots for vote in walk.item.votes]
    assert ("voted",) == walk.refused("pass", BOTH).codes


def test_a_vote_of_an_earlier_revision_is_no_reason_against_another() -> None:
    """It has lapsed, and is given again."""
    walk = asked(Ballot("b", "editor", quorum=2))
    walk.do("pass", EDITORS[0])
    walk.do("edit", EDITORS[1], {"body": "better"})

    walk.do("pass", EDITORS[0])
    assert ("voted",) == walk.refused("pass", EDITORS[0]).codes


@pytest.mark.law(9, 10)
def test_votes_of_an_earlier_visit_have_lapsed_unless_they_stand_for_the_revision() -> None:
    """Entering again, votes stop counting, but for those under the revision."""
    for standing, left in (("visit", "gate.one"), ("revision", "after.one")):
        gate = stage(
            "gate",
            Action(
                "pass", "one", "two", ballots=Ballot("b", "editor", quorum=2, standing=standing)
            ),
            Action("again", "one", goto="gate"),
            role="author",
        )
        walk = Walk.begin(workflow(gate, stage("after")))
        walk.do("pass", EDITORS[0])
        walk.do("again", ANN)
        walk.do("pass", EDITORS[1])

        assert (left,) == walk.marking


@pytest.mark.law(9)
def test_what_an_edit_no_longer_asks_for_is_carried_by_that_edit() -> None:
    """Whatever made it so; the system is then the doer of the move."""
    walk = asked(Ballot("brand", "editor"), Ballot("legal", "lawyer", when=has("body")))
    walk.do("edit", ANN, {"body": "we are the best"})
    walk.do("pass", EDITORS[0])
    assert ("gate.one",) == walk.marking
    walk.do("edit", ANN, {"body": None})
    assert ("gate.one",) == walk.marking, "the content has changed, and the vote with it"

    walk.do("pass", EDITORS[0])
    assert ("after.one",) == walk.marking


def test_a_ballot_whose_condition_cannot_be_judged_is_asked_for() -> None:
    """What is not known never makes a decision easier."""

    def unknown(case: Any) -> Any:
        return case.facts["risk"]

    risky = RuleKind("risky", unknown, "risk")()
    walk = asked(Ballot("brand", "editor"), Ballot("legal", "lawyer", when=risky))
    walk.do("pass", EDITORS[0])
    assert ("gate.one",) == walk.marking

    walk.do("pass", LAWYERS[0])
    assert ("after.one",) == walk.marking


def test_one_vote_counts_in_every_ballot_that_is_the_members() -> None:
    """In a team of two one person wears two hats; the ballots are named with the vote."""
    walk = asked(Ballot("brand", "editor"), Ballot("legal", "lawyer"))
    walk.do("pass", BOTH)

    assert ("after.one",) == walk.marking
    assert ("brand", "legal") == walk.item.votes[0].ballots
    assert [("gate.pass", ("brand", "legal"))] == [
        (one.action, one.ballots) for one in walk.item.signatures
    ]


@pytest.mark.law(9)
def test_the_data_is_part_of_what_is_voted_on() -> None:
    """Two who mean different things have not agreed."""

    @attrs.frozen
    class Why:
        why: str

    walk = asked(Ballot("b", "editor", quorum=2), data=Why)
    walk.do("pass", EDITORS[0], {"why": "this"})
    walk.do("pass", EDITORS[1], {"why": "that"})
    assert ("gate.one",) == walk.marking

    walk.do("pass", EDITORS[2], {"why": "this"})
    assert ("after.one",) == walk.marking


def test_a_vote_on_what_is_not_put_to_the_vote_is_refused() -> None:
    """It names what could be voted on."""
    walk = asked(Ballot("b", "editor"))
    refusal = walk.refused("vote", EDITORS[0], {"action": "end"})

    assert ("no_vote",) == refusal.codes
    assert "gate.pass" in str(refusal)


@pytest.mark.law(22)
def test_an_option_to_vote_is_there_exactly_if_there_is_something_to_vote_on() -> None:
    """For the action and for `vote` alike."""
    walk = asked(Ballot("b", "editor"))
    walk.do("edit", EDITORS[0], {"body": "mine"})

    told = {who.id: walk.answers(who) for who in (EDITORS[0], EDITORS[1], LAWYERS[0])}

    assert ("no", "no") == (told["e0"]["gate.pass"], told["e0"]["vote"])
    assert ("yes", "needs data") == (told["e1"]["gate.pass"], told["e1"]["vote"])
    assert ("no", "no") == (told["l0"]["gate.pass"], told["l0"]["vote"])


def test_time_alone_carries_nothing() -> None:
    """The near miss: a vote does not age."""
    walk = asked(Ballot("b", "editor", quorum=2))
    walk.do("pass", EDITORS[0])
    late = Command("pass", EDITORS[1].id, NOON + timedelta(days=400))

    event = decide(walk.workflow, walk.item, late, EDITORS[1])
    assert isinstance(event, Event)
    assert "after.one" in [token.state for token in event.tokens]
