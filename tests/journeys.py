"""The long journeys, which `make test` leaves to `make test-all` and to `.ci/run`.

Each takes a second of CPU or more and says something of a whole site's life, of programs, or of
what grows with what: nothing that a change of a few lines is likely to break unnoticed by the quick
tests of the same folder. What is quick runs in every `make test`, on both databases. A place here
is a file, or a class or a test of one; a marker `journey("reason")` does the same beside a test.
"""

from pathlib import Path

HERE = Path(__file__).parent

PROGRAMS = "starts the site's programs, as whoever hosts it does"
LIFE = "a site's life: set up, copied, backed up, brought up to date, moved"
WALK = "every address, one by one"
GROWS = "how work or memory grows: measured at several lengths"
CHANCE = "many texts made up"
CROWD = "many at once"
GOLDEN = "every style, language and work of the golden files"
PAPER = "files set, drawn or judged by programs of others"

JOURNEYS = {
    "comments/commenters/test_own_page.py"
    "::test_whatever_is_sent_is_answered_and_no_markup_is_kept": CHANCE,
    "comments/commenters/test_retention.py::test_what_is_not_approved_is_nowhere": WALK,
    "comments/moderation/test_words.py::test_no_new_field_makes_an_error_page": CHANCE,
    "comments/test_bad_input.py": CHANCE,
    "comments/test_concurrency.py": CROWD,
    "comments/test_simultaneous.py": CROWD,
    "comments/threads/test_order.py::test_any_conversation_reads_like_the_recursive_model": CHANCE,
    "comments/threads/test_paging.py::TestCost": GROWS,
    "comments/threads/test_thread.py"
    "::test_a_page_costs_no_more_queries_with_150_comments_than_with_26": GROWS,
    "comments/threads/test_thread.py"
    "::test_the_threads_cost_two_queries_whatever_their_number": GROWS,
    "config/house/test_translations.py::test_the_catalogues_hold_what_the_code_says": PROGRAMS,
    "config/moving/test_leaving.py": LIFE,
    "config/moving/test_static.py": LIFE,
    "config/moving/test_whole.py": LIFE,
    "config/moving/test_wordpress.py": LIFE,
    "config/test_backup.py": LIFE,
    "config/test_copying.py::test_its_own_database_is_refused": LIFE,
    "config/test_copying.py"
    "::test_there_and_back_every_value_is_as_it_was_and_what_is_filled_stays_unless_told": LIFE,
    "config/test_cost.py": GROWS,
    "config/test_crawl.py": WALK,
    "config/test_deploy.py": PROGRAMS,
    "config/test_environment.py": PROGRAMS,
    "config/test_extremes.py": WALK,
    "config/test_front.py": PROGRAMS,
    "config/test_guide.py::test_the_commands_of_the_guide_work_as_written": PROGRAMS,
    "config/test_guide.py::test_they_left_what_they_should": PROGRAMS,
    "config/test_hostile_input.py": GROWS,
    "config/test_long_lists.py": GROWS,
    "config/test_memory.py": PROGRAMS,
    "config/test_permissions.py::test_each_role_gets_what_the_list_says": WALK,
    "config/test_permissions.py"
    "::test_looking_at_earlier_versions_and_at_what_is_gone_changes_nothing": WALK,
    "config/test_prepare.py": PROGRAMS,
    "config/test_reading_writes_nothing.py": WALK,
    "config/test_sample.py": LIFE,
    "config/test_same_for_everybody.py": WALK,
    "config/test_sitemap.py::test_its_queries_do_not_grow": GROWS,
    "config/test_tags.py::test_many_references_come_in_pages": GROWS,
    "config/test_unavailable.py::test_no_page_for_readers_waits_for_a_writer": WALK,
    "config/test_upgrading.py::test_it_comes_up_to_date_or_goes_all_the_way_back": LIFE,
    "config/test_weight.py::test_a_long_chapter_with_its_talk_is_forty_kilobytes_in_all": GROWS,
    "publishing/desk/test_no_waiting_for_her.py": GROWS,
    "publishing/http/test_store.py::test_the_store_is_never_larger_than_it_may_be": GROWS,
    "publishing/http/test_store.py::test_two_processes_never_show_what_was_before": CROWD,
    "publishing/richtext/test_one_pass.py::test_both_readers_read_the_same": CHANCE,
    "publishing/richtext/test_one_pass.py::test_nh3_has_the_last_word_on_what_is_kept": CHANCE,
    "publishing/richtext/test_sanitise.py::test_cleaning_twice_is_cleaning_once": CHANCE,
    "publishing/richtext/test_sanitise.py::test_no_word_is_lost": CHANCE,
    "publishing/richtext/test_sanitise.py"
    "::test_nothing_that_runs_or_asks_elsewhere_survives": CHANCE,
    "publishing/richtext/test_sanitise.py::test_three_thousand_levels_lose_no_word": GROWS,
    "publishing/search/test_query.py": CHANCE,
    "publishing/search/test_search.py::test_nothing_typed_is_an_error": CHANCE,
    "publishing/search/test_search.py::test_the_text_and_the_query_are_cut_by_one_rule": CHANCE,
    "publishing/test_diffing.py::test_the_longest_texts_cost_a_bounded_time": GROWS,
    "publishing/test_pictures.py::TestModernFormats": PAPER,
    "publishing/test_slugs.py::test_a_page_is_found_whatever_its_title": CHANCE,
    "publishing/test_slugs.py::test_a_subject_takes_down_no_page": WALK,
    "publishing/test_tasks.py::TestAWorker": PROGRAMS,
    "publishing/test_trash.py"
    "::test_a_long_file_holds_up_nobody_where_the_folders_are_on_one_disk": GROWS,
    "references/browsing/test_evidence.py::test_the_table_costs_the_same_however_long": GROWS,
    "references/browsing/test_handout.py::test_no_query_for_each_work": GROWS,
    "references/browsing/test_library_page.py"
    "::test_every_facet_leads_to_as_many_works_as_it_says": WALK,
    "references/browsing/test_library_page.py"
    "::test_fifty_works_a_page_and_links_that_keep_the_choice": GROWS,
    "references/browsing/test_library_page.py::test_the_list_costs_at_most_nine_queries": GROWS,
    "references/browsing/test_lineage.py::test_lineage_costs_the_same_however_long": GROWS,
    "references/browsing/test_lineage.py"
    "::test_more_than_can_be_drawn_is_said_to_be_in_the_table": GROWS,
    "references/browsing/test_lists.py::test_a_reference_asks_at_most_seventeen_questions": GROWS,
    "references/browsing/test_reference_page.py"
    "::test_the_page_costs_the_same_however_much_cites_it": GROWS,
    "references/csl/test_csl.py"
    "::test_no_record_breaks_a_citation_or_brings_a_tag_of_its_own": CHANCE,
    "references/csl/test_csl.py::test_whatever_stands_in_a_field_the_style_writes_it": CHANCE,
    "references/csl/test_golden.py": GOLDEN,
    "references/desk/test_adding.py"
    "::test_every_kind_has_its_form_and_no_field_is_missing_or_twice": WALK,
    "references/exporting/test_files.py::TestStreaming": GROWS,
    "references/exporting/test_files.py::test_the_whole_sample_library_comes_out_readable": LIFE,
    "references/formats/test_citation.py::test_any_text_is_read_without_failing": CHANCE,
    "references/formats/test_csljson_out.py::test_any_record_is_valid": CHANCE,
    "references/formats/test_dialects.py"
    "::test_a_field_of_a_hundred_thousand_characters_refuses_no_other_record": GROWS,
    "references/formats/test_dialects.py"
    "::test_five_thousand_authors_of_seven_names_are_five_thousand": GROWS,
    "references/formats/test_dialects.py"
    "::test_the_work_on_a_field_grows_with_its_length_alone": GROWS,
    "references/formats/test_dialects.py"
    "::test_the_work_on_a_field_of_bibtex_grows_with_its_length_alone": GROWS,
    "references/formats/test_files.py::test_absurd_files_end_in_good_time": GROWS,
    "references/formats/test_latex.py::test_the_work_grows_with_the_length_alone": GROWS,
    "references/formats/test_roundtrip.py::test_any_record_comes_back_the_same": CHANCE,
    "references/formats/test_roundtrip.py::test_seven_thousand_authors_come_back": GROWS,
    "references/formats/test_table.py"
    "::test_the_work_grows_with_the_length_of_the_table_alone": GROWS,
    "references/importing/test_bad_files.py"
    "::test_a_file_cut_at_five_places_comes_in_as_far_as_it_goes": GROWS,
    "references/importing/test_bad_files.py::test_a_thousand_authors": GROWS,
    "references/importing/test_bad_files.py"
    "::test_every_column_and_tag_at_a_hundred_thousand_characters": GROWS,
    "references/importing/test_bad_files.py"
    "::test_every_field_at_a_hundred_thousand_characters": GROWS,
    "references/importing/test_bad_files.py"
    "::test_one_field_is_taken_from_the_file_in_all_records": GROWS,
    "references/importing/test_bad_files.py"
    "::test_twice_the_file_needs_no_more_memory_to_compare": GROWS,
    "references/importing/test_duplicates.py"
    "::test_many_works_of_one_name_do_not_make_each_record_a_search_through_all": GROWS,
    "references/importing/test_save.py::test_importing_twice_changes_nothing": LIFE,
    "references/importing/test_save.py::test_seven_thousand_authors_on_one_record": GROWS,
    "references/importing/test_save.py"
    "::test_the_whole_library_goes_out_and_comes_back_the_same": LIFE,
    "references/test_many_authors.py": GROWS,
    "references/test_merging.py"
    "::test_nothing_cited_before_is_uncited_after_and_no_comment_is_lost": CHANCE,
    "references/test_names.py::test_the_register_costs_the_same_however_long": GROWS,
    "releases/test_upgrade.py"
    "::test_every_page_of_an_earlier_release_stands_after_the_upgrade": LIFE,
    "review/test_contents.py"
    "::test_contents_ask_the_database_the_same_for_one_chapter_or_thirty": GROWS,
    "review/test_paper_book.py": PAPER,
    "review/test_paper_epub.py": PAPER,
    "review/test_paper_pdf.py": PAPER,
    "review/test_simultaneous.py": CROWD,
}

# A browser costs a second or two for each test. These few stay: a page that is broken for every
# reader shows there.
IN_THE_BROWSER = "a browser is driven"
QUICK_IN_THE_BROWSER = ("browser/test_reading.py",)


def reason(item):
    """Why a test is left to `make test-all`; None of one that is quick."""
    marker = item.get_closest_marker("journey")
    if marker:
        return marker.args[0]
    file = item.path.relative_to(HERE).as_posix()
    if file.startswith("browser/"):
        return None if file in QUICK_IN_THE_BROWSER else IN_THE_BROWSER
    class_, test = item.cls, item.originalname
    names = [file, f"{file}::{test}", *([f"{file}::{class_.__name__}"] if class_ else [])]
    return next((JOURNEYS[name] for name in names if name in JOURNEYS), None)


def unknown(items):
    """Places of this list where no test of a whole collection stands."""
    there = set()
    for item in items:
        file = item.path.relative_to(HERE).as_posix()
        there |= {file, f"{file}::{item.originalname}"}
        there |= {f"{file}::{item.cls.__name__}"} if item.cls else set()
    return sorted(JOURNEYS.keys() - there)
