"""Pure values and rules: money, keys, documents, policy, errors. No I/O, no clock, no Dagster, no frames."""
