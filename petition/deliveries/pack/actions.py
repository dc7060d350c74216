"""Verbs of packs that somebody asks for. None of them commits."""

import secrets
from datetime import datetime

from sqlalchemy import update

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.keyring.sealing import seal
from petition.core.storage.database import session
from petition.deliveries import actions as deliveries
from petition.deliveries.actions import Said
from petition.deliveries.models import Delivery, StepKind
from petition.deliveries.pack.manifest import Manifest, Profile, profiles_for
from petition.deliveries.pack.minisign import PublicKey
from petition.deliveries.pack.models import (
    DeliveryPack,
    DeliveryPackDownload,
    OwnWords,
    secret_context,
    words_context,
)
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.verify import shown
from petition.deliveries.queries import delivery_to_change
from petition.deliveries.steps import fault_of_day, may_follow
from petition.jobs import actions as jobs
from petition.jobs import files
from petition.jobs.work import Whole

PACK = "pack"
"""The kind of job that makes one."""
SECRET_BYTES = 32
TIERS = (Tier.NAMES, Tier.COUNTS)
"""How much a pack can say about people: of nobody we hold the place or the address."""


def ask(
    delivery: Delivery,
    organiser_id: int,
    tier: Tier,
    at: datetime,
    *,
    profile: Profile = Profile.MINISTER,
    words: OwnWords | None = None,
) -> DeliveryPack:
    """Ask for a pack; a worker makes it once the transaction has committed.

    Raises ValueError for a tier that we do not hold, or a profile of another place.
    """
    if tier not in TIERS:
        raise ValueError(f"we do not hold what a pack of {tier} says")
    if profile not in profiles_for(delivery.jurisdiction):
        raise ValueError(f"no office of {delivery.jurisdiction} takes {profile}")
    job_id = jobs.ask(PACK, organiser_id, at).id
    sealed = seal(secrets.token_bytes(SECRET_BYTES), secret_context(job_id))
    said = seal(words.to_bytes(), words_context(job_id)) if words else None
    pack = DeliveryPack(
        delivery_id=delivery.id,
        job_id=job_id,
        organiser_id=organiser_id,
        tier=tier,
        profile=profile,
        asked_at=at,
        words_box=said and said.box,
        words_key=said and said.key_id,
        secret_box=sealed.box,
        secret_key=sealed.key_id,
    )
    session.add(pack)
    session.flush()
    _note(Act.PACK_ASKED_FOR, pack, organiser_id, at, tier=tier, profile=profile)
    return pack


def finish(
    pack: DeliveryPack, manifest: Manifest, key: PublicKey, made: Whole, at: datetime
) -> None:
    """Record that the pack is whole, and that the delivery is packed where that may come next."""
    session.execute(
        update(DeliveryPack)
        .where(DeliveryPack.id == pack.id)
        .values(
            row_count=manifest.totals.signatures,
            root=manifest.tree.root,
            signed_under=shown(key.key_id),
            sha256=made.sha256,
            finished_at=at,
        )
    )
    delivery, day = delivery_to_change(pack.delivery_id), at.date()
    is_next = delivery is not None and may_follow(delivery, StepKind.PACKED)
    if delivery is not None and is_next and fault_of_day(delivery, day, day) is None:
        deliveries.record(delivery, Said(StepKind.PACKED, day), pack.organiser_id, at)


def let_download(pack: DeliveryPack, organiser_id: int, session_hash: bytes, at: datetime) -> None:
    """Let an organiser take the file away in this session, and record that."""
    session.add(
        DeliveryPackDownload(
            pack_id=pack.id, organiser_id=organiser_id, session_hash=session_hash, at=at
        )
    )
    _note(Act.PACK_DOWNLOADED, pack, organiser_id, at, rows=pack.row_count or 0)


def cancel(pack: DeliveryPack, organiser_id: int, at: datetime) -> bool:
    """Break off the making of a pack; false where that had ended before."""
    if not jobs.cancel(pack.job_id, at):
        return False
    files.discard(pack.job_id)
    _note(Act.PACK_CANCELLED, pack, organiser_id, at)
    return True


def _note(
    act: Act, pack: DeliveryPack, organiser_id: int, at: datetime, **about: str | int
) -> None:
    by = noting.organiser(organiser_id)
    noting.note(act, by, at, delivery=pack.delivery_id, pack=pack.id, **about)
