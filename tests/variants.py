"""Variants of a test that ``make test`` has no time for."""

from typing import Any

import pytest


def rarely(*variants: Any) -> list[Any]:
    """For ``parametrize``: those that prove little beside the others, run by ``make test-faults`` only."""
    return [
        pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.slow) for one in variants
    ]
