"""Kommo, the CRM that holds the shop's WhatsApp number: everything we know of it and say to it."""
