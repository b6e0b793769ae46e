"""What people read: timelines for the terminal and for failed tests."""
