"""What we hold about a signer, and what they can do about it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, HiddenField, RadioField, StringField

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.links.actions import Found
from petition.links.models import LinkPurpose
from petition.petitions.models import Petition
from petition.signatures import actions, removals
from petition.signatures.arriving import LinkRequest
from petition.signatures.links import SIGNATURE_LINKS
from petition.signatures.models import Signature, SignatureState, Visibility
from petition.web.forms import form_token
from petition.web.forms.fields import PublicForm, answered, visible
from petition.web.forms.networks import present_network_code
from petition.web.forms.person import email_field
from petition.web.keeping.parts import part
from petition.web.keeping.slots import TOKEN, page_behind_link
from petition.web.public.letters.letter_page import LetterPage, letters_about
from petition.web.public.petitions.petition_page import ask_or_404, petition_page
from petition.web.public.petitions.share_links import share_links
from petition.web.public.petitions.sign_form import visibility_choices
from petition.web.public.petitions.signed_petition import handed_to, held, page_of
from petition.web.site.languages import page_in_each_language
from petition.web.site.settings import settings

blueprint = Blueprint("managing", __name__)


class AppearanceForm(PublicForm):
    """How the name appears."""

    visibility = RadioField(
        label=lazy("How your name appears"),
        validators=[answered(lambda: _("Choose how your name appears"))],
    )


class EraseForm(PublicForm):
    """The last question before everything goes."""

    sure = BooleanField(
        label=lazy("I understand that this cannot be undone"),
        validators=[answered(lambda: _("Tick the box if you want everything erased"))],
    )


class LinkForm(PublicForm):
    """The request for a new link."""

    email = email_field()
    website = StringField(label=lazy("Leave this empty"), filters=[visible])
    token = HiddenField()

    petition_id: int

    def validate_token(self, field: HiddenField) -> None:
        """Refuse a form that was open for more than a day, without losing what was typed."""
        form_token.require(field.data, self.petition_id)


def opened(token: str) -> Found[Signature]:
    """Return the link with the signature that it manages. Raises LinkError."""
    return SIGNATURE_LINKS.opened(token, LinkPurpose.MANAGE, now())


def signature_to_change(token: str) -> Signature:
    """Return the same, locked until the transaction ends. Raises LinkError."""
    return SIGNATURE_LINKS.open(token, LinkPurpose.MANAGE, now(), to_change=True)


@blueprint.get("/manage/<token>/receipt")
def receipt(lang: str, token: str) -> ResponseReturnValue:
    """Thank the supporter; hand over the link to manage, and links to share."""
    link = opened(token)
    signature = link.thing
    if signature.state != SignatureState.CONFIRMED:
        return redirect(url_for(".show", lang=lang, token=token), 303)
    petition = page_of(signature)
    return page_behind_link(
        token,
        "public/petitions/managing/receipt.html",
        {},
        petition=petition,
        signed_on=signature.confirmed_at,
        expires_at=link.expires_at,
        manage_url=settings().url + url_for(".show", lang=lang, token=TOKEN),
        share_links=tuple(share_links(petition.title, petition.url)),
        letters=_letters_beside(signature.petition_id, lang),
    )


@part
def _letters_beside(petition_id: int, lang: str) -> tuple[tuple[LetterPage, str], ...]:
    """Return the letters about the petition's gap that can be written now, and where to begin."""
    gap_id = session.get_one(Petition, petition_id).gap_id
    begin = "public.letters.reading.begin_signed"
    return tuple(
        (page, url_for(begin, lang=lang, token=TOKEN, slug=page.slug))
        for page in (letters_about(gap_id) if gap_id else [])
        if page.is_open
    )


@blueprint.get("/manage/<token>")
def show(lang: str, token: str) -> ResponseReturnValue:
    """Show what we hold and what can be done."""
    link = opened(token)
    notice = done_notice(link.thing, request.args.get("done", ""))
    return page(link, lang, token, notice=notice)


@blueprint.get("/manage/<token>/<any(appearance,mail,withdraw,erase):_verb>")
def back(lang: str, token: str, _verb: str) -> ResponseReturnValue:
    """Lead whoever opens the address of a button to the page with the button."""
    return redirect(url_for(".show", lang=lang, token=token), 303)


def done_notice(signature: Signature, done: str) -> str | None:
    """Return what to announce as done, if it is true of the signature."""
    state = signature.state
    if done == "appearance" and state == SignatureState.CONFIRMED:
        return _appearance_saved(signature)
    if done == "mail" and not signature.mail_allowed:
        return _("Saved: nobody may e-mail you about this any more.")
    if done == "withdrawn" and state == SignatureState.WITHDRAWN:
        return _("Your signature is withdrawn and no longer counts.")
    return None


