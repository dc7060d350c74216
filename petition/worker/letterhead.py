"""What a worker knows of the site, where no door is open to ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The site's name and the addresses of its pages."""

    site_name: str
    url: str
    language: str

    def confirm_url(self, token: str) -> str:
        """Return the address of the page that confirms a signature."""
        return f"{self.url}/{self.language}/confirm/{token}"

    def manage_url(self, token: str) -> str:
        """Return the address of the page that manages a signature."""
        return f"{self.url}/{self.language}/manage/{token}"

    def confirm_letter_url(self, token: str) -> str:
        """Return the address of the page that confirms a letter."""
        return f"{self.url}/{self.language}/letters/confirm/{token}"

    def manage_letter_url(self, token: str) -> str:
        """Return the address of the page about a letter that was confirmed."""
        return f"{self.url}/{self.language}/letters/manage/{token}"
