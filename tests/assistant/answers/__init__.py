"""What the embedded responder says, asked as a turn asks it: PostgreSQL, the demo shop, the tools, the fact check."""
