"""Salesforce over HTTP: log in and read accounts."""
