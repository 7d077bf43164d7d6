from publishing.feeds import AtomFeed


class PostFeed(AtomFeed):
    title = link = "/"
