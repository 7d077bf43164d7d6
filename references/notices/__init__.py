"""Retractions, expressions of concern and corrections: watched for, and what rests on them."""
