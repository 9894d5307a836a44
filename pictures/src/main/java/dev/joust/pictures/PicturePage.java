// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.util.List;

/// Some of the pictures of a version, in the order of the table.
///
/// @param version    of the table that was looked at; 0 where there is none yet
/// @param totalCount pictures that meet the conditions, those of other pages too
public record PicturePage(long version, long totalCount, List<Picture> pictures) {
    public PicturePage {
        pictures = List.copyOf(pictures);
    }
}
