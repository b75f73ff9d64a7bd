"""What every page of the staff stands on: who is there, what they may, how it is drawn, and what happens on errors."""
