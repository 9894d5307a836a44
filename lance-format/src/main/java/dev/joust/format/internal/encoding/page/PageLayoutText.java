// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.compress.EncodingText;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;

/// Layouts in words: `mini-block bitpacked32, layers [nullable_item], definition flat16`.
public final class PageLayoutText {
    private PageLayoutText() {}

    public static String of(PageLayout layout) {
        String structure = switch (layout) {
            case PageLayout.MiniBlockLayout mini ->
                "mini-block " + EncodingText.of(mini.values())
                        + (mini.dictionary() == null
                                ? ""
                                : ", dictionary of " + mini.dictionaryItemCount() + " " + EncodingText.of(mini.dictionary()))
                        + levels(mini.repetition(), mini.definition());
            case PageLayout.FullZipLayout zip ->
                "full-zip " + EncodingText.of(zip.values()) + (zip.variable() ? ", lengths of " : ", values of ") + zip.bits() + " bits";
            case PageLayout.ConstantLayout constant ->
                "constant" + (constant.inlineValue() == null ? "" : " of " + constant.inlineValue().array().length + " bytes")
                        + levels(constant.repetition(), constant.definition());
            case PageLayout.SparseLayout sparse ->
                "sparse " + of(sparse.values())
                        + (sparse.indices() == null ? "" : ", indices " + EncodingText.of(sparse.indices()));
            case PageLayout.BlobLayout blob -> "blob(" + of(blob.inner()) + ")";
        };
        return structure + layers(layout.layers());
    }

    private static String levels(@Nullable CompressiveEncoding repetition, @Nullable CompressiveEncoding definition) {
        return (repetition == null ? "" : ", repetition " + EncodingText.of(repetition))
                + (definition == null ? "" : ", definition " + EncodingText.of(definition));
    }

    /// Nothing where no layer says more than that an item is there.
    private static String layers(List<RepDefLayer> layers) {
        return layers.equals(List.of(RepDefLayer.ALL_VALID_ITEM))
                ? ""
                : layers.stream()
                        .map(layer -> layer.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ", ", layers [", "]"));
    }
}
