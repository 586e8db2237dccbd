"""An auditor of simulated worlds with books of its own: shares no code with the product it judges."""

from o2c_orchestration_tests.simulation.oracle.deals import judge_deals, judge_deals_settled
from o2c_orchestration_tests.simulation.oracle.safety import judge_safety
from o2c_orchestration_tests.simulation.oracle.settled import judge_settled

__all__ = ["judge_deals", "judge_deals_settled", "judge_safety", "judge_settled"]
