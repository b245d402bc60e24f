"""Output for people: tables, data frames and pictures."""
