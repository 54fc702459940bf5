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
    VerifyingContract,
)
from socialflow.testing.stores import (  # noqa: E402
    DurableStoreContract,
    SideBySideContract,
    StoreContract,
)
from socialflow.testing.tenants import TenantContract  # noqa: E402

__all__ = [
    "BookContract",
    "ChannelContract",
    "DeduplicatingContract",
    "DurableStoreContract",
    "SideBySideContract",
    "StoreContract",
    "TenantContract",
    "VerifyingContract",
]
