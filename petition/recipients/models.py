"""Table: offices that can act. An office outlives its holder."""

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.columns import Id, Slug
from petition.core.database import Base


class Recipient(Base):
    """An office of one jurisdiction, with its title in each language."""

    __tablename__ = "recipient"

    id: Mapped[Id]
    slug: Mapped[Slug] = mapped_column(unique=True)
    jurisdiction: Mapped[str] = mapped_column(String(2))
    """"US", "CA", "GB" or "EU"."""
    office: Mapped[dict[str, str]] = mapped_column(JSON)
    holder: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    languages: Mapped[list[Any]] = mapped_column(JSON, default=list)

    def office_in(self, language: str) -> str:
        """Return the office's title in `language`, else in English, else in any."""
        return (
            self.office.get(language) or self.office.get("en") or next(iter(self.office.values()))
        )
