# SPDX-License-Identifier: Apache-2.0
"""Differences that are understood and accepted, each with its reason."""

KNOWN = [
    # (part of the case's name, part that a line of difference holds, reason)
    # not written yet
    ("owning/", "packed structs of version 2.0 hold fields of fixed width", "the reference makes such a table as long as it has no rows"),
    ("owning/", "files of version 2.0 hold no", "the reference makes such a table as long as it has no rows"),
    ("owning/", "maps in files of version 2.1 are not written", "the reference makes such a table as long as it has no rows"),
    ("owning/", ": packed structs with a field of type", "the reference makes such a table as long as it has no rows, or nulls only"),
    ("owning/", "fixed-size lists of structs in files of version 2.1 are not written", "the reference makes such a table as long as it has no rows"),
    ("owning/", "fixed-size lists of structs in lists", "the reference makes such a table as long as it has no rows"),
    ("owning/", "Incorrect number of nulls for StructArray",
     "the reference can't read its own file of [[None], []] as list<struct<list<list>>>, which is ours byte for byte"),
    ("owning/", "lists in fixed-size lists of structs are not written", "the reference makes such a table as long as it has no rows"),
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
