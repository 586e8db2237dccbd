"""What every process of the product loads sooner or later: loaded once, where tests fork theirs from.

Commands load frames and their checks only where they need them, so each forked process would load them anew: more than
half of the processor's time of most.
"""

import gc

import o2c_orchestration.cli
import o2c_orchestration.console.launch
import o2c_orchestration.console.progress
import o2c_orchestration.preflight.run
import o2c_orchestration.validate.run  # noqa: F401
from o2c_orchestration.validate.read_schemas import SCHEMAS, failures

# Pandera loads what it checks with when it does so for the first time.
for _kind in SCHEMAS:
    failures(_kind, [{}])

# A garbage collection in a child would touch, and so copy, all of it.
gc.collect()
gc.freeze()
