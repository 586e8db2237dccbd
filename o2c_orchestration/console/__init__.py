"""What the command line shows and starts: tables, progress, preflight, Dagster runs, the demo."""
