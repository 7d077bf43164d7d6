"""`Among(F("pk"), queryset)`: `IN` a subquery that the database answers first and once, whatever it
believes of the tables.

PostgreSQL may run the subquery of an `IN` again for every row while its statistics say that there
are few: a page of ten thousand comments then takes minutes until the next ANALYZE. An array is made
once.
"""

from django.db.models.lookups import In


class Among(In):
    def get_rhs_op(self, connection, rhs):
        return (
            f"= ANY(ARRAY{rhs})"
            if connection.vendor == "postgresql"
            else super().get_rhs_op(connection, rhs)
        )
