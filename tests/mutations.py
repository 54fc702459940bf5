"""Mutations: named small changes that make something valid wrong, or nearly so.

Each takes a source of chance and what it changes, in place: plain data, an order to an engine, the
table of a log; or, for texts, gives other bytes. `NotHere` says that there is nothing to change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from random import Random
from typing import Any

__all__ = ["MUTATIONS", "NotHere", "mutate"]

MUTATIONS: dict[str, dict[str, Callable[..., Any]]] = {}
"""By what they change (``plain``, ``workflow``, ``order`` ...), and by name."""

LONG = "x" * 70_000
ODD = ("", " ", "\0", "é̂", "\u202egnihsilbup", "💥", "a.b", "-1", "*", "system", "end", LONG)
TIMES = ("2026-05-01T12:00:00", "2026-05-01T12:00:00+99:00", "12:00 Nowhere/Atlantis", "0000-00-00")
JSON = (None, True, 0, -1, 2**70, 1.5, "", "x", [], ["x"], [[]], {}, {"x": 1}, {"x": {"y": []}})


class NotHere(Exception):
    """There is nothing that this mutation could change."""


SHAPELESS = (AttributeError, KeyError, TypeError, ValueError)
"""What a mutation may raise where another one has left nothing of the shape that it looks for."""


def mutation(kind: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Lists a function among the mutations of a kind, under its own name."""

    def listed(change: Callable[..., Any]) -> Callable[..., Any]:
        MUTATIONS.setdefault(kind, {})[change.__name__] = change
        return change

    return listed


def mutate(rng: Random, kinds: tuple[str, ...], thing: Any) -> tuple[str, Any]:
    """The name of a mutation of one of these kinds, and *thing* as it is after it."""
    while True:
        kind = rng.choice(kinds)
        name = rng.choice([*MUTATIONS[kind]])
        try:
            changed = MUTATIONS[kind][name](rng, thing)
        except (NotHere, *SHAPELESS):
            continue
        return name, thing if changed is None else changed


def one(rng: Random, among: Any) -> Any:
    """One of them, if there are any."""
    several = [*among]
    if not several:
        raise NotHere
    return rng.choice(several)


def misspelt(rng: Random, word: str) -> str:
    """The word with one letter gone, doubled, or another."""
    n = rng.randrange(len(word)) if word else 0
    return word[:n] + rng.choice(("", word[n : n + 1] * 2, "q")) + word[n + 1 :]


# -- plain data: workflows, teams, mappings

Place = tuple[Any, Any]


def places(told: Any) -> Iterator[Place]:
    """Every container in plain data with each of its keys."""
    keys = told if isinstance(told, dict) else range(len(told))
    for key in keys:
        yield told, key
        if isinstance(told[key], dict | list):
            yield from places(told[key])


def texts(told: Any) -> Iterator[Place]:
    """The places that hold a text."""
    return (place for place in places(told) if isinstance(place[0][place[1]], str))


@mutation("plain")
def misspell_a_text(rng: Random, told: Any) -> None:
    """A name, state, role, rule or type with one letter wrong."""
    inner, key = one(rng, texts(told))
    inner[key] = misspelt(rng, inner[key])


@mutation("plain")
def misspell_a_key(rng: Random, told: Any) -> None:
    """A key that nothing reads."""
    inner, key = one(rng, (place for place in places(told) if isinstance(place[0], dict)))
    inner[misspelt(rng, key)] = inner.pop(key)


@mutation("plain")
def drop_something(rng: Random, told: Any) -> None:
    """A key, or one of a list, is gone."""
    inner, key = one(rng, places(told))
    del inner[key]


@mutation("plain")
def swap_two_texts(rng: Random, told: Any) -> None:
    """A text stands where another one belongs."""
    (inner, key), (other, where) = one(rng, texts(told)), one(rng, texts(told))
    inner[key], other[where] = other[where], inner[key]


@mutation("plain")
def value_elsewhere(rng: Random, told: Any) -> None:
    """Anything stands where something of another type belongs."""
    (inner, key), (other, where) = one(rng, places(told)), one(rng, places(told))
    if contains(other[where], inner):
        raise NotHere
    inner[key] = deepcopy(other[where])


def contains(told: Any, wanted: Any) -> bool:
    """Whether *wanted* is in *told*, so that putting it there would make a circle."""
    return told is wanted or any(inner[key] is wanted for inner, key in places([told]))


@mutation("plain")
def say_it_twice(rng: Random, told: Any) -> None:
    """One of a list is there again."""
    inner, key = one(rng, (place for place in places(told) if isinstance(place[0], list)))
    inner.append(inner[key])


