"""Wrong objects: whoever makes an engine or a definition of them is told at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scenes import finish, stage
from wrong_parts import ENGINES, PARTS

from socialflow import Workflow
from socialflow.errors import DefinitionError, WrongArgument


@pytest.mark.parametrize(("make", "sentence"), ENGINES, ids=[part for _, part in ENGINES])
def test_what_is_no_socket_is_told(make: Callable[[], Any], sentence: str) -> None:
    """What an engine is made of can do what is asked of it, or is a WrongArgument."""
    with pytest.raises(WrongArgument) as caught:
        make()

    assert sentence in str(caught.value)


@pytest.mark.parametrize(("make", "sentence"), PARTS)
def test_what_is_no_part_is_told(make: Callable[[], Any], sentence: str) -> None:
    """What stands in a definition is a part of its kind, or a DefinitionError says what it is."""
    with pytest.raises(DefinitionError) as caught:
        make()

    assert sentence in str(caught.value)


def test_one_part_need_not_stand_in_a_list() -> None:
    """One step, one action, one in a list: the same workflow."""
    assert Workflow("w", [stage("a", finish())]) == Workflow("w", stage("a", finish()))
