"""How often something happened in the present hour; in this process, or in Redis for several."""

import hmac
import secrets
from collections import Counter
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Protocol

from petition.core.clock import hour_of, now
from petition.core.keyring.sealing import tag
from petition.core.log import log

HOUR_SECONDS = 3600
MOST_COUNTED = 50_000
STILL_COUNTED = 5_000
"""When more are counted than there is room for, these stay: those that happened most often."""


class Rates(Protocol):
    """Counts of the present hour."""

    def count(self, kind: str, value: str) -> int:
        """Count one more of `value` and return how many there were in this hour."""


class ProcessRates:
    """Counts in the memory of this process; the next hour starts from nothing.

    Networks and domains are known by codes that only this process can make, and in this hour.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour: datetime | None = None
        self._counts: Counter[bytes] = Counter()
        self._secret = b""

    def count(self, kind: str, value: str) -> int:
        """Count one more of `value` and return how many there were in this hour."""
        hour = hour_of(now())
        with self._lock:
            if hour != self._hour:
                self._hour, self._secret = hour, secrets.token_bytes()
                self._counts.clear()
            if len(self._counts) >= MOST_COUNTED:
                self._counts = Counter(dict(self._counts.most_common(STILL_COUNTED)))
            code = hmac.digest(self._secret, f"{kind}:{value}".encode(), "sha256")
            self._counts[code] += 1
            return self._counts[code]


class RedisRates:
    """Counts that several processes share. The keys are tags of the hour and name nobody.

    While Redis is away each process counts for itself: a signature never waits for it.
    """

    def __init__(self, url: str) -> None:
        import redis  # noqa: PLC0415 - an optional package, for those who set its address

        self._redis = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._fault = redis.RedisError
        self._meanwhile = ProcessRates()

    def count(self, kind: str, value: str) -> int:
        """Count one more of `value` and return how many there were in this hour."""
        key = tag(f"rate:{kind}:{hour_of(now()).isoformat()}", value).hex()
        pipeline = self._redis.pipeline()
        pipeline.incr(key)
        pipeline.expire(key, HOUR_SECONDS)
        try:
            return int(pipeline.execute()[0])
        except self._fault as fault:
            log.warning("rates are counted in this process: no Redis", exc_info=fault)
            return self._meanwhile.count(kind, value)


@lru_cache
def rates(address: str) -> Rates:
    """Return the counts kept at `address`: a Redis URL, or empty for this process's memory."""
    return RedisRates(address) if address else ProcessRates()
