"""People in the loop: what is handed over to the staff, and what happens when nobody reacts."""
