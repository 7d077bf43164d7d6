"""What the cluster's story (`make cluster`) takes for well and what it does not, told to it by a
front that is none."""

from urllib.parse import parse_qs

import pytest

from tests.cluster import __main__ as cluster
from tests.factories import ChapterFactory

pytestmark = pytest.mark.once("says nothing of the database")
PRIMARY = cluster.Kill("the primary")
NODE = cluster.Kill("one node", meanwhile=(502,))


class Front:
    """Answers with each of these statuses in turn, and with the last for ever."""

    def __init__(self, *statuses, page="{text}"):
        self.statuses, self.page, self.asked = list(statuses), page, []

    def ask(self, path, method, body, reader, **headers):
        text = parse_qs(body)["text"][0]
        self.asked.append((text, reader))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return status, {}, self.page.format(text=text).encode()


def sent(front, times):
    """The writer after so many sendings to this front, each form sent until it is taken."""
    writer = cluster.Writer(front, ChapterFactory.build(pk=1))
    form = None
    for number in range(times):
        form = form or {"text": f"Comment {number} of the cluster."}
        if writer.send(form, f"127.1.0.{number + 1}"):
            form = None
    return writer


def told(each, writer, again=0.1):
    return list(cluster.wrong_of(each, cluster.Readers(None, []), writer, again))


def test_whoever_is_asked_to_wait_with_her_words_and_then_taken_is_well_served():
    writer = sent(Front(503, 503, 302), 4)
    assert (len(writer.taken), writer.refused, writer.others) == (2, 2, [])
    assert told(PRIMARY, writer) == []


@pytest.mark.parametrize(
    ("front", "why"),
    [
        (Front(429), "a reader who wrote too much is not a part that was killed"),
        (Front(503, page="The site cannot be reached."), "what she typed is gone"),
        (Front(502), "nginx speaks for the site"),
        (Front(500), "a mistake of ours"),
    ],
)
def test_any_other_answer_while_the_primary_is_away_is_told(front, why):
    (line,) = told(PRIMARY, sent(front, 2))
    assert f"comments met [{front.statuses[0]}, {front.statuses[0]}]" in line, why


def test_a_node_may_take_what_it_had_begun_with_it():
    assert told(NODE, sent(Front(502, 302), 3)) == []
    assert told(NODE, sent(Front(500, 302), 3))


def test_that_no_comment_is_taken_after_the_promotion_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0)
    writer = sent(Front(302, 503), 3)
    again = writer.again()
    assert again is None, "those of before do not count"
    assert told(PRIMARY, writer, again) == ["the primary: no comment was taken afterwards"]


@pytest.mark.django_db
def test_each_comment_is_of_another_reader_and_what_was_refused_is_sent_again(monkeypatch):
    """One address is let send sixty in an hour: after those none was taken, whatever was mended."""
    front = Front(302, 503, 302)
    writer = cluster.Writer(front, ChapterFactory())
    monkeypatch.setattr(writer.over, "wait", lambda seconds: len(front.asked) == 4)
    monkeypatch.setattr(writer.over, "is_set", lambda: len(front.asked) == 4)
    monkeypatch.setattr("tests.faults.site.let_go", lambda: None)
    writer.write()
    (first, one), (second, two), again, (third, three) = front.asked
    assert again == (second, two)
    assert len({first, second, third}) == len({one, two, three}) == 3
    assert writer.taken == [first, second, third]
