"""The pages before and after the two posts, each in turn with the floor's page or post."""

from dataclasses import dataclass, replace
from typing import Any

from bench.fill import add_pending
from bench.load import Job
from bench.rounds import ask, measure
from bench.supporters import Side, Supporters, get, post, turned

ANEW, CONFIRMING, RECEIPT, ERRORS = "anew", "confirming", "receipt", "errors"
OWN_LINK = "manage-1"
"""The link to the first signature, as `fill` makes it."""
WRONG = "name=1&email=nadia%40&country=&visibility=private&token="


@dataclass(frozen=True, slots=True)
class Visits:
    """The product, the product that keeps no page, and the floor."""

    supporters: Supporters
    product: Side
    anew: Side
    floor: Side

    def measure(self) -> None:
        """Ask for each page over and over, a round of the product's and one of the floor's."""
        assert self.product.target is not None
        [token] = add_pending(self.product.target, "visit", 1)
        page = self.supporters.page_job(self.product, self.supporters.plan.page_seconds)
        confirming = replace(
            page, requests=[get(f"/en/confirm/{token}")], marker="Confirm your signature"
        )
        receipt = replace(
            page, requests=[get(f"/en/manage/{OWN_LINK}/receipt")], marker="Thank you. You stand"
        )
        self._rounds(ANEW, self.anew, page, self._floor_page())
        self._rounds(CONFIRMING, self.product, confirming, self._floor_page())
        self._rounds(RECEIPT, self.product, receipt, self._floor_page())
        self._rounds(
            ERRORS,
            self.product,
            _post(page, self.product, WRONG, status="422", marker="There is a problem"),
            _post(self._floor_page(), self.floor, WRONG, marker="Thank you"),
        )

    def _floor_page(self) -> Job:
        return self.supporters.page_job(self.floor, self.supporters.plan.page_seconds)

    def _rounds(self, what: str, side: Side, ours: Job, the_floors: Job) -> None:
        for turn in range(self.supporters.plan.page_rounds + 1):
            for one in turned([side, self.floor], turn):
                job = replace(ours if one is side else the_floors, port=one.server.port)
                if turn == 0:
                    ask(replace(job, seconds=1.0))  # they warm up
                    continue
                seen = measure(one.server, self.supporters.database_pid, job)
                (self.floor if one is self.floor else self.product).note(what, seen)


def _post(job: Job, side: Side, body: str, **changes: Any) -> Job:
    return replace(job, requests=[post(side.path, body)], reuse=False, **changes)
