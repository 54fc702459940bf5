"""The kit for testing what is built on this library; the door to `pytest` and `hypothesis`.

Import it in tests only: nothing that runs in production needs it.
"""

from __future__ import annotations

from socialflow.errors import MissingExtra

try:
    import pytest
except ModuleNotFoundError:
    raise MissingExtra("socialflow.testing", "testing") from None

pytest.register_assert_rewrite(
    "socialflow.testing.asking",
    "socialflow.testing.books",
    "socialflow.testing.channels",
    "socialflow.testing.delivering",
    "socialflow.testing.guarding",
    "socialflow.testing.racing",
    "socialflow.testing.stores",
    "socialflow.testing.tenants",
    "socialflow.testing.worklists",
    "socialflow.testing.writing",
)

from socialflow.testing.books import BookContract  # noqa: E402
from socialflow.testing.channels import (  # noqa: E402
    ChannelContract,
    DeduplicatingContract,
    FlakyChannel,
    VerifyingContract,
)
from socialflow.testing.clocks import FakeClock  # noqa: E402
from socialflow.testing.crashes import Crash  # noqa: E402
from socialflow.testing.faults import FaultyStore  # noqa: E402
from socialflow.testing.ids import CountingIds  # noqa: E402
from socialflow.testing.machines import workflow_machine  # noqa: E402
from socialflow.testing.obligations import Obligations, obligations  # noqa: E402
from socialflow.testing.overtaking import OvertakenStore  # noqa: E402
from socialflow.testing.stores import (  # noqa: E402
    DurableStoreContract,
    SideBySideContract,
    StoreContract,
)
from socialflow.testing.tenants import TenantContract  # noqa: E402

__all__ = [
    "BookContract",
    "ChannelContract",
    "CountingIds",
    "Crash",
    "DeduplicatingContract",
    "DurableStoreContract",
    "FakeClock",
    "FaultyStore",
    "FlakyChannel",
    "Obligations",
    "OvertakenStore",
    "SideBySideContract",
    "StoreContract",
    "TenantContract",
    "VerifyingContract",
    "obligations",
    "workflow_machine",
]
