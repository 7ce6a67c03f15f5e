"""Runs in, a table out: what is priced from tokens says so."""

from typing import Any

import pytest

from podium.control.ctl.tables import history


def a_run(**more: Any) -> dict[str, Any]:
    return {
        "id": "r1",
        "startedAt": 1_790_000_000.0,
        "instance": "api",
        "kind": "mission",
        "outcome": "done",
        "seconds": 61.0,
        "costUsd": 1.5,
        "costSimulated": False,
        "costEstimated": False,
        "blocked": 0.0,
        "what": "",
        **more,
    }


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, "$1.50  "),
        ({"costEstimated": True}, "$1.50 est."),
        ({"costSimulated": True}, "$1.50 simulated"),
        ({"costUsd": None, "costEstimated": True}, "–"),
    ],
)
def test_costs(values: dict[str, Any], shown: str) -> None:
    assert shown in history({"runs": [a_run(**values)]})
