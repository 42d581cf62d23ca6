"""What supervision decides: who may verify, when more time may be asked, which step of a chase is due."""

from luoshi.supervision.rules.checking import Bar, bar_to_verify
from luoshi.supervision.rules.extending import LateRequest, Times, fault_of_grant, fault_of_request

__all__ = ["Bar", "LateRequest", "Times", "bar_to_verify", "fault_of_grant", "fault_of_request"]
