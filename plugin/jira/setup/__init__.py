"""What a Jira lacks for the contract, made; and taken back again."""

from plugin.jira.setup.carry_out import Outcome, carry_out
from plugin.jira.setup.plan import plan
from plugin.jira.setup.rows import Row, State, Wanted
from plugin.jira.setup.undo import undo

__all__ = ["Outcome", "Row", "State", "Wanted", "carry_out", "plan", "undo"]
