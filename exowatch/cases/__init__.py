"""What people decide: reviews of flags, cases of traders, letters drafted for them, proposed corrections of rules."""
