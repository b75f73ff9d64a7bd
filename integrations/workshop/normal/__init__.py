"""What people type into a form, read into one form each: `read_phone`, `read_plate`, `read_document`, and so on.

START HERE: every reader takes what stands in a field and gives a `Read` (reading.py): a value, or a `Problem` that says
to staff what to do. Readers never raise. Keys for comparing, which PostgreSQL computes as well, are in
`integrations/contact.py`; writing values for people is `integrations/brazil.py`.
"""
