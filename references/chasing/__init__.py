"""Citation chasing: who cites the works she included, and whom they cite; ranked by how many."""
