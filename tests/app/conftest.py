"""Workers that misbehave on command, as the pool's tests have them."""

from tests.pool.conftest import misbehaving

__all__ = ["misbehaving"]
