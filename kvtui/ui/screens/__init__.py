"""What fills the terminal, and what asks: screens use a session."""
