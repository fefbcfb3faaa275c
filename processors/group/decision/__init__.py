"""The place of one report: whom it copies, its role, its stories, its remarks, and how sure that is."""
