import json

from references.formats import csljson


def one(**item):
    parsed = csljson.parse(
        json.dumps([{"id": "a1", "type": "article-journal", "title": "T", **item}])
    )
    assert parsed.refused == []
    return parsed.records[0]


def test_a_title_with_its_translation_in_brackets_is_split():
    record = one(
        title="Das lipomatöse Kreuzbeinsyndrom [The lipomatous sacral syndrome]",
        custom={
            "title_translated": "The lipomatous sacral syndrome",
            "title_original": "Das lipomatöse Kreuzbeinsyndrom",
        },
    )
    assert (record.title, record.translated_title) == (
        "Das lipomatöse Kreuzbeinsyndrom",
        "The lipomatous sacral syndrome",
    )


def test_the_translation_alone_is_enough_to_split_a_title():
    record = one(title="Lipomi [Lipomas]", custom={"title_translated": "Lipomas"})
    assert (record.title, record.translated_title) == ("Lipomi", "Lipomas")


def test_a_title_wholly_in_brackets_is_a_translation():
    record = one(title="[Cellulalgic infiltrates]")
    assert (record.title, record.translated_title) == ("", "Cellulalgic infiltrates")


def test_a_title_that_ends_in_brackets_of_its_own_stays_whole():
    assert one(title="Fat pads [letter]").title == "Fat pads [letter]"


def test_country_names_become_codes():
    assert one(custom={"country": "United Kingdom"}).country == "GB"
    assert one(custom={"country": "Turkey"}).country == "TR"
    assert one(custom={"country": "Yugoslavia"}).country == "Yugoslavia"


def test_languages_become_codes():
    assert [one(language=text).language for text in ("en-US", "EN", "English", "klingonish")] == [
        "en",
        "en",
        "en",
        "",
    ]


def test_names_keep_their_particles_suffixes_and_roles():
    record = one(
        author=[
            {"family": "Berg", "given": "A.", "non-dropping-particle": "van der", "suffix": "Jr"},
            {"literal": "WHO"},
        ],
        editor=[{"family": "Solo"}],
    )
    assert [(n.family, n.given, n.suffix, n.literal, n.role) for n in record.names] == [
        ("van der Berg", "A.", "Jr", False, "author"),
        ("WHO", "", "", True, "author"),
        ("Solo", "", "", False, "editor"),
    ]


def test_dates_are_read_as_far_as_they_are_known():
    dates = {
        '{"date-parts": [[1945, 7, 28]]}': (1945, 7, 28, False),
        '{"date-parts": [["1945", "7"]]}': (1945, 7, None, False),
        '{"date-parts": [[1904]], "circa": true}': (1904, None, None, True),
        '{"date-parts": [[null]]}': (None, None, None, False),
        '{"date-parts": []}': (None, None, None, False),
        '{"raw": "1998 Spring"}': (1998, None, None, False),
        '{"literal": "n.d."}': (None, None, None, False),
        '{"date-parts": [[1998, 21]]}': (1998, None, None, False),
    }
    for text, expected in dates.items():
        record = one(issued=json.loads(text))
        assert (record.year, record.month, record.day, record.year_approximate) == expected, text


def test_markup_and_control_characters_leave_the_text():
    assert (
        one(title="On <i>lumbago</i>\x00  and\nH<sub>2</sub>O, p <0.05").title
        == "On lumbago and H₂O, p <0.05"
    )


def test_a_single_item_and_a_byte_order_mark_are_taken():
    assert csljson.parse('\ufeff{"id": "x", "title": "T"}').records[0].citekey == "x"


def test_a_file_cut_off_in_the_middle_gives_what_stands_before_the_cut():
    whole = json.dumps([{"id": f"r{n}", "title": f"Title {n}"} for n in range(3)])
    parsed = csljson.parse(whole[:-15])
    assert [record.citekey for record in parsed.records] == ["r0", "r1"]
    assert [refused.number for refused in parsed.refused] == [3]


def test_a_broken_item_in_the_middle_is_named_and_the_rest_comes_in():
    text = (
        '[{"id": "a", "title": "A"}, {"id": "b", "title": }, {"id": "c", "title": "C", "author":'
        ' [{"family": "X"}]}]'
    )
    parsed = csljson.parse(text)
    assert [record.citekey for record in parsed.records] == ["a", "c"]
    assert [(refused.number, "CSL-JSON" in refused.reason) for refused in parsed.refused] == [
        (2, True)
    ]


def test_what_is_no_json_at_all_is_refused_once():
    parsed = csljson.parse("@article{x, title={T}}")
    assert parsed.records == []
    assert len(parsed.refused) == 1


def test_absurd_nesting_is_no_crash():
    parsed = csljson.parse("[" * 100_000)
    assert parsed.records == []
    assert len(parsed.refused) == 1


def test_strange_values_are_no_crash():
    parsed = csljson.parse(
        '[1, null, "x", [], {"id": {}, "title": ["a", "b"], "author": "me", "issued": 3, "custom":'
        " []}]"
    )
    assert [refused.number for refused in parsed.refused] == [1, 2, 3, 4]
    assert parsed.records[0].title == "a; b"
