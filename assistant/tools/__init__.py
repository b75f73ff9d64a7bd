"""What a responder may look up, one module a subject. No tool takes proof of identity as an argument."""
