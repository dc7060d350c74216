"""How many letters a network may begin: a draft is kept for a week, and nobody confirms it."""

from petition.arrivals import budgets
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.web.forms.networks import present_network
from petition.web.site.settings import settings


def may_begin_a_letter() -> bool:
    """Whether the network that the request came from has begun few enough letters in this hour."""
    network, at = present_network(), now()
    if network is None:
        return True
    with transaction():
        code = budgets.code_of("draft", network, at)
        return budgets.take_if_left(code, settings().draft_limit, at)
