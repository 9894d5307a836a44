// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// Which of a folder's graphs is meant: exports come as `model.onnx`, `model_fp16.onnx`, `model_quantized.onnx`, …
public final class GraphFiles {
    /// What is taken where nothing is asked for: the exact one, then what comes nearest to it.
    private static final List<String> PREFERRED = List.of("", "fp32", "O1", "O2", "O3", "optimized", "fp16", "O4",
            "quantized", "int8", "uint8", "q8", "q8f16", "q4", "q4f16", "bnb4");
    private static final String SUFFIX = ".onnx";

    private GraphFiles() {}

    /// @param names   all graphs of the folder
    /// @param base    what the file's name begins with, as `text_model`
    /// @param variant what follows, or empty for the best there is
    public static Optional<String> find(List<String> names, String base, String variant) {
        if (!variant.isEmpty()) {
            List<String> accepted = variant.equals("fp32") ? List.of("", "fp32") : List.of(variant);
            return accepted.stream()
                    .flatMap(one -> names.stream().filter(name -> one.equals(variantOf(name, base))))
                    .findFirst();
        }
        return names.stream()
                .filter(name -> variantOf(name, base) != null)
                .min(Comparator.comparingInt(name -> rank(variantOf(name, base))));
    }

    private static int rank(@Nullable String variant) {
        int rank = PREFERRED.indexOf(variant);
        return rank < 0 ? PREFERRED.size() : rank;
    }

    /// What follows `base` and an underscore in a file's name; empty if nothing does, null for another file.
    private static @Nullable String variantOf(String name, String base) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        if (file.equals(base + SUFFIX)) {
            return "";
        }
        return file.startsWith(base + "_") && file.endsWith(SUFFIX)
                ? file.substring(base.length() + 1, file.length() - SUFFIX.length()) : null;
    }
}
