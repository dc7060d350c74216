"""The columns that each tool takes, under its own headers.

What each takes is in its help; sources and dates stand with each. None was tried with an account of
its vendor. Where a header is called unsure, the vendor's own words for it were not at hand: there
the column is matched by hand while importing.

None holds a reason: it is free words, and may tell of others. No column that people are matched by
stands first, where what a reader makes of a file's first bytes could hide it. A tool's saved
mapping knows columns by their places, so columns are never reordered: new ones come last.

A tool cuts a part of a name that it has no room for, or refuses the row. So it is cut here, with an
ellipsis that tells of it, and "Full name" has the whole.
"""

from collections.abc import Mapping
from operator import attrgetter

from petition.exports.cells import (
    Columns,
    Take,
    confirmed_american_day,
    confirmed_day,
    consent,
    country_in_english,
    family,
    given,
    in_bytes,
    in_characters,
    locale,
    number,
    reference,
)
from petition.exports.osdi import identifiers, person, referrer
from petition.exports.own.models import OwnField
from petition.exports.rows import Row

EMAIL, FULL, CODE = attrgetter("email"), attrgetter("name"), attrgetter("country")
POSTCODE, LANGUAGE, QUESTION = (
    attrgetter("postcode"),
    attrgetter("language"),
    attrgetter("mail_question"),
)

ACTION_NETWORK: Columns = (
    ("First name", given),
    ("Last name", family),
    ("Email", EMAIL),
    ("Country", CODE),
    ("ZIP/postal code", POSTCODE),
    ("Language", LANGUAGE),
    ("Full name", FULL),
    ("Signature", number),
)
"""Action Network: whoever is uploaded is subscribed; custom columns are allowed.

help.actionnetwork.org/hc/en-us/articles/203112959, 203112989, 203113019, 115005025706. Headers
are matched where they equal a field's label; the exact ones of its sample file were not at hand.
"""

CIVICRM: Columns = (
    ("First Name", in_characters(64, given)),
    ("Last Name", in_characters(64, family)),
    ("Email", EMAIL),
    ("Country", country_in_english),
    ("Postal Code", POSTCODE),
    ("Preferred Language", locale),
    ("is_opt_out", consent("0", "1")),
    ("External Identifier", reference),
    ("Full name", FULL),
)
"""CiviCRM, contacts: 1 in is_opt_out is no bulk mail.

schema/Contact/Contact.entityType.php in civicrm-core; civicrm-user-guide,
docs/common-workflows/importing-data-into-civicrm.md. Unsure: countries are named as the CLDR does
in English, and CiviCRM spells a few otherwise.
"""

CIVICRM_ACTIVITIES: Columns = (
    ("Activity Type", lambda _: "Petition"),
    ("Activity Date", confirmed_day),
    ("Email", EMAIL),
    ("External Identifier", reference),
)
"""CiviCRM, activities: each goes to a contact that is there already, found by one of the last two.
The type is named by its label: "Petition" is CiviCampaign's.

schema/Activity/Activity.entityType.php and CRM/Activity/Import/Parser/Activity.php in civicrm-core.
"""

NATIONBUILDER: Columns = (
    ("first_name", given),
    ("last_name", family),
    ("email", EMAIL),
    ("Address country code", CODE),
    ("Address zip", POSTCODE),
    ("language", LANGUAGE),
    ("email_opt_in", consent("Y", "N")),
    ("external_id", reference),
    ("created_at", confirmed_american_day),
    ("Full name", FULL),
)
"""NationBuilder: Y and N, dates as MM/DD/YYYY.

support.nationbuilder.com/en/articles/2895987, 3021365; nationbuilder.com/how_to_import,
/what_fields_are_available_for_imports. Unsure: the header of the country's code.
"""

