"""Every table of the product, gathered for the migrations."""

import petition.arrivals.models
import petition.audit.models
import petition.campaigns.events
import petition.campaigns.models
import petition.campaigns.reports
import petition.core.keyring.installed
import petition.core.storage.probe
import petition.deliveries.files.models
import petition.deliveries.models
import petition.deliveries.pack.models
import petition.deliveries.samples.models
import petition.deliveries.striking.models
import petition.exports.models
import petition.exports.own.models
import petition.gaps.models
import petition.holds.models
import petition.jobs.models
import petition.letters.campaigns.models
import petition.letters.desk.models
import petition.letters.letter.models
import petition.letters.post.models
import petition.links.models
import petition.organisers.models
import petition.outbox.models
import petition.petitions.models
import petition.recipients.models
import petition.safekeeping.holders
import petition.signatures.models
import petition.supporters.models
import petition.updates.models  # noqa: F401 - imported for their tables
from petition.core.storage.database import Base

metadata = Base.metadata
