// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import dev.joust.embed.image.PictureLimits;

/// How a model is run.
///
/// @param threadCount   threads within one run. One is fastest for single items on few cores, and callers on several
///                      threads then share the cores without waiting for each other
/// @param pictureLimits what pictures may declare before they are decoded
public record ModelOptions(int threadCount, PictureLimits pictureLimits) {
    public static final ModelOptions DEFAULT = new ModelOptions(1, PictureLimits.DEFAULT);

    public ModelOptions {
        if (threadCount < 1) {
            throw new IllegalArgumentException(threadCount + " threads");
        }
    }
}
