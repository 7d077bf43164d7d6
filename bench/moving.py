"""`make bench`: a WordPress site of 2,000 posts and 20,000 comments moves in, on PostgreSQL: CPU
and memory of the process that does it. Then once more, when all is here already.

Fails if the first takes more than 60 s of CPU or 300 MB.
"""

import random
import resource
import sys
import tempfile
import time
from html import escape
from importlib import import_module
from pathlib import Path

from bench.search import Words, own_database

POSTS, COMMENTS, PAGES = 2_000, 20_000, 60
MOST_SECONDS, MOST_MB = 60, 300
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>A site</title>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example.org</wp:base_blog_url>
"""


def export(path, posts=POSTS, comments=COMMENTS, pages=PAGES):
    """Write an export of made-up words: every third post links to another, each has comments in
    threads."""
    words, chance = Words(), random.Random(1)
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for at in range(posts + pages):
            mine = comments // posts if at < posts else 0
            said = "".join(_comment(number + each + 1, each, words, chance) for each in range(mine))
            number += mine
            file.write(_item(at + 1, "post" if at < posts else "page", words, chance, said, posts))
        file.write("</channel></rss>\n")


def _item(number, kind, words, chance, comments, posts):
    paragraphs = [words.text(60) for _ in range(5)]
    if number % 3 == 0:
        there = chance.randint(1, posts)
        paragraphs[1] += f' <a href="https://old.example.org/post-{there}/">{words.text(2)}</a>'
    day = f"20{number % 20 + 2:02d}-{number % 12 + 1:02d}-{number % 28 + 1:02d} 10:00:00"
    return (
        f"<item><title>{words.text(5)}</title><link>https://old.example.org/{kind}-{number}/</link>"
        f"<dc:creator>a</dc:creator><content:encoded><![CDATA[{chr(10).join(_parted(paragraphs))}]]>"
        f"</content:encoded><excerpt:encoded></excerpt:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date_gmt>{day}</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>"
        f"<wp:post_name>{kind}-{number}</wp:post_name><wp:status>publish</wp:status>"
        f"<wp:post_parent>0</wp:post_parent><wp:menu_order>{number}</wp:menu_order>"
        f"<wp:post_type>{kind}</wp:post_type>"
        f'<category domain="post_tag" nicename="s{number % 40}">subject {number % 40}</category>'
        f"{comments}</item>\n"
    )


def _parted(paragraphs):
    for paragraph in paragraphs:
        yield paragraph
        yield ""


def _comment(number, place, words, chance):
    parent = number - chance.randint(1, place) if place and chance.random() < 0.6 else 0
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>Reader {number}"
        f"</wp:comment_author><wp:comment_author_email>r{number}@example.org</wp:comment_author_email>"
        f"<wp:comment_date_gmt>2020-01-{number % 28 + 1:02d} {number % 24:02d}:00:00"
        "</wp:comment_date_gmt>"
        f"<wp:comment_content><![CDATA[{escape(words.text(40))}]]></wp:comment_content>"
        f"<wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type>"
        f"<wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
    )


def measure(path):
    """CPU seconds of one import, and its report."""
    bring = import_module("config.moving.wordpress.bring")
    began = time.process_time()
    report = bring.bring(bring.prepare(path))
    return time.process_time() - began, report


def main(posts=POSTS):
    with own_database(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.xml"
        export(path, posts, posts * COMMENTS // POSTS)
        first = _measured("moves in", path)
        _measured("once more, all of it here", path)
    if first[0] > MOST_SECONDS or first[1] > MOST_MB:
        sys.exit(f"Allowed are {MOST_SECONDS} s and {MOST_MB} MB.")


def _measured(words, path):
    seconds, report = measure(path)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert report.adds_up()
    print(f"WordPress site {words}: {seconds:.1f} s of CPU, {memory} MB at most", flush=True)
    return seconds, memory


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
