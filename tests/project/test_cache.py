"""The cache while Redis is away, and while it is there."""

import os
import socket

import pytest

from config.cache import ForgivingRedisCache


def cache_at(address):
    return ForgivingRedisCache(address, {"OPTIONS": {"socket_connect_timeout": 1}})


@pytest.fixture
def dead_cache():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield cache_at(f"redis://127.0.0.1:{unused.getsockname()[1]}/1")


def test_a_dead_redis_is_an_empty_cache_and_never_an_error(dead_cache):
    dead_cache.set("key", 1)
    assert dead_cache.get("key", "default") == "default"
    assert dead_cache.add("lock", True) is True
    assert dead_cache.get_many(["a", "b"]) == {}
    assert dead_cache.has_key("key") is False
    assert dead_cache.touch("key") is False
    assert dead_cache.delete("key") is False


def test_each_miss_is_logged(dead_cache, caplog):
    dead_cache.get("key")
    assert "The cache does not answer" in caplog.text


@pytest.mark.redis
@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="needs a Redis: make test-redis starts one")
def test_a_living_redis_keeps_values():
    cache = cache_at(f"{os.environ['REDIS_URL']}/1")
    cache.set("key", {"a": 1}, 10)
    assert cache.get("key") == {"a": 1}
    assert cache.add("key", 2) is False
    assert cache.touch("key", 20)
    assert cache.get_many(["key", "other"]) == {"key": {"a": 1}}
    assert cache.delete("key")
    assert cache.get("key") is None
