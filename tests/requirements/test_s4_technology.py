"""Technology: bridges to other tools, many accounts, and speaking with people, not at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from house import DAY, House, at_work, everybody, told

from socialflow import Action, Engine, Event, Item, Member
from socialflow.ballots import Ballot
from socialflow.content import roles, social_content
from socialflow.content.approval import CHAIN
from socialflow.content.department import Account, Channel, Message
from socialflow.content.rules import goes_out_on
from socialflow.content.sources import Mention, take_in
from socialflow.content.views.contacts import contact, suggestions
from socialflow.errors import StaleItem, WrongArgument
from socialflow.people import SYSTEM


class Chat:
    """A chat room of the company, as far as a bridge needs one."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def post(self, sender: Engine, item: Item, event: Event, **_: Any) -> None:
        """A line about what has moved."""
        self.lines.append(f"{event.by}: {item.data['title']} is {item.marking[0]}")


def test_what_moves_is_told_where_people_talk() -> None:
    """S4-05: a bridge to chat or e-mail hears what was committed, and only that."""
    house, chat = House(), Chat()
    house.engine.signals.moved.connect(chat.post)
    post = house.put("assignment.unassigned", title="Boats")

    house.do(post, "cleo", "take")
    house.refuses(post, "sal", "submit")
    house.do(post, "sal", "note", text="nothing moves by this")

    assert ["host: Boats is assignment.unassigned", "cleo: Boats is production.drafting"] == (
        chat.lines
    )


FACEBOOK = [Account(f"facebook:{land}", "facebook") for land in ("de", "at", "ch")]
AUSTRIAN = Ballot("austria", "austrian_editor", when=goes_out_on(("facebook:at",)))


@pytest.mark.parametrize(("lands", "asked"), [(("de", "at"), True), (("de", "ch"), False)])
def test_several_accounts_of_one_platform_have_rules_of_their_own(
    lands: tuple[str, ...], asked: bool
) -> None:
    """S4-06: each account goes out for itself, and one asks for an approval that others do not."""
    workflow = social_content(roles=(*roles.ROLES, "austrian_editor")).amend(
        "approval",
        actions=[Action("approve", "pending", "approved", ballots=(*CHAIN, AUSTRIAN))],
    )
    house = House(
        workflow,
        team=everybody(Member("aloys", "austrian_editor")),
        channels=[Channel("facebook")],
        accounts=FACEBOOK,
    )
    post = house.put("tone.queued", accounts=[f"facebook:{land}" for land in lands])
    house.do(post, "tony", "start")
    house.do(post, "tony", "approve_tone")
    house.do(post, "abe", "approve")

    assert ("approval.pending" if asked else "publish.ready",) == house.at(post)
    if asked:
        house.do(post, "aloys", "approve")
    house.do(post, "sam", "publish_now")
    first, second = house.engine.children(post, "publication")
    house.do(first.id, SYSTEM, "fail", evidence="the token has expired")
    assert ("publication.publishing",) == house.at(second.id)


def answered(house: House, snippet: str, **said: Any) -> str:
    """A comment that has been answered in approved words."""
    comment = house.hear(**said)
    house.do(comment, "cora", "triage", intent="question")
    house.do(comment, "cora", "take")
    house.do(comment, "cora", "draft_reply", reply="as we say", snippet=snippet)
    house.do(comment, "cora", "send_reply")
    return comment


def test_one_knows_with_whom_one_speaks_and_what_to_say() -> None:
    """S4-07: all that they have said before, wherever it was; and words that may be said now."""
    snippets = [
        Message("shop", "see our shop", "reply_snippet"),
        Message("hours", "from nine to five", "reply_snippet"),
        Message("sale", "half the price", "reply_snippet", since=House().now + DAY),
        Message("promise", "within a day", "brand_message"),
    ]
    house = House(messages=snippets)
    before = answered(house, "shop", account="news", author="fan42", text="where?")
    answered(house, "shop", author="somebody else")
    house.now += DAY / 2
    now = house.hear(author="fan42", text="and when?")

    assert [(before, "news", "where?", "as we say"), (now, "blog", "and when?", None)] == [
        (one.item, one.account, one.text, one.reply) for one in contact(house.store, now)
    ]
    assert [("shop", 2), ("hours", 0)] == [
        (one.key, one.used) for one in suggestions(house.store, house.department, now, house.now)
    ]


