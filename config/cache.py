"""The cache of a full installation: Redis, but a request never fails because Redis is away."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger("lodestone.cache")


@contextmanager
def _forgiven() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        log.warning("The cache does not answer: %s", error)


class ForgivingRedisClient(RedisCacheClient):
    """Answers as an empty cache does while Redis is down.

    Rate limits then count nothing: better than turning every supplier away, and each miss is logged.
    """

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        with _forgiven():
            return super().add(key, value, timeout)
        return True

    def get(self, key: Any, default: Any) -> Any:
        with _forgiven():
            return super().get(key, default)
        return default

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        with _forgiven():
            super().set(key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        with _forgiven():
            return super().touch(key, timeout)
        return False

    def delete(self, key: Any) -> bool:
        with _forgiven():
            return super().delete(key)
        return False

    def get_many(self, keys: Any) -> dict[Any, Any]:
        with _forgiven():
            return super().get_many(keys)
        return {}

    def has_key(self, key: Any) -> bool:
        with _forgiven():
            return super().has_key(key)
        return False


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache with the forgiving client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingRedisClient
