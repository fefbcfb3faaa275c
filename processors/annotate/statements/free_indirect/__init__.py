"""Free indirect speech: sentences that tell a speaker's words though no verb, name or mark says so."""
