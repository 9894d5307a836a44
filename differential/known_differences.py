# SPDX-License-Identifier: Apache-2.0
"""Differences that are understood and accepted, each with its reason."""

KNOWN = [
    # (part of the case's name, part that a line of difference holds, reason)
    ("matrix/", "unsupported: ", "refused by name; reading all of the format is being built"),
]


def reason_of(case, lines):
    """Why these differences of a case are accepted, or None: each line needs a reason."""
    reasons = []
    for line in lines:
        reason = next((reason for part, text, reason in KNOWN if part in case and text in line), None)
        if reason is None:
            return None
        if reason not in reasons:
            reasons.append(reason)
    return "; ".join(reasons) or None
