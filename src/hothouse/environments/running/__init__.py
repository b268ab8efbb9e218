"""Everything that runs, for admins: by whom, using what, now and before; and what they tell people of it."""
