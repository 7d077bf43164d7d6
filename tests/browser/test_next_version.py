"""The next version of a live page; pictures in the library and in the text; what is made within the
editor's dialogs: as she does it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from blog.models import Post
from publishing import images
from publishing.desk.editing import LosesNothing
from publishing.models import Consent, EditingDraft, Image, NextVersion
from references.models import Reference
from tests.factories import PostFactory
from tests.publishing.test_images import picture, upload

from .test_editor import desk  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def drop(page, selector, *names):
    """Files let go over an element, or pasted where it is None."""
    data = list(picture())
    page.evaluate(
        """([selector, names, data]) => {
          const transfer = new DataTransfer();
          for (const name of names) {
            transfer.items.add(new File([new Uint8Array(data)], name, {type: "image/png"}));
          }
          const event = selector
            ? new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true})
            : new ClipboardEvent("paste",
                {clipboardData: transfer, bubbles: true, cancelable: true});
          (selector ? document.querySelector(selector) : document.body).dispatchEvent(event);
        }""",
        [selector, list(names), data],
    )


def test_a_next_version_is_kept_gone_on_with_and_published(desk, monkeypatch):  # noqa: F811
    monkeypatch.setattr(LosesNothing, "keep_after", 300)
    post = PostFactory(title="A post", body="<p>Live words.</p>")
    page = desk.open(post).page
    desk.type(" Next words.")
    page.get_by_role("button", name="Keep as next version").click()
    page.get_by_text("You are editing the next version.").wait_for()
    page.locator("html[data-editing=ready]").wait_for()
    desk.text = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body[contenteditable=true]")
    expect(desk.text).to_have_text("Live words. Next words.")
    desk.type(" More.")
    page.keyboard.press("Control+s")
    page.locator("[data-state=saved]", has_text="Kept as next version at").wait_for()
    desk.type(" And more.")
    page.keyboard.press("Control+s")
    page.wait_for_function("!document.querySelector('[data-state=changed]')")
    page.locator("[data-state=saved]").wait_for()
    assert Post.objects.get().body == "<p>Live words.</p>"
    assert "And more." in NextVersion.objects.get().fields["body"][0]
    desk.type(" Unkept.")
    page.locator("[data-state=kept]").wait_for()
    assert EditingDraft.objects.get().fields["_next"] == [NextVersion.objects.get().mark]
    page.locator("summary", has_text="Why").click()
    page.get_by_label("What changed", exact=True).first.fill("A trial of 2026")
    page.get_by_label("Tell readers too").check()
    page.get_by_role("button", name="Publish this version").click()
    page.get_by_text("The next version is published.").wait_for()
    assert "Live words. Next words. More. And more. Unkept." in Post.objects.get().body
    page.goto(post.get_absolute_url())
    page.get_by_text("A trial of 2026").wait_for()


def test_a_reason_is_said_of_one_save_and_not_of_the_next(desk):  # noqa: F811
    post = PostFactory(body="<p>Live words.</p>")
    page = desk.open(post).page
    page.locator("html[data-editing=ready]").wait_for()
    desk.type(" More.")
    page.locator("summary", has_text="Why").click()
    page.locator("#why").fill("A slip")
    page.locator("#why-told").check()
    page.keyboard.press("Control+s")
    page.locator("[data-state=saved]").wait_for()
    expect(page.locator("#why")).to_have_value("")
    expect(page.locator("#why-told")).not_to_be_checked()
    assert Post.objects.get().what_changed.endswith("A slip")


def test_pictures_dropped_and_pasted_into_the_library_are_there(desk):  # noqa: F811
    page = desk.page
    page.goto(reverse("admin:publishing_image_changelist"))
    drop(page, ".drop", "sacrum.png", "iliac-crest.png")
    page.locator("#result_list", has_text="iliac crest").wait_for()
    expect(page.locator("#result_list img.thumb")).to_have_count(2)
    drop(page, None, "fascia.png")
    page.locator("#result_list", has_text="fascia").wait_for()
    assert Image.objects.count() == 3


def test_a_picture_pasted_into_the_text_becomes_a_figure(desk):  # noqa: F811
    post = PostFactory(body="<p>Text.</p>")
    desk.open(post).at_the_end()
    desk.text.evaluate(
        """(body, data) => {
          const view = body.ownerDocument.defaultView;
          const transfer = new view.DataTransfer();
          transfer.items.add(new File([new Uint8Array(data)], "pasted.png", {type: "image/png"}));
          body.dispatchEvent(new view.ClipboardEvent("paste",
            {clipboardData: transfer, bubbles: true, cancelable: true}));
        }""",
        list(picture()),
    )
    desk.text.locator("figure img").wait_for()
    assert Image.objects.get().file.name in desk.save(post).body


def test_a_point_is_chosen_by_a_press_and_a_withdrawn_picture_is_gone(desk):  # noqa: F811
    image = images.add(upload(picture(size=(400, 200))), alt="A nodule")
    body = f'<figure class="figure"><img src="{image.get_absolute_url()}" alt="x"></figure>'
    post = PostFactory(body=body)
    page = desk.page
    page.goto(reverse("admin:publishing_image_change", args=[image.pk]))
    page.locator("[data-focal] img").click(position={"x": 100, "y": 150})
    expect(page.locator("#id_focus_x")).to_have_value("25")
    expect(page.locator("#id_focus_y")).to_have_value(re.compile("7[3-6]"))
    page.locator("#id_focus_x").fill("40")
    expect(page.locator("[data-focal] i")).to_have_attribute("style", re.compile("left: 40%"))
    address = reverse("admin:publishing_image_withdraw", args=[image.pk])
    link = page.get_by_role("link", name="Withdraw everywhere")
    expect(link).to_have_attribute("href", re.compile(f"{re.escape(address)}$"))
    page.goto(address)  # pressed and gone to, one would cut the other off
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_text("It is withdrawn: no page shows it any more").wait_for()
    page.goto(post.get_absolute_url())
    page.get_by_text("This picture was withdrawn.").wait_for()
    expect(page.locator("figure img")).to_have_count(0)


def test_a_consent_is_made_in_its_dialog_and_the_letter_can_be_public(desk, problems):  # noqa: F811
    body = '<p>Before.</p><div class="letter"><p>Dear doctor, it hurts.</p></div><p>After.</p>'
    post = PostFactory(state="draft", body=body)
    page = desk.open(post).page
    page.get_by_text("It cannot be public before these letters").wait_for()
    page.locator("html[data-editing=ready]").wait_for()
    page.locator("[data-letter]").click()
    desk.settle()
    desk.open_dialog("reviewconsent")
    page.get_by_text("Put a consent on record").click()
    box = page.locator(".review-make:visible")
    box.get_by_role("button").click()
    box.get_by_role("alert").filter(has_text="required").wait_for()
    assert len(problems) == 1  # the browser notes each refusal
    problems.clear()
    box.get_by_label("Who gave it").fill("A. B.")
    box.get_by_label("Shown as").fill("the writer")
    box.get_by_label("Given on").fill("2026-05-03")
    box.get_by_label("What it covers").fill("The letter, without a name")
    box.get_by_role("button").click()
    page.get_by_text("It is on record, and chosen.").wait_for()
    desk.ok()
    page.select_option("#id_state", "published")
    saved = desk.save(post)
    assert saved.state == "published"
    assert f'data-consent="{Consent.objects.get().pk}"' in saved.body


def test_a_work_is_made_in_the_citing_dialog(desk):  # noqa: F811
    post = PostFactory(body="<p>Nodules hurt</p>")
    page = desk.open(post).page
    desk.at_the_end()
    desk.open_dialog("reviewcite")
    page.get_by_text("Add a work that is not in the library").click()
    box = page.locator(".review-make:visible")
    box.get_by_label("Or by hand: authors").fill("Ries, E.")
    box.get_by_label("Year").fill("1937")
    box.get_by_label("Title").fill("Episacral lipoma")
    box.get_by_role("button").click()
    page.get_by_text("To be cited: Ries 1937").wait_for()
    desk.ok()
    desk.text.get_by_text("[Ries 1937]").wait_for()
    key = Reference.objects.get().citekey
    assert f'data-cite="{key}"' in desk.save(post).body


def test_the_figure_dialog_keeps_credit_and_licence_with_the_picture(desk):  # noqa: F811
    image = images.add(upload(picture(), "Sacrum.png"))
    post = PostFactory(body="<p>Text.</p>")
    page = desk.open(post).page
    desk.at_the_end()
    desk.open_dialog("reviewfigure")
    page.locator(".review-figures label", has_text="Sacrum").click()
    page.get_by_label("It is decoration").check()
    page.get_by_label("Caption", exact=True).fill("Fat in section.")
    page.get_by_label("Who made it").fill("Dr Ott")
    page.get_by_label("Licence").select_option("CC BY 4.0")
    desk.ok()
    desk.text.locator("figure img").wait_for()
    body = desk.save(post).body
    assert 'alt=""' in body
    assert "Fat in section." in body
    assert "Dr Ott. CC BY 4.0" in body
    image.refresh_from_db()
    assert (image.decorative, image.credit, image.licence) == (True, "Dr Ott", "CC BY 4.0")
    assert not image.missing()
