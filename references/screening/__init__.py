"""What was found is screened; of what was decided come the flow and the methods page."""
