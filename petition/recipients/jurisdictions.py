"""The four jurisdictions that can impose these sanctions."""

from enum import StrEnum


class Jurisdiction(StrEnum):
    """A government, or union of them, by its CLDR territory code."""

    US = "US"
    CA = "CA"
    GB = "GB"
    EU = "EU"
