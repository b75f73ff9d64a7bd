"""What a customer decides: proposed with its figures, confirmed by an explicit yes, written down once."""
