// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.repdef.RepDefBuilder;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;

/// The rows of one column that will make one page, in memory that it owns.
///
/// @param firstRow number of the first row in the file
/// @param layers   levels of nesting above the leaf, root first
/// @param outerNullable every one of `layers` gets a null level, used or not
/// @param validity of the leaf, bit per slot, LSB first, 1 = valid; null where no slot is null
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
public record PageData(
        long firstRow, int rowCount, List<Layer> layers, boolean outerNullable, byte @Nullable [] validity,
        LeafValues values) {
    /// A page of a column without lists or structs above it.
    static PageData flat(long firstRow, int rowCount, byte @Nullable [] validity, LeafValues values) {
        return new PageData(firstRow, rowCount, List.of(), false, validity, values);
    }

    /// @param validity  bit per slot; null where none is null
    /// @param offsets   of lists, one more than there are slots; null for structs and fixed-size lists
    /// @param dimension of fixed-size lists; 0 for structs and lists
    /// @param requiredBelow as {@link RepDefBuilder#addFixedSizeLists}
    public record Layer(byte @Nullable [] validity, int @Nullable [] offsets, int dimension, boolean requiredBelow) {}

    public PageData {
        layers = List.copyOf(layers);
    }

    RepDefLevels levels() {
        var builder = new RepDefBuilder(rowCount);
        for (Layer layer : layers) {
            if (layer.dimension() > 0) {
                builder.addFixedSizeLists(layer.validity(), layer.dimension(), layer.requiredBelow());
            } else if (layer.offsets() == null) {
                builder.addItems(layer.validity());
            } else {
                builder.addLists(layer.validity(), layer.offsets());
            }
        }
        if (outerNullable) {
            builder.withOuterNullable();
        }
        if (values instanceof LeafValues.Packed) {
            builder.withHidingLeaf();
        }
        byte[] leafValidity = values instanceof LeafValues.None ? new byte[values.count() / 8 + 1] : validity;
        return builder.addItems(leafValidity).build();
    }
}
