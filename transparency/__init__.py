"""What the public is owed: money, contracts, publications."""
