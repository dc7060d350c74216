"""A signature in the words of OSDI, as Action Network's record signature helper takes it.

opensupporter/osdi-docs, Action Network's living dialect of it: actionnetwork.org/docs/v2/people,
/signatures and /record_signature_helper. There is no `status` in it, ever: of whoever has left a
mailing list it would make a subscriber again.
"""

from collections.abc import Mapping

from petition.exports.cells import family, given, reference
from petition.exports.rows import Row


def person(row: Row) -> Mapping[str, object]:
    """Return who has signed; what is not known is not there."""
    return _known(
        given_name=given(row),
        family_name=family(row),
        email_addresses=[{"address": row.email}] if row.email else None,
        postal_addresses=[_known(country=row.country, postal_code=row.postcode)],
        preferred_language=row.language,
        custom_fields=_known(full_name=row.name, mail_question=row.mail_question),
    )


def identifiers(row: Row) -> list[str]:
    """Return what the signature, not the person, is known by, in no other system's words."""
    return [reference(row)]


def referrer(row: Row) -> Mapping[str, object]:
    """Return from where somebody came; blank where their address named no source."""
    return _known(source=row.source)


def _known(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}
