"""Pandera at the boundary: stored payloads become typed rows, and what fails goes to quarantine with the reason."""