@mutation("plain")
def turn_a_list_round(rng: Random, told: Any) -> None:
    """The last comes first."""
    values = (inner[key] for inner, key in places(told))
    one(rng, (value for value in values if isinstance(value, list) and len(value) > 1)).reverse()


@mutation("plain")
def wrong_type(rng: Random, told: Any) -> None:
    """A value of another type, as JSON has it."""
    inner, key = one(rng, places(told))
    inner[key] = rng.choice(JSON)


@mutation("plain")
def odd_text(rng: Random, told: Any) -> None:
    """Empty, very long, a NUL, letters that turn round, what looks like a pattern."""
    inner, key = one(rng, texts(told))
    inner[key] = rng.choice(ODD)


@mutation("plain")
def no_number(rng: Random, told: Any) -> None:
    """NaN, infinity, or a set, which JSON cannot say."""
    inner, key = one(rng, places(told))
    inner[key] = rng.choice((math.nan, math.inf, {"x"}, b"x", object))


@mutation("plain")
def naive_moment(rng: Random, told: Any) -> None:
    """A moment without a time zone, or with one that is nowhere."""
    inner, key = one(rng, places(told))
    inner[key] = rng.choice((datetime(2026, 5, 1, 12), *TIMES))


@mutation("plain")
def deep_nesting(rng: Random, told: Any) -> None:
    """A value within many lists or tables."""
    inner, key = one(rng, places(told))
    for n in range(rng.choice((3, 30, 63, 70))):
        inner[key] = [inner[key]] if n % 2 else {"x": inner[key]}


@mutation("plain")
def key_that_is_no_text(rng: Random, told: Any) -> None:
    """A number or None for a key."""
    inner, key = one(rng, (place for place in places(told) if isinstance(place[0], dict)))
    inner[rng.choice((1, None, ("a", "b"), 1.5))] = inner.pop(key)


# -- workflows


def tables(told: Any, key: str) -> list[dict[str, Any]]:
    """Every table that says *key*."""
    values = (inner[one] for inner, one in places([told]))
    return [value for value in values if isinstance(value, dict) and key in value]


def stages(told: Any) -> list[dict[str, Any]]:
    return [table for table in tables(told, "states") if isinstance(table["states"], list)]


def actions(told: Any) -> list[dict[str, Any]]:
    return tables(told, "sources")


def add(told: dict[str, Any], key: str, value: Any) -> None:
    """Put *value* behind what a table says as one or several."""
    said = told.get(key, [])
    told[key] = [*(said if isinstance(said, list) else [said]), value]


@mutation("workflow")
def automatic_circle(rng: Random, told: Any) -> None:
    """Two automatic actions there and back, with or without a rule."""
    stage = one(rng, (stage for stage in stages(told) if len(stage["states"]) > 1))
    first, second, *_ = stage["states"]
    rules = rng.choice(({}, {"rules": ["has_title"]}))
    for name, source, target in (("there", first, second), ("back", second, first)):
        action = {"name": name, "sources": source, "target": target, "automatic": True}
        add(stage, "actions", action | rules)


@mutation("workflow")
def goto_somewhere(rng: Random, told: Any) -> None:
    """An action goes ahead, beside, nowhere, or to several places."""
    known = [stage.get("name", "") for stage in stages(told)] + ["end.closed", "end.gone", "gone"]
    action = one(rng, actions(told))
    action.pop("target", None) if rng.random() < 0.7 else None
    action["goto"] = rng.sample(known, rng.randint(1, min(3, len(known))))


@mutation("workflow")
def two_owners(rng: Random, told: Any) -> None:
    """A field is declared by two stages, or by a stage and the workflow."""
    for owner in (one(rng, stages(told)), one(rng, [told, *stages(told)])):
        owner["fields"] = {"form": "Mine", "fields": {"title": rng.choice(("str", "int?"))}}


@mutation("workflow")
def unknown_name(rng: Random, told: Any) -> None:
    """A role, rule, form, stage, selector, effect or field that is nowhere."""
    add(one(rng, [*stages(told), told]), rng.choice(("role", "enter", "content")), "nobody")
    key = rng.choice(("rules", "roles", "data", "effects", "keeps", "sources"))
    one(rng, actions(told))[key] = rng.choice(("nobody", "before nobody", {"rule": "nobody"}))


@mutation("workflow")
def wrong_rule(rng: Random, told: Any) -> None:
    """A rule with parameters that it does not have, lacks, or cannot use."""
    wrong = ({"rule": "has"}, {"rule": "has", "field": 3}, {"rule": "four_eyes", "eyes": 4})
    more = ({"rule": "has", "field": [[]]}, {"rule": "signed_off", "negated": "no"}, {"field": "x"})
    add(one(rng, actions(told)), "rules", rng.choice((*wrong, *more)))


