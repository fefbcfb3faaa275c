"""An article as a whole: how it is printed, where it ends, who is in it, what its statements are called."""
