"""The second step of a login: codes from an authenticator (TOTP, RFC 6238), each good once."""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

import pyotp
from sqlalchemy import update

from petition.core.keyring.sealing import SealBroken, Sealed, seal, unseal
from petition.core.storage.database import session
from petition.organisers import recovery_codes
from petition.organisers.models import Organiser, totp_context

STEP_SECONDS = 30
CLOCKS_MAY_DIFFER_BY = 1
"""Steps before and after the present one whose codes are taken too."""


class OfferBroken(ValueError):
    """The secret that came back with the form is not one that we offered to this person."""


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """Return the address that the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def offer(organiser_id: int, secret: str) -> str:
    """Return the secret sealed for the form, so that only one of ours can be enrolled."""
    sealed = seal(secret.encode(), _offer_context(organiser_id))
    return f"{sealed.key_id}.{urlsafe_b64encode(sealed.box).decode()}"


def offered(organiser_id: int, text: str) -> str:
    """Return the secret that `offer` sealed. Raises OfferBroken."""
    key_id, _, box = text.partition(".")
    try:
        sealed = Sealed(key_id, urlsafe_b64decode(box.encode("ascii")))
        return unseal(sealed, _offer_context(organiser_id)).decode()
    except (SealBroken, ValueError):
        raise OfferBroken from None


def _offer_context(organiser_id: int) -> str:
    return f"organiser-offer:{organiser_id}"


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """Return the time step whose code this is, if it is one of the present ones."""
    digits = re.sub(r"\s", "", code)
    totp = pyotp.TOTP(secret)
    present = int(at.timestamp()) // STEP_SECONDS
    for step in range(present - CLOCKS_MAY_DIFFER_BY, present + CLOCKS_MAY_DIFFER_BY + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def use_code(organiser: Organiser, code: str, at: datetime) -> bool:
    """Use a code up; false when it is wrong, or was used before. Of two at once, one gets it."""
    step = matching_step(organiser.secret, code, at) if organiser.secret else None
    if step is None:
        return False
    used = session.scalar(
        update(Organiser)
        .where(Organiser.id == organiser.id, Organiser.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(Organiser.id)
    )
    return used is not None


def use_any_code(organiser: Organiser, code: str, at: datetime) -> bool:
    """Use up a code of the authenticator, or a recovery code; false where it is neither."""
    return use_code(organiser, code, at) or recovery_codes.use(organiser.id, code, at)


def enrol(organiser: Organiser, secret: str, step: int) -> bool:
    """Keep the secret, whose code of `step` is used; false when there is an authenticator."""
    sealed = seal(secret.encode(), totp_context(organiser.email_tag))
    enrolled = session.scalar(
        update(Organiser)
        .where(Organiser.id == organiser.id, Organiser.totp_secret.is_(None))
        .values(totp_secret=sealed.box, totp_secret_key=sealed.key_id, totp_last_step=step)
        .returning(Organiser.id)
    )
    return enrolled is not None
