"""What came back: whom it is about, what follows from it, what a person decides."""
