"""Following by mail: what can be followed (`topics`), the digest once a month (`digest`), its desk.
Who follows is asked and told in `comments.following`, which has the digits that keep machines out.
"""
