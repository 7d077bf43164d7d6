"""Which fields of a work its form shows, in what order; the form of a new one: `typefields`."""

from django.utils.translation import gettext_lazy as _

FIELDSETS = (
    (
        _("The work"),
        {
            "fields": (
                "title",
                "translated_title",
                "original_title",
                "type",
                "language",
                "country",
                "citekey",
            )
        },
    ),
    (
        _("Where and when it appeared"),
        {
            "fields": (
                "container",
                "container_short",
                ("year", "year_approximate"),
                ("month", "day", "season"),
                "until",
                ("volume", "issue", "pages"),
            )
        },
    ),
    (_("Numbers and addresses"), {"fields": ("doi", "pmid", "pmcid", "full_text_url", "url")}),
    (_("Your copy"), {"fields": ("pdf", "pdf_licence")}),
    (
        _("What it is about"),
        {"fields": ("tags", "study_design", "study", ("sample_size", "sample_unit"), "abstract")},
    ),
    (
        _("You and this work"),
        {
            "fields": (
                "reading_state",
                ("on_lists", "new_list"),
                "one_line",
                "private_note",
                "record_note",
                "cites_checked",
                "comments_open",
                "cited_on",
            )
        },
    ),
    (
        _("Books, theses, meetings"),
        {
            "classes": ("collapse",),
            "fields": (
                ("publisher", "place"),
                ("edition", "number_of_pages", "chapter_number"),
                "genre",
                "event",
                ("isbn", "issn", "nlm_id"),
            ),
        },
    ),
)
