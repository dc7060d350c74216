"""What of a page with a form on it depends on what one person has typed."""

from flask import get_template_attribute
from wtforms import Form

PLACES = ("error_prefix", "form")
"""A word in the page's title where something went wrong, and the form."""


def shown_form(component: str, form: Form, action: str) -> dict[str, str]:
    """Return what goes in these places, the form as the component of this name shows it."""
    error_prefix = get_template_attribute("components/error_prefix.html", "error_prefix")
    show = get_template_attribute(f"components/{component}.html", component)
    return dict(zip(PLACES, (error_prefix(form), show(form, action)), strict=True))
