"""Files of chat messages: fetched once, checked, kept outside the database, and heard when they are voice notes."""
