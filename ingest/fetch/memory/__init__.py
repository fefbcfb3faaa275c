"""What the fetcher remembers, and what of it belongs to which shard."""
