// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import dev.joust.embed.image.PictureLimits;

/// How a model is run.
///
/// @param threadCount   threads within one run. One is fastest for single items on few cores, and callers on several
///                      threads then share the cores without waiting for each other
/// @param pictureLimits what pictures may declare before they are decoded
/// @param variant       which of a folder's graphs: what stands in the file's name behind `model_`, as `fp16`,
///                      `quantized` or `int8`; `fp32` is the one without; empty takes that, or else what is there
/// @param maxBatchCount items run at once. More takes memory and, past some ten, saves nothing
public record ModelOptions(int threadCount, PictureLimits pictureLimits, String variant, int maxBatchCount) {
    public static final ModelOptions DEFAULT = new ModelOptions(1, PictureLimits.DEFAULT, "", 16);

    public ModelOptions {
        if (threadCount < 1) {
            throw new IllegalArgumentException(threadCount + " threads");
        }
        if (maxBatchCount < 1) {
            throw new IllegalArgumentException("batches of " + maxBatchCount);
        }
        if (!variant.matches("[A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("the variant '" + variant + "' is no part of a file's name");
        }
    }

    public ModelOptions withThreadCount(int count) {
        return new ModelOptions(count, pictureLimits, variant, maxBatchCount);
    }

    public ModelOptions withVariant(String name) {
        return new ModelOptions(threadCount, pictureLimits, name, maxBatchCount);
    }

    public ModelOptions withMaxBatchCount(int count) {
        return new ModelOptions(threadCount, pictureLimits, variant, count);
    }
}
