from publishing.feeds import AtomFeed


class ReferenceFeed(AtomFeed):
    title = link = "/"
