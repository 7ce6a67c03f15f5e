"""Backends and misbehaving workers, as the pool's own tests have them."""

from tests.pool.conftest import make_pool, misbehaving

__all__ = ["make_pool", "misbehaving"]
