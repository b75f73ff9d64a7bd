"""What is remembered of a conversation: its latest messages within a budget, and the rest in a few sentences."""
