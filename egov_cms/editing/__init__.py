"""What editors see: sign-in with a second factor, dashboard, citizens' feedback, direction of fields."""
