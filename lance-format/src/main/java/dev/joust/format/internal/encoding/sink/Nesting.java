// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.util.List;

/// What lies between a row and the values of one leaf: the leaf itself, and the lists and structs around it. The
/// schema's view; which of it a page's levels speak of, the page says (spec: file format 3.1).
///
/// @param layers leaf first
public record Nesting(List<Layer> layers) {
    /// A leaf that is a column of its own.
    public static final Nesting FLAT = new Nesting(List.of(new Layer.Item()));

    /// One level of nesting.
    public sealed interface Layer {
        /// A leaf, a struct, or the entries of a map: one slot below for each slot.
        record Item() implements Layer {}

        /// A list, a large list or a map.
        ///
        /// @param offsetBytes 4 or 8
        record ListOf(int offsetBytes) implements Layer {}

        /// A fixed-size list of structs: `dimension` slots below for each slot.
        record FixedSizeList(int dimension) implements Layer {}
    }

    public Nesting {
        layers = List.copyOf(layers);
    }

    /// With a layer around it.
    public Nesting within(Layer outer) {
        List<Layer> all = new java.util.ArrayList<>(layers);
        all.add(outer);
        return new Nesting(all);
    }

    public int listCount() {
        return (int) layers.stream().filter(Layer.ListOf.class::isInstance).count();
    }

    /// Whether a list holds fixed-size lists of structs.
    public boolean hasFixedSizeListsInLists() {
        boolean found = false;
        for (Layer layer : layers) { // leaf first
            if (found && layer instanceof Layer.ListOf) {
                return true;
            }
            found |= layer instanceof Layer.FixedSizeList;
        }
        return false;
    }

    /// Whether fixed-size lists of structs hold a list.
    public boolean hasListsInFixedSizeLists() {
        boolean found = false;
        for (Layer layer : layers) { // leaf first
            if (found && layer instanceof Layer.FixedSizeList) {
                return true;
            }
            found |= layer instanceof Layer.ListOf;
        }
        return false;
    }

    /// What pages count for each row: the product of the dimensions of fixed-size lists of structs.
    public int entriesPerRow() {
        int product = 1;
        for (Layer layer : layers) {
            if (layer instanceof Layer.FixedSizeList(int dimension)) {
                product = Math.multiplyExact(product, dimension);
            }
        }
        return product;
    }
}
