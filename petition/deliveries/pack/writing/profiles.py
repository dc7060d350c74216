"""What the list in a pack is to the body that gets it, and why it is no more.

Sources, as read on 29 November 2026: guidetoprocedure.parliament.uk/articles/o6p31XXN, cW8OBn2D,
r44KBBr3 and x2XCEOCd; ourcommons.ca, Compendium of Procedure, on the form and content of petitions,
and House of Commons Procedure and Practice, third edition, chapter 22; Rules of Procedure of the
European Parliament (226 in the ninth term) and Article 227 TFEU.
"""

from collections.abc import Callable, Mapping

from petition.deliveries.pack.manifest import Profile

LANGUAGES_OF_SHEETS: Mapping[Profile, tuple[str, ...]] = {
    Profile.UK_PAPER: ("en",),
    Profile.CANADA_PAPER: ("en", "fr"),
    Profile.EUROPEAN_PARLIAMENT: ("en", "fr", "es"),
}
"""For these a pack has blank sheets, to be signed by hand; of their languages, those we speak."""


def what_it_is(profile: Profile, _: Callable[[str], str]) -> str:
    """Return in some sentences what the list is to that body, and what it does not take."""
    return {
        Profile.MINISTER: _(
            "This list is evidence of support, given to your office. It is no petition to a "
            "parliament, which has rules and a signing of its own."
        ),
        Profile.UK_PAPER: _(
            "The House of Commons takes paper petitions that are signed by hand, and e-petitions "
            "on its own site. It takes no photocopies and no electronic signatures. So this list "
            "is evidence of support, and no part of a petition to the House."
        ),
        Profile.CANADA_PAPER: _(
            "The House of Commons of Canada takes paper petitions with original signatures, and "
            "e-petitions on its own site, but no electronic signatures from elsewhere. So this "
            "list is evidence of support, and no part of a petition to the House."
        ),
        Profile.EUROPEAN_PARLIAMENT: _(
            "A petition to the European Parliament states the name and the permanent address of "
            "each petitioner. We do not ask for addresses. So this list is evidence of support, "
            "and no petition to the Parliament."
        ),
    }[profile]
