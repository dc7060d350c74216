"""An install from before gaps and offices had owners finds them."""

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import select

from petition.campaigns.events import Event
from petition.campaigns.models import Campaign
from petition.core.storage.database import session
from petition.core.storage.migrating import alembic_config
from petition.gaps.models import Gap, Standing
from petition.recipients.models import Recipient
from tests.factories import load_sample, rows


@pytest.mark.usefixtures("app")
def test_what_was_there_belongs_to_the_campaign_that_names_it(app: Flask) -> None:
    load_sample()
    standings = rows(Standing)
    session.remove()
    command.downgrade(alembic_config(), "0025")
    assert app.test_cli_runner().invoke(args=["migrate"]).exit_code == 0

    [campaign] = session.scalars(select(Campaign)).all()
    assert not campaign.is_sample
    assert {gap.campaign_id for gap in session.scalars(select(Gap))} == {campaign.id}
    offices = {one.slug: one.campaign_id for one in session.scalars(select(Recipient))}
    assert offices.pop("gb-mp-example-north") is None
    assert offices["gb-foreign-secretary"] == campaign.id
    assert {event.place_in("en") for event in session.scalars(select(Event))} == {None}
    assert rows(Standing) == standings
