"""START HERE: does the account work, end to end? Looks only; the one thing that sends is `prove_reply_path`.

    expected.py    what the service's settings expect of the account
    heard.py       when Kommo's last event arrived, from the database
    running.py     `check_account(client, expected, chosen)`: all findings, section by section
    account.py     who it is, the token, its scopes and its end
    chats.py       reading chats, paid messages, the channels seen in them
    bots.py        the bot that sends replies, others that may answer beside us; which ways a reply can take
    testchat.py    `prove_reply_path(client, settings, phone)`: one message to a chat, followed until it arrived

Fields and webhooks are looked at by `setup/planning.py`, stages and users by `mapping/checking.py`.
"""
