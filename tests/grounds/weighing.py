"""What a page weighs on the wire, as the browser counted it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

KILOBYTE = 1000


@dataclass
class Scales:
    """Counts the octets of every answer that a page loads, with nothing from its cache."""

    _addresses: dict[str, str] = field(default_factory=dict)
    _weights: dict[str, int] = field(default_factory=dict)

    def under(self, page: Page) -> "Scales":
        """Put this page on the scales; return them."""
        wire = page.context.new_cdp_session(page)
        wire.on("Network.responseReceived", self._note_address)
        wire.on("Network.loadingFinished", self._note_weight)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return self

    def reset(self) -> None:
        """Begin anew."""
        self._addresses.clear()
        self._weights.clear()

    @property
    def total(self) -> int:
        """All octets since the last reset."""
        return sum(self._weights.values())

    def bill(self) -> str:
        """Return the total, and which file weighs what, the heaviest first."""
        lines = [
            f"{weight / KILOBYTE:8.1f} kB  {urlsplit(self._addresses.get(name, name)).path}"
            for name, weight in sorted(self._weights.items(), key=lambda item: -item[1])
        ]
        return "\n".join([f"{self.total / KILOBYTE:.1f} kB in all:", *lines])

    def _note_address(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["response"]["url"]

    def _note_weight(self, event: dict[str, Any]) -> None:
        self._weights[event["requestId"]] = int(event["encodedDataLength"])