NPSP: Columns = (
    ("Contact1 First Name", in_characters(40, given)),
    ("Contact1 Last Name", in_characters(80, family)),
    ("Contact1 Personal Email", EMAIL),
    ("Contact1 Preferred Email", lambda _: "Personal"),
    ("Home Country", country_in_english),
    ("Home Zip/Postal Code", POSTCODE),
    ("Contact1 Consent Opt-In", consent("TRUE", "FALSE")),
    ("Contact1 Consent Message", QUESTION),
    ("Full name", FULL),
)
"""Salesforce NPSP, by the labels of the Import Wizard. It holds no dates, which the Wizard would
read in the locale of whoever imports.

SalesforceFoundation/NPSP: DataImport__c, NPSP_Data_Import_Template_csv.csv. The fields of consent
are not in that template: an admin adds them by Advanced Mapping, and one for the full name.
"""

MAILCHIMP: Columns = (
    ("First Name", in_bytes(255, given)),
    ("Last Name", in_bytes(255, family)),
    ("Email Address", EMAIL),
    ("Country", CODE),
    ("Postcode", POSTCODE),
    ("Language", LANGUAGE),
    ("Confirmed", confirmed_day),
    ("Full name", FULL),
    ("Signature", number),
)
"""Mailchimp: one status for the whole file; a text is cut after 255 bytes, its own full name too.

mailchimp.com/help/format-guidelines-for-your-import-file. Country and postcode are text fields of
one's own: an address there has more parts than we ask for, and a zip five digits. Unsure: dates
as YYYY-MM-DD, read in a secondary page alone.
"""

BREVO: Columns = (
    ("FIRSTNAME", given),
    ("LASTNAME", family),
    ("EMAIL", EMAIL),
    ("EXT_ID", reference),
    ("COUNTRY", CODE),
    ("POSTCODE", POSTCODE),
    ("LANGUAGE", LANGUAGE),
    ("FULL_NAME", FULL),
)
"""Brevo: one list for the whole file. Attributes are named in the account's language (unsure).

help.brevo.com/hc/en-us/articles/208729849; developers.brevo.com/reference/importcontacts-1. It
holds no dates and no booleans: how Brevo spells them was not found.
"""

ENGAGING_NETWORKS: Columns = (
    ("First Name", given),
    ("Last Name", family),
    ("Email Address", EMAIL),
    ("Country", CODE),
    ("Postcode", POSTCODE),
    ("Email opt-in", consent("Y", "N")),
    ("Full name", FULL),
    ("Signature", reference),
)
"""Engaging Networks: the e-mail address is the key, and an answer to a question is Y or N.

knowledge.engagingnetworks.net/datareports/importing-supporter-data-front-end. Unsure: the labels,
which are each account's own; Y and N, read in a secondary page alone; how it names countries.
"""

ACTIONKIT: Columns = (
    ("first_name", given),
    ("last_name", family),
    ("email", EMAIL),
    ("country", country_in_english),
    ("postal", POSTCODE),
    ("lang", LANGUAGE),
    ("created_at", confirmed_day),
    ("user_full_name", FULL),
    ("action_consent_text", QUESTION),
    ("action_signature", number),
)
"""ActionKit: every row becomes an action on one page, and its user is on that page's list.

docs/manual/guide/uploads.html and uploads_reference.html of any instance, whose list was cut after
"d". Unsure, therefore: first_name, last_name, postal, lang. An empty country would be taken for
the United States; ours never is empty.
"""

OSDI: Columns = (
    ("identifiers", identifiers),
    ("person", person),
    ("action_network:referrer_data", referrer),
)
"""OSDI: in each line what one call of Action Network's record signature helper takes."""

OWN: Mapping[OwnField, Take] = {
    **{field: attrgetter(field) for field in OwnField if field in Row._fields},
    OwnField.GIVEN_NAME: given,
    OwnField.FAMILY_NAME: family,
    OwnField.COUNTRY_NAME: country_in_english,
    OwnField.LOCALE: locale,
    OwnField.CONFIRMED_DAY: confirmed_day,
    OwnField.REFERENCE: reference,
}
"""What the columns of a team's own preset have, under its own headings."""
