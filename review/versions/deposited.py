"""What of a chapter's version is laid down in an archive: its own text, its works, how it is cited.
Never comments, letters or pictures: those are others', and an archive gives nothing back."""

import json
from contextlib import suppress

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from publishing.machines.jsonld import full
from publishing.models import PublishedVersion, SiteSettings
from publishing.orcid import clean
from publishing.richtext import sanitise
from publishing.richtext.tree import make
from publishing.versions import machines
from references.citing.entries import author_parts

from ..paper import pdf
from . import views

LANGUAGES = {"en": "eng", "es": "spa", "ca": "cat"}
OTHERS = ("figure", "picture", "img", "aside")


def make_deposit(version, doi):
    """`(metadata as the archive wants it, {name: bytes})`."""
    site, chapter = SiteSettings.load(), version.page
    found = list(PublishedVersion.objects.of(chapter).listed())
    place = views.placed(chapter, found, version.number)
    version.doi = doi  # the files say it; the row does when it is published
    name = f"{chapter.slug}-v{version.number}"
    html = _html(version, place, site)
    files = {
        f"{name}.html": html.encode(),
        f"{name}.works.csl.json": json.dumps(version.works, ensure_ascii=False).encode(),
        f"{name}.datacite.json": json.dumps(
            machines.datacite(version, place, site), ensure_ascii=False, indent=1
        ).encode(),
    }
    with suppress(pdf.NotInstalled, pdf.Failed):  # the same words are in the HTML
        files = {f"{name}.pdf": pdf.typeset(html)} | files
    return _metadata(version, place, site), files


def _metadata(version, place, site):
    family, given = author_parts(site.author_name)
    person = {"type": "personal", "family_name": family, "given_name": given}
    if site.orcid_address:
        person["identifiers"] = [{"scheme": "orcid", "identifier": clean(site.orcid)}]
    with override(version.language):
        title = gettext("%(title)s (version %(number)s)") % {
            "title": version.title, "number": version.number,
        }  # fmt: skip
    found = {
        "title": title,
        "resource_type": {"id": "publication-article"},
        "publication_date": version.updated.date().isoformat(),
        "creators": [{"person_or_org": person}],
        "description": "\n\n".join(filter(None, [version.summary, version.what_changed])),
        "version": str(version.number),
        "publisher": site.name,
        "related_identifiers": [
            {"identifier": place.here, "scheme": "url", "relation_type": {"id": "isidenticalto"},
             "resource_type": {"id": "publication-article"}}
        ],
    }  # fmt: skip
    if version.language in LANGUAGES:
        found["languages"] = [{"id": LANGUAGES[version.language]}]
    licence = machines.licence_id(site)
    found["rights"] = [{"id": licence}] if licence else [{"title": {"en": site.licence}}]
    return found


def _html(version, place, site):
    """One document of its own words, with full addresses."""
    body = sanitise.parse(version.body_html)
    with override(version.language):
        said = gettext("Left out here: it is not the author’s to deposit.")
    for node in list(body.iter(*OTHERS)):
        if node.tag == "aside" and node.get("class") != "letter":
            continue  # her own voice
        if node.getparent() is None or not _is_in(node, body):
            continue
        line = make("p" if node.tag in ("figure", "aside") else "span", f"[{said}]")
        line.tail, node.tail = node.tail, None
        node.getparent().replace(node, line)
    for node in list(body.iter("button")):
        node.drop_tree()
    for node in [each for each in body.iter("span") if "note" in each.get("class", "").split()]:
        node.drop_tree()
    for link in body.iter("a"):
        if link.get("href", "").startswith("/"):
            link.set("href", full(link.get("href")))
    context = {"version": version, "place": place, "site": site, "LANGUAGE_CODE": version.language,
               "body": sanitise.trusted(sanitise.serialise(body))}  # fmt: skip
    with override(version.language):
        html = render_to_string("review/versions/deposit.html", context)
    return html.replace('href="/', f'href="{settings.SITE_URL}/')


def _is_in(node, root):
    return any(each is root for each in node.iterancestors())
