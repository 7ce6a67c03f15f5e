"""Runs and ledger entries to put into a history."""

import uuid
from typing import Any

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.runs import Run
from podium.history.ledger import LedgerEntry

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
        "owner_identity": "boot:60",
    }
    return Run(**{**usual, **values})


def an_entry(**values: Any) -> LedgerEntry:
    usual: dict[str, Any] = {
        "marker": uuid.uuid4().hex,
        "instance": InstanceId("default"),
        "name": "Default",
        "kind": Kind.COMMAND,
        "worker_pid": 500,
        "worker_identity": "boot:500",
        "program_pid": 501,
        "program_identity": "boot:501",
        "owner_pid": 4711,
        "owner_identity": "boot:60",
        "recorded_at": NOON + 1,
    }
    return LedgerEntry(**{**usual, **values})
