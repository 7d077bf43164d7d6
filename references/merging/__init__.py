"""Two works become one, and two again. Whatever points to a work follows it, whichever app it is
in.

What points to a work is found in the models themselves: foreign keys, and pairs of a kind and a
number such as a comment's page. So nothing is forgotten when an app adds something, and no app
above this one needs to be known here.
"""

from .merge import compared, merge
from .undo import KEPT, forget_old, undo

__all__ = ["KEPT", "compared", "forget_old", "merge", "undo"]
