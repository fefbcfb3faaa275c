"""An article as a whole: how it is printed and where it ends, who is in it, what in it tells of the occasion; its
statements in the making, and what they are called.
"""
