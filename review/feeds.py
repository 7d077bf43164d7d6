from publishing.feeds import AtomFeed


class ChapterFeed(AtomFeed):
    title = link = "/"
