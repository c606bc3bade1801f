"""What shows a model: widgets never see a session."""
