"""The kit for testing what is built on this library; the door to `pytest` and `hypothesis`.

Import it in tests only: nothing that runs in production needs it.  What is asked for is loaded
then, so that a plugin of pytest that nobody uses costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from socialflow.errors import MissingExtra

try:
    import pytest
except ModuleNotFoundError:
    raise MissingExtra("socialflow.testing", "testing") from None

if TYPE_CHECKING:
    from socialflow.testing.books import BookContract
    from socialflow.testing.channels import (
        ChannelContract,
        DeduplicatingContract,
        FlakyChannel,
        VerifyingContract,
    )
    from socialflow.testing.clocks import FakeClock
    from socialflow.testing.coverage import Coverage
    from socialflow.testing.crashes import Crash
    from socialflow.testing.faults import FaultyStore
    from socialflow.testing.hosting import (
        DirectoryContract,
        PolicyContract,
        RuleContract,
        case_of,
    )
    from socialflow.testing.ids import CountingIds
    from socialflow.testing.machines import workflow_machine
    from socialflow.testing.overtaking import OvertakenStore
    from socialflow.testing.replaying import replayed
    from socialflow.testing.stages import StageContract
    from socialflow.testing.stores import DurableStoreContract, SideBySideContract, StoreContract
    from socialflow.testing.suites import Obligations, obligations
    from socialflow.testing.tenants import TenantContract

__all__ = [
    "BookContract",
    "ChannelContract",
    "CountingIds",
    "Coverage",
    "Crash",
    "DeduplicatingContract",
    "DirectoryContract",
    "DurableStoreContract",
    "FakeClock",
    "FaultyStore",
    "FlakyChannel",
    "Obligations",
    "OvertakenStore",
    "PolicyContract",
    "RuleContract",
    "SideBySideContract",
    "StageContract",
    "StoreContract",
    "TenantContract",
    "VerifyingContract",
    "case_of",
    "obligations",
    "replayed",
    "workflow_machine",
]

WHERE = {
    "BookContract": "books",
    "ChannelContract": "channels",
    "CountingIds": "ids",
    "Coverage": "coverage",
    "Crash": "crashes",
    "DeduplicatingContract": "channels",
    "DurableStoreContract": "stores",
    "FakeClock": "clocks",
    "FaultyStore": "faults",
    "FlakyChannel": "channels",
    "Obligations": "suites",
    "OvertakenStore": "overtaking",
    "SideBySideContract": "stores",
    "StoreContract": "stores",
    "TenantContract": "tenants",
    "VerifyingContract": "channels",
    "obligations": "suites",
    "replayed": "replaying",
    "workflow_machine": "machines",
    "DirectoryContract": "hosting",
    "PolicyContract": "hosting",
    "RuleContract": "hosting",
    "case_of": "hosting",
    "StageContract": "stages",
}
"""In which module each of them is."""

pytest.register_assert_rewrite(
    "socialflow.testing.asking",
    "socialflow.testing.books",
    "socialflow.testing.channels",
    "socialflow.testing.delivering",
    "socialflow.testing.guarding",
    "socialflow.testing.hosting",
    "socialflow.testing.racing",
    "socialflow.testing.stages",
    "socialflow.testing.stores",
    "socialflow.testing.tenants",
    "socialflow.testing.worklists",
    "socialflow.testing.writing",
)


def __getattr__(name: str) -> Any:
    if name not in WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"socialflow.testing.{WHERE[name]}"), name)
    except ModuleNotFoundError as missing:
        if missing.name != "hypothesis":
            raise
        raise MissingExtra("socialflow.testing", "testing") from None


def __dir__() -> list[str]:
    return __all__
