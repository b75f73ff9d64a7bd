"""Chats on Kommo: conversations, messages, the outbox and the ways a reply can take."""