@attrs.frozen
class Tool:
    """A tool that listens on platforms, as far as a source needs one; it forgets nothing."""

    mentions: list[Mention]

    def heard(self) -> Iterator[Mention]:
        """All of it, each time."""
        yield from self.mentions


def test_a_mention_below_what_is_not_there_is_named() -> None:
    """S4-08: of many mentions, the one that is wrong."""
    lost = Mention(key="fb:9", account="blog", author="fan42", below="gone")

    with pytest.raises(WrongArgument) as wrong:
        take_in(Tool([lost]), House().engine)

    assert "below= of the mention 'fb:9' must be the id of an item, not 'gone'" in str(wrong.value)


def test_whatever_a_tool_hears_is_taken_in_once() -> None:
    """S4-08: what is said below our post or elsewhere waits for somebody, however often told."""
    house = House()
    post = house.put("response.listening")
    comment = Mention(key="fb:1", account="blog", author="fan42", text="nice", below=post)
    tool = Tool([comment])

    first = take_in(tool, house.engine)
    tool.mentions.append(Mention(key="tw:7", account="news", author="bob", kind="review"))
    again = take_in(tool, house.engine)

    assert [post, None] == [one.parent for one in again]
    assert [one.id for one in first] == [one.id for one in again][:1]
    assert {one.id for one in again} == {
        duty.item for duty in house.engine.worklist(state="interaction.new")
    }


def test_nobody_overwrites_what_another_has_just_done() -> None:
    """S4-09: one has it; whoever looked at an older state is told; and a no always says why."""
    house = House(team=everybody(Member("carl", roles.CONTENT_CREATOR)))
    post = house.put("production.drafting")
    house.do(post, "cleo", "claim")
    seen = house.engine.item(post).version
    house.do(post, "cleo", "edit", body="Hers")

    with pytest.raises(StaleItem):
        house.engine.perform(post, "edit", by="carl", data={"body": "His"}, expect=seen)

    assert "Hers" == house.engine.item(post).data["body"]
    assert ("taken",) == house.refuses(post, "carl", "claim")
    refusal = house.engine.why_not(post, "claim", by="carl")
    assert refusal is not None
    assert all(one.message for one in refusal.objections)


def test_a_feedback_group_is_asked_before_and_heard_afterwards() -> None:
    """S4-11: customers who were invited say what they think; nobody else of outside gets in."""
    panel = Member("peggy", roles.FEEDBACK_PANEL, kind="guest")
    house = House(team=everybody(panel, Member("gus", kind="guest")))
    post = house.put("approval.pending")
    house.do(post, "abe", "ask_opinion", members=["peggy"], question="would you read on?")
    house.do(post, "peggy", "note", text="not beyond the headline")

    said = {"account": "blog", "author": "peggy", "text": "the new headline is better"}
    heard = house.engine.create("interaction", by="peggy", data=said)

    assert {"approval.approve", "approval.request_changes"}.isdisjoint(house.offered(post, "peggy"))
    assert "interaction.triage" in house.offered(heard.id, "cora")
    assert ("role",) == told(lambda: house.engine.create("interaction", by="gus", data=said))


@pytest.mark.parametrize(
    ("policy", "asked", "codes"),
    [
        ("active", False, ()),
        ("on_request", True, ()),
        ("on_request", False, ("reply_allowed",)),
        ("passive", True, ("reply_allowed",)),
        ("none", True, ("reply_allowed",)),
    ],
)
def test_each_account_says_whether_it_answers(
    policy: str, asked: bool, codes: tuple[str, ...]
) -> None:
    """S4-12: people want some to talk, some when they are asked, and some just to be there."""
    house = House(at_work(), accounts=[Account("blog", "web", response_policy=policy)])
    comment = house.hear(house.put("response.listening"))
    house.do(comment, "cora", "triage", intent="question", asked=asked)
    house.do(comment, "cora", "take")
    house.do(comment, "cora", "draft_reply", reply="in our shop")

    if codes:
        assert codes == house.refuses(comment, "cora", "send_reply")
    else:
        assert ("interaction.answered",) == house.do(comment, "cora", "send_reply").marking


def test_an_answer_fits_whom_it_is_for() -> None:
    """S4-14: triage says of which kind somebody is, and it is seen wherever they turn up."""
    house = House()
    comment = house.hear()

    house.do(comment, "cora", "triage", intent="purchase", tags=["dealer", "north"])

    (exchange,) = contact(house.store, comment)
    assert ("dealer", "north") == exchange.tags
