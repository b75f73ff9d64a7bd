"""START HERE: how a qualified lead becomes customer, vehicle and service order (OS), reviewed by staff, exactly once.

fetching.py    leads and their contacts from Kommo, page by page; `facts.py` is what a lead says, as texts
reading.py     the texts as values: what is wrong is a problem with its field and words for the staff
staging.py     a fetched lead as a candidate: new, refreshed, or changed after somebody reviewed it
watch.py       webhooks about leads; `runs.py` the button, the nightly sweep and the command line
listing.py     the list of the page; `reviewing.py` what a person does with one candidate
importing.py   one candidate becomes an OS, in one transaction; `undoing.py` takes that back for a while
automatic.py   the same without a person, when the shop wants that
leadwrites.py  what Kommo is told of it: note, tag, field, through an outbox of its own

A candidate's `version` grows with every change; whoever decides names the one they saw, and `Overtaken` says it moved.
"""
