"""Runs and ledger entries to put into a history."""

import uuid
from typing import Any

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.history.ledger import LedgerEntry
from podium.history.runs import Run

NOON = 1_790_000_000.0


def a_run(**values: Any) -> Run:
    usual: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "instance": InstanceId("default"),
        "name": "Default",
        "kind": Kind.MISSION,
        "what": "harbor/mission.toml",
        "folder": "/home/kim/harbor",
        "theme": "indigo",
        "started_at": NOON,
        "owner_pid": 4711,
        "owner_started": NOON - 60.25,
    }
    return Run(**{**usual, **values})


def an_entry(**values: Any) -> LedgerEntry:
    usual: dict[str, Any] = {
        "marker": uuid.uuid4().hex,
        "instance": InstanceId("default"),
        "name": "Default",
        "kind": Kind.COMMAND,
        "worker_pid": 500,
        "worker_started": NOON + 0.123456789,
        "program_pid": 501,
        "program_started": NOON + 0.987654321,
        "boot_id": "9f0e1a52-6d0b-4b8e-8d7c-0d4b3c2a1f00",
        "owner_pid": 4711,
        "owner_started": NOON - 60.25,
        "recorded_at": NOON + 1,
    }
    return LedgerEntry(**{**usual, **values})
