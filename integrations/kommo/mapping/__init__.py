"""START HERE: what the account's stages and users mean to the shop.

meanings.py    the meanings a stage can have: qualified leads, and one for each status of an order
models.py      the tables                     choices.py   what is chosen, as small dataclasses
suggesting.py  `suggest_mapping(pipelines)`: by the names of the shop's own stages
store.py       read and save in a session; saving compares with the account's own stages and refuses in words
checking.py    `check_mapping(client, chosen)`: what was renamed, moved or deleted in Kommo since
"""
