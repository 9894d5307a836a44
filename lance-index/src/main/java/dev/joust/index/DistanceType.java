// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.Locale;

/// How far two vectors are apart; smaller is nearer (spec: index format B.3). q is the query, v the row's vector.
public enum DistanceType {
    /// The square of the Euclidean distance: the sum of `(q - v)^2`.
    L2("l2"),
    /// `1 - q.v / (|q| |v|)`, from 0 to 2. Not a number, and so no result, where a norm is 0.
    COSINE("cosine"),
    /// `1 - q.v`.
    DOT("dot"),
    /// Bits that differ; of vectors of bytes.
    HAMMING("hamming");

    private final String code;

    DistanceType(String code) {
        this.code = code;
    }

    /// As index metadata and clients write it.
    public String code() {
        return code;
    }

    /// The type of that code, in any case.
    public static DistanceType fromCode(String code) {
        String lower = code.toLowerCase(Locale.ROOT);
        for (DistanceType type : values()) {
            if (type.code.equals(lower)) {
                return type;
            }
        }
        throw new IllegalArgumentException("distance type is l2, cosine, dot or hamming, not '" + code + "'");
    }
}
