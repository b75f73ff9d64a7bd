"""Doctor Auto Prime's own tables and the questions asked of them: customers, vehicles, orders, quotes, payments."""
