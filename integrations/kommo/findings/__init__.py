"""What was found of an account, in words: `Finding` (finding.py), the codes (codes.py), the words (catalogue.yaml).

A finding is a code and its parameters; state and words come from the catalogue, in English for the operator's terminal
and in Portuguese for the staff's page. Nothing here looks at anything.
"""

from integrations.kommo.findings.codes import Code
from integrations.kommo.findings.finding import Finding, Language, State, finding

__all__ = ["Code", "Finding", "Language", "State", "finding"]
