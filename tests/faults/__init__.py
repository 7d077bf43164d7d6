"""What the site does on a bad day, tried on the site as it is shipped: `make test-faults`;
and under load for long: `make soak`. See docs/faults.md."""
