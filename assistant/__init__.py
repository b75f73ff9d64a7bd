"""Everything with a URL, and the conversation with the customer."""
