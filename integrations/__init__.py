"""What is outside our process, one folder per other end: the shop's database, Kommo, a language model."""