def _appearance_saved(signature: Signature) -> str:
    """Return what a choice has changed: in public a name stands only beside a reason."""
    if signature.visibility == Visibility.PRIVATE:
        return _("Saved: your name does not appear in public.")
    if not signature.has_reason:
        return _(
            "Saved. You gave no reason, and in public a name stands only beside one: "
            "yours is not shown."
        )
    return _("Saved: this is how your name appears from now on.")


def page(
    link: Found[Signature],
    lang: str,
    token: str,
    *,
    notice: str | None = None,
    appearance_form: AppearanceForm | None = None,
    erase_form: EraseForm | None = None,
) -> str:
    """Return the page of one signature."""
    signature = link.thing
    shown = appearance_form or AppearanceForm(formdata=None, visibility=signature.visibility.value)
    shown.visibility.choices = visibility_choices()
    confirmed = signature.state == SignatureState.CONFIRMED
    withdrawn = signature.state == SignatureState.WITHDRAWN
    petition = page_of(signature)
    return render_template(
        "public/petitions/managing/show.html",
        petition=petition,
        expires_at=link.expires_at,
        sign_again_url=f"{petition.url}#sign" if withdrawn and petition.is_open else None,
        state_label=state_label(signature),
        details=held(signature),
        handed=handed_to(signature),
        notice=notice,
        appearance_form=shown if confirmed else None,
        appearance_action=url_for(".appearance", lang=lang, token=token),
        mail_allowed=signature.mail_allowed,
        stop_mail_action=url_for(".stop_mail", lang=lang, token=token),
        withdraw_action=url_for(".withdraw", lang=lang, token=token) if confirmed else None,
        erase_form=erase_form or EraseForm(formdata=None),
        erase_action=url_for(".erase", lang=lang, token=token),
    )


def state_label(signature: Signature) -> str:
    """Return the state in words."""
    return {
        SignatureState.PENDING: _("Not confirmed"),
        SignatureState.CONFIRMED: _("Confirmed"),
        SignatureState.WITHDRAWN: _("Withdrawn"),
        SignatureState.INVALIDATED: _("Not accepted"),
    }[signature.state]


@blueprint.post("/manage/<token>/appearance")
def appearance(lang: str, token: str) -> ResponseReturnValue:
    """Change how the name appears."""
    form = AppearanceForm()
    form.visibility.choices = visibility_choices()
    if not form.validate():
        return page(opened(token), lang, token, appearance_form=form), 422
    with transaction():
        visibility = Visibility(form.visibility.data)
        actions.change_visibility(signature_to_change(token), visibility, now())
    return redirect(url_for(".show", lang=lang, token=token, done="appearance"), 303)


@blueprint.post("/manage/<token>/mail")
def stop_mail(lang: str, token: str) -> ResponseReturnValue:
    """Take back the permission to be e-mailed."""
    with transaction():
        actions.stop_mail(signature_to_change(token), now())
    return redirect(url_for(".show", lang=lang, token=token, done="mail"), 303)


@blueprint.post("/manage/<token>/withdraw")
def withdraw(lang: str, token: str) -> ResponseReturnValue:
    """Take the signature back."""
    with transaction():
        removals.withdraw(signature_to_change(token), now())
    return redirect(url_for(".show", lang=lang, token=token, done="withdrawn"), 303)


@blueprint.post("/manage/<token>/erase")
def erase(lang: str, token: str) -> ResponseReturnValue:
    """Erase everything that we hold."""
    form = EraseForm()
    if not form.validate():
        return page(opened(token), lang, token, erase_form=form), 422
    signature = opened(token).thing
    petition, handed = page_of(signature), handed_to(signature)  # before anybody waits for the lock
    with transaction():
        removals.erase(signature_to_change(token), now())
    return render_template(
        "public/petitions/managing/erased.html",
        petition=petition,
        handed=handed,
        languages=page_in_each_language("public.month.campaign.show"),
    )


@blueprint.route("/petitions/<slug:slug>/manage", methods=["GET", "POST"])
def request_link(lang: str, slug: str) -> ResponseReturnValue:
    """Mail a new link to whoever has signed; say the same to everyone."""
    ask = ask_or_404(slug)
    form = LinkForm()
    form.petition_id = ask.petition_id
    if form.validate_on_submit():
        if not form.website.data:
            asked = LinkRequest(ask.text_id, lang, str(form.email.data), present_network_code())
            asked.append(now(), alone=True)
        return render_template(
            "public/petitions/managing/link_sent.html",
            petition=petition_page(ask),
            address=form.email.data,
        )
    form.token.data = form_token.issue(ask.petition_id, ask.text_id)
    answer = render_template(
        "public/petitions/managing/request_link.html",
        petition=petition_page(ask),
        form=form,
        form_action=url_for(".request_link", lang=lang, slug=slug),
    )
    return answer, 422 if form.errors else 200
