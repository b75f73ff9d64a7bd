"""What a responder may look up, one module a subject. No tool takes a customer id, phone or plate as proof of identity."""
