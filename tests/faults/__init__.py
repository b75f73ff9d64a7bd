"""The running service with something broken on purpose: the customer is answered all the same, and once."""
