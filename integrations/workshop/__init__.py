"""Doctor Auto Prime's own tables (customers, vehicles, service orders, quotes, payments) and the questions asked of them."""
