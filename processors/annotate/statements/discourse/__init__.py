"""What one sentence says of another: who goes on, who is answered, which words are taken up."""
