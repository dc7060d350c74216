"""Pictures and papers of deliveries that organisers let the public see."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from petition.deliveries.files.models import DeliveryFile
from petition.deliveries.files.queries import shown_of
from petition.deliveries.queries import delivery_by_number
from petition.web.keeping.delivery_files import file_answer

blueprint = Blueprint("files", __name__, url_prefix="/deliveries/<number:number>/files")


@blueprint.get("/<number:file_number>")
def content(lang: str, number: int, file_number: int) -> ResponseReturnValue:
    """Give the file."""
    return file_answer(_shown_or_404(number, file_number), public=True)


@blueprint.get("/<number:file_number>/small")
def preview(lang: str, number: int, file_number: int) -> ResponseReturnValue:
    """Give a picture as it lies on the page."""
    return file_answer(_shown_or_404(number, file_number), small=True, public=True)


def _shown_or_404(number: int, file_number: int) -> DeliveryFile:
    delivery = delivery_by_number(number)
    found = shown_of(delivery) if delivery is not None else []
    return next((one for one in found if one.number == file_number), None) or abort(404)
