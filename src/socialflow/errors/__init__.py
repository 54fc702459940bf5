"""What can go wrong, by whose fault it is.

SocialflowError
├── DefinitionError      the programmer's: a workflow, team or document that cannot be right
├── Disproved            the designer's: a property that a workflow was to have, and has not
├── UsageError           the caller's: a call that no workflow could answer
│   ├── UnknownAction, UnknownWorkflow, UnknownMember, NaiveTime
│   ├── WrongArgument, NotPlain
│   ├── MissingExtra     an optional dependency is not installed
│   ├── LineError        a line of an export or of an anchor that cannot be taken
│   └── LogError         a log or a mapping that cannot be replayed
├── Refused              the actor's: understood, and turned down with every reason
├── EndlessSettling      the workflow's: its automatic actions never come to rest
└── StoreError           the world's: what was asked of a store cannot be had
    ├── ItemNotFound, ItemExists, StaleItem, KeyTaken
    ├── EffectNotFound, StaleDelivery
    ├── Contended, Uncertain
    └── StoreVersion, DefinitionConflict, DefinitionLost

Every class has a stable ``code``; ``docs/reference/errors.md`` has a paragraph for each.
"""

from __future__ import annotations

from socialflow.errors.asking import (
    DefinitionError,
    Disproved,
    EndlessSettling,
    LineError,
    LogError,
    MissingExtra,
    NaiveTime,
    NotPlain,
    Refused,
    SocialflowError,
    UnknownAction,
    UnknownMember,
    UnknownWorkflow,
    UsageError,
    WrongArgument,
)
from socialflow.errors.storing import (
    Contended,
    DefinitionConflict,
    DefinitionLost,
    EffectNotFound,
    ItemExists,
    ItemNotFound,
    KeyTaken,
    StaleDelivery,
    StaleItem,
    StoreError,
    StoreVersion,
    Uncertain,
)
from socialflow.objections import Finding, Objection, Refusal, nearest

__all__ = [
    "Contended",
    "DefinitionConflict",
    "DefinitionError",
    "DefinitionLost",
    "Disproved",
    "EffectNotFound",
    "EndlessSettling",
    "Finding",
    "ItemExists",
    "ItemNotFound",
    "KeyTaken",
    "LineError",
    "LogError",
    "MissingExtra",
    "NaiveTime",
    "NotPlain",
    "Objection",
    "Refusal",
    "Refused",
    "SocialflowError",
    "StaleDelivery",
    "StaleItem",
    "StoreError",
    "StoreVersion",
    "Uncertain",
    "UnknownAction",
    "UnknownMember",
    "UnknownWorkflow",
    "UsageError",
    "WrongArgument",
    "nearest",
]
