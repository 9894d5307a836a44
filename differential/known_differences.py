# SPDX-License-Identifier: Apache-2.0
"""Differences that are understood and accepted, each with its reason."""

KNOWN = [
    # (part of the case's name, part that every line of difference holds, reason)
]


def reason_of(case, lines):
    """Why these differences of a case are accepted, or None."""
    if not lines:
        return None
    for part, text, reason in KNOWN:
        if part in case and all(text in line for line in lines):
            return reason
    return None
