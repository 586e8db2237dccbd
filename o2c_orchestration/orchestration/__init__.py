"""Dagster, thin: assets fetch resources, call a stage and return metadata."""
