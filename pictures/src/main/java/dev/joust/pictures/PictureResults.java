// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.util.List;

/// What a search found.
///
/// @param version of the table that was searched; 0 where there is none yet
/// @param hits    nearest first
public record PictureResults(long version, List<PictureHit> hits) {
    public PictureResults {
        hits = List.copyOf(hits);
    }
}
