"""A small sum in digits, the same for ear and eye."""

import secrets


def sum_challenge():
    """`(question, answer)` for django-simple-captcha."""
    first, second = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    return f"{first} + {second}", str(first + second)
