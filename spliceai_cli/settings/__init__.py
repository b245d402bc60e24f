"""What a user can choose: words of options, and settings with their defaults."""
