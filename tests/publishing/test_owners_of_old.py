"""An install from before gaps and offices had owners finds them."""

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import select, update

from petition.campaigns.events import Event
from petition.campaigns.models import Campaign
from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import alembic_config
from petition.gaps.models import Gap, Standing
from petition.publishing.removing import remove_sample
from petition.publishing.saving import save_campaign
from petition.recipients.models import Recipient
from tests.campaigns.folders import load
from tests.factories import SAMPLE, load_sample, rows

NAME = "magnitsky-month-2026"


def from_before_owners(app: Flask) -> None:
    """Load the sample into an install that then is upgraded from before there were owners."""
    load_sample()
    session.remove()
    command.downgrade(alembic_config(), "0025")
    assert app.test_cli_runner().invoke(args=["migrate"]).exit_code == 0


@pytest.mark.usefixtures("app")
def test_what_was_there_belongs_to_the_campaign_that_names_it(app: Flask) -> None:
    load_sample()
    standings = rows(Standing)
    from_before_owners(app)

    [campaign] = session.scalars(select(Campaign)).all()
    assert not campaign.is_sample
    assert {gap.campaign_id for gap in session.scalars(select(Gap))} == {campaign.id}
    offices = {one.slug: one.campaign_id for one in session.scalars(select(Recipient))}
    assert offices.pop("gb-mp-example-north") is None
    assert offices["gb-foreign-secretary"] == campaign.id
    assert {event.place_in("en") for event in session.scalars(select(Event))} == {None}
    assert rows(Standing) == standings


@pytest.mark.usefixtures("app")
def test_what_belonged_to_nobody_is_that_campaign_s_whose_folder_names_it(app: Flask) -> None:
    from_before_owners(app)
    with transaction():
        session.execute(
            update(Gap).where(Gap.slug == "say-who-was-harmed").values(campaign_id=None)
        )
    load(SAMPLE)

    [campaign] = session.scalars(select(Campaign.id))
    assert set(session.scalars(select(Recipient.campaign_id))) == {campaign}
    assert set(session.scalars(select(Gap.campaign_id))) == {campaign}
    assert "gb-mp-example-north" in save_campaign(NAME)["recipients.toml"].decode()
    with transaction():
        assert remove_sample(session.scalars(select(Campaign)).one()) == []
    assert rows(Recipient) == 0
