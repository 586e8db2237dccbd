"""One script per figure in docs/performance.md; each measures ours and its rivals in one run on one machine."""
