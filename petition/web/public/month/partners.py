"""Who carries the campaign."""

from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue

from petition.campaigns.models import Campaign, Partner
from petition.campaigns.queries import present_campaign
from petition.core.clock import now
from petition.core.i18n import countries
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.site.languages import present_language
from petition.web.words.translated import in_language

blueprint = Blueprint("partners", __name__)


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner as pages show it."""

    name: str
    role: str
    site: str | None
    country: str


@blueprint.get("/partners/")
def index(lang: str) -> ResponseReturnValue:
    """Show the partners and what each does."""
    return cached_page(("partners", lang), _render)


def _render() -> str:
    return rendered("public/month/partners/index.html", partners=_partners())


@part
def _partners() -> list[PartnerLine]:
    return partner_lines(present_campaign(now().date()))


def partner_lines(campaign: Campaign | None) -> list[PartnerLine]:
    """Return the partners of a campaign, in their places."""
    return [_line(partner) for partner in campaign.partners] if campaign else []


def _line(partner: Partner) -> PartnerLine:
    country = countries(present_language()).get(partner.country, partner.country)
    return PartnerLine(partner.name, in_language(partner.role), partner.site, country)
