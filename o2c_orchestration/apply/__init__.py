"""The only writer to other systems: journalled, leased, one at a time, every outcome known or named unknown."""
