"""Who may do what: one `Authorizer` that every route goes through."""
