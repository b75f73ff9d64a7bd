"""The connection to an account: how it is made, where its tokens lie, how they stay fresh, and when it is lost."""
