"""Which tests are named for no module, and which modules are tried by the test of another.

Both lists are short so that a name finds its test: `test_names.py` holds everything else to it.
"""

SPANNING = {
    "letters.hours": "no row about a letter tells a moment",
    "letters.spellings": "a mailbox is one, however it is spelt",
    "migrations.acts": "what people have begun before an upgrade they end after it",
    "migrations.ten_thousand": "ten thousand rows in every state come up, and back",
    "migrations.work": "what workers have begun before an upgrade they end after it",
    "safekeeping.traces": "what was erased opens with no key that is left",
    "signatures.spellings": "a mailbox is one, however it is spelt",
    "web.forms.suspicion": "what looks like a program's, from the form to the hold",
    "web.organiser.broken_seals": "a row that does not open costs itself alone",
    "web.public.broken_seals": "whoever's data do not open can still leave",
    "web.public.letters.flood": "letters in other people's names",
    "web.public.letters.naughty_letters": "anything may be typed, into each field of a letter",
    "web.public.markup": "every page of the door",
    "web.public.naughty_requests": "requests that no browser sends, to any page",
    "web.public.petitions.crowd": "many at the same moment, with the real server",
    "web.public.petitions.little_work": "work in proportion to what came, in any form",
    "web.public.petitions.naughty_forms": "anything may be typed, into each field of a signature",
    "web.public.petitions.same_work": "no answer tells by its work what was there before",
}
"""Tests of what several modules do together, and what that is."""

ELSEWHERE = {
    "cli.audit": ("cli.migrate",),
    "cli.backup": ("core.counting", "safekeeping.contents"),
    "exports.writing.splitting": ("exports.writing.formats",),
    "letters.actions": ("letters.letter.links", "letters.letter.written"),
    "letters.answers": ("letters.letter.emails",),
    "outbox.envelopes": ("outbox.headers",),
    "outbox.ceiling": ("outbox.origins",),
    "petitions.publishing": ("versions.publishing",),
    "publishing.checking": (
        *("campaigns.drafts", "campaigns.event_drafts", "campaigns.report_drafts"),
        *("core.drafts.kinds", "core.drafts.problems", "core.drafts.shapes"),
        *("gaps.drafts", "letters.campaigns.drafts", "recipients.drafts", "versions.drafts"),
    ),
    "publishing.loading": (
        *("campaigns.publishing", "campaigns.event_publishing", "campaigns.report_publishing"),
        *("campaigns.withdrawing", "core.storage.merging"),
    ),
    "safekeeping.holders": ("core.keyring.installed",),
    "safekeeping.restore": ("letters.wishes", "signatures.wishes"),
    "signatures.tally": ("core.storage.ledger",),
    "web.keeping.pages": ("web.keeping.parts",),
    "web.public.deliveries.files": ("web.keeping.delivery_files", "web.words.file_sizes"),
    "web.organiser.account.logging_in": ("web.organiser.door.code_form",),
    "web.organiser.deliveries.packs": ("web.organiser.deliveries.pack_lines",),
    "web.organiser.deliveries.recording": (
        "web.organiser.door.address_field",
        "web.organiser.deliveries.words",
    ),
    "web.organiser.letters.campaigns": ("web.drawings.charts",),
    "web.organiser.letters.waiting": ("letters.desk.waiting", "web.site.letterhead"),
    "web.organiser.signatures.deciding": ("signatures.desk.decisions",),
    "web.organiser.signatures.export_choice": ("web.organiser.signatures.sources_field",),
    "web.organiser.signatures.export_files": ("jobs.downloads", "web.organiser.door.kept_files"),
    "web.organiser.signatures.reading": (
        *("core.storage.paging", "signatures.desk.listing", "web.organiser.door.filter_fields"),
        *("web.organiser.door.hold_words", "web.organiser.door.paging"),
    ),
    "web.organiser.team.audit": ("audit.queries",),
    "web.public.broken_seals": ("web.words.broken_seals",),
    "web.public.deliveries.reading": ("web.public.deliveries.delivery_page",),
    "web.public.letters.managing": ("web.public.letters.confirming", "web.words.answers"),
    "web.public.letters.open_draft": ("letters.readdressing",),
    "web.public.letters.reading": ("web.forms.draft_budget",),
    "web.public.letters.writing": ("web.public.letters.forms",),
    "web.public.markup": ("web.public.letters.about", "web.site.compiled_templates"),
    "web.public.month.campaign": (
        *("campaigns.queries", "web.public.month.day_calendar", "web.public.month.partners"),
        "web.public.petitions.petition_cards",
    ),
    "web.public.month.events": ("campaigns.events", "web.public.month.event_page"),
    "web.public.month.gaps": (
        *("gaps.queries", "web.public.month.gap_matrix", "web.words.jurisdictions"),
    ),
    "web.public.month.reports": ("campaigns.reports", "web.public.month.report_page"),
    "web.public.petitions.sharing": ("web.public.petitions.share_links", "web.drawings.qr"),
    "web.public.petitions.signing": (
        *("web.forms.person", "web.forms.shown_form", "web.public.petitions.sign_form"),
    ),
    "web.public.petitions.social_cards": ("web.keeping.files",),
    "web.public.privacy": ("web.site.settings", "web.words.seen_by"),
    "web.site.health": ("core.storage.probe",),
    "web.site.languages": ("web.words.translated",),
    "web.site.security": ("app", "web.site.assets", "web.site.cookies", "web.site.program"),
    "worker.arrivals": ("links.letterhead",),
    "worker.bounces": ("letters.bounces.parts",),
    "worker.chores": ("core.storage.purging",),
    "worker.jobs": ("jobs.work",),
    "worker.letters": ("letters.post.message",),
}
"""Modules that the test of another module tries: what a page shows is tried where it is shown."""
