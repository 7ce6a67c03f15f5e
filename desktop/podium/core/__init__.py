"""What every room shares: ids, value types, contracts, schemas. Imports nothing of Podium."""
