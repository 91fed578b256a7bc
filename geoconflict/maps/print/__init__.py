"""The parts of the printed figure; they need matplotlib, which ``figure`` imports when it is called."""
