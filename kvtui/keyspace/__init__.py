"""What is known of the keys, and what to ask next. Pure: no IO, no clock, no await."""
