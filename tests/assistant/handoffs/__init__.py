"""People in the loop: hand-offs, escalation, take-over, conversations in circles."""
