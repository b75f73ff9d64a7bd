"""One customer turn: burst of messages, identity, responder and tools, verified reply, outbox."""
