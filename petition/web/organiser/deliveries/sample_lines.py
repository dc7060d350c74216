"""What follows from a sample, in plain words and in the numbers of both rules."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from petition.deliveries.pack.sampling import Verdict
from petition.deliveries.samples.models import InvalidationReason, SampleResult
from petition.deliveries.samples.queries import samples_of
from petition.organisers.queries import names_of
from petition.web.site.formats import decimal, number

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule says of a sample: first in words, then in its numbers."""

    title: str
    source: str
    words: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One sample in the record of a pack."""

    day: date
    facts: Facts
    rules: list[Rule]
    who: str
    recorded_at: datetime


def sample_lines(pack_id: int) -> list[SampleLine]:
    """Return what was found in samples of a pack, the latest first, and what follows from it."""
    found = samples_of(pack_id)
    names = names_of(one.organiser_id for one in found)
    return [
        SampleLine(
            day=one.day,
            facts=_facts(one),
            rules=[_of_all(one)] if one.is_of_all else [_california(one), _washington(one)],
            who=names[one.organiser_id],
            recorded_at=one.recorded_at,
        )
        for one in found
    ]


def _facts(one: SampleResult) -> Facts:
    words = {
        InvalidationReason.UNREACHABLE: _("Invalid: the mailbox does not answer"),
        InvalidationReason.AUTOMATED: _("Invalid: a program signed"),
        InvalidationReason.NOT_A_NAME: _("Invalid: not a name"),
        InvalidationReason.OF_ANOTHER: _("Invalid: signed under somebody else’s name"),
        InvalidationReason.WITHDRAWN: _("Invalid: withdrawn by its owner"),
    }
    of_all = _("%(size)s of %(all)s", size=number(one.size), all=number(one.signatures))
    return [
        (_("In the sample"), of_all),
        (_("Valid"), number(one.valid)),
        *((words[reason], number(count)) for reason, count in one.invalid.items() if count),
        (_("Duplicates"), number(one.duplicates)),
        (_("Have to be valid"), number(one.required)),
    ]


def _of_all(one: SampleResult) -> Rule:
    valid = one.valid - one.duplicates
    left = _(
        "Every signature was checked, so nothing has to be projected: %(valid)s are valid and "
        "nobody’s second.",
        valid=number(valid),
    )
    judged = _said(one, Verdict.ENOUGH if valid >= one.required else Verdict.TOO_FEW)
    return Rule(_("All of them"), "", f"{left} {judged}", [])


def _said(one: SampleResult, verdict: Verdict) -> str:
    needed = number(one.required)
    return {
        Verdict.ENOUGH: _("That is enough where %(needed)s are needed.", needed=needed),
        Verdict.TOO_FEW: _("That is too few where %(needed)s are needed.", needed=needed),
        Verdict.DOUBT: _(
            "Where %(needed)s are needed that is too near to tell: by this rule every signature "
            "would be checked.",
            needed=needed,
        ),
    }[verdict]


def _california(one: SampleResult) -> Rule:
    rule = one.california
    projected = _(
        "As projected, %(valid)s of %(all)s are valid, each person once.",
        valid=number(rule.valid_in_all),
        all=number(one.signatures),
    )
    return Rule(
        title=_("By the rule of California"),
        source="2 CCR 20530–20531; Elections Code 9031, 9309",
        words=f"{projected} {_said(one, rule.verdict(one.required))}",
        facts=[
            (_("Valid in the sample"), _("%(share)s %%", share=decimal(rule.valid_percent))),
            (_("One in the sample stands for"), decimal(rule.value)),
            (_("One duplicate in it stands for"), decimal(rule.weight)),
            (_("Duplicates in the whole pack"), number(rule.duplicates_in_all)),
            (_("Valid in the whole pack"), number(rule.valid_in_all)),
        ],
    )


def _washington(one: SampleResult) -> Rule:
    rule = one.washington
    return Rule(
        title=_("By the rule of Washington"),
        source="WAC 434-379-010",
        words=_washington_words(one),
        facts=[
            (_("Part that was drawn (r)"), decimal(rule.share)),
            (_("Invalid in all at most (U)"), decimal(rule.invalid_at_most)),
            (_("More than are needed (M)"), decimal(rule.margin)),
            (_("Duplicates that would use that up (E)"), decimal(rule.expected_pairs)),
            (_("Duplicates that leave no doubt (A)"), decimal(max(rule.acceptable_pairs, 0.0))),
        ],
    )


def _washington_words(one: SampleResult) -> str:
    rule, needed = one.washington, number(one.required)
    if rule.margin <= 0:
        return _(
            "It leaves a doubt: so many may be invalid that %(needed)s are not sure. By this rule "
            "every signature would be checked.",
            needed=needed,
        )
    if rule.acceptable_pairs < 0:
        return _(
            "It leaves a doubt: a sample this small cannot show that %(needed)s are sure, even "
            "without a duplicate. By this rule every signature would be checked.",
            needed=needed,
        )
    if rule.needs_full_check:
        return ngettext(
            "It leaves a doubt: a sample with %(num)s duplicate may stand for so many that "
            "%(needed)s are not sure. By this rule every signature would be checked.",
            "It leaves a doubt: a sample with %(num)s duplicates may stand for so many that "
            "%(needed)s are not sure. By this rule every signature would be checked.",
            one.duplicates,
            needed=needed,
        )
    return _("It leaves no doubt that %(needed)s are valid, each person once.", needed=needed)
