"""The walk-throughs: one question after the other, each answer judged and saved before the next is put."""
