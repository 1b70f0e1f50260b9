"""What a reader is trained on: questions, negatives, rules that make more of them. Pure; torch is in train.py."""