@mutation("workflow")
def wrong_form(rng: Random, told: Any) -> None:
    """A form with a type, a name, or a default that cannot be."""
    types = ("string", "list[", "dict[str]", ["a", 1], {"list": {"dict": "x"}}, "", "str??")
    names = ("title", "class", "", "a b", "__init__", "é")
    default = {"type": rng.choice(("int", "datetime", "list[str]")), "default": rng.choice(JSON)}
    field = rng.choice((*types, default))
    form = {"form": rng.choice(("Form", "9", "")), "fields": {rng.choice(names): field}}
    one(rng, [*actions(told), *stages(told)])[rng.choice(("data", "fields"))] = form


@mutation("workflow")
def wrong_flags(rng: Random, told: Any) -> None:
    """An action, stage or role says what does not go together."""
    action, stage = one(rng, actions(told)), one(rng, stages(told))
    action |= rng.choice(
        ({"automatic": True}, {"target": "gone"}, {"name": "edit"}, {"sources": []})
    )
    stage |= rng.choice(({"signs": "all"}, {"done": []}, {"states": []}, {"name": "end"}, {}))
    told |= rng.choice(({"rights": {"asign": "*"}}, {"ends": []}, {"rights": {"cancel": "*"}}, {}))


@mutation("workflow")
def parallel_of_anything(rng: Random, told: Any) -> None:
    """Steps that are open together: none, one, twice the same."""
    if not isinstance(told.get("steps"), list):
        raise NotHere
    some = rng.sample(told["steps"], rng.randint(0, min(2, len(told["steps"]))))
    told["steps"].append({"parallel": some})


@mutation("workflow")
def wrong_derivation(rng: Random, told: Any) -> None:
    """A base that is not there, or changes to what is not in it."""
    told |= {"base": rng.choice(("social_content", "nowhere", "gone.toml", "/etc/x.toml", ""))}
    told |= rng.choice(
        (
            {"without": ["nobody"]},
            {"without": ["production"], "redirect": {}},
            {"insert": [{"stage": "tone"}]},
            {"amend": {"tone": {"drop": ["nobody"]}}},
            {"replace": {"tone": {"states": "one", "name": "other"}}},
            {"drop_actions": ["nobody"]},
        )
    )


# -- teams and mappings


@mutation("people")
def two_of_a_kind(rng: Random, told: Any) -> None:
    """Two members with one id, or the importer among the people."""
    if "members" in told:
        told["members"].append(dict(one(rng, told["members"])))
    else:
        told.setdefault("people", {})[told.get("importer", {}).get("id", "importer")] = ["approver"]


@mutation("people")
def wrong_member(rng: Random, told: Any) -> None:
    """An id that cannot be, a scope without value, an unknown role, a period without zone."""
    grant = {
        "role": rng.choice(("nobody", "author")),
        "scope": {"brand": rng.choice(("", [], "x"))},
    }
    grant |= rng.choice(({}, {"since": rng.choice(TIMES)}, {"until": datetime(2026, 5, 1)}))
    member = {"id": rng.choice(("", "system", "zoe")), "grants": [grant]}
    told.setdefault("members", []).append(member) if "members" in told else told.update(
        {"importer": {"id": member["id"], "roles": ["nobody"]}}
    )


@mutation("people")
def unknown_in_a_mapping(rng: Random, told: Any) -> None:
    """A mapping names an action, a column, a role or a doer that is nowhere."""
    steps = one(rng, told.get("events", {}).values())
    step = {"action": rng.choice(("aprove", "adopt", "note", "edit"))}
    wrong = ({"by": "ann"}, {"if_open": True}, {"to": "nowhere"}, {"data": {"body": "{bodi}"}})
    steps[:] = [step | rng.choice(wrong), *rng.choice(([], steps))]
    told["people"] |= rng.choice(({}, {"*": ["nobody"]}, {"ann": "approver"}))


@mutation("people")
def wrong_template(rng: Random, told: Any) -> None:
    """Braces left open, or with something to evaluate in them."""
    filled = one(rng, (step["data"] for step in tables(told, "data") if step["data"]))
    wrong = ("{", "}", "{item", "{}", "{item!r}", "{item:>9}", "{item.__class__}", "{item[0]}")
    filled[one(rng, filled)] = rng.choice((*wrong, ["{item}", "{gone}"], {"x": "{item}"}, None))
